"""Runs a rebuilt notebook: the learner's cells in the learner's process, the tests here."""

from __future__ import annotations

import ast
import functools
from typing import Any

from course.checks.answering import Answer
from course.checks.checking import Checker
from course.grading.learner import Learner
from course.grading.rebuilding import graded, is_test

Node = dict[str, Any]
#: What a test cell says about itself when its test has run: nothing without this word gets points.
PASSED, FAILED = "passed", "failed"


class Unclear(Exception):  # noqa: N818 (what a test cell is)
    """A test cell is not a check of something with literal cases."""


def execute(notebook: Node, tests: dict[str, str], cases: dict[str, Any], learner: Learner) -> None:
    """Run the cells of a notebook, and write their outputs into it.

    Parameters
    ----------
    notebook : dict
        A notebook as `rebuild` makes it.
    tests : dict of str to str
        The source of every test cell by its grade id, hidden tests included.
    cases : dict
        The content of cases.json.
    learner : Learner
    """
    patience = _Patience(learner)
    checker = Checker(cases, patience.answer, learner.uses)
    failed: list[tuple[Node, str]] = []
    unfinished: list[Node] = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        if not is_test(cell):
            cell["outputs"] = learner.run(cell["source"]) if cell["source"].strip() else []
            if any(output.get("ename") == "NameError" for output in cell["outputs"]):
                unfinished.append(cell)
            continue
        patience.reset()
        source = tests.get(graded(cell)["grade_id"], cell["source"])
        cell["metadata"]["verdict"], cell["outputs"] = _test(source, checker)
        if cell["metadata"]["verdict"] == FAILED and "NameError" in str(cell["outputs"]):
            failed.append((cell, source))
    if failed:
        # Cells may have been run in another order than they stand in: what a test needs can be further down. The tests
        # are tried in a process in which no test has run: a function could have kept its inputs for a later cell.
        learner.begin_anew()
        for cell in unfinished:
            learner.run(cell["source"])
    for cell, source in failed:
        patience.reset()
        verdict, outputs = _test(source, checker)
        if verdict == PASSED:
            note = "It passes when all cells have run: something that it needs is defined further down.\n"
            cell["metadata"]["verdict"] = verdict
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": note}, *outputs]


def _test(source: str, checker: Checker) -> tuple[str, list[Node]]:
    """Run a test cell, and return its verdict and its outputs."""
    try:
        report = checker.check(*_checked(source))
    except Exception as problem:  # whatever is wrong with a test, no points come of it
        return FAILED, [failure("NotTested", f"This test could not be run: {type(problem).__name__}: {problem}")]
    if report.passed:
        return PASSED, [{"output_type": "stream", "name": "stdout", "text": report.text() + "\n"}]
    return FAILED, [failure("CheckFailed", report.summary(), report.text())]


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
