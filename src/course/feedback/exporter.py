"""Lets `nbgrader generate_feedback`, and formgrader's button, write the same page as `course feedback`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbgrader.api import Gradebook
from traitlets import Unicode, default

from course.feedback.page import render
from course.feedback.results import feedback, grades_of
from course.folders import Course
from course.grading import records
from course.grading.assignment import Assignment


class FeedbackExporter(Exporter):
    """Makes the page of one executed notebook."""

    root = Unicode(help="The course folder, the one with nbgrader_config.py.").tag(config=True)
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[Any, Any]:
        about = resources["nbgrader"]
        name, student = about["assignment"], about["student"]
        course = Course(Path(self.root))
        with Gradebook(about["db_url"]) as gradebook:
            grades = grades_of(gradebook, name, student)
        record = records.read(course, name).get(student)
        state, remarks = (record.state, record.remarks) if record else ("graded", [])
        notebook = json.loads(nbformat.writes(nb))
        page = render(feedback(Assignment.load(course, name), notebook, grades, student, state, remarks))
        return page, {**resources, "output_extension": self.file_extension}
