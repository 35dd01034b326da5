"""Clears the automatic scores of an earlier grading, so that none of them can outlive a submission that now fails."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from course.grading.preprocessors.base import CoursePreprocessor


def forget(gradebook: Gradebook, assignment: str, student: str) -> None:
    """Clear the automatic scores of a submission. What a person gave stays: manual scores, comments, extra credit."""
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            grade.auto_score = None
            grade.needs_manual_grade = True
    gradebook.db.commit()


class ForgetScores(CoursePreprocessor):
    """Comes first."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            forget(gradebook, *self.submission(resources))
        return nb, resources
