"""Where an edition may go, and how it takes the place of the one before: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course.folders import Course
from course.publishing import PublishingError

#: In every edition, with the title of its course: what has no such file was made by somebody else.
MARK = ".published"
#: The course's own folders.
OWN = ("_build", "book", "exercises", "grading", "solutions", "src", "tests", ".git", ".venv")


def refuse(course: Course, target: Path, title: str) -> None:
    """Refuse a place where an edition would destroy something.

    Raises
    ------
    PublishingError
        For the course or a folder around it, for one of its own folders, and for a folder that something else is in.
    """
    if any(_same(folder, target) for folder in (course.root, *course.root.parents)):
        raise PublishingError(f"{target} holds the course itself. Name a folder for the edition alone.")
    for own in OWN:
        if any(_same(course.root / own, folder) for folder in (target, *target.parents)):
            raise PublishingError(f"{target} lies in the course's own folder {own}. Name another one.")
    if not target.parent.is_dir():
        raise PublishingError(f"There is no folder {target.parent}. Make it first, or name another one.")
    if not target.exists():
        return
    if os.path.ismount(target):
        raise PublishingError(f"{target} is a whole drive. Name a folder on it, such as {target / course.root.name}.")
    if not target.is_dir():
        raise PublishingError(f"{target} is a file. Name a folder.")
    mark = target / MARK
    if mark.is_file() and mark.read_text(encoding="utf-8", errors="replace").strip() == title:
        return
    if any(target.iterdir()):
        raise PublishingError(
            f"{target} has files in it that are no edition of “{title}”. Name another folder, or empty this one."
        )


@contextlib.contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Make a folder on the same disk as `target`, and remove it in the end."""
    with tempfile.TemporaryDirectory(
        prefix=f".{target.name}-", dir=target.parent, ignore_cleanup_errors=True
    ) as workshop:
        new = Path(workshop) / "new"
        new.mkdir()  # readable for whom the user lets read; the workshop is for the user alone
        yield new


def put(new: Path, target: Path) -> None:
    """Put the new edition into the place of the old one, which is kept until then."""
    old = new.with_name("old")
    try:
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:  # Ctrl-C too
        if old.exists() and not target.exists():
            old.rename(target)
        raise


def _same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to the same place, also where case does not matter."""
    return one == other or (one.exists() and other.exists() and one.samefile(other))
