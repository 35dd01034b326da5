"""Writes a page for every student of a class, and an archive for the LMS that they handed in with."""

from __future__ import annotations

import secrets
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from course import engine, files, late
from course.collecting import origins
from course.collecting.origins import CANVAS, MOODLE, Origin
from course.feedback.page import render
from course.feedback.results import feedback, grades_of
from course.folders import Course
from course.grading import status
from course.grading.assignment import Assignment
from course.grading.handed_in import SECRET, STAMP
from course.grading.status import MISSING, WAITING, Line


@dataclass(frozen=True)
class Written:
    """What came of a student's page."""

    student: str
    #: None if there is none, and then why.
    path: Path | None
    why: str = ""
    #: Whether an answer waits to be read by a person.
    waits: bool = False


def write(course: Course, name: str, students: Iterable[str] | None = None) -> Iterator[Written]:
    """Write the pages of a class, or of some students, and say of each what came of it."""
    config = engine.settings(course)
    assignment = Assignment.load(course, name)
    with engine.gradebook(config) as gradebook:
        late.update(gradebook, config, name)
    chosen = None if students is None else set(students)
    for line in status.lines(course, name):
        if line.state == MISSING or (chosen is not None and line.student not in chosen):
            continue
        if line.state == WAITING:
            yield Written(line.student, None, "; ".join(line.remarks))
            continue
        with engine.gradebook(config) as gradebook:
            grades = grades_of(gradebook, name, line.student)
        about = feedback(assignment, executed(course, name, line.student), grades, *_said(line))
        path = page_of(course, name, line.student)
        files.write(path, render(about))
        _keep_for_the_exchange(course, name, line.student)
        yield Written(line.student, path, waits=bool(about.waiting))


def page_of(course: Course, name: str, student: str) -> Path:
    """Return where the page of a student is, or would be."""
    return course.grading / "feedback" / student / name / f"{name}.html"


def executed(course: Course, name: str, student: str) -> dict[str, object] | None:
    """Return the executed notebook of a student, or None if there was nothing to execute."""
    path = course.grading / "autograded" / student / name / f"{name}.ipynb"
    return nbformat.read(path, as_version=4) if path.is_file() else None


def _said(line: Line) -> tuple[str, str, list[str]]:
    return line.student, line.state, line.remarks


def _keep_for_the_exchange(course: Course, name: str, student: str) -> None:
    """Put beside a page what the exchange asks for; for who came another way too, or it would stop there."""
    for file, otherwise in ((STAMP, str(datetime.now(UTC))), (SECRET, secrets.token_hex())):
        source, target = course.submitted / student / name / file, page_of(course, name, student).parent / file
        if source.is_file() and not source.is_symlink() and source.stat().st_size < 1000:
            shutil.copyfile(source, target)
        elif not target.is_file():
            target.write_text(otherwise, encoding="utf-8")


def archive(course: Course, name: str, students: Iterable[str], path: Path) -> list[str]:
    """Write pages into an archive as the LMS wants it, and return the students that it has no name for."""
    known = origins.read(course, name)
    homeless = []
    with files.replacing(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
        for student in students:
            entry = _entry(known.get(student), name)
            if entry is None:
                homeless.append(student)
            packed.write(page_of(course, name, student), entry or f"{student}/{name}.html")
    return homeless


def _entry(origin: Origin | None, name: str) -> str | None:
    """Name a page as the LMS looks for it; both go by their numbers, and leave what the name is to us."""
    if origin is None or not origin.number:
        return None
    who = origin.name.replace("_", " ").replace("/", " ")
    if origin.lms == MOODLE:
        return f"{who}_{origin.number}_assignsubmission_file_/{name}.html"
    if origin.lms == CANVAS and origin.attachment:
        return f"{who.replace(' ', '')}_{origin.number}_{origin.attachment}_{name}.html"
    return None
