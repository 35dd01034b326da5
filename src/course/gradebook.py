"""Makes plain nbgrader commands work on a fresh clone: builds the sources they look for, and registers assignments.

`nbgrader_config.py` calls `prepare` before every nbgrader command. It does nothing when all is up to date.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

import course as package
import pooling
from course import engine
from course.assignments import sources
from course.folders import Course
from course.release import load


def prepare(course: Course) -> None:
    """Build every assignment that has changed since it was built, and register those the gradebook does not know.

    A source that is not in order is reported and left out, so that the other assignments can still be graded.
    """
    for name in sources.names(course.solutions):
        stamp, wanted = course.stamps / name, _digest(course.solutions / f"{name}.md")
        if (course.built / name).is_dir() and stamp.is_file() and stamp.read_text() == wanted:
            continue
        print(f"Preparing {name} for nbgrader: building it from solutions/{name}.md", file=sys.stderr)
        try:
            _build(course, name)
        except sources.SourceError as problem:
            print(f"{problem}\n  {name} is left out until then.", file=sys.stderr)
            continue
        _register(course, name)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(wanted)
    for name in sources.names(course.solutions):
        if (course.built / name).is_dir() and not engine.registered(course, name):
            _register(course, name)


def _build(course: Course, name: str) -> None:
    built = load(course, name)
    course.built.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=course.built.parent) as folder:
        built.write(Path(folder) / name)
        shutil.rmtree(course.built / name, ignore_errors=True)
        (Path(folder) / name).rename(course.built / name)


def _register(course: Course, name: str) -> None:
    """Enter an assignment's cells in the gradebook: nbgrader does so while it makes a release, which is thrown away."""
    with tempfile.TemporaryDirectory(prefix=".register-", dir=course.built.parent) as folder:
        engine.make_release(course, name, Path(folder).relative_to(course.root))


def _digest(source: Path) -> str:
    """Return what the built assignment depends on: its source, the code that builds it, and the pooling it is about."""
    digest = hashlib.sha256(source.read_bytes())
    for module in (package, pooling):
        folder = Path(str(module.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
