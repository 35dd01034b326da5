"""What a learner reads about a check: as text, as HTML for a notebook, as data for a page."""

import textwrap
from dataclasses import dataclass, field
from typing import Any

from . import drawing
from .calling import leading_arrays
from .comparing import Difference
from .values import Odd, Plain, at, decode, describe, is_array, leaves, plain

#: Arrays with at most this many numbers are written out, so that a learner can copy them.
WRITTEN_OUT = 40
#: Sentences are broken into lines of this many characters.
WIDTH = 90


@dataclass
class CaseReport:
    """What came of one case."""

    case: dict[str, Any]
    #: Set if a result could be compared and differs.
    difference: Difference | None = None
    result: Plain | None = None
    expected: Plain | None = None
    #: Set if there was nothing to compare.
    problem: str | None = None
    printed: str = ""
    #: The name of a mistake that shows in a single case, whatever the others give.
    mistake: str | None = None

    @property
    def passed(self) -> bool:
        return self.difference is None and self.problem is None

    @property
    def message(self) -> str:
        """What is wrong, in a paragraph or two; empty if nothing is."""
        if self.problem is not None:
            return self.problem
        return "" if self.difference is None else "\n".join(_sentences(self))

    def call(self) -> str:
        """Write the call that was made; arrays by their names."""
        return _call(self.case)

    def picture(self) -> drawing.Picture | None:
        """Return the input with the window that belongs to the first difference, where there is such a window."""
        found = self.difference
        if found is None or found.kind not in ("value", "dtype") or "windows" not in self.case:
            return None
        return drawing.picture(self.case, found.path)


@dataclass
class Report:
    """What came of a check."""

    cases: list[CaseReport]
    #: For each explanation that fits all cases, the sentences of its mistakes. Several cannot be told apart here.
    explanations: list[list[str]] = field(default_factory=list)
    #: The same by the names of the mistakes.
    names: list[list[str]] = field(default_factory=list)
    #: The sentence of every mistake by its name.
    known: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return all(case.passed for case in self.cases)

    @property
    def first_failure(self) -> CaseReport | None:
        return next((case for case in self.cases if not case.passed), None)

    @property
    def mistakes(self) -> set[str]:
        """The names of the mistakes that the message names."""
        failed = self.first_failure
        own = {failed.mistake} if failed is not None and failed.mistake in self.known else set()
        return own | {name for names in self.names for name in names}

    def summary(self) -> str:
        """Say in a line how many cases pass."""
        name, count = self.cases[0].case["subject"], len(self.cases)
        passing = sum(case.passed for case in self.cases)
        if count == 1:
            return f"{name}: {'right' if passing else 'not yet right'}"
        return f"{name}: {'all' if passing == count else passing if passing else 'none'} of {count} cases pass"

    def text(self, drawing: bool = True) -> str:
        """Write the whole message; in a notebook, the drawing stands above it already."""
        lines = [self.summary() + (" ✓" if self.passed else "")]
        lines += [f"  {'✓' if case.passed else '✗'} {case.case['title']}" for case in self.cases] * (
            len(self.cases) > 1
        )
        failed = self.first_failure
        if failed is None:
            return "\n".join(lines)
        lines += ["", f"{failed.case['title']}:  {failed.call()}"]
        picture = failed.picture()
        if drawing and picture is not None:
            lines += ["", picture.text()]
        lines += ["", *_wrapped(failed.message)]
        if self.reasons():
            lines += ["", *_wrapped(self.reason())]
        if failed.printed.strip():
            lines += ["", "Your function printed:", *_indented(failed.printed.rstrip())]
        inputs = _inputs(failed.case)
        if inputs:
            lines += ["", "To try it yourself:", *_indented("\n".join(inputs))]
        return "\n".join(lines)

    def reasons(self) -> list[list[str]]:
        """Return the sentences of the mistake, or of the mistakes that cannot be told apart; empty if none is known."""
        failed = self.first_failure
        if not self.explanations and failed is not None and failed.mistake in self.known:
            return [[self.known[failed.mistake]]]
        distinct: list[list[str]] = []
        for sentences in self.explanations:
            if sentences not in distinct:  # two mistakes may share a sentence
                distinct.append(sentences)
        return distinct

    def reason(self) -> str:
        """Name the mistake in words; empty if none is known."""
        reasons = self.reasons()
        if not reasons:
            return ""
        if len(reasons) > 1:
            listed = "".join(f"\n– {' And: '.join(sentences)}" for sentences in reasons[:3])
            return "→ One of these, as far as these cases can tell:" + listed
        (sentences,) = reasons
        if len(sentences) == 1:
            return "→ " + sentences[0]
        return "→ Two things at once:" + "".join(f"\n– {sentence}" for sentence in dict.fromkeys(sentences))

    def html(self) -> str:
        """Return the drawing for a notebook; empty if there is nothing to draw."""
        if self.passed:
            return drawing.passed(self.summary())
        failed = self.first_failure
        picture = failed.picture() if failed is not None else None
        return "" if picture is None or failed is None else picture.html(failed.case["title"])

    def data(self) -> dict[str, Any]:
        """Return everything as data that JSON can hold."""
        failed = self.first_failure
        picture = failed.picture() if failed is not None else None
        return {
            "passed": self.passed,
            "summary": self.summary(),
            "cases": [
                {"title": case.case["title"], "call": case.call(), "passed": case.passed, "message": case.message}
                for case in self.cases
            ],
            "reason": self.reason(),
            "mistakes": sorted(self.mistakes),
            "printed": failed.printed if failed is not None else "",
            "picture": None if picture is None else picture.data(),
        }


