"""Says where two results differ, in words that help to find out why."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tests.pooling.cases import Case

#: How far sums may drift apart when they are added up in another order: relative, and absolute near 0.
TOLERANCES = {"float64": 1e-12, "float32": 1e-5, "float16": 1e-3, "bfloat16": 8e-3}


class Pooled(NamedTuple):
    """What one operation gives, as arrays; None for what it has not."""

    output: np.ndarray
    indices: np.ndarray | None = None
    gradient: np.ndarray | None = None


def same_pooled(layer: str, case: Case, expected: Pooled, got: Pooled, remark: str = "") -> None:
    """Fail unless shapes, dtypes, values, signs of maxima (of zeros too), indices and gradients are as expected."""
    is_max = "max" in case.operation
    tolerance = 0 if is_max else TOLERANCES[case.dtype]
    subject = f"{layer}_layer.{case}{remark}"
    same(subject, "output", expected.output, got.output, tolerance)
    if is_max:
        same(subject, "sign of the output", np.signbit(expected.output), np.signbit(got.output))
    if expected.indices is not None:
        same(subject, "indices", expected.indices, got.indices)
    if got.gradient is not None:
        same(subject, "gradient", expected.gradient, got.gradient, tolerance)


def same(subject: Any, what: str, expected: np.ndarray, got: np.ndarray, tolerance: float = 0) -> None:
    """Fail unless `got` has the shape, the dtype and the values that are expected; NaN equals NaN.

    `subject` says what was calculated (a case, or a sentence) and `what` which part of it, such as "indices".
    """
    expected, got = np.asarray(expected), np.asarray(got)
    if got.shape != expected.shape:
        raise AssertionError(f"{subject}\n  {what}: expected shape {expected.shape}\n  {_under(what)}got {got.shape}")
    if got.dtype != expected.dtype:
        raise AssertionError(f"{subject}\n  {what}: expected dtype {expected.dtype}\n  {_under(what)}got {got.dtype}")
    with np.errstate(invalid="ignore"):
        equal = (got == expected) | ((got != got) & (expected != expected))
        if tolerance:
            equal |= np.abs(got - expected) <= tolerance * np.maximum(1, np.abs(expected))
    if not equal.all():
        first = tuple(int(i) for i in np.argwhere(~equal)[0])
        raise AssertionError(
            f"{subject}\n  {what} differs at {np.sum(~equal)} of {equal.size} places, first at {first}:\n"
            f"    expected {expected[first]}\n    got      {got[first]}"
        )


def _under(what: str) -> str:
    return " " * (len(what) + 2)
