"""Runs a learner's function, or takes a learner's value, through the cases of a check."""

import functools
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import wording
from .answering import Answer, answer, names_in
from .calling import SECONDS
from .comparing import Difference, first_difference, seal
from .naming import Explained, explained
from .reporting import CaseReport, Report
from .values import Plain, leaves, plain_data

#: The cases of the assignment that this package came with.
CASES = Path(__file__).with_name("cases.json")

#: How long each case has once one took too long: a loop that never ends rarely does so in a single case.
AFTERWARDS = 1


class CheckFailed(AssertionError):  # noqa: N818 (learners read it: a check failed, nothing is in error)
    """At least one case of a check failed; its text says which, and what is known about the reason."""

    def __init__(self, report: Report) -> None:
        super().__init__("\n" + report.text())
        self.report = report

    def _render_traceback_(self) -> list[str]:
        """Show only the message in a notebook: the way through this package says nothing about the learner's code."""
        return self.report.text(drawing=False).splitlines()


class Checker:
    """Runs the checks of one notebook.

    Parameters
    ----------
    stored : dict
        What is in cases.json: cases by their titles, the mistakes, and what explains which results.
    answer : callable, optional
        What a subject gives for a case; grading asks another process.
    uses : callable, optional
        The names that a subject uses.
    """

    def __init__(
        self,
        stored: dict[str, Any],
        answer: Callable[[Any, str, dict[str, Any], float], Answer] = answer,
        uses: Callable[[Any], set[str]] = names_in,
    ) -> None:
        self._stored, self._answer, self._uses = stored, answer, uses
        #: What did not pass when it was last checked.
        self._failing: set[str] = set()

    def check(self, subject: Any, cases: list[str | dict[str, Any]]) -> Report:
        """Run the cases, and add to the report which other functions should be mended first."""
        report = self.run(subject, cases)
        others = self._failing - {report.subject}
        if others and not report.passed:
            report.leans_on = others & self._uses(subject)
        (self._failing.discard if report.passed else self._failing.add)(report.subject)
        return report

    def run(self, subject: Any, cases: list[str | dict[str, Any]], seconds: float = SECONDS) -> Report:
        """Run the cases, each for so many seconds at most."""
        chosen = [self._case(case) for case in cases]
        answers = self._answers(subject, chosen, seconds)
        reports = [_report(case, answer) for case, answer in zip(chosen, answers, strict=True)]
        results = [answer.result for answer in answers]
        failed = not all(report.passed for report in reports)
        explanations = self._stored["explanations"]
        fits = explained(chosen, results, explanations) if failed else Explained([])
        names = [_shown_first(each, reports, explanations) for each in fits.names]
        return Report(reports, names, fits.partly, self._stored["mistakes"])

    def _answers(self, subject: Any, cases: list[dict[str, Any]], seconds: float) -> list[Answer]:
        answers = []
        for case in cases:
            begun = time.monotonic()
            answers.append(self._answer(subject, case["kind"], case["inputs"], seconds))
            if time.monotonic() - begun >= seconds:
                seconds = min(seconds, AFTERWARDS)
        return answers

    def _case(self, case: str | dict[str, Any]) -> dict[str, Any]:
        if isinstance(case, dict):
            return case
        cases = self._stored["cases"]
        if case not in cases:
            known = ", ".join(repr(title) for title in cases)
            raise ValueError(f"There is no case called {case!r} in this assignment. There are: {known}")
        return {"title": case, **cases[case]}


def check(subject: Any, cases: list[str | dict[str, Any]]) -> None:
    """Check a function or a value.

    Parameters
    ----------
    subject : callable or value
        Your function, or your answer where a value is asked for.
    cases : list of str or dict
        Titles of cases that came with the assignment, or cases themselves.

    Raises
    ------
    CheckFailed
        If a case fails. Its text is the whole message; a notebook shows a drawing too.
    """
    report = _own().check(subject, cases)
    _show(report)
    if not report.passed:
        raise CheckFailed(report)


def run(subject: Any, cases: list[str | dict[str, Any]], seconds: float = SECONDS) -> Report:
    """Do what `check` does, and return the report rather than show it."""
    return _own().run(subject, cases, seconds)


@functools.cache
def _own() -> Checker:
    """Return the checker of the notebook that this package lies beside."""
    try:
        return Checker(json.loads(CASES.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{CASES} is missing. It comes with the assignment: copy the whole folder, not the notebook alone."
        ) from None


def _shown_first(names: list[str], reports: list[CaseReport], known: list[list[str]]) -> list[str]:
    """Of two mistakes, put the one first that shows in the case which the message is about."""
    shown = next(report.case["mistakes"] for report in reports if not report.passed)
    alone = {name: str(known.index([name])) for name in names if [name] in known}
    return sorted(names, key=lambda name: alone.get(name) not in shown)


def _report(case: dict[str, Any], answer: Answer) -> CaseReport:
    """Say what came of one case."""
    printed, result = answer.printed, answer.result
    if answer.changed is not None:
        problem = wording.changed(case, *answer.changed)
        return CaseReport(case, problem=problem, printed=printed, mistake="changes-its-input")
    if result is None:
        return CaseReport(case, problem=wording.unusable(case, answer), printed=printed)
    expected = None if "sealed" in case else plain_data(case["expected"])
    difference = _difference(result, expected, case)
    if difference is None:
        return CaseReport(case, printed=printed)
    mistake = "wrong-float-width" if difference.kind == "dtype" else None
    return CaseReport(case, difference, result, expected, printed=printed, mistake=mistake)


def _difference(result: Plain, expected: Plain | None, case: dict[str, Any]) -> Difference | None:
    """Compare with what is expected, or with the seal of an answer that the case does not give away."""
    if expected is not None:
        return first_difference(result, expected)
    shape = tuple(case["signature"][0])
    if result.shape != shape:
        return Difference("shape", (), result.shape, shape)
    found, wanted = seal(case["title"], result), case["sealed"]
    wrong = next((place for place, (left, right) in enumerate(zip(found, wanted, strict=True)) if left != right), None)
    if wrong is None:
        return None
    return Difference("value", _path(wrong, shape), leaves(result.tree)[wrong], None)


def _path(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    path: list[int] = []
    for size in reversed(shape):
        place, index = divmod(place, size)
        path.insert(0, index)
    return tuple(path)


def _show(report: Report) -> None:
    """Draw in a notebook, print elsewhere; a failure's words are in its exception."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and hasattr(shell, "kernel"):
        from IPython.display import display

        html = report.html()
        if html:
            display({"text/html": html, "text/plain": report.summary()}, raw=True)
        return
    if report.passed:
        print(report.text())
