"""Works out a test cell: draws the inputs of its cases, and computes what is expected and what every mistake gives."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from course.assignments.cases import Case, Check, Explanation
from course.assignments.draws import Draws, Gradient
from course.assignments.sources import Cell, Source, is_call
from course.checks import comparing, values
from course.misconceptions import OPERATIONS, Operation, Variant, applying, features

#: A hidden test has at least so many cases, and at most so many; it takes as many as show every mistake.
FEWEST_HIDDEN, MOST_HIDDEN = 4, 12
#: How often each hidden line is drawn before the best cases are chosen.
CANDIDATES = 25
#: How often a cell is drawn anew if its cases happen not to show a mistake that they could show.
ATTEMPTS = 10


def work_out(source: Source, cell: Cell, answers: dict[str, Any]) -> Check:
    """Read a test cell and compute its cases.

    Random inputs depend on the assignment's seed, its name and the cell alone.

    Parameters
    ----------
    source, cell : Source, Cell
        The assignment and one of its test cells.
    answers : dict
        The names that the answers define.

    Raises
    ------
    SourceError
        For a line that cannot be read, or whose case cannot be computed.
    """
    against, lines = _lines(source, cell)
    operation, unseen = _operation(source, cell, against)
    subject = _subject(source, cell, lines)
    if subject not in answers:
        raise source.error(cell, f"no answer defines {subject}", "Check something that an answer cell makes.")
    is_function = callable(answers[subject])
    takes = set(inspect.signature(answers[subject]).parameters) if is_function else set()
    check = Check(cell, subject, "function" if is_function else "value", operation, takes, unseen)
    for attempt in range(ATTEMPTS):
        seed = f"{source.course['seed']}/{source.name}/{cell.grade_id}/{attempt}"
        worker = _Worker(source, check, Draws(seed, source.course["values"]))
        check.cases = worker.drawn(lines) if check.hidden else [worker.stated(line) for line in lines]
        if not is_function or not check.unshown:
            break
    if not check.hidden:
        for case in check.cases:
            case.mistakes |= worker.mistakes(case.inputs, case.signature, together=2)
    return check


class _Worker:
    """Computes the cases of one check."""

    def __init__(self, source: Source, check: Check, draws: Draws) -> None:
        self.source, self.check, self.draws = source, check, draws

    def stated(self, line: ast.Call) -> Case:
        """Compute the case of a visible line."""
        for _ in range(200):  # arguments may be drawn that do not fit together
            try:
                return self._case(line)
            except (ValueError, TypeError) as problem:
                last = problem
        raise self._error(line, f"{type(last).__name__}: {last}", "Give it arguments that fit together.")

    def drawn(self, lines: list[ast.Call]) -> list[Case]:
        """Draw cases for hidden lines, and choose a few that show every mistake."""
        candidates: list[tuple[int, Case]] = []
        for number, line in enumerate(lines):
            for _ in range(CANDIDATES):
                try:
                    candidates.append((number, self._case(line)))
                except (ValueError, TypeError) as problem:
                    last = problem
            if not any(place == number for place, _ in candidates):
                raise self._error(line, f"none of its draws fits: {last}", "Draw arguments that fit together.")
        return _chosen(candidates, len(lines))

    def mistakes(
        self, inputs: dict[str, Any], signature: list[Any], together: int
    ) -> dict[Explanation, list[Any] | None]:
        """Compute the signatures of what mistakes, so many of them together, give instead."""
        operation = self.check.operation
        wrong: dict[Explanation, list[Any] | None] = {}
        for variant in _variants(operation, self.check.takes | features(operation, inputs), together):
            given = _signature_of(variant, inputs)
            if given is None or not comparing.same_signature(given, signature):
                wrong[tuple(each.name for each in variant.misconceptions)] = given
        return wrong

    def _case(self, line: ast.Call) -> Case:
        title, inputs = self._evaluated(line)
        operation = self.check.operation
        if not self.check.takes:
            self.check.takes = {*inputs, *operation.fixed, "by_hand"}
        expected = operation.expected(inputs)
        signature = comparing.signature(values.plain(expected))
        return Case(title, inputs, expected, signature, self.mistakes(inputs, signature, 1), operation.windows(inputs))

    def _evaluated(self, line: ast.Call) -> tuple[str, dict[str, Any]]:
        title = ast.literal_eval(line.args[1])
        names = self.draws.names()
        inputs: dict[str, Any] = {}
        for keyword in line.keywords:
            try:
                inputs[str(keyword.arg)] = eval(
                    compile(ast.Expression(keyword.value), "<case>", "eval"), {**names, **inputs}
                )
            except (NameError, SyntaxError, TypeError) as problem:
                raise self._error(line, f"{keyword.arg}: {problem}", f"Draw with {', '.join(names)}.") from None
        known = set(self.check.operation.arguments) - set(self.check.operation.fixed)
        for name, value in inputs.items():
            if name not in known:
                raise self._error(
                    line, f"{self.check.operation.name} takes no {name}", f"It takes {', '.join(sorted(known))}."
                )
            if isinstance(value, list) and name in ("x", "grad_output"):
                inputs[name] = self.draws.value(value)
        for name, value in inputs.items():
            if isinstance(value, Gradient):
                inputs[name] = self._gradient(inputs)
        return title, inputs

    def _gradient(self, inputs: dict[str, Any]) -> Any:
        """Draw a gradient of the shape that the forward pass of these inputs gives."""
        forward = OPERATIONS[self.check.operation.name.removesuffix("_backward")]
        rest = {name: value for name, value in inputs.items() if name in forward.arguments}
        shape = np.shape(forward.defined({**self.check.operation.fixed, **rest}))
        dtype = str(values.plain(inputs["x"]).dtype)
        return self.draws.distinct(*shape, low=1, dtype=dtype if dtype != "None" else None)

    def _error(self, line: ast.Call, problem: str, remedy: str) -> Exception:
        return self.source.error(self.check.cell, f"line {line.lineno}, {ast.unparse(line)[:80]}: {problem}", remedy)


def _lines(source: Source, cell: Cell) -> tuple[ast.Call, list[ast.Call]]:
    """Take the statements of a test cell apart: the `against` line and the `check` lines."""
    against, checks = None, []
    for statement in ast.parse(cell.node.source).body:
        if is_call(statement, "against"):
            against = statement.value
        elif is_call(statement, "check"):
            checks.append(statement.value)
        else:
            raise source.error(
                cell,
                f"line {statement.lineno} is neither against(…) nor check(…): {ast.unparse(statement)[:60]}",
                "Put other code into a locked cell of its own.",
            )
    if against is None or len(against.args) != 1 or not isinstance(against.args[0], ast.Name):
        raise source.error(
            cell,
            "it does not say what the results are compared with",
            "Begin it with against(max_pool2d), for example.",
        )
    for line in checks:
        if len(line.args) != 2 or not isinstance(line.args[1], ast.Constant) or not isinstance(line.args[1].value, str):
            raise source.error(
                cell, f"line {line.lineno}: {ast.unparse(line)[:60]}", 'Write check(function, "title", x=…, …).'
            )
    return against, checks


def _operation(source: Source, cell: Cell, against: ast.Call) -> tuple[Operation, dict[str, str]]:
    name = against.args[0].id  # type: ignore[attr-defined]
    if name not in OPERATIONS:
        raise source.error(cell, f"there is no operation {name}", f"There are: {', '.join(OPERATIONS)}.")
    try:
        options = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in against.keywords}
        unseen = options.pop("unseen", {})
        return OPERATIONS[name].fixing(**options), unseen
    except ValueError as problem:
        raise source.error(cell, f"{ast.unparse(against)}: {problem}", "Mend the line.") from None


def _subject(source: Source, cell: Cell, lines: list[ast.Call]) -> str:
    subjects = {ast.unparse(line.args[0]) for line in lines}
    subject = subjects.pop()
    if subjects or not subject.isidentifier():
        raise source.error(
            cell, "its lines check several things", "Check one name in a cell; give every other one a cell of its own."
        )
    return subject


def _variants(operation: Operation, takes: set[str], together: int) -> Iterator[Variant]:
    for misconceptions in itertools.combinations(applying(operation, takes), together):
        variant = Variant.of(operation, *misconceptions)
        if variant is not None:
            yield variant


def _signature_of(variant: Variant, inputs: dict[str, Any]) -> list[Any] | None:
    """Return the signature of a wrong result; None where the mistake gives no result."""
    try:
        with np.errstate(all="ignore"):
            return comparing.signature(values.plain(variant(inputs)))
    except Exception:
        return None


def _chosen(candidates: list[tuple[int, Case]], lines: int) -> list[Case]:
    """Choose cases that show all mistakes that any of them shows: at least one from every line."""
    missing = {names for _, case in candidates for names, given in case.mistakes.items() if given is not None}
    chosen: list[Case] = []
    for number in range(lines):
        best = max(
            (case for place, case in candidates if place == number), key=lambda case: len(missing & set(case.mistakes))
        )
        chosen.append(best)
        missing -= set(best.mistakes)
    while (missing or len(chosen) < FEWEST_HIDDEN) and len(chosen) < MOST_HIDDEN:
        left = [case for _, case in candidates if not any(case is other for other in chosen)]
        if not left:
            break
        best = max(left, key=lambda case: len(missing & set(case.mistakes)))
        chosen.append(best)
        missing -= set(best.mistakes)
    return chosen
