"""Where two values differ first, and a number that stands for a whole value."""

import math
import random
import zlib
from typing import Any, NamedTuple

from .values import Plain, leaves

#: Results in 32-bit floats, summed in another order, agree to about this.
RELATIVE, ABSOLUTE = 1e-5, 1e-6
#: Floats that are wide enough to be told apart; float64 is what NumPy takes unless it is told otherwise.
NARROW_FLOATS = ("float16", "bfloat16", "float32")
FLOATS = (*NARROW_FLOATS, "float64")


class Difference(NamedTuple):
    """The first difference between a result and what was expected."""

    #: "shape", "length", "value" or "dtype"
    kind: str
    #: Where it is; empty for shapes and dtypes.
    path: tuple[int, ...]
    got: Any
    expected: Any


def first_difference(got: Plain, expected: Plain) -> Difference | None:
    """Compare shapes, then values in row-major order, then the width of floats.

    A list for an array and a float for an int are no differences. A float64 array where float32 is expected is one.
    """
    if got.shape != expected.shape and expected.shape is not None:
        return Difference("shape", (), got.shape, expected.shape)
    found = _first_in(got.tree, expected.tree, ())
    if found is not None:
        return found
    if expected.dtype in NARROW_FLOATS and got.dtype in FLOATS and got.dtype != expected.dtype:
        return Difference("dtype", (), got.dtype, expected.dtype)
    return None


def same(got: Any, expected: Any) -> bool:
    """Tell whether two numbers agree; NaN agrees with NaN. A truth value is not a number."""
    if isinstance(got, bool) != isinstance(expected, bool):
        return False
    if not (_is_number(got) and _is_number(expected)):
        return type(got) is type(expected) and bool(got == expected)
    if isinstance(got, int) and isinstance(expected, int):
        return got == expected
    try:
        got, expected = float(got), float(expected)
    except OverflowError:
        return False
    if math.isnan(got) or math.isnan(expected):
        return math.isnan(got) and math.isnan(expected)
    if math.isinf(got) or math.isinf(expected):
        return got == expected
    return abs(got - expected) <= ABSOLUTE + RELATIVE * abs(expected)


def signature(value: Plain) -> list[Any]:
    """Return a short stand-in for a value: its shape, a sum with fixed random weights, and the sum of its sizes.

    Values that agree have signatures that agree (`same_signature`); others practically never do. Known mistakes are
    stored this way: whole results of every one would fill the file.
    """
    weights = random.Random(2013)
    total = size = 0.0
    for leaf in leaves(value.tree):
        number = _number(leaf)
        total += weights.uniform(1, 2) * number
        size += abs(number)
    return [list(value.shape or ()), float(f"{total:.9g}"), float(f"{size:.4g}")]


def same_signature(got: list[Any], expected: list[Any]) -> bool:
    """Tell whether two signatures stand for values that agree."""
    return got[0] == expected[0] and abs(got[1] - expected[1]) <= ABSOLUTE + 2 * RELATIVE * max(got[2], expected[2])


def seal(title: str, value: Plain) -> list[int]:
    """Return a number for each entry of a value that does not give it away, for answers found by hand."""
    return [
        zlib.crc32(f"{title}/{position}/{_number(leaf):.6g}".encode())
        for position, leaf in enumerate(leaves(value.tree))
    ]


def _first_in(got: Any, expected: Any, path: tuple[int, ...]) -> Difference | None:
    if isinstance(got, list) != isinstance(expected, list):
        return Difference("value", path, got, expected)
    if not isinstance(expected, list):
        return None if same(got, expected) else Difference("value", path, got, expected)
    for index, (left, right) in enumerate(zip(got, expected)):  # noqa: B905 (lengths are compared below)
        found = _first_in(left, right, (*path, index))
        if found is not None:
            return found
    return Difference("length", path, len(got), len(expected)) if len(got) != len(expected) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(leaf: Any) -> float:
    """Give every leaf a number; those that have none of their own, one that no calculation gives."""
    if not _is_number(leaf):
        # Small, so that words do not drown the numbers beside them.
        return zlib.crc32(repr(leaf).encode()) % 1009 / 7 + 0.01
    try:
        leaf = float(leaf)
    except OverflowError:
        return 123_457.89
    if math.isnan(leaf):
        return 271_828.18
    return math.copysign(314_159.26, leaf) if math.isinf(leaf) else leaf
