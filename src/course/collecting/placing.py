"""Puts submissions where they are graded, one student at a time, each in one step; what was there is kept."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from course import files
from course.folders import Course
from course.grading.handed_in import STAMP

#: What became of a student's submission.
NEW, CHANGED, UNCHANGED, OLDER = "new", "changed", "unchanged", "older"


def place(
    course: Course,
    name: str,
    student: str,
    content: dict[str, bytes],
    time: datetime | None,
    is_assumed: bool = False,
) -> str:
    """Put a submission into `submitted/`; an earlier one goes to `earlier/`, and so does one that is older than it.

    Parameters
    ----------
    course, name, student : Course, str, str
    content : dict of str to bytes
        Its files by their names.
    time : datetime, optional
        When it was handed in, if that is known.
    is_assumed : bool, optional
        Whether that is only assumed: somebody may have written down what is right.

    Returns
    -------
    str
        `NEW`, `CHANGED`, `UNCHANGED` or `OLDER`.
    """
    target = course.submitted / student / name
    if target.parent.is_symlink() or course.submitted.is_symlink():
        raise OSError(errno.ELOOP, "its folder is a link to another place", str(target.parent))
    if time is not None:
        content = content | {STAMP: f"{time:%Y-%m-%d %H:%M:%S} UTC\n".encode()}
    there = _files(target)
    if target.is_dir() and _without_time(there) == _without_time(content):
        if STAMP in content and there.get(STAMP) != content[STAMP] and not (is_assumed and STAMP in there):
            files.write(target / STAMP, content[STAMP])
        return UNCHANGED
    older = bool(there) and time is not None and _stamp(there) > content[STAMP].decode()
    course.grading.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".collecting-", dir=course.grading) as staging:
        new = Path(staging) / "new"
        for path, data in content.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(data)
        new.mkdir(exist_ok=True)
        if older:
            _move(new, _earlier(course, name, student, content))
            return OLDER
        if there:
            _move(target, _earlier(course, name, student, there))
        shutil.rmtree(target, ignore_errors=True)  # an empty folder, or links
        _move(new, target)
    return CHANGED if there else NEW


def put_aside(course: Course, name: str, student: str, path: PurePosixPath, content: bytes) -> None:
    """Keep a file that is not graded, once; another one of its name gets a number."""
    folder = course.grading / "aside" / name / student
    target, count = folder / path, 1
    while target.is_file() and target.read_bytes() != content:
        count += 1
        target = (folder / path).with_name(f"{path.stem} ({count}){path.suffix}")
    if not target.is_file():
        files.write(target, content)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(source, target)


def _earlier(course: Course, name: str, student: str, content: dict[str, bytes]) -> Path:
    """Name a folder after what is in it: the same submission is kept once."""
    digest = hashlib.sha256()
    for path, data in sorted(_without_time(content).items()):
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
    now = datetime.now(UTC)
    folder = course.grading / "earlier" / student / name / digest.hexdigest()[:12]
    return folder if not folder.exists() else folder.with_name(f"{folder.name} {now:%Y-%m-%d %H.%M.%S.%f}")


def stamp(course: Course, name: str, student: str) -> str:
    """Return when the submission that is there was handed in, as it says itself; empty if it does not."""
    path = course.submitted / student / name / STAMP
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() and not path.is_symlink() else ""


def _files(folder: Path) -> dict[str, bytes]:
    """Read what was placed before. Somebody else may have: links are not followed."""
    if folder.is_symlink() or not folder.is_dir():
        return {}
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _without_time(content: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in content.items() if path != STAMP}


def _stamp(content: dict[str, bytes]) -> str:
    return content.get(STAMP, b"").decode("utf-8", "replace")
