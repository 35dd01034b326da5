"""Releases assignments: solutions/ → exercises/, if they are proved sound, and only whole."""

from __future__ import annotations

import filecmp
from collections.abc import Iterator
from pathlib import Path

from course.assignments import sources
from course.assignments.building import Built, build
from course.folders import Course


def load(course: Course, name: str) -> Built:
    """Read and work out an assignment.

    Raises
    ------
    SourceError
        If its source is not in order.
    """
    return build(sources.read(course.source(name)))


def differences(new: Path, course: Course) -> list[str]:
    """List the files of a release that are not the same in `exercises/`."""
    old = course.exercises / new.name
    return [
        name
        for name in sorted({*_files(new), *_files(old)})
        if not (new / name).is_file()
        or not (old / name).is_file()
        or not filecmp.cmp(new / name, old / name, shallow=False)
    ]


def install(new: Path, course: Course) -> None:
    """Put a release into `exercises/`, in place of the one that is there: all of it, or nothing."""
    course.exercises.mkdir(exist_ok=True)
    target, old = course.exercises / new.name, new.with_name(f".{new.name}-old")
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts:
            yield path.relative_to(folder).as_posix()
