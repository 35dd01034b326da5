"""nbgrader's export plug-ins: `nbgrader export --exporter=course.exporting.plugins.MoodleExport --assignment '["A"]'`.

`course export` calls the same.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import List, Unicode
from traitlets.config import Config

from course import engine, spreadsheets, terminal
from course.exporting import canvas, moodle
from course.exporting.points import NOT_GRADED, Points, points
from course.exporting.tables import Filled
from course.folders import Course
from course.spreadsheets import TableError

#: nbgrader's own columns, and what it does not say.
COLUMNS = [
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "state",
]


class CourseExport(ExportPlugin):
    """What the plug-ins have in common."""

    root = Unicode(".", help="The course folder, the one with nbgrader_config.py.").tag(config=True)
    fill = Unicode("", help="A table from the LMS, to be filled in.").tag(config=True)
    column = Unicode("", help="The column for the points, if its heading is not the assignment's name.").tag(
        config=True
    )
    remarks = List(Unicode(), help="What should be known about the table that was written.")
    default = "grades.csv"

    def export(self, gradebook: Gradebook) -> None:
        course = Course.around(Path(self.root))
        names = [str(name) for name in self.assignment]
        try:
            found = list(points(course, gradebook, self._settings(course), names, [str(name) for name in self.student]))
        except MissingEntry as problem:
            raise TableError(f"{problem} Was it released, and does the name fit?") from None
        table = self.filled(found)
        waiting = sum(each.waiting > 0 for each in found)
        behind = [each.student.id for each in found if each.state == NOT_GRADED]
        self.remarks = [
            *table.remarks,
            *(
                [f"{waiting} have answers still to be read by a person: only what an earlier one was given counts."]
                if waiting
                else []
            ),
            *([f"{terminal.listed(behind)}: not graded yet, so nothing is handed on."] if behind else []),
        ]
        spreadsheets.write(Path(self.to or self.default), table.rows, table.delimiter)
        for remark in self.remarks:
            self.log.warning(remark)

    def _settings(self, course: Course) -> Config:
        return self.config if "LatePenalty" in self.config else engine.settings(course)

    def filled(self, found: list[Points]) -> Filled:
        """Make the table."""
        raise NotImplementedError

    def one_assignment(self, found: list[Points]) -> None:
        """Refuse several assignments at once, for an LMS that takes one."""
        if not found:
            raise TableError("Nobody is in the gradebook yet. Grade first: course grade ASSIGNMENT")
        names = sorted({each.assignment.name for each in found})
        if len(names) != 1:
            raise TableError(f"Name one assignment. There are: {', '.join(names) or 'no students yet'}.")


class CsvExport(CourseExport):
    """Every student and assignment, with the columns of nbgrader's own export and the state."""

    def filled(self, found: list[Points]) -> Filled:
        rows = [
            [
                each.assignment.name,
                each.assignment.duedate or "",
                each.time or "",
                each.student.id,
                each.student.last_name or "",
                each.student.first_name or "",
                each.student.email or "",
                "" if each.raw is None else each.raw,
                each.penalty,
                "" if each.score is None else each.score,
                float(each.assignment.max_score),
                each.state,
            ]
            for each in found
        ]
        return Filled([COLUMNS, *rows], [])


class CanvasExport(CourseExport):
    """One assignment, for Canvas: Grades → Import."""

    default = "canvas.csv"

    def filled(self, found: list[Points]) -> Filled:
        self.one_assignment(found)
        return canvas.filled(Path(self.fill), found, self.column or None) if self.fill else canvas.table(found)


class MoodleExport(CourseExport):
    """One assignment, for Moodle: Upload grading worksheet."""

    default = "moodle.csv"

    def filled(self, found: list[Points]) -> Filled:
        self.one_assignment(found)
        return moodle.filled(Path(self.fill), found) if self.fill else moodle.table(found)
