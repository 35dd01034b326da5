"""Where things lie in a course folder."""

from __future__ import annotations

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
