"""Pooling arrays to a given output size; global pooling is the case of size 1.

How bins are pooled is told in `bins`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pooling import arguments
from pooling.geometry import adaptive_sizes, adaptive_windows
from pooling.numpy_layer import arrays
from pooling.numpy_layer.arrays import Array
from pooling.numpy_layer.bins import Bins, adjoint, bin_sums, largest_of_bins, largest_of_bins_and_places
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
    bins = _bins(array, rank, output_size)
    if arguments.flag("return_indices", return_indices):
        return largest_of_bins_and_places(array, bins)
    return largest_of_bins(array, bins)


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
    best, places = largest_of_bins_and_places(array, _bins(array, rank, output_size))
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
    bins = _bins(array, rank, output_size)
    with np.errstate(invalid="ignore", over="ignore"):  # ∞ − ∞ is NaN here, as it is in PyTorch, without a warning
        means = bin_sums(array, bins)
        means /= _lengths(bins).astype(means.dtype)
        return means.astype(arrays.float_dtype(array.dtype), copy=False)


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
    bins = _bins(array, rank, output_size)
    upstream = arrays.gradient(grad_output, (*array.shape[:-rank], *map(len, bins)), array)
    with np.errstate(invalid="ignore", over="ignore"):
        share = upstream / _lengths(bins).astype(upstream.dtype)
        result = bin_sums(share, [adjoint(*pair) for pair in zip(bins, array.shape[-rank:], strict=True)])
        return result.astype(arrays.float_dtype(array.dtype), copy=False)


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


def _bins(x: Array, rank: int, output_size: Any) -> list[Bins]:
    sizes = x.shape[-rank:]
    counts = adaptive_sizes(sizes, output_size)
    return [[window.cells for window in adaptive_windows(*pair)] for pair in zip(sizes, counts, strict=True)]


def _lengths(bins: list[Bins]) -> Array:
    """Return how many cells each bin of a plane has."""
    return arrays.outer_product([len(cells) for cells in one_axis] for one_axis in bins)


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
