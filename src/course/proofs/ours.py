"""Marks the answers and the blank notebook as `course grade` does: the tests must say the same when code runs apart."""

from __future__ import annotations

from collections.abc import Iterator

from course.folders import Course
from course.grading.assignment import Assignment
from course.grading.executing import PASSED
from course.grading.handed_in import pack
from course.grading.marking import mark_opened
from course.grading.rebuilding import graded


def unfair_verdicts(name: str, course: Course) -> Iterator[str]:
    """Report test cells that the answers do not pass, or the blank notebook does.

    Parameters
    ----------
    name : str
    course : Course
        One in which both were handed in, by "answers" and "blank".
    """
    # What runs here is the instructor's own: it needs no sandbox.
    assignment = Assignment.load(course, name, sandboxed=False)
    for student, should_pass in (("answers", True), ("blank", False)):
        marked = mark_opened(assignment, pack(course.submitted / student / name))
        for cell in marked.notebook["cells"] if marked.notebook else []:
            verdict = cell["metadata"].get("verdict")
            if verdict is not None and (verdict == PASSED) != should_pass:
                who = "the answers do not pass it" if should_pass else "the blank notebook passes it"
                yield f"cell {graded(cell)['grade_id']!r}: when `course grade` runs it, {who}"
