"""Puts the learner's answers into the notebook that was released."""

from __future__ import annotations

from typing import Any

import nbformat

from course.grading.assignment import Assignment
from course.grading.handed_in import read_cells
from course.grading.preprocessors.base import CoursePreprocessor
from course.grading.rebuilding import rebuild


class Rebuild(CoursePreprocessor):
    """Comes before all that believes what cells say of themselves."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        name, student = self.submission(resources)
        released = Assignment.load(self.course, name).released
        rebuilt, remarks = rebuild(released, read_cells(nbformat.writes(nb).encode(), f"{name}.ipynb"))
        for remark in remarks:
            self.log.warning("%s, %s: %s", student, name, remark)
        return nbformat.from_dict(rebuilt), resources
