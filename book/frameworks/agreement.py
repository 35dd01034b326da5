"""Two outcomes become a word: "=", "≠ …" with what came out, or nothing."""

from __future__ import annotations

import math

from book.frameworks.cases import Case
from book.frameworks.running import Outcome

LONGEST = 40
CLOSE = 1e-6  # relative: float32 sums in another order


def word(case: Case, ours: Outcome, theirs: Outcome) -> str:
    """Say how their outcome compares with ours."""
    if theirs.kind == "no word":
        return ""
    if theirs.kind == "died":
        return f"≠ the process dies ({theirs.detail})"
    if theirs.kind == "refused":
        return "=" if ours.kind == "refused" else "≠ an error"
    if ours.kind == "refused":
        return f"≠ gives {summary(theirs)}"
    if theirs.shape != ours.shape:
        return f"≠ {sizes(theirs.shape)} cells for {sizes(ours.shape)}"
    for mine, other in zip(ours.values, theirs.values, strict=True):
        if not same(mine, other):
            return f"≠ {number(other)} for {number(mine)}"
    if case.keeps_dtype and theirs.detail != ours.detail:
        return f"≠ {theirs.detail} for {ours.detail}"
    return "="


def same(a: float, b: float) -> bool:
    """Compare two numbers; NaN is NaN, and −0 is not 0."""
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if a == b:
        return math.copysign(1, a) == math.copysign(1, b)
    return math.isclose(a, b, rel_tol=CLOSE)


def summary(outcome: Outcome) -> str:
    """Say in a few characters what somebody gave where we refuse: the numbers if they are few, else how many."""
    if not outcome.values:
        return f"an empty {sizes(outcome.shape)}"
    if len(outcome.values) <= 4:
        return ", ".join(map(number, outcome.values))
    return f"{sizes(outcome.shape)} cells, the first {number(outcome.values[0])}"


def sizes(shape: tuple[int, ...]) -> str:
    """Write a shape: without the axes of length 1 in front, and at least two."""
    kept = list(shape)
    while len(kept) > 2 and kept[0] == 1:
        kept.pop(0)
    return "×".join(map(str, kept))


def number(value: float) -> str:
    """Write a number in few characters."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    short = f"{value:.4g}" if isinstance(value, float) else str(value)
    if "e" in short:
        short = f"{value:.1e}".replace("e+", "e")
    return short.replace("-", "−")
