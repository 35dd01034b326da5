"""Puts the learners' edition together: exercises, the book, and what is needed to begin."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course.folders import Course
from course.publishing import PublishingError
from course.publishing.beginning import Released, readme, requirements

LICENCES = ("LICENSE", "LICENSE-CONTENT")
#: Written when a notebook is opened or run; nobody's work.
CACHES = {"__pycache__", ".ipynb_checkpoints"}


@dataclass
class Edition:
    """What was put together."""

    assignments: list[Released]
    pages: int = 0
    size: int = 0
    #: What an instructor may want to know.
    remarks: list[str] = field(default_factory=list)


def write(course: Course, folder: Path) -> Edition:
    """Write the edition into an empty folder.

    Raises
    ------
    PublishingError
        If something of it is not there, such as the built book.
    """
    site = course.root / "_build" / "html"
    if not (site / "index.html").is_file():
        raise PublishingError(f"There is no built book in {site}. Run: make book")
    for needed in ("pyproject.toml", "requirements.lock", *LICENCES):
        if not (course.root / needed).is_file():
            raise PublishingError(f"{course.root / needed} is missing; an edition is made from it.")
    edition = Edition(_released(course))
    if not edition.assignments:
        raise PublishingError("No assignment is released. Run: course release")
    edition.remarks = [*_left_out(course, edition.assignments), *_outdated(course, site, edition.assignments)]
    _copy(site, folder / "site")
    for each in edition.assignments:
        _copy(course.exercises / each.name, folder / "exercises" / each.name)
    for licence in LICENCES:
        shutil.copyfile(course.root / licence, folder / licence)
    (folder / "requirements.txt").write_text(requirements(course, edition.assignments), encoding="utf-8")
    (folder / "README.md").write_text(readme(course, edition.assignments), encoding="utf-8")
    edition.pages = sum(1 for _ in (folder / "site").rglob("*.html"))
    edition.size = sum(path.stat().st_size for path in _files(folder))
    return edition


def _released(course: Course) -> list[Released]:
    """Read about the assignments that have both a source and a release."""
    found = []
    for name in course.assignments:
        path = course.exercises / name / f"{name}.ipynb"
        if path.is_file():
            about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"]
            found.append(Released(name, about["title"], about["points"], about["minutes"], tuple(about["packages"])))
    return found


def _left_out(course: Course, released: list[Released]) -> Iterator[str]:
    names = {each.name for each in released}
    for name in course.assignments:
        if name not in names:
            yield f"{name} is not released, and left out. To release it: course release {name}"
    for path in sorted(course.exercises.glob("*/*.ipynb")):
        name = path.parent.name
        if path.stem == name and name not in course.assignments:
            yield f"exercises/{name} has no source, so nobody knows what must not be in it: it is left out."


def _outdated(course: Course, site: Path, released: list[Released]) -> Iterator[str]:
    """Say what of the site was made from something that has changed since, or is gone."""
    built = max(path.stat().st_mtime for path in _files(site))
    # Sphinx keeps there what each page was made from, under its path in the course.
    shown = site / "_sources"
    chapters = [course.root / path.relative_to(shown) for path in _files(shown)]
    exercises = [path for each in released for path in _files(course.exercises / each.name)]
    gone = [path for path in chapters if not path.is_file()]
    newer = [path for path in [*chapters, *exercises] if path.is_file() and path.stat().st_mtime > built]
    if newer:
        yield f"The site is older than {_some(course, newer)}. To bring it up to date: make book"
    if gone:
        yield f"The site has a page made from {_some(course, gone)}, no longer there. Delete {site}, and run: make book"


def _some(course: Course, paths: list[Path]) -> str:
    first = paths[0].relative_to(course.root).as_posix()
    return f"{first} and {len(paths) - 1} more" if len(paths) > 1 else first


def _copy(source: Path, target: Path) -> None:
    """Copy files with neither times nor permissions: a stick may keep none, and a web server needs its own."""
    for path in _files(source):
        copied = target / path.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)


def _files(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not CACHES.intersection(path.relative_to(folder).parts)
    )
