"""Builds an assignment: the notebook with its cases worked out, and the checks package beside it."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

import course.checks
from course.assignments import prose
from course.assignments.cases import Check, explanations, released, table
from course.assignments.casework import work_out
from course.assignments.sources import Cell, Source

#: The package that travels with every assignment.
CHECKS = Path(course.checks.__file__).parent


@dataclass(frozen=True)
class Built:
    """An assignment, worked out."""

    source: Source
    #: The notebook with answers and hidden tests: what nbgrader calls the source.
    notebook: NotebookNode
    #: Its test cells with their cases.
    checks: list[Check]
    #: What goes into cases.json.
    cases: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write the notebook and the checks package into an empty or missing folder."""
        package = folder / "checks"
        package.mkdir(parents=True)
        for module in sorted(CHECKS.glob("*.py")):
            shutil.copyfile(module, package / module.name)
        lines = json.dumps(self.cases, ensure_ascii=False, indent=None, separators=(",", ":")).replace('},"', '},\n"')
        (package / "cases.json").write_text(lines + "\n", encoding="utf-8")
        text = nbformat.writes(self.notebook, version=4)
        (folder / f"{self.source.name}.ipynb").write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def build(source: Source) -> Built:
    """Work out an assignment.

    Raises
    ------
    SourceError
        For a case that cannot be computed, or an answer that does not run.
    """
    answers = run_answers(source)
    checks = [work_out(source, cell, answers) for cell in source.cells if cell.is_test]
    _check_titles(source, checks)
    _check_hidden(source, checks)
    known = explanations(checks)
    notebook = _notebook(source, {check.cell.number: released(check, known) for check in checks})
    return Built(source, notebook, checks, table(checks, known))


def run_answers(source: Source, instead: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Run the answers and the code that is given, and return the names they define.

    Parameters
    ----------
    source : Source
    instead : mapping of int to str, optional
        What to run in place of some cells, by their numbers. A cell may then fail, as one may in a notebook; what it
        should have defined is missing.

    Raises
    ------
    SourceError
        If an answer does not run.
    """
    sys.modules.setdefault("checks", course.checks)  # what a learner finds beside the notebook
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in source.cells:
        if cell.node.cell_type != "code" or cell.is_test:
            continue
        code = (instead or {}).get(cell.number, cell.node.source)
        try:
            exec(compile(code, f"<{source.name}, {cell}>", "exec"), names)
        except Exception as problem:
            if not instead:
                raise source.error(
                    cell, f"it does not run: {type(problem).__name__}: {problem}", "Mend the cell."
                ) from problem
    return names


def _notebook(source: Source, tests: dict[int, str]) -> NotebookNode:
    """Return the notebook with its test cells written out, and the prose with points, minutes and hints."""
    notebook = copy.deepcopy(source.notebook)
    metadata = notebook.metadata
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": metadata["kernelspec"],
            "language_info": {"name": "python"},
            "course": {
                **{key: value for key, value in source.course.items() if key != "seed"},
                "points": sum(task.points for task in source.tasks),
                "minutes": sum(task.minutes for task in source.tasks),
                # So that a release shows when its hidden tests are no longer those of the source.
                "tests": hashlib.sha256("\n".join(tests.values()).encode()).hexdigest()[:16],
                "tasks": [
                    {"title": task.title, "points": task.points, "minutes": task.minutes} for task in source.tasks
                ],
            },
        }
    )
    headings = {task.prose.number: prose.amount(task.points, task.minutes) for task in source.tasks}
    headings[1] = prose.amount(
        notebook.metadata["course"]["points"], notebook.metadata["course"]["minutes"], len(source.tasks)
    )
    for cell in source.cells:
        node = notebook.cells[cell.number - 1]
        if cell.number in tests:
            node.source = tests[cell.number]
        elif node.cell_type == "markdown":
            node.source = prose.with_hints(node.source)
            if cell.number in headings:
                node.source = prose.with_line_under_heading(node.source, headings[cell.number])
        node["id"] = _cell_id(cell)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return notebook


def _cell_id(cell: Cell) -> str:
    """Return an id that stays the same from build to build; jupytext makes new ones every time."""
    return hashlib.sha256((cell.grade_id or f"{cell.number}: {cell.node.source}").encode()).hexdigest()[:12]


def _check_titles(source: Source, checks: list[Check]) -> None:
    seen: dict[str, Check] = {}
    for check in checks:
        for case in [] if check.hidden else check.cases:
            if case.title in seen:
                raise source.error(
                    check.cell, f"the title {case.title!r} occurs twice", "Give every visible case a title of its own."
                )
            seen[case.title] = check


def _check_hidden(source: Source, checks: list[Check]) -> None:
    """Refuse a function without hidden tests: whoever returns the expected values of the visible ones would pass."""
    hidden = {check.subject for check in checks if check.hidden}
    for check in checks:
        if check.kind == "function" and check.subject not in hidden:
            raise source.error(
                check.cell, f"{check.subject} has no hidden test", "Add a test cell with ### BEGIN HIDDEN TESTS in it."
            )
