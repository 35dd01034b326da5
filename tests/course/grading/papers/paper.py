"""Submissions as they come: each begins as a notebook with all answers right, and then something is done to it."""

from __future__ import annotations

import copy
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NUMPY, PYTHON, TORCH = "02_numpy_layer", "01_python_layer", "03_torch_layer"


@dataclass
class Paper:
    """A submission in the making."""

    name: str
    notebook: dict[str, Any]
    #: The notebook as it was released.
    blank: dict[str, Any]
    #: The course that it is handed in to.
    course: Path
    #: What lies beside the notebook.
    files: dict[str, bytes] = field(default_factory=dict)
    #: What is written in place of the notebook, and under which names.
    notebooks: dict[str, bytes] | None = None
    #: What else is done to the folder.
    meddle: Callable[[Path], object] | None = None

    @property
    def cells(self) -> list[dict[str, Any]]:
        return self.notebook["cells"]

    def cell(self, grade_id: str) -> dict[str, Any]:
        return next(cell for cell in self.cells if about(cell).get("grade_id") == grade_id)

    def place(self, grade_id: str) -> int:
        return self.cells.index(self.cell(grade_id))

    def answer(self, grade_id: str, source: str) -> None:
        """Write something else into an answer cell."""
        self.cell(grade_id)["source"] = lines(source)

    def prepend(self, grade_id: str, source: str) -> None:
        self.answer(grade_id, lines(source) + "\n" + text(self.cell(grade_id)))

    def append(self, grade_id: str, source: str) -> None:
        self.answer(grade_id, text(self.cell(grade_id)) + "\n" + lines(source))

    def clear(self, grade_id: str) -> None:
        """Leave an answer blank, as it was released."""
        self.answer(
            grade_id, next(text(cell) for cell in self.blank["cells"] if about(cell).get("grade_id") == grade_id)
        )

    def clear_all(self) -> None:
        for cell in self.cells:
            if about(cell).get("solution"):
                self.clear(about(cell)["grade_id"])

    def add(self, source: str, before: str | None = None, kind: str = "code") -> None:
        """Add a cell, at the end or before another one."""
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": f"new-{len(self.cells)}",
            "metadata": {},
            "source": lines(source),
        }
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        self.cells.insert(len(self.cells) if before is None else self.place(before), cell)

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        notebooks = self.notebooks
        if notebooks is None:
            notebooks = {f"{self.name}.ipynb": json.dumps(self.notebook).encode()}
        for name, content in notebooks.items():
            (folder / name).write_bytes(content)
        if self.meddle:
            self.meddle(folder)


def about(cell: dict[str, Any]) -> dict[str, Any]:
    found = cell["metadata"].get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def lines(source: str) -> str:
    """Take the indentation away that a source has here."""
    if not source.startswith("\n"):
        return source
    indented, _, rest = source.partition("\nclass MaxPool2d(nn.Module):\n    def __init__(self, kernel_size")
    return textwrap.dedent(indented).strip("\n").rstrip(" ").rstrip("\n") + (source[len(indented) :] if rest else "")


def text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


@dataclass(frozen=True)
class Submission:
    """One of the class: what is done to the notebook, and what it must lose."""

    title: str
    kind: str
    name: str
    make: Callable[[Paper], object]
    #: The answers whose tests get nothing; "all" for the whole notebook.
    loses: tuple[str, ...]
    state: str

    @property
    def student(self) -> str:
        return self.title

    def paper(self, notebook: dict[str, Any], blank: dict[str, Any], course: Path) -> Paper:
        paper = Paper(self.name, copy.deepcopy(notebook), blank, course)
        self.make(paper)
        return paper


CLASS: list[Submission] = []


def hands_in(
    kind: str, name: str = NUMPY, loses: str = "", state: str = "graded"
) -> Callable[[Callable[[Paper], object]], Callable[[Paper], object]]:
    """Enter a submission into the class under its function's name."""

    def enter(make: Callable[[Paper], object]) -> Callable[[Paper], object]:
        CLASS.append(Submission(make.__name__, kind, name, make, tuple(loses.split()), state))
        return make

    return enter
