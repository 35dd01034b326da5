"""A class as grading leaves it, written at once: gradebook, executed notebooks, records and history."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from course import engine
from course.checks.reporting import TWO_AT_ONCE
from course.folders import Course
from course.gradebook import prepare
from course.grading import history, records
from course.grading.assignment import Assignment
from course.grading.executing import REPORT
from course.grading.handed_in import pack
from course.grading.history import Attempt
from course.grading.rebuilding import graded, is_answer, is_test
from course.grading.records import Record
from course.grading.saving import digest
from tests.course.building import SMALL, course_with
from tests.course.publishing.editions import TEXT_TASK

NAME = "small"
#: Mistakes that the checks of the small assignment know.
PADDING, ROUNDING, STRIDE = "counts-padding-once", "rounds-up", "default-stride-one"


def small_course(folder: Path) -> Course:
    """Make a course with an assignment of two tasks: a function with two tests, and a text that a person reads."""
    course = course_with(folder, SMALL + TEXT_TASK)
    prepare(course)
    engine.make_release(course, NAME)
    return course


class Classroom:
    """Puts graded work into a course."""

    def __init__(self, course: Course, name: str = NAME) -> None:
        self.course, self.name = course, name
        self.assignment = Assignment.load(course, name)

    def grade(
        self,
        student: str,
        failed: Mapping[str, Sequence[str]] | None = None,
        *,
        blank: bool = False,
        text: float | None = None,
        leans: bool = False,
        at_once: bool = False,
        state: str = "graded",
        recorded: bool = True,
        time: datetime | None = None,
        penalty: float = 0.0,
    ) -> None:
        """Grade a student.

        Parameters
        ----------
        student : str
        failed : mapping
            The tests that do not pass, with the mistakes that they name.
        blank : bool
            Whether no answer cell was filled in.
        text : float, optional
            What a person gave for the text; without it, the text waits.
        leans, at_once : bool
            Whether what failed leans on something else; whether it shows several mistakes, and not one of several.
        state, recorded, time, penalty
            How it ended; whether `course grade` did it; when it was handed in; what lateness costs.
        """
        failed = failed or {}
        notebook = json.loads(json.dumps(self.assignment.released))
        for cell in notebook["cells"]:
            if is_answer(cell) and not blank:
                cell["source"] = "an answer"
            if is_test(cell):
                names = failed.get(graded(cell)["grade_id"])
                cell["outputs"] = [self._output(names, leans, at_once)]
        folder = self.course.submitted / student / self.name
        for place in (folder, self.course.grading / "autograded" / student / self.name):
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{self.name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        with engine.gradebook(engine.settings(self.course)) as gradebook:
            self._enter(gradebook, student, failed, blank, text, time)
        if recorded:
            self.record(student, state)

    def record(self, student: str, state: str, *remarks: str) -> None:
        """Note how a submission ended."""
        folder = self.course.submitted / student / self.name
        folder.mkdir(parents=True, exist_ok=True)
        made = Record(student, state, list(remarks), digest(self.assignment, pack(folder)), "sandbox")
        records.write(self.course, self.name, made)

    def attempt(self, student: str, day: int, score: float, failed: Mapping[str, list[str]] | None = None) -> None:
        """Add a grading to the history; a score below 0 is that of something that could not be read."""
        readable = score >= 0
        made = Attempt(
            student,
            f"{student} {day} {score}",
            f"2026-11-{day:02}T12:00:00",
            "graded" if readable else "unreadable",
            max(score, 0.0),
            2.0 if readable else 0.0,
            dict(failed or {}),
        )
        history.append(self.course, self.name, made)

    def _enter(
        self,
        gradebook: Gradebook,
        student: str,
        failed: Mapping[str, Sequence[str]],
        blank: bool,
        text: float | None,
        time: datetime | None,
    ) -> None:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(self.name, student, timestamp=time)
        for grade in submission.notebooks[0].grades:
            if grade.cell.cell_type == "markdown":
                grade.auto_score = 0.0 if blank else None
                grade.needs_manual_grade = text is None and not blank
                grade.manual_score = text
            else:
                grade.auto_score = 0.0 if grade.cell.name in failed or blank else grade.cell.max_score
        gradebook.db.commit()

    @staticmethod
    def _output(names: Sequence[str] | None, leans: bool, at_once: bool) -> dict[str, Any]:
        report = {
            "passed": names is None,
            "summary": "",
            "cases": [],
            "reason": f"→ {TWO_AT_ONCE}" if at_once and names else "",
            "leans_on": ["output_size"] if leans and names is not None else [],
            "mistakes": sorted(names or []),
        }
        return {"output_type": "display_data", "data": {REPORT: report}, "metadata": {}}
