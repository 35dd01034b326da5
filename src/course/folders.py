"""Where things lie in a course folder."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Course:
    """A course folder: the one with `solutions/` and `nbgrader_config.py`."""

    root: Path

    @classmethod
    def around(cls, start: Path) -> Course:
        """Find the course folder that `start` lies in.

        Raises
        ------
        FileNotFoundError
            If there is none.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / "nbgrader_config.py").is_file():
                return cls(folder)
        raise FileNotFoundError(
            f"{start} lies in no course: neither it nor a folder above it has an nbgrader_config.py. Run the command "
            "from the folder that `make book` is run from."
        )

    @property
    def assignments(self) -> list[str]:
        """The names of the assignments that have a source."""
        return sorted(path.stem for path in self.solutions.glob("*.md") if path.name != "README.md")

    def source(self, name: str) -> Path:
        """Return where the source of an assignment is, or would be."""
        return self.solutions / f"{name}.md"

    @property
    def solutions(self) -> Path:
        """What an instructor writes: a MyST notebook for each assignment."""
        return self.root / "solutions"

    @property
    def exercises(self) -> Path:
        """What learners get: a folder for each assignment."""
        return self.root / "exercises"

    @property
    def built(self) -> Path:
        """Assignments as notebooks with answers and hidden tests: nbgrader's source directory."""
        return self.root / "_build" / "nbgrader" / "source"

    @property
    def stamps(self) -> Path:
        """What each folder in `built` was made from."""
        return self.root / "_build" / "nbgrader" / "stamps"

    @property
    def grading(self) -> Path:
        """Submissions, scores and feedback; never committed."""
        return self.root / "grading"

    @property
    def submitted(self) -> Path:
        """What students handed in: a folder for each student, in it one for each assignment."""
        return self.grading / "submitted"

    def students(self, name: str) -> list[str]:
        """List the students who handed in something for an assignment."""
        return sorted(path.parent.name for path in self.submitted.glob(f"*/{glob.escape(name)}") if path.is_dir())
