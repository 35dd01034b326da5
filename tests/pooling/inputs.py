"""What goes into a case of the table: x, the gradient of a loss by the output, and places for an unpooling."""

from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np

from tests.pooling.cases import Case


def values(case: Case) -> np.ndarray:
    """Draw x: quarters with many ties, whose sums are exact; above 0 for Lp pooling, where roots must exist."""
    random = _random(case)
    if case.operation == "lp_pool":
        return random.uniform(0.5, 2, case.shape).astype(case.dtype)
    return (random.integers(-8, 9, case.shape) / 4).astype(case.dtype)


def upstream(case: Case, shape: tuple[int, ...]) -> np.ndarray:
    """Draw the gradient of a loss by the output."""
    return _random(case).integers(-4, 5, shape).astype(case.dtype)


def places(case: Case) -> np.ndarray:
    """Draw indices for an unpooling: another place for every maximum of a plane."""
    shape = case.shape[-case.rank :]
    cells = math.prod(case.arguments["output_size"] or unpooled_shape(case))
    planes = math.prod(case.shape[: -case.rank])
    random = _random(case)
    drawn = [random.permutation(cells)[: math.prod(shape)] for _ in range(planes)]
    return np.array(drawn, np.int64).reshape(case.shape)


def unpooled_shape(case: Case) -> tuple[int, ...]:
    """Return the size that an unpooling has by default."""
    kernels, strides, paddings = (
        spread(case.arguments[name], case.rank) for name in ("kernel_size", "stride", "padding")
    )
    strides = [kernel if stride is None else stride for kernel, stride in zip(kernels, strides, strict=True)]
    axes = zip(case.shape[-case.rank :], kernels, strides, paddings, strict=True)
    return tuple((size - 1) * stride - 2 * padding + kernel for size, kernel, stride, padding in axes)


def spread(argument: Any, rank: int) -> list[Any]:
    """Write an argument out, an entry for each axis."""
    return [argument] * rank if not isinstance(argument, tuple) else list(argument) * (rank // len(argument))


def _random(case: Case) -> np.random.Generator:
    """Make a generator that draws the same for the same case on every machine."""
    return np.random.default_rng(zlib.crc32(str(case).encode()))
