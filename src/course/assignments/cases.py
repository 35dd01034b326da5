"""A test cell worked out: its cases as data, and as what learners get."""

from __future__ import annotations

import json
import math
import operator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.assignments import prose
from course.assignments.sources import Cell
from course.checks import comparing, values
from course.misconceptions import BANK, DIRECT, Misconception, Operation, applying, features

Explanation = tuple[str, ...]
NAME = operator.attrgetter("name")


@dataclass
class Case:
    """One case, with what every explanation gives for it."""

    title: str
    inputs: dict[str, Any]
    expected: Any
    signature: list[Any]
    #: Signatures of wrong results by explanation; those that give the right result are left out.
    mistakes: dict[Explanation, list[Any] | None]
    windows: dict[str, Any] | None


@dataclass
class Check:
    """A test cell, worked out."""

    cell: Cell
    subject: str
    #: "function" or "value"
    kind: str
    operation: Operation
    #: What the learner's function takes; for a value, what it was found from.
    takes: set[str]
    #: Mistakes that this cell's cases need not show, with the reason.
    unseen: dict[str, str]
    cases: list[Case] = field(default_factory=list)

    @property
    def hidden(self) -> bool:
        return self.cell.hidden is not None

    @property
    def features(self) -> set[str]:
        """What the inputs of its cases have besides arguments."""
        return {feature for case in self.cases for feature in features(self.operation, case.inputs)}

    @property
    def unshown(self) -> set[str]:
        """The mistakes that can be made here, and that no case shows."""
        possible = {misconception.name for misconception in applying(self.operation, self.takes | self.features)}
        shown = {names[0] for case in self.cases for names, given in case.mistakes.items() if given is not None}
        return possible - shown - set(self.unseen)

    @property
    def direct(self) -> list[Misconception]:
        """The mistakes that show in any case: a changed input, and 64 bits where 32 came in."""
        if self.kind != "function":
            return []
        dtypes = {values.plain(case.expected).dtype for case in self.cases}
        arrays = any(
            not isinstance(value, tuple) and np.ndim(value) for case in self.cases for value in case.inputs.values()
        )
        possible = {"changes-its-input": arrays, "wrong-float-width": bool(dtypes & set(comparing.NARROW_FLOATS))}
        return [misconception for misconception in DIRECT if possible[misconception.name]]


def released(check: Check, explanations: list[Explanation]) -> str:
    """Write the test cell as learners get it, before nbgrader takes out what is hidden."""
    if check.hidden:
        points = prose.in_points(check.cell.nbgrader["points"])
        literals = "\n".join(
            f"    {{'title': {case.title!r}, {repr(record(check, case, explanations))[1:]}," for case in check.cases
        )
        return (
            f"# Hidden checks for {points}: other shapes and values.\n"
            f"# They run when your work is graded.\n### BEGIN HIDDEN TESTS\ncheck({check.subject}, [\n{literals}\n])\n"
            "### END HIDDEN TESTS"
        )
    titles = "".join(f"    {json.dumps(case.title, ensure_ascii=False)},\n" for case in check.cases)
    return f"check({check.subject}, [\n{titles}])"


def explanations(checks: list[Check]) -> list[Explanation]:
    """List the explanations worth keeping: mistakes alone, or two at once where together they give something new."""
    kept: set[Explanation] = set()
    for check in checks:
        cases = check.cases
        rows = {
            names: [case.mistakes.get(names, "right") for case in cases] for case in cases for names in case.mistakes
        }
        single = [row for names, row in rows.items() if len(names) == 1]
        kept |= {names for names, row in rows.items() if len(names) == 1 or row not in single}
    return sorted(kept, key=lambda names: (len(names), names))


def table(checks: list[Check], explanations: list[Explanation]) -> dict[str, Any]:
    """Return what goes into cases.json: the visible cases, the explanations, and the sentences of the mistakes."""
    used = {name for names in explanations for name in names} | {misconception.name for misconception in DIRECT}
    return {
        "explanations": [list(names) for names in explanations],
        "mistakes": {each.name: each.sentence for each in sorted([*BANK, *DIRECT], key=NAME) if each.name in used},
        "cases": {
            case.title: record(check, case, explanations)
            for check in checks
            if not check.hidden
            for case in check.cases
        },
    }


def record(check: Check, case: Case, explanations: list[Explanation]) -> dict[str, Any]:
    """Return a case as the data that `course.checks` reads."""
    record: dict[str, Any] = {
        "subject": check.subject,
        "kind": check.kind,
        "inputs": {name: encode(value) for name, value in case.inputs.items()},
        "signature": case.signature,
        "mistakes": {
            str(number): case.mistakes[names] for number, names in enumerate(explanations) if names in case.mistakes
        },
    }
    if check.kind == "value":
        record["sealed"] = comparing.seal(case.title, values.plain(case.expected))
    else:
        record["expected"] = encode(case.expected)
    if case.windows is not None:
        record["windows"] = case.windows
    return record


def encode(value: Any) -> Any:
    """Return a value as JSON that `course.checks.values.decode` reads."""
    if isinstance(value, np.ndarray):
        return {"array": encode(value.tolist()), "dtype": str(value.dtype)}
    if type(value).__module__ == "torch":
        return {"tensor": encode(value.tolist()), "dtype": str(value.dtype).removeprefix("torch.")}
    if isinstance(value, tuple):
        return {"tuple": [encode(item) for item in value]}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else float(f"{value:.9g}")
    return value.item() if isinstance(value, np.generic) else value
