"""Pooling arrays to a given output size; global pooling is the case of size 1.

The windows differ in length, so there are no taps to loop over. But they are the same for all rows, so one axis can be
pooled after the other: first the columns of each row, then the rows of what is left. That takes one step for each
column and each row of the output.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pooling import arguments
from pooling.geometry import Window, adaptive_sizes, adaptive_windows
from pooling.numpy_layer import arrays
from pooling.numpy_layer.arrays import Array, along
from pooling.numpy_layer.max_pooling import scatter
from pooling.ranks import for_ranks_1_2_3


def adaptive_max_pool(rank: int, x: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Keep the largest value of each window, with windows chosen to give `output_size` of them.

    Parameters
    ----------
    x : array of float or int
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    output_size : int, or tuple of int or None
        Windows for each axis; None makes one for each cell. They are those of `pooling.geometry.adaptive_windows`.
    return_indices : bool
        Whether to return the place of each maximum as well.

    Returns
    -------
    array, or a pair of arrays
        Shape (N, C, *spatial_out) and the like; values and indices as in `max_pool{n}d`.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.AdaptiveMaxPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool{n}d.html
    """
    array = arrays.pooled_array(x, rank)
    windows = _windows(array, rank, output_size)
    best, places = _largest(array, windows, arguments.flag("return_indices", return_indices))
    return (best, places) if return_indices else best


def adaptive_max_pool_backward(rank: int, grad_output: Any, x: Any, output_size: Any) -> Array:
    """Send each upstream gradient to the cell that won its window; see `max_pool{n}d_backward`.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output; the shape of the output.
    x, output_size
        What the forward pass took.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).

    Raises
    ------
    TypeError, ValueError
        As in the forward pass, and if `grad_output` has not the shape of the output.
    """
    array = arrays.pooled_array(x, rank)
    best, places = _largest(array, _windows(array, rank, output_size), return_places=True)
    return scatter(grad_output, places, best.shape, array, rank)


def adaptive_avg_pool(rank: int, x: Any, output_size: Any) -> Array:
    """Take the mean of each window, with windows chosen to give `output_size` of them.

    Parameters
    ----------
    x, output_size
        As in `adaptive_max_pool{n}d`.

    Returns
    -------
    array
        Shape (N, C, *spatial_out) and the like; the dtype as in `avg_pool{n}d`.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.AdaptiveAvgPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool{n}d.html
    """
    array = arrays.pooled_array(x, rank)
    windows = _windows(array, rank, output_size)
    total = array.astype(arrays.sum_dtype(array.dtype), copy=False)
    with np.errstate(invalid="ignore", over="ignore"):  # ∞ − ∞ is NaN here, as it is in PyTorch, without a warning
        for axis in reversed(range(-rank, 0)):
            total = _sum_along(axis, total, windows[axis])
        total /= _areas(windows).astype(total.dtype)
        return total.astype(arrays.float_dtype(array.dtype), copy=False)


def adaptive_avg_pool_backward(rank: int, grad_output: Any, x: Any, output_size: Any) -> Array:
    """Spread each upstream gradient over its window; see `avg_pool{n}d_backward`.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output; the shape of the output.
    x, output_size
        What the forward pass took.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).

    Raises
    ------
    TypeError, ValueError
        As in the forward pass, and if `grad_output` has not the shape of the output.
    """
    array = arrays.pooled_array(x, rank)
    windows = _windows(array, rank, output_size)
    output_shape = (*array.shape[:-rank], *map(len, windows))
    upstream = arrays.gradient(grad_output, output_shape, array)
    with np.errstate(invalid="ignore", over="ignore"):
        share = upstream / _areas(windows).astype(upstream.dtype)
        for axis in range(-rank, 0):
            share = _spread_along(axis, share, windows[axis], array.shape[axis])
        return share.astype(arrays.float_dtype(array.dtype), copy=False)


def global_max_pool(rank: int, x: Any, keepdims: bool = True) -> Array:
    """Keep the largest value of each plane: one window as large as the plane.

    Parameters
    ----------
    x : array of float or int
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    keepdims : bool
        Whether the pooled axes stay, with size 1, or go.

    Returns
    -------
    array
        The dtype of x.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.
    """
    pooled: Array = adaptive_max_pool(rank, x, 1)
    return _squeezed(pooled, rank, keepdims)


def global_max_pool_backward(rank: int, grad_output: Any, x: Any, keepdims: bool = True) -> Array:
    """Send the upstream gradient of each plane to its first largest cell.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output; the shape of the output.
    x, keepdims
        What the forward pass took.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).
    """
    return adaptive_max_pool_backward(rank, _unsqueezed(grad_output, x, rank, keepdims), x, 1)


def global_avg_pool(rank: int, x: Any, keepdims: bool = True) -> Array:
    """Take the mean of each plane.

    Parameters
    ----------
    x, keepdims
        As in `global_max_pool{n}d`.

    Returns
    -------
    array
        The dtype as in `avg_pool{n}d`.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    Lin, Chen and Yan, "Network in Network", 2013, arXiv:1312.4400, section 3.2.
    """
    return _squeezed(adaptive_avg_pool(rank, x, 1), rank, keepdims)


