"""Runs a rebuilt notebook: the learner's cells in the learner's process, the tests here."""

from __future__ import annotations

import ast
import functools
from collections.abc import Collection
from typing import Any

from course.checks.answering import Answer
from course.checks.checking import Checker
from course.grading.learner import Learner
from course.grading.rebuilding import defined, graded, is_test

Node = dict[str, Any]
#: What a test cell says about itself when its test has run: nothing without this word gets points.
PASSED, FAILED = "passed", "failed"
#: The kind of output that a test's report is kept as, beside what people see.
REPORT = "application/vnd.pooling.report+json"


class Unclear(Exception):  # noqa: N818 (what a test cell is)
    """A test cell is not a check of something with literal cases."""


def execute(
    notebook: Node, tests: dict[str, str], cases: dict[str, Any], learner: Learner, hidden: Collection[str] = ()
) -> None:
    """Run the cells of a notebook, and write their outputs into it.

    Hidden tests come when all cells have run, so that nothing a cell prints can be what a hidden test put in.

    Parameters
    ----------
    notebook : dict
        A notebook as `rebuild` makes it.
    tests : dict of str to str
        The source of every test cell by its grade id, hidden tests included.
    cases : dict
        The content of cases.json.
    learner : Learner
    hidden : collection of str
        The grade ids of the tests that learners do not see.
    """
    _Execution(notebook, tests, cases, learner, hidden).run()


class _Execution:
    """One way through a notebook."""

    def __init__(
        self, notebook: Node, tests: dict[str, str], cases: dict[str, Any], learner: Learner, hidden: Collection[str]
    ) -> None:
        self._cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        self._tests, self._learner, self._hidden = tests, learner, hidden
        self._patience = _Patience(learner)
        self._checker = Checker(cases, self._patience.answer, learner.uses)

    def run(self) -> None:
        unfinished, failed = self._in_order(hidden=False)
        self._settle(unfinished, failed)
        self._learner.allow_hidden_tests()
        if not self._redefines():
            for cell in self._cells:
                if self._is_wanted(cell, hidden=True):
                    self._test(cell)
            return
        # What a test is about may have been another thing where the test stands.
        self._learner.begin_anew(without_cells=True)
        unfinished, failed = self._in_order(hidden=True)
        if failed:
            self._settle(unfinished, failed)

    def _in_order(self, hidden: bool) -> tuple[list[Node], list[Node]]:
        """Run the cells and one kind of tests where they stand; return the cells and the tests that missed a name.

        What cells print beside hidden tests is not kept.
        """
        unfinished, failed = [], []
        for cell in self._cells:
            if not is_test(cell):
                outputs = self._learner.run(cell["source"]) if cell["source"].strip() else []
                if not hidden:
                    cell["outputs"] = outputs
                if any(output.get("ename") == "NameError" for output in outputs):
                    unfinished.append(cell)
            elif self._is_wanted(cell, hidden) and not self._test(cell) and "NameError" in str(cell["outputs"]):
                failed.append(cell)
        return unfinished, failed

    def _settle(self, unfinished: list[Node], failed: list[Node]) -> None:
        """Try again what missed a name: cells may have been run in another order than they stand in.

        That is in a process in which no test has run: a function could have kept its inputs for a later cell.
        """
        if not unfinished and not failed:
            return
        self._learner.begin_anew()
        for cell in unfinished:
            self._learner.run(cell["source"])
        for cell in failed:
            if self._test(cell):
                note = "It passes when all cells have run: something that it needs is defined further down.\n"
                cell["outputs"].insert(0, {"output_type": "stream", "name": "stdout", "text": note})

    def _is_wanted(self, cell: Node, hidden: bool) -> bool:
        return is_test(cell) and (graded(cell)["grade_id"] in self._hidden) == hidden

    def _test(self, cell: Node) -> bool:
        """Run a test cell, and tell whether it passes."""
        self._patience.reset()
        source = str(self._tests.get(graded(cell)["grade_id"], cell["source"]))
        cell["metadata"]["verdict"], cell["outputs"] = _tested(source, self._checker)
        return bool(cell["metadata"]["verdict"] == PASSED)

    def _redefines(self) -> bool:
        """Tell whether a name is given to one thing in one cell, and to another in a later one."""
        sources = [cell["source"] for cell in self._cells if not is_test(cell)]
        found = [name for names in defined(sources) for name in names]
        return len(found) > len(set(found))


def _tested(source: str, checker: Checker) -> tuple[str, list[Node]]:
    """Run a test cell, and return its verdict and its outputs."""
    try:
        report = checker.check(*_checked(source))
    except Exception as problem:  # whatever is wrong with a test, no points come of it
        return FAILED, [failure("NotTested", f"This test could not be run: {type(problem).__name__}: {problem}")]
    drawn = {REPORT: report.data(), "text/plain": report.summary()}
    drawing = report.html()
    if drawing:
        drawn["text/html"] = drawing
    shown = {"output_type": "display_data", "data": drawn, "metadata": {}}
    if report.passed:
        return PASSED, [shown]
    return FAILED, [shown, failure("CheckFailed", report.summary(), report.text(drawing=False))]


def reported(cell: Node) -> dict[str, Any] | None:
    """Return the report of an executed test cell as data, or None if it has none."""
    for output in cell.get("outputs", []):
        report = output.get("data", {}).get(REPORT)
        if isinstance(report, dict):
            return report
    return None


def failure(name: str, value: str, text: str | None = None) -> Node:
    """Write an error output, as nbgrader looks for it."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [text or value]}


@functools.lru_cache(512)  # the same for a whole class
def _checked(source: str) -> tuple[str, list[str | dict[str, Any]]]:
    """Read which name a test cell checks, and with which cases."""
    try:
        (statement,) = ast.parse(source).body
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            raise ValueError(source)
        function, (subject, cases) = statement.value.func, statement.value.args
        if not isinstance(function, ast.Name) or function.id != "check" or not isinstance(subject, ast.Name):
            raise ValueError(source)
        return subject.id, ast.literal_eval(cases)
    except (ValueError, SyntaxError) as problem:
        raise Unclear("it is not check(name, [cases]) and nothing else") from problem


class _Patience:
    """Asks a learner for answers, but no more within a test after one that never came: it has failed by then."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self.reset()

    def reset(self) -> None:
        self._lost: str | None = None

    def answer(self, subject: Any, kind: str, inputs: dict[str, Any], seconds: float) -> Answer:
        if self._lost is not None:
            return Answer(error=self._lost)
        before = len(self._learner.losses)
        answer = self._learner.answer(subject, kind, inputs, seconds)
        never_came = len(self._learner.losses) > before or "did not finish within" in (answer.error or "")
        if never_came:
            self._lost = "This case was not tried: another one came to no end."
        return answer
