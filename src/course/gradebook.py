"""Makes plain nbgrader commands work on a fresh clone: builds the sources they look for, and registers assignments.

`nbgrader_config.py` calls `prepare` before every nbgrader command. It does nothing when all is up to date.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

import course as package
import pooling
from course import engine
from course.folders import Course


@functools.cache  # nbgrader reads its configuration twice for one command
def prepare(course: Course, db_url: str | None = None) -> None:
    """Build every assignment that has changed since it was built, and register those the gradebook does not know.

    A source that is not in order is reported and left out, so that the other assignments can still be graded.

    Parameters
    ----------
    course : Course
    db_url : str, optional
        Where the gradebook is, if it is not `grading/gradebook.db`.
    """
    for name in course.assignments:
        stamp, wanted = course.stamps / name, _digest(course.source(name))
        is_built = (course.built / name).is_dir() and stamp.is_file() and stamp.read_text() == wanted
        if is_built and engine.registered(course, name, db_url):
            continue
        stamp.unlink(missing_ok=True)  # so that what is interrupted now is done anew
        if is_built or _build(course, name):
            _register(course, name, db_url)
            stamp.write_text(wanted)


def _build(course: Course, name: str) -> bool:
    """Build an assignment anew, and tell whether its source allowed it."""
    # Only now: NumPy, jupytext and the rest would cost every nbgrader command a second.
    from course.assignments.sources import SourceError
    from course.release import load

    print(f"Preparing {name} for nbgrader: building it from {course.source(name)}", file=sys.stderr)
    course.stamps.mkdir(parents=True, exist_ok=True)
    course.built.mkdir(parents=True, exist_ok=True)
    try:
        built = load(course, name)
    except SourceError as problem:
        print(f"{problem}\n  {name} is left out until then.", file=sys.stderr)
        return False
    with tempfile.TemporaryDirectory(prefix=".build-", dir=course.built.parent) as folder:
        built.write(Path(folder) / name)
        shutil.rmtree(course.built / name, ignore_errors=True)
        (Path(folder) / name).rename(course.built / name)
    return True


def _register(course: Course, name: str, db_url: str | None) -> None:
    """Enter an assignment's cells in the gradebook: nbgrader does so while it makes a release, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix=".register-", dir=course.built.parent) as folder:
        engine.make_release(course, name, Path(folder).relative_to(course.root), db_url)


def _digest(source: Path) -> str:
    """Return what the built assignment depends on: its source, the code that builds it, and the pooling it is about."""
    return hashlib.sha256(_code() + source.read_bytes()).hexdigest()


@functools.cache  # the same for every assignment
def _code() -> bytes:
    digest = hashlib.sha256()
    for module in (package, pooling):
        folder = Path(str(module.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()
