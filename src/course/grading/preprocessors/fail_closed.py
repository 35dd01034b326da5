"""Lets no test cell have points that has no verdict: nbgrader takes a cell without an error for one that passed."""

from __future__ import annotations

from typing import Any

import nbformat
from nbgrader.utils import is_grade, is_solution

from course.grading.executing import FAILED, PASSED, failure
from course.grading.preprocessors.base import CoursePreprocessor


class FailClosed(CoursePreprocessor):
    """Comes between executing and scoring."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
            return cell, resources
        verdict = cell.metadata.pop("verdict", "none")
        has_error = any(output.output_type == "error" for output in cell.outputs)
        if verdict != PASSED and not (verdict == FAILED and has_error):
            problem = failure("NoVerdict", "This test was not run, so it gives no points. Tell your instructor.")
            cell.outputs.append(nbformat.from_dict(problem))
        return cell, resources
