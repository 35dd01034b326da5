"""The sentences of a message: what a result is, what was expected, and how to call the function oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .calling import leading_arrays
from .comparing import Difference
from .values import Odd, Plain, at, decode, is_array, leaves, plain, plain_data

if TYPE_CHECKING:
    from .answering import Answer

#: Arrays with at most this many numbers are written out, so that a learner can copy them.
WRITTEN_OUT = 48
#: A list of at most so many numbers is shown whole.
SHORT = 8


def refusal(operator: str) -> str:
    """Say that an operator is not to be used here."""
    return (
        f"torch's own {operator} was called. In this course pooling is your own work: use what you have written or "
        "were given, made of indexing, unfold, amax, sum and the like."
    )


def unusable(case: dict[str, Any], answer: Answer) -> str:
    """Say why there is no result to compare."""
    name, is_function = case["subject"], case["kind"] == "function"
    if answer.error is not None:
        return answer.error
    if answer.uncallable is not None:
        return f"{name} should be a function or a class, and is {answer.uncallable}."
    if answer.blank is not None and is_function:
        return f"{name} returned {answer.blank}. Is it written already, and does it end with `return`?"
    if answer.blank is not None:
        return f"{name} is still {answer.blank}: put your answer in their place, and run the cell."
    wanted = _form(case, tuple(case["signature"][0]))
    return f"{name} {'returned' if is_function else 'is'} {answer.odd}. Expected: {wanted}."


def changed(case: dict[str, Any], name: str, how: str) -> str:
    """Say that a function changed one of its inputs."""
    return f"{case['subject']} changed its input {name}: {how}. Whoever called it still needs {name} as it was."


def change(before: Any, after: Any) -> str:
    """Say where an input is not what it was."""
    try:
        return _first_change(plain(before), plain(after))
    except Odd as problem:
        return f"now it holds {problem}"


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


def differs(case: dict[str, Any], found: Difference, result: Plain, expected: Plain | None) -> str:
    """Say where a result differs first, and from what."""
    returned = "Your answer" if case["kind"] == "value" else f"{case['subject']} returned"
    if expected is not None and "windows" not in case and found.kind != "dtype" and _is_short(result, expected):
        return f"{returned} {_short(result)}; expected: {_short(expected)}."
    if found.kind == "shape":
        got = _form(case, found.got) if found.got is not None else "lists of different lengths"
        verb = " is" if case["kind"] == "value" else ""
        return f"{returned}{verb} {got}; expected: {_form(case, found.expected)}."
    if found.kind == "length":
        return f"{_of_result(case, found.path)} has {found.got} entries; expected: {found.expected}."
    if found.kind == "dtype":
        return f"The values are right. Their dtype is {found.got}; expected: {found.expected}, the dtype of the input."
    where = _of_result(case, found.path)
    if expected is None:
        return f"{where} is {number(found.got)}, and that is not right."
    return f"{where} is {number(found.got)}; expected: {number(found.expected)}."


def _is_short(*values: Plain) -> bool:
    """Tell whether values are better shown whole: a few numbers in a row."""
    return all(
        isinstance(value.tree, list) and value.shape is not None and len(value.shape) == 1 and len(value.tree) <= SHORT
        for value in values
    )


def _short(value: Plain) -> str:
    return "[" + ", ".join(map(number, value.tree)) + "]"


def _of_result(case: dict[str, Any], path: tuple[int, ...]) -> str:
    noun = case["subject"] if case["kind"] == "value" else "The result"
    return f"{noun} at {_place(path)}" if path else noun


def _place(path: tuple[int, ...]) -> str:
    return "[" + ", ".join(map(str, path)) + "]"


def _form(case: dict[str, Any], shape: tuple[int, ...] | None) -> str:
    if shape is None:
        return "a list of lists of different lengths"
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return _count(shape[0], "entry", "entries")
    if len(shape) == 2 and "windows" not in case:
        return f"{_count(shape[0], 'entry', 'entries')} of {shape[1]} each"
    if len(shape) == 2:
        return f"{_count(shape[0], 'row', 'rows')} of {_count(shape[1], 'number', 'numbers')}"
    return f"something of shape {tuple(shape)}"


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def number(value: Any) -> str:
    """Write a number as short as it can be read."""
    if isinstance(value, float):
        text = f"{value:.6g}"
        return text if text not in ("inf", "-inf") else text.replace("inf", "∞").replace("-", "−")
    return repr(value) if not isinstance(value, list) else "a list"


def call(case: dict[str, Any]) -> str:
    """Write the call as Python: arrays by their names, everything else by its value."""
    if case["kind"] == "value":
        return str(case["subject"])
    leading = leading_arrays(case["inputs"])
    arguments = [
        name if name in leading else f"{name}={name if is_array(data) else repr(decode(data))}"
        for name, data in case["inputs"].items()
    ]
    return f"{case['subject']}({', '.join(arguments)})"


def inputs(case: dict[str, Any]) -> list[str]:
    """Write small inputs as lines of Python; say the shape of larger ones."""
    lines = []
    for name, data in case["inputs"].items():
        if case["kind"] == "value" or not is_array(data):
            continue
        value = plain_data(data)
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
