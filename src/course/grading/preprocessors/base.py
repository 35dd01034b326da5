"""What the course's preprocessors have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from course.folders import Course


class CoursePreprocessor(NbGraderPreprocessor):
    """Knows the course, and from nbgrader's resources the submission."""

    root = Unicode(help="The course folder, the one with nbgrader_config.py.").tag(config=True)

    @property
    def course(self) -> Course:
        return Course(Path(self.root))

    def submission(self, resources: Any) -> tuple[str, str]:
        """Return the assignment and the student."""
        about = resources["nbgrader"]
        return about["assignment"], about["student"]
