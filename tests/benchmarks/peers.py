"""Other libraries that pool, measured where they are installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.baselines import does, tiles
from tests.benchmarks.cases import Case
from tests.benchmarks.inputs import Inputs


def with_scikit_image(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """Call block_reduce, which knows windows that tile the plane."""
    if not does(case) or not tiles(case):
        return None
    from skimage.measure import block_reduce

    blocks = (1, 1) + (case.arguments["kernel_size"],) * 2
    reduce = np.max if case.operation == "max_pool" else np.mean
    return lambda: block_reduce(inputs.x, blocks, reduce)


def with_scipy(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """Call a filter, which has a window around every cell, and keep those that the stride asks for."""
    if not does(case):
        return None
    from scipy import ndimage

    kernel, stride, padding = (case.arguments[name] for name in ("kernel_size", "stride", "padding"))
    size = (1, 1, kernel, kernel)
    rows, columns = (
        slice(kernel // 2 - padding, kernel // 2 - padding + count * stride, stride)
        for count in inputs.upstream.shape[2:]
    )
    if case.operation == "max_pool":
        return lambda: ndimage.maximum_filter(inputs.x, size, mode="constant", cval=-np.inf)[:, :, rows, columns]
    return lambda: ndimage.uniform_filter(inputs.x, size, mode="constant")[:, :, rows, columns]


def with_jax(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """Call reduce_window, compiled; in float32 alone, which is what JAX computes in unless told otherwise."""
    if not does(case) or case.dtype != "float32":
        return None
    import jax

    kernel, stride, padding = (case.arguments[name] for name in ("kernel_size", "stride", "padding"))
    windows = ((1, 1, kernel, kernel), (1, 1, stride, stride), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if case.operation == "max_pool":
        pool = jax.jit(lambda x: jax.lax.reduce_window(x, -np.inf, jax.lax.max, *windows))
    else:
        pool = jax.jit(lambda x: jax.lax.reduce_window(x, 0.0, jax.lax.add, *windows) / kernel**2)
    x = jax.numpy.asarray(inputs.x)
    return lambda: pool(x).block_until_ready()


def with_numba(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """Compile the loops that one would write in C."""
    if not does(case):
        return None
    import numba

    compiled = numba.njit(largest if case.operation == "max_pool" else mean)
    kernel, stride, padding = (case.arguments[name] for name in ("kernel_size", "stride", "padding"))

    def call() -> np.ndarray:
        output = np.empty(inputs.upstream.shape, inputs.x.dtype)
        compiled(inputs.x, output, kernel, stride, padding)
        return output

    return call


def largest(x: np.ndarray, output: np.ndarray, kernel: int, stride: int, padding: int) -> None:
    """Fill `output` with the largest value of each window; for numba to compile."""
    for n, c, i, j in np.ndindex(output.shape):
        top, left = i * stride - padding, j * stride - padding
        best = -np.inf
        for row in range(max(top, 0), min(top + kernel, x.shape[2])):
            for column in range(max(left, 0), min(left + kernel, x.shape[3])):
                best = max(best, x[n, c, row, column])
        output[n, c, i, j] = best


def mean(x: np.ndarray, output: np.ndarray, kernel: int, stride: int, padding: int) -> None:
    """Fill `output` with the mean of each window; for numba to compile."""
    for n, c, i, j in np.ndindex(output.shape):
        top, left = i * stride - padding, j * stride - padding
        total = 0.0
        for row in range(max(top, 0), min(top + kernel, x.shape[2])):
            for column in range(max(left, 0), min(left + kernel, x.shape[3])):
                total += x[n, c, row, column]
        output[n, c, i, j] = total / kernel**2
