"""Says of every student what became of their submission."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from course import engine
from course.folders import Course
from course.grading import records
from course.grading.assignment import Assignment
from course.grading.handed_in import pack
from course.grading.marking import GRADED, UNREADABLE
from course.grading.records import Record
from course.grading.saving import digest, printable, unusable

#: Nothing was handed in; something was, and is not graded yet, or was changed since.
MISSING, WAITING = "missing", "not graded"


@dataclass(frozen=True)
class Line:
    """What is known about a student."""

    student: str
    state: str
    #: What the gradebook has, by hand and automatically; None if nothing was scored.
    score: float | None
    most: float
    #: How many answers wait to be graded by hand.
    by_hand: int
    remarks: list[str]

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody should look into the submission, or grade it first."""
        return self.state not in (GRADED, MISSING)


def lines(course: Course, name: str) -> Iterator[Line]:
    """Say what became of each submission, and who handed in none."""
    assignment = Assignment.load(course, name)
    known, handed_in = records.read(course, name), course.students(name)
    with engine.gradebook(engine.settings(course)) as gradebook:
        most = gradebook.find_assignment(name).max_score
        everyone = sorted({*handed_in, *(student.id for student in gradebook.students)})
        for student in everyone:
            problem = unusable(student)
            if problem:
                yield Line(printable(student), WAITING, None, most, 0, [problem])
                continue
            record = known.get(student)
            score, by_hand = _score(gradebook, name, student)
            if student not in handed_in:
                yield Line(student, MISSING, score, most, 0, [])
            elif record is None or score is None:
                yield Line(student, WAITING, None, most, 0, ["handed in, and not graded yet"])
            elif _is_outdated(course, assignment, record):
                yield Line(student, WAITING, score, most, by_hand, ["the submission or the tests changed since"])
            elif record.state == UNREADABLE:
                yield Line(student, record.state, None, most, 0, record.remarks)
            else:
                lenient = ["not in a sandbox"] if record.isolation == "process" else []
                yield Line(student, record.state, score, most, by_hand, lenient + record.remarks)


def outdated(course: Course, name: str, known: dict[str, Record]) -> Iterator[str]:
    """Yield the students whose submissions, or whose tests, are not those any more that the record is about."""
    if not known:
        return
    assignment = Assignment.load(course, name)
    for student in course.students(name):
        record = known.get(student)
        if record is not None and _is_outdated(course, assignment, record):
            yield student


def _is_outdated(course: Course, assignment: Assignment, record: Record) -> bool:
    return record.digest != digest(assignment, pack(course.submitted / record.student / assignment.name))


def _score(gradebook: Gradebook, name: str, student: str) -> tuple[float | None, int]:
    """Return a submission's score, None if there is none, and how many answers wait for a person."""
    try:
        submission = gradebook.find_submission(name, student)
    except MissingEntry:
        return None, 0
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    by_hand = [grade for grade in grades if grade.cell.cell_type == "markdown" and grade.needs_manual_grade]
    return submission.score, len(by_hand)
