"""Puts every misconception in place of the answer, and reads what the test cells say."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.assignments.building import Built
from course.assignments.cases import Check
from course.misconceptions import DIRECT, Misconception, Operation, Variant, applying
from course.proofs.cells import verdict


@dataclass(frozen=True)
class Finding:
    """What became of one misconception about one function."""

    subject: str
    misconception: str
    #: The visible case that failed first and named it; empty if none did.
    named_by: str
    #: Other misconceptions that the message cannot tell from it.
    beside: tuple[str, ...]
    #: Whether a hidden test fails; None where the task has none.
    hidden: bool | None
    #: Why it cannot be seen, where the source says so.
    excuse: str

    @property
    def sound(self) -> bool:
        return bool(self.excuse) or (bool(self.named_by) and self.hidden is not False)


def study(built: Built, names: dict[str, Any]) -> Iterator[Finding]:
    """Try every misconception about every function and value of an assignment.

    Parameters
    ----------
    built : Built
    names : dict
        What the answers define, with `check` from the package that will be released.
    """
    for subject in dict.fromkeys(check.subject for check in built.checks):
        checks = [check for check in built.checks if check.subject == subject]
        if checks[0].kind == "value":
            yield from _values(built, names, checks)
            continue
        takes = {name for check in checks for name in check.takes | check.features}
        for misconception in [*applying(checks[0].operation, takes), *_direct(checks)]:
            yield _try(built, names, checks, misconception)


def _direct(checks: list[Check]) -> list[Misconception]:
    found = {misconception.name for check in checks for misconception in check.direct}
    return [misconception for misconception in DIRECT if misconception.name in found]


def _try(built: Built, names: dict[str, Any], checks: list[Check], misconception: Misconception) -> Finding:
    named_by, hidden = "", None
    beside: tuple[str, ...] = ()
    excuse = next((check.unseen[misconception.name] for check in checks if misconception.name in check.unseen), "")
    for check in checks:
        wrong = _wrong(check.operation, misconception, names[check.subject])
        raised = verdict(built, check.cell, names, wrong)
        if check.hidden:
            hidden = (hidden is not False) and raised is not None
        elif raised is not None and not named_by:
            named_by, beside = _named(raised, misconception)
    return Finding(checks[0].subject, misconception.name, named_by, beside, hidden, excuse)


def _values(built: Built, names: dict[str, Any], checks: list[Check]) -> Iterator[Finding]:
    """Give every wrong value that a misconception leads to as the answer."""
    for check in checks:
        (case,) = check.cases
        takes = check.takes | check.features
        for misconception in applying(check.operation, takes):
            if (misconception.name,) not in case.mistakes:
                continue  # by hand, on these numbers, it makes no difference
            variant = Variant(check.operation, (misconception,))
            try:
                value = variant(case.inputs)
            except (ValueError, IndexError):
                continue  # it leads to no value at all
            named_by, beside = _named(verdict(built, check.cell, names, value), misconception)
            excuse = check.unseen.get(misconception.name, "")
            yield Finding(check.subject, misconception.name, named_by, beside, None, excuse)


def _named(raised: BaseException | None, misconception: Misconception) -> tuple[str, tuple[str, ...]]:
    """Return the case whose message names the misconception, empty if none does, and what else that message names."""
    report = getattr(raised, "report", None)
    if report is None or misconception.name not in report.mistakes:
        return "", ()
    return report.first_failure.case["title"], tuple(sorted(report.mistakes - {misconception.name}))


def _wrong(operation: Operation, misconception: Misconception, answer: Callable) -> Callable:
    """Return a function as someone with the misconception would write it."""
    parameters = inspect.signature(answer)
    variant = Variant(operation, (misconception,))

    def wrong(*args: Any, **options: Any) -> Any:
        inputs = parameters.bind(*args, **options).arguments
        return variant(dict(inputs))

    def meddling(*args: Any, **options: Any) -> Any:
        result = answer(*args, **options)
        _meddle(next(value for value in (*args, *options.values()) if np.ndim(value)))
        return result

    def widened(*args: Any, **options: Any) -> Any:
        result = answer(*args, **options)
        return result.double() if hasattr(result, "double") else np.asarray(result, np.float64)

    return {"changes-its-input": meddling, "wrong-float-width": widened}.get(misconception.name, wrong)


def _meddle(value: Any) -> None:
    """Change a list, an array or a tensor in place."""
    if isinstance(value, np.ndarray):
        value.reshape(-1)[0] = 12345
    elif not isinstance(value, list):
        value.data.reshape(-1)[0] = 12345  # a tensor; past autograd, which watches over leaves
    elif value and isinstance(value[0], list):
        _meddle(value[0])
    else:
        value[:] = value[:-1] if value and isinstance(value[0], tuple) else [12345, *value[1:]]
