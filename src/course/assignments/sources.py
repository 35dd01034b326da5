"""Reads `solutions/*.md`: MyST notebooks with nbgrader's metadata, as jupytext keeps them.

An assignment is a sequence of tasks. A task is a prose cell with ``minutes`` in its metadata, one or more answer cells
(nbgrader's "manually" or "autograded answer"), and test cells with points. A test cell says what it is checked against
and lists cases, one a line::

    against(max_pool2d, kernel_size=2)
    check(max_pool_2x2, "an odd width", x=integers(4, 5))

Between ``### BEGIN HIDDEN TESTS`` and ``### END HIDDEN TESTS`` a line stands for as many random cases as it takes.
"""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext
from jupyter_client.kernelspec import KernelSpecManager
from nbformat import NotebookNode

HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS\n(.*?)^[ \t]*### END HIDDEN TESTS[ \t]*$", re.DOTALL | re.MULTILINE)
ANSWER = re.compile(r"^[ \t]*### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION[ \t]*$", re.DOTALL | re.MULTILINE)
#: What inputs look like where a case does not say otherwise.
KINDS = ("list", "array", "tensor")


class SourceError(Exception):
    """Something is wrong with an assignment's source; the text names file, cell and remedy."""

    def __init__(self, path: Path, cell: str, problem: str, remedy: str) -> None:
        place = f"{path}, {cell}" if cell else str(path)
        super().__init__(f"{place}: {problem}\n  {remedy}")


@dataclass(frozen=True)
class Cell:
    """A cell of the source and its part in the assignment."""

    node: NotebookNode
    number: int

    @property
    def nbgrader(self) -> dict[str, Any]:
        return self.node.metadata.get("nbgrader", {})

    @property
    def grade_id(self) -> str | None:
        return self.nbgrader.get("grade_id")

    @property
    def is_test(self) -> bool:
        return bool(self.nbgrader.get("grade")) and not self.nbgrader.get("solution")

    @property
    def is_answer(self) -> bool:
        return bool(self.nbgrader.get("solution"))

    @property
    def is_manual(self) -> bool:
        return self.is_answer and bool(self.nbgrader.get("grade"))

    @property
    def is_task(self) -> bool:
        """Whether a task begins here: a prose cell that says how many minutes it takes."""
        return "minutes" in self.node.metadata

    @property
    def hidden(self) -> str | None:
        """The lines of a test cell that learners do not get; None where there are none."""
        found = HIDDEN.search(self.node.source)
        return found.group(1) if found else None

    def __str__(self) -> str:
        return f"cell {self.grade_id!r}" if self.grade_id else f"cell {self.number}"


@dataclass(frozen=True)
class Task:
    """What one prose cell asks for."""

    #: All cells of the task; the first one is its prose.
    cells: list[Cell]

    @property
    def prose(self) -> Cell:
        return self.cells[0]

    @property
    def answers(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_answer]

    @property
    def tests(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_test]

    @property
    def title(self) -> str:
        return next((line.lstrip("# ") for line in self.prose.node.source.splitlines() if line.startswith("#")), "")

    @property
    def points(self) -> float:
        return sum(cell.nbgrader["points"] for cell in [*self.tests, *self.answers] if "points" in cell.nbgrader)

    @property
    def minutes(self) -> int:
        return int(self.prose.node.metadata["minutes"])


@dataclass(frozen=True)
class Source:
    """An assignment as its instructor wrote it, found to be in order."""

    path: Path
    notebook: NotebookNode

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def course(self) -> dict[str, Any]:
        """The assignment's own metadata: title, seed, values, packages."""
        return self.notebook.metadata["course"]

    @cached_property
    def cells(self) -> list[Cell]:
        return [Cell(node, number) for number, node in enumerate(self.notebook.cells, start=1)]

    @cached_property
    def tasks(self) -> list[Task]:
        starts = [index for index, cell in enumerate(self.cells) if cell.is_task]
        return [Task(self.cells[start:stop]) for start, stop in itertools.pairwise([*starts, len(self.cells)])]

    def error(self, cell: Cell | None, problem: str, remedy: str) -> SourceError:
        return SourceError(self.path, str(cell) if cell else "", problem, remedy)


def read(path: Path) -> Source:
    """Read an assignment.

    Raises
    ------
    SourceError
        If something in it is missing, double or contradictory.
    """
    try:
        notebook = jupytext.read(path, fmt="md:myst")
    except Exception as problem:
        raise SourceError(
            path,
            "",
            f"this is no MyST notebook: {problem}",
            "Mend the file; `jupytext --to ipynb` shows what it reads.",
        ) from None
    source = Source(path, notebook)
    _check_header(source)
    for check in (_check_metadata, _check_ids, _check_points, _check_answers, _check_tests, _check_tasks):
        check(source)
    return source