def global_avg_pool_backward(rank: int, grad_output: Any, x: Any, keepdims: bool = True) -> Array:
    """Spread the upstream gradient of each plane evenly over its cells.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output; the shape of the output.
    x, keepdims
        What the forward pass took.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).
    """
    return adaptive_avg_pool_backward(rank, _unsqueezed(grad_output, x, rank, keepdims), x, 1)


def _windows(x: Array, rank: int, output_size: Any) -> list[list[Window]]:
    sizes = x.shape[-rank:]
    return [adaptive_windows(*pair) for pair in zip(sizes, adaptive_sizes(sizes, output_size), strict=True)]


def _largest(x: Array, windows: list[list[Window]], return_places: bool) -> tuple[Array, Array]:
    """Pool the last axis first, so that of equal values the first in row-major order wins."""
    rank = len(windows)
    sizes = x.shape[-rank:]
    places = np.arange(int(np.prod(sizes))).reshape(sizes)
    if return_places:
        places = np.broadcast_to(places, x.shape)
    for axis in reversed(range(-rank, 0)):
        shape = list(x.shape)
        shape[axis] = len(windows[axis])
        best, best_places = np.empty(shape, x.dtype), np.empty(shape if return_places else 0, np.int64)
        for i, window in enumerate(windows[axis]):
            cells = slice(window.cells.start, window.cells.stop)
            block = x[along(axis, cells)]
            winner = _winner(block, axis)
            best[along(axis, slice(i, i + 1))] = np.take_along_axis(block, winner, axis)
            if return_places:
                block_places = places[along(axis, cells)]
                best_places[along(axis, slice(i, i + 1))] = np.take_along_axis(block_places, winner, axis)
        x, places = best, best_places
    return x, places


def _winner(block: Array, axis: int) -> Array:
    """Find the largest value along an axis: the first of equals, the last NaN."""
    winner = block.argmax(axis, keepdims=True)
    if block.dtype.kind == "f":
        nan = np.isnan(block)
        if nan.any():
            last_nan = block.shape[axis] - 1 - np.flip(nan, axis).argmax(axis, keepdims=True)
            winner = np.where(nan.any(axis, keepdims=True), last_nan, winner)
    return winner


def _sum_along(axis: int, x: Array, windows: list[Window]) -> Array:
    shape = list(x.shape)
    shape[axis] = len(windows)
    total = np.empty(shape, x.dtype)
    for i, window in enumerate(windows):
        cells = slice(window.cells.start, window.cells.stop)
        total[along(axis, i)] = x[along(axis, cells)].sum(axis)
    return total


def _spread_along(axis: int, share: Array, windows: list[Window], size: int) -> Array:
    shape = list(share.shape)
    shape[axis] = size
    result = np.zeros(shape, share.dtype)
    for i, window in enumerate(windows):
        cells = slice(window.cells.start, window.cells.stop)
        result[along(axis, cells)] += share[along(axis, slice(i, i + 1))]
    return result


def _areas(windows: list[list[Window]]) -> Array:
    return arrays.outer_product([window.extent for window in axis_windows] for axis_windows in windows)


def _squeezed(pooled: Array, rank: int, keepdims: bool) -> Array:
    if arguments.flag("keepdims", keepdims):
        return pooled
    return pooled.reshape(pooled.shape[:-rank])


def _unsqueezed(grad_output: Any, x: Any, rank: int, keepdims: bool) -> Array:
    """Give the upstream gradient back the axes that the forward pass dropped."""
    upstream = arrays.numbers("grad_output", grad_output)
    if arguments.flag("keepdims", keepdims):
        return upstream
    leading = arrays.pooled_array(x, rank).shape[:-rank]
    arguments.same_shape("grad_output", upstream.shape, leading, "that of the output")
    return upstream.reshape(leading + (1,) * rank)


adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d = for_ranks_1_2_3(adaptive_max_pool)
adaptive_max_pool1d_backward, adaptive_max_pool2d_backward, adaptive_max_pool3d_backward = for_ranks_1_2_3(
    adaptive_max_pool_backward
)
adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d = for_ranks_1_2_3(adaptive_avg_pool)
adaptive_avg_pool1d_backward, adaptive_avg_pool2d_backward, adaptive_avg_pool3d_backward = for_ranks_1_2_3(
    adaptive_avg_pool_backward
)
global_max_pool1d, global_max_pool2d, global_max_pool3d = for_ranks_1_2_3(global_max_pool)
global_max_pool1d_backward, global_max_pool2d_backward, global_max_pool3d_backward = for_ranks_1_2_3(
    global_max_pool_backward
)
global_avg_pool1d, global_avg_pool2d, global_avg_pool3d = for_ranks_1_2_3(global_avg_pool)
global_avg_pool1d_backward, global_avg_pool2d_backward, global_avg_pool3d_backward = for_ranks_1_2_3(
    global_avg_pool_backward
)
