"""Does a contender give what PyTorch gives? A fast wrong answer is not measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from tests.benchmarks.cases import WITH_BACKWARD, WITH_INDICES, Case
from tests.pooling.compare import TOLERANCES, same


class WrongContenderError(Exception):
    """A contender gave another result than PyTorch, or none; the message says which, and where."""


def as_arrays(result: Any) -> list[np.ndarray]:
    """Turn what a contender returned, one or several of any library's arrays, into NumPy arrays."""
    several = result if isinstance(result, (tuple, list)) else [result]
    return [array.detach().numpy() if isinstance(array, torch.Tensor) else np.asarray(array) for array in several]


def check(name: str, case: Case, result: Any, expected: list[np.ndarray]) -> None:
    """Compare a contender's result with PyTorch's.

    Raises
    ------
    WrongContenderError
        If a shape, a dtype or a value differs, up to the rounding of sums.
    """
    arrays = as_arrays(result)
    if len(arrays) != len(expected):
        raise WrongContenderError(f"{name}: {case}: expected {len(expected)} arrays, got {len(arrays)}")
    if case.passes == WITH_INDICES:
        # ONNX counts through all of x, PyTorch within each plane.
        arrays[1] = arrays[1] % int(np.prod(case.shape[2:]))
    parts = ["output", "gradient" if case.passes == WITH_BACKWARD else "indices"]
    for part, wanted, got in zip(parts, expected, arrays, strict=False):
        try:
            same(f"{name}: {case}", part, wanted, got, TOLERANCES[case.dtype])
        except AssertionError as difference:
            raise WrongContenderError(str(difference)) from None