def _check_header(source: Source) -> None:
    course = source.notebook.metadata.get("course")
    needed = {"title": str, "seed": int, "values": str, "packages": list}
    if not isinstance(course, dict) or any(not isinstance(course.get(key), kind) for key, kind in needed.items()):
        raise source.error(
            None,
            f"the header has no complete `course` entry; it says {course!r}",
            "Give it title (text), seed (a number), values (list, array or tensor) and packages (a list), as in "
            "solutions/01_python_layer.md.",
        )
    if course["values"] not in KINDS:
        raise source.error(None, f"values is {course['values']!r}", f"It is one of {', '.join(KINDS)}.")
    kernel = source.notebook.metadata.get("kernelspec", {}).get("name")
    installed = sorted(KernelSpecManager().find_kernel_specs())
    if kernel not in installed:
        raise source.error(
            None,
            f"its kernel {kernel!r} is not installed; installed here: {', '.join(installed) or 'none'}",
            "Name one of these in the header, or install it: `make book` installs python3 into .venv.",
        )


def _check_metadata(source: Source) -> None:
    for cell in source.cells:
        if "nbgrader" not in cell.node.metadata:
            if cell.node.cell_type == "code":
                raise source.error(
                    cell,
                    "a code cell without nbgrader metadata",
                    "Give it some: learners could change it otherwise. For code that is given, grade: false, "
                    "solution: false, locked: true and a grade_id.",
                )
            continue
        wanted = {"schema_version": int, "grade": bool, "solution": bool, "locked": bool, "grade_id": str}
        for key, kind in wanted.items():
            if not isinstance(cell.nbgrader.get(key), kind):
                raise source.error(
                    cell,
                    f"its nbgrader metadata has {key}: {cell.nbgrader.get(key)!r}",
                    f"It needs {', '.join(wanted)}" + "; schema_version is 3.",
                )
        if cell.nbgrader["schema_version"] != 3:
            raise source.error(cell, f"schema_version is {cell.nbgrader['schema_version']}", "nbgrader 0.9 writes 3.")


def _check_ids(source: Source) -> None:
    seen: dict[str, Cell] = {}
    for cell in source.cells:
        if cell.grade_id is None:
            continue
        if not re.fullmatch(r"[A-Za-z0-9_-]+", cell.grade_id):
            raise source.error(cell, "its grade_id has other characters", "Use letters, digits, - and _ alone.")
        if cell.grade_id in seen:
            raise source.error(
                cell,
                f"grade_id {cell.grade_id!r} occurs twice, in cells {seen[cell.grade_id].number} and {cell.number}",
                "Rename one: nbgrader keeps scores by grade_id.",
            )
        seen[cell.grade_id] = cell


def _check_points(source: Source) -> None:
    for cell in source.cells:
        points = cell.nbgrader.get("points")
        if cell.nbgrader.get("grade") and (
            not isinstance(points, int | float) or isinstance(points, bool) or points <= 0
        ):
            raise source.error(cell, f"a graded cell with points: {points!r}", "Give it a positive number of points.")


def _check_answers(source: Source) -> None:
    for cell in source.cells:
        if cell.is_answer and cell.node.cell_type == "code" and len(ANSWER.findall(cell.node.source)) == 0:
            raise source.error(
                cell,
                "an answer cell without a marked answer",
                "Put the lines that learners write between ### BEGIN SOLUTION and ### END SOLUTION.",
            )
        if ANSWER.search(cell.node.source) and not cell.is_answer:
            raise source.error(
                cell, "it marks an answer, but is no answer cell", "Say solution: true in its nbgrader metadata."
            )


def _check_tests(source: Source) -> None:
    for cell in source.cells:
        if HIDDEN.search(cell.node.source) and not cell.is_test:
            raise source.error(cell, "hidden tests in a cell that is no test", "Say grade: true, solution: false.")
        if not cell.is_test:
            continue
        if cell.node.cell_type != "code":
            raise source.error(cell, "a test cell that is not code", "Make it a code cell.")
        try:
            tree = ast.parse(cell.node.source)
        except SyntaxError as problem:
            raise source.error(cell, f"line {problem.lineno} is no Python: {problem.msg}", "Mend it.") from None
        if not any(is_call(statement, "check") for statement in tree.body):
            raise source.error(
                cell,
                "a test cell without a check: an empty one gives everybody full marks",
                'Add a line for each case: check(function, "title", x=…).',
            )


def _check_tasks(source: Source) -> None:
    if not source.tasks:
        raise source.error(None, "it has no task", 'Give a prose cell minutes: +++ {"minutes": 10}.')
    first = source.cells.index(source.tasks[0].prose)
    stray = next((cell for cell in source.cells[:first] if cell.is_answer or cell.is_test), None)
    if stray is not None:
        raise source.error(
            stray, "it comes before the first task", "Begin the task with a prose cell that has minutes."
        )
    for task in source.tasks:
        if not task.title:
            raise source.error(task.prose, "a task without a heading", "Begin it with ## and a title.")
        if not task.answers:
            raise source.error(task.prose, "a task without an answer cell", "Add one, with solution: true.")
        if not task.tests and not any(cell.is_manual for cell in task.answers):
            raise source.error(
                task.answers[0],
                "nothing gives points for this answer",
                "Add a test cell after it, or let it be graded by hand: grade: true, points.",
            )
        if task.tests and not any(cell.hidden is None for cell in task.tests):
            raise source.error(task.tests[0], "all tests of this task are hidden", "Add a visible one, which teaches.")


def is_call(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement is a call of the function `name`."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name
