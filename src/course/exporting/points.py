"""What each student has in an assignment, as it goes out: lateness subtracted, and nothing for what was not graded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from traitlets.config import Config

from course import late
from course.collecting import origins
from course.collecting.origins import Origin
from course.folders import Course
from course.grading import records, status
from course.grading.marking import UNREADABLE

#: Nothing was handed in, or it was not graded.
MISSING, NOT_GRADED = "missing", "not graded"


@dataclass(frozen=True)
class Points:
    """What one student has in one assignment."""

    student: Student
    assignment: Assignment
    #: As `course status` says it.
    state: str
    #: None if there is nothing to hand on.
    raw: float | None
    penalty: float
    #: How many answers wait to be read by a person.
    waiting: int
    time: datetime | None
    origin: Origin | None

    @property
    def score(self) -> float | None:
        """The points that count."""
        return None if self.raw is None else round(max(self.raw - self.penalty, 0.0), 4)


def points(
    course: Course,
    gradebook: Gradebook,
    config: Config,
    assignments: Collection[str] = (),
    students: Collection[str] = (),
    with_outdated: bool = False,
) -> Iterator[Points]:
    """Go through the gradebook: these assignments and students, or all.

    Parameters
    ----------
    course, gradebook, config : Course, Gradebook, Config
    assignments, students : collection of str, optional
    with_outdated : bool, optional
        Whether points count that were given for an earlier submission, or by earlier tests.

    Raises
    ------
    MissingEntry
        If the gradebook does not know one of them.
    """
    chosen = [gradebook.find_assignment(name) for name in assignments] or gradebook.assignments
    people = [gradebook.find_student(name) for name in students] or gradebook.students
    for assignment in chosen:
        handed_in = set(course.students(assignment.name))
        late.update(gradebook, config, assignment.name)
        known, came_from = records.read(course, assignment.name), origins.read(course, assignment.name)
        outdated = set() if with_outdated else set(status.outdated(course, assignment.name, known))
        for student in sorted(people, key=lambda student: student.id):
            record, origin = known.get(student.id), came_from.get(student.id)
            try:
                submission = gradebook.find_submission(assignment.name, student.id)
            except MissingEntry:
                state = NOT_GRADED if student.id in handed_in else MISSING
                yield Points(student, assignment, state, None, 0.0, 0, None, origin)
                continue
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            by_hand = [grade for grade in grades if grade.cell.cell_type == "markdown" and grade.needs_manual_grade]
            state = NOT_GRADED if student.id in outdated else record.state if record else "graded"
            is_scored = any(grade.auto_score is not None or grade.manual_score is not None for grade in grades)
            raw = float(submission.score) if is_scored and state not in (UNREADABLE, NOT_GRADED) else None
            penalty = float(submission.late_submission_penalty or 0)
            waiting = len(by_hand) if raw is not None else 0
            yield Points(student, assignment, state, raw, penalty, waiting, submission.timestamp, origin)
