"""Collects a class: opens what an instructor was given, finds out whose each file is, and puts it in its place."""

from __future__ import annotations

import errno
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry

from course import engine
from course.collecting import layouts, opening, origins, placing, students, worksheets
from course.collecting.layouts import Submission
from course.collecting.opening import File, Unusable
from course.collecting.origins import CANVAS, MOODLE, Origin
from course.collecting.triage import Sorted, triage
from course.collecting.worksheets import Participant
from course.errors import CourseError
from course.folders import Course

#: What is wrong with the disk, and not with a student's files.
EVERYBODYS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
#: So many students are looked at before a whole class is taken for that of another assignment.
ENOUGH = 20
#: A submission could not be put in its place; the others were.
FAILED = "failed"


class NothingToCollect(CourseError):  # noqa: N818 (what there is)
    """There is no submission for an assignment; the text says what there is."""


@dataclass(frozen=True)
class Collected:
    """What became of one student's submission."""

    student: str
    #: `placing.NEW`, `CHANGED`, `UNCHANGED` or `OLDER`; `FAILED`; empty for what is nobody's.
    outcome: str
    remarks: list[str]


@dataclass
class Collection:
    """A class, ready to be put in its place.

    Parameters
    ----------
    course, name : Course, str
    layout : str
    submissions : dict of str to Submission
        By student, as the gradebook knows them.
    nobodys : list of File
    participants : dict of str to Participant
    """

    course: Course
    name: str
    layout: str
    submissions: dict[str, Submission]
    nobodys: list[File]
    participants: dict[str, Participant] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def open(
        cls,
        course: Course,
        name: str,
        path: Path,
        layout: str | None = None,
        student: str | None = None,
        worksheet: Path | None = None,
    ) -> Iterator[Collection]:
        """Look into what an instructor was given, and change nothing yet.

        Raises
        ------
        NothingToCollect, NotAnArchive, TableError
        """
        participants = worksheets.read(worksheet) if worksheet else {}
        with opening.look_into(path) as files:
            layout, submissions, nobodys = layouts.assigned(
                files, name, layout, student, set(course.assignments) - {name}
            )
            if not submissions:
                there = ", ".join(str(file.path) for file in files[:5]) or "nothing"
                raise NothingToCollect(
                    f"There are no submissions in {path}: there is {there}. It can be a download from Moodle or "
                    "Canvas, a folder for each student, or a file for each student, called STUDENT.ipynb; or one "
                    "student's file: --student NAME."
                )
            named = students.named(course, name, submissions, participants)
            collection = cls(course, name, layout, named, nobodys, participants)
            collection._is_understood()
            collection._is_the_right_worksheet()
            collection._is_the_right_one()
            yield collection

    def _is_the_right_one(self) -> None:
        """Refuse the download of another assignment: nobody's work would be in its place."""
        releases = _releases(self.course)
        looked = list(self.submissions.values())[:ENOUGH]
        others = Counter(filter(None, (triage(each, self.name, releases).belongs_to for each in looked)))
        if others and self.name not in others:
            other, count = others.most_common(1)[0]
            raise NothingToCollect(
                f"None of these is a notebook of {self.name}, and {count} of the first {len(looked)} are those of "
                f"{other}. Nothing was collected. Did you mean --assignment {other}?"
            )

    def _is_understood(self) -> None:
        """Refuse a layout in which most work is nobody's."""
        lost = [file for file in self.nobodys if file.suffix == ".ipynb" or file.is_archive]
        if len(lost) > len(self.submissions):
            raise NothingToCollect(
                f"Of {len(lost)} notebooks or archives nobody can tell whose they are, such as {lost[0].path}. Nothing "
                f"was collected. It looked like the layout {self.layout}; say which one it is with --layout."
            )

    def _is_the_right_worksheet(self) -> None:
        """Refuse the worksheet of another assignment: its numbers are of other participants."""
        numbers = {each.number for each in self.submissions.values() if each.lms == MOODLE}
        if self.participants and numbers and not numbers & self.participants.keys():
            raise NothingToCollect(
                "The worksheet has none of the participants in the download: it belongs to another assignment. Nothing "
                "was collected. Download both from the same one."
            )

    def place(self) -> Iterator[Collected]:
        """Put one submission after the other in its place, and say what became of it."""
        releases = _releases(self.course)
        due = _due(self.course, self.name)
        found: dict[str, Origin] = {}
        everybody = students.known(self.course)
        try:
            for student, submission in self.submissions.items():
                sorted_out = triage(submission, self.name, releases)
                time, remark = self._time(submission, due)
                before = placing.stamp(self.course, self.name, student)
                try:
                    outcome = self._place(student, sorted_out, time, is_assumed=submission.is_late)
                except OSError as problem:
                    if problem.errno in EVERYBODYS:
                        raise
                    yield Collected(student, FAILED, [f"it could not be put in its place: {problem.strerror}"])
                    continue
                found[student] = _origin(student, submission, sorted_out)
                renamed = [f"called {student!r} here"] if student != submission.name and not submission.lms else []
                renamed += students.alike(student, everybody) if outcome == placing.NEW else []
                about_time = remark or self._doubt(student, before, outcome)
                remarks = [*renamed, *sorted_out.remarks, *([about_time] if about_time else [])]
                yield Collected(student, outcome, remarks)
        finally:
            self._remember(found)
        for file in self.nobodys:
            yield self._keep_nobodys(file)

    def _place(self, student: str, sorted_out: Sorted, time: datetime | None, is_assumed: bool) -> str:
        for path, content in sorted_out.aside.items():
            placing.put_aside(self.course, self.name, student, path, content)
        return placing.place(self.course, self.name, student, sorted_out.kept, time, is_assumed)

    def _doubt(self, student: str, before: str, outcome: str) -> str:
        """Say what is odd about the time of a submission that took the place of another one."""
        if outcome != placing.CHANGED or not before:
            return ""
        now = placing.stamp(self.course, self.name, student)
        if now == before:
            return (
                "it has changed, but not the time at which it was handed in. Is the worksheet as new as the download?"
            )
        return "" if now else "when it was handed in is not known: it counts as in time"

    def _time(self, submission: Submission, due: datetime | None) -> tuple[datetime | None, str]:
        """Return when a submission was handed in, as far as an LMS says so, and what is to be said about it."""
        participant = self.participants.get(submission.number)
        if self.participants and participant is None and submission.lms == MOODLE:
            return None, "not in the worksheet: when it was handed in is not known"
        if participant is not None and participant.time is not None:
            return participant.time, ""
        if participant is not None and participant.says.strip(" -"):
            return None, f"when it was handed in cannot be read: {participant.says!r}. Is the worksheet in English?"
        if not submission.is_late:
            return None, ""
        if due is None:
            return None, (
                "late, says Canvas. For a penalty, set the due date and collect again: nbgrader db assignment add "
                f"{self.name} --duedate '2027-01-31 23:59 UTC'"
            )
        return due + timedelta(minutes=1), (
            "late, says Canvas, but not by how much: it counts as a day. If you know better, write the time into its "
            "timestamp.txt"
        )

    def _remember(self, found: dict[str, Origin]) -> None:
        origins.write(self.course, self.name, found)
        canvas = {student: origin for student, origin in found.items() if origin.lms == CANVAS}
        if canvas:
            with engine.gradebook(engine.settings(self.course)) as gradebook:
                for student, origin in canvas.items():
                    gradebook.update_or_create_student(student, lms_user_id=origin.number)

    def _keep_nobodys(self, file: File) -> Collected:
        if file.problem:
            return Collected(str(file.path), "", [f"{file.problem}, and is nobody's"])
        try:
            placing.put_aside(self.course, self.name, "nobody", file.path, file.content())
        except Unusable as problem:
            return Collected(str(file.path), "", [f"{problem}, and is nobody's"])
        return Collected(str(file.path), "", ["it does not say whose it is, and is kept aside"])


def _releases(course: Course) -> dict[str, dict[str, Any]]:
    """Read the released notebook of every assignment."""
    found = {}
    for name in course.assignments:
        path = course.exercises / name / f"{name}.ipynb"
        if path.is_file():
            found[name] = json.loads(path.read_text(encoding="utf-8"))
            for cell in found[name]["cells"]:
                cell["source"] = "".join(cell["source"])
    return found


def _due(course: Course, name: str) -> datetime | None:
    with engine.gradebook(engine.settings(course)) as gradebook:
        try:
            due: datetime | None = gradebook.find_assignment(name).duedate
        except MissingEntry:
            return None
    return due.replace(tzinfo=UTC) if due else None


def _origin(student: str, submission: Submission, found: Sorted) -> Origin:
    attachment = submission.attachments.get(found.notebook, "") if found.notebook else ""
    attachment = attachment or next(iter(submission.attachments.values()), "")
    return Origin(student, submission.lms, submission.name, submission.number, attachment, submission.is_late)
