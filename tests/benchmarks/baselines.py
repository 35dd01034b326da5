"""The ways in which pooling is usually written in NumPy: a loop over outputs, sliding windows, a reshape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.cases import FORWARD, Case
from tests.benchmarks.inputs import Inputs

#: How a window becomes one number, and the padding that does not change it (averages count zeros, as PyTorch does).
REDUCTIONS: dict[str, tuple[Callable[..., Any], float]] = {"max_pool": (np.max, -np.inf), "avg_pool": (np.mean, 0)}


def does(case: Case) -> bool:
    """Tell whether a case is one that these few lines can pool."""
    return case.operation in REDUCTIONS and case.passes == FORWARD and case.rank == 2


def pad(x: np.ndarray, padding: int, value: float) -> np.ndarray:
    """Surround every plane with a value."""
    if padding == 0:
        return x
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=value)


def with_output_loop(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """Loop over the places of the output, all planes at once."""
    if not does(case):
        return None
    reduce, neutral = REDUCTIONS[case.operation]
    k, s, p = (case.arguments[name] for name in ("kernel_size", "stride", "padding"))

    def call() -> np.ndarray:
        x = pad(inputs.x, p, neutral)
        output = np.empty(inputs.upstream.shape, x.dtype)
        for i in range(output.shape[2]):
            for j in range(output.shape[3]):
                output[:, :, i, j] = reduce(x[:, :, i * s : i * s + k, j * s : j * s + k], axis=(2, 3))
        return output

    return call


def with_sliding_windows(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """View x as windows, and reduce each."""
    if not does(case):
        return None
    reduce, neutral = REDUCTIONS[case.operation]
    k, s, p = (case.arguments[name] for name in ("kernel_size", "stride", "padding"))

    def call() -> np.ndarray:
        windows = np.lib.stride_tricks.sliding_window_view(pad(inputs.x, p, neutral), (k, k), axis=(2, 3))
        return reduce(windows[:, :, ::s, ::s], axis=(-2, -1))

    return call


def with_reshape(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """Give the cells of a window axes of their own, and reduce these: where the windows tile the plane."""
    if not does(case) or not tiles(case):
        return None
    reduce, _ = REDUCTIONS[case.operation]
    n, c, h, w = case.shape
    k = case.arguments["kernel_size"]
    return lambda: reduce(inputs.x.reshape(n, c, h // k, k, w // k, k), axis=(3, 5))


def tiles(case: Case) -> bool:
    """Tell whether the windows cover every cell exactly once."""
    kernel, stride, padding = (case.arguments[name] for name in ("kernel_size", "stride", "padding"))
    return kernel == stride and padding == 0 and all(size % kernel == 0 for size in case.shape[2:])
