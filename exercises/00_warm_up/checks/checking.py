"""Runs a learner's function, or takes a learner's value, through the cases of a check."""

import functools
import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import wording
from .calling import SECONDS, call
from .comparing import Difference, first_difference, seal
from .naming import Explained, explained
from .reporting import CaseReport, Report
from .values import Odd, Plain, decode, describe, leaves, plain

#: The cases of the assignment that this package came with.
CASES = Path(__file__).with_name("cases.json")
#: What did not pass when it was last checked, in this session.
_failing: set[str] = set()


class CheckFailed(AssertionError):  # noqa: N818 (learners read it: a check failed, nothing is in error)
    """At least one case of a check failed; its text says which, and what is known about the reason."""

    def __init__(self, report: Report) -> None:
        super().__init__("\n" + report.text())
        self.report = report

    def _render_traceback_(self) -> list[str]:
        """Show only the message in a notebook: the way through this package says nothing about the learner's code."""
        return self.report.text(drawing=False).splitlines()


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
    report = run(subject, cases)
    report.leans_on = _failing & _names_in(subject) - {report.subject}
    (_failing.discard if report.passed else _failing.add)(report.subject)
    _show(report)
    if not report.passed:
        raise CheckFailed(report)


def run(subject: Any, cases: list[str | dict[str, Any]], seconds: float = SECONDS) -> Report:
    """Do what `check` does, and return the report rather than show it."""
    stored = _stored()
    chosen = [_case(stored, case) for case in cases]
    results: list[Plain | None] = []
    reports: list[CaseReport] = []
    for case in chosen:
        try:
            result, report = _try(subject, case, seconds)
        except Odd as odd:
            result, report = None, CaseReport(case, problem=wording.odd(case, odd))
        results.append(result)
        reports.append(report)
    failed = not all(report.passed for report in reports)
    fits = explained(chosen, results, stored["explanations"]) if failed else Explained([])
    names = [_shown_first(each, reports, stored["explanations"]) for each in fits.names]
    return Report(reports, names, fits.partly, stored["mistakes"])


def _shown_first(names: list[str], reports: list[CaseReport], known: list[list[str]]) -> list[str]:
    """Of two mistakes, put the one first that shows in the case which the message is about."""
    shown = next(report.case["mistakes"] for report in reports if not report.passed)
    alone = {name: str(known.index([name])) for name in names if [name] in known}
    return sorted(names, key=lambda name: alone.get(name) not in shown)


def _try(subject: Any, case: dict[str, Any], seconds: float) -> tuple[Plain | None, CaseReport]:
    """Run one case: what it gave, for naming the mistake, and its report."""
    printed = ""
    if case["kind"] == "function":
        if subject is None or subject is ...:
            raise Odd(describe(subject))
        if not callable(subject):
            return None, CaseReport(case, problem=wording.not_a_function(case, subject))
        outcome = call(_quiet(subject), case["inputs"], seconds)
        value, printed = outcome.value, outcome.printed
        if outcome.error is not None:
            return None, CaseReport(case, problem=outcome.error, printed=printed)
        if outcome.changed is not None and value is not None:
            problem = wording.changed(case, *outcome.changed)
            return None, CaseReport(case, problem=problem, printed=printed, mistake="changes-its-input")
    else:
        value = subject
    if value is None or value is ...:
        return None, CaseReport(case, problem=wording.unanswered(case, value), printed=printed)
    result = plain(value)
    expected = None if "sealed" in case else plain(decode(case["expected"]))
    difference = _difference(result, expected, case)
    if difference is None:
        return result, CaseReport(case, printed=printed)
    mistake = "wrong-float-width" if difference.kind == "dtype" else None
    return result, CaseReport(case, difference, result, expected, printed=printed, mistake=mistake)


def _quiet(subject: Callable) -> Callable:
    """Let torch refuse its own pooling operators during the call, where torch is loaded at all."""
    if "torch" not in sys.modules:
        return subject
    from .operators import without_torch_pooling

    return without_torch_pooling(subject)


def _names_in(subject: Any, deep: int = 3) -> set[str]:
    """Return the names that a function uses, also through the functions it calls; of a class, through its methods."""
    parts = [subject, *(vars(subject).values() if isinstance(subject, type) else ())]
    found: set[str] = set()
    for part in parts:
        names = _names_of(getattr(part, "__code__", None))
        found |= names
        around = getattr(part, "__globals__", {})
        for name in names if deep else ():
            found |= _names_in(around.get(name), deep - 1)
    return found


def _names_of(code: Any) -> set[str]:
    """Return the names in a function's code; comprehensions and inner functions have code of their own."""
    if not isinstance(code, types.CodeType):
        return set()
    return set(code.co_names).union(*map(_names_of, code.co_consts))


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


@functools.cache
def _stored() -> dict[str, Any]:
    try:
        return json.loads(CASES.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{CASES} is missing. It comes with the assignment: copy the whole folder, not the notebook alone."
        ) from None


def _case(stored: dict[str, Any], case: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(case, dict):
        return case
    if case not in stored["cases"]:
        known = ", ".join(repr(title) for title in stored["cases"])
        raise ValueError(f"There is no case called {case!r} in this assignment. There are: {known}")
    return {"title": case, **stored["cases"][case]}


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