def unanswered(case: dict[str, Any], value: Any) -> str:
    """Say that there is no answer yet."""
    name = case["subject"]
    if case["kind"] == "function":
        return f"{name} returned {describe(value)}. Is it written already, and does it end with `return`?"
    return f"{name} is still {describe(value)}: put your answer in their place, and run the cell."


def not_a_function(case: dict[str, Any], subject: Any) -> str:
    """Say that a value stands where a function should."""
    return f"{case['subject']} should be a function or a class, and is {describe(subject)}."


def odd(case: dict[str, Any], problem: Odd) -> str:
    """Say that a result is nothing that could be compared."""
    name, wanted = case["subject"], _form(tuple(case["signature"][0]))
    verb = "returned" if case["kind"] == "function" else "is"
    return f"{name} {verb} {problem}. Expected: {wanted}."


def changed(case: dict[str, Any], name: str, before: Any, after: Any) -> str:
    """Say that a function changed one of its inputs."""
    try:
        found = _first_change(plain(before), plain(after))
    except Odd as problem:
        found = f"now it holds {problem}"
    return f"{case['subject']} changed its input {name}: {found}. Whoever called it still needs {name} as it was."


def _first_change(before: Plain, after: Plain) -> str:
    if before.shape != after.shape:
        return f"its shape was {before.shape} and is {after.shape} now"
    places = _paths(before.tree)
    place = next((path for path in places if repr(at(before.tree, path)) != repr(at(after.tree, path))), None)
    if place is None:
        return f"its dtype was {before.dtype} and is {after.dtype} now"
    return f"{_place(place)} was {number(at(before.tree, place))} and is {number(at(after.tree, place))} now"


def _paths(tree: Any) -> list[tuple[int, ...]]:
    if not isinstance(tree, list):
        return [()]
    return [(index, *path) for index, branch in enumerate(tree) for path in _paths(branch)]


def _sentences(report: CaseReport) -> list[str]:
    """Say where the result differs first, from what, and which values it should come from."""
    found, case = report.difference, report.case
    assert found is not None
    returned = "Your answer" if case["kind"] == "value" else f"{case['subject']} returned"
    if found.kind == "shape":
        got = _form(found.got) if found.got is not None else "lists of different lengths"
        verb = " is" if case["kind"] == "value" else ""
        return [f"{returned}{verb} {got}; expected: {_form(found.expected)}."]
    if found.kind == "length":
        return [f"{_of_result(case, found.path)} has {found.got} entries; expected: {found.expected}."]
    if found.kind == "dtype":
        return [
            f"The values are right. Their dtype is {found.got}; expected: {found.expected}, the dtype of the input."
        ]
    where = _of_result(case, found.path)
    if found.expected is None:
        sentences = [f"{where} is {number(found.got)}, and that is not right."]
    else:
        sentences = [f"{where} is {number(found.got)}; expected: {number(found.expected)}."]
    picture = report.picture()
    return sentences + ([] if picture is None else [picture.sentence()])


def _of_result(case: dict[str, Any], path: tuple[int, ...]) -> str:
    noun = case["subject"] if case["kind"] == "value" else "The result"
    return f"{noun} at {_place(path)}" if path else noun


def _place(path: tuple[int, ...]) -> str:
    return "[" + ", ".join(map(str, path)) + "]"


def _form(shape: tuple[int, ...] | None) -> str:
    if shape is None:
        return "a list of lists of different lengths"
    if not shape:
        return "a single number"
    return f"{shape[0]} entries" if len(shape) == 1 else f"something of shape {tuple(shape)}"


def number(value: Any) -> str:
    """Write a number as short as it can be read."""
    if isinstance(value, float):
        text = f"{value:.6g}"
        return text if text not in ("inf", "-inf") else text.replace("inf", "∞").replace("-", "−")
    return repr(value) if not isinstance(value, list) else "a list"


def _call(case: dict[str, Any]) -> str:
    """Write the call as Python: arrays by their names, everything else by its value."""
    if case["kind"] == "value":
        return str(case["subject"])
    leading = leading_arrays(case["inputs"])
    arguments = [
        name if name in leading else f"{name}={name if is_array(data) else repr(decode(data))}"
        for name, data in case["inputs"].items()
    ]
    return f"{case['subject']}({', '.join(arguments)})"


def _inputs(case: dict[str, Any]) -> list[str]:
    """Write small inputs as lines of Python; say the shape of larger ones."""
    lines = []
    for name, data in case["inputs"].items():
        if case["kind"] == "value" or not is_array(data):
            continue
        value = plain(decode(data))
        if len(leaves(value.tree)) > WRITTEN_OUT:
            lines.append(f"{name} has shape {value.shape}; it is too large to write out here")
        elif isinstance(data, list):
            lines.append(f"{name} = {_literal(data)}")
        elif value.kind == "array":
            lines.append(f'{name} = np.array({_literal(data["array"])}, dtype="{value.dtype}")')
        else:
            lines.append(f"{name} = torch.tensor({_literal(data['tensor'])}, dtype=torch.{value.dtype})")
    return lines


def _literal(data: Any) -> str:
    """Write data as Python would."""
    if isinstance(data, list):
        return "[" + ", ".join(map(_literal, data)) + "]"
    if isinstance(data, dict):
        return repr(decode(data))
    if data in ("nan", "inf", "-inf"):
        return f'float("{data}")'
    return repr(data)


def _wrapped(text: str) -> list[str]:
    """Break long lines, but not lines of code, which are indented."""
    lines: list[str] = []
    for line in text.splitlines():
        lines += (
            [line] if line.startswith(" ") or not line else textwrap.wrap(line, WIDTH, subsequent_indent=_hang(line))
        )
    return lines


def _hang(line: str) -> str:
    return "  " if line.startswith(("→ ", "– ")) else ""


def _indented(text: str) -> list[str]:
    return [f"  {line}" if line else "" for line in text.splitlines()]
