"""Runs the learner's cells in a process of their own, and the tests in this one."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from traitlets import Enum, Float, Instance

from course.grading.assignment import Assignment
from course.grading.handed_in import helpers, pack
from course.grading.limits import Limits
from course.grading.marking import Marked, run
from course.grading.preprocessors.base import CoursePreprocessor


class SplitExecution(CoursePreprocessor):
    """Stands in the place of nbgrader's Execute."""

    isolation = Enum(
        ["sandbox", "process"],
        default_value="sandbox",
        help="Where learners' code runs: in a sandbox, or in a process of its own that may do all that you may do.",
    ).tag(config=True)
    timeout = Float(Limits.submission, help="How long a submission may take, in seconds.").tag(config=True)
    marked = Instance(Marked, allow_none=True, help="What came of this notebook, if it has been executed already.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        marked = self.marked or self._run(nb, *self.submission(resources))
        done = {cell["id"]: cell for cell in marked.notebook["cells"]} if marked.notebook else {}
        for cell in nb.cells:
            if cell.cell_type == "code" and cell.id in done:
                cell.outputs = [nbformat.from_dict(output) for output in done[cell.id]["outputs"]]
                cell.metadata["verdict"] = done[cell.id]["metadata"].get("verdict", "none")
        return nb, resources

    def _run(self, nb: Any, name: str, student: str) -> Marked:
        limits = Limits(submission=self.timeout)
        assignment = Assignment.load(self.course, name, self.isolation == "sandbox", limits)
        # From where it was handed in: nbgrader has followed links, and learners' code would find what they lead to.
        files = helpers(pack(self.course.submitted / student / name))
        marked = run(assignment, json.loads(json.dumps(nb)), files, [])
        for remark in marked.remarks:
            self.log.warning("%s, %s: %s", student, name, remark)
        return marked
