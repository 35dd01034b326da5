"""Max pooling on arrays: forward, backward, and unpooling.

How the largest value of every window is found, and where, is told in `max_search`. The backward pass and the unpooling
only carry numbers to and from those places.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pooling import arguments
from pooling.geometry import unpooled_sizes
from pooling.numpy_layer import arrays
from pooling.numpy_layer.arrays import Array
from pooling.numpy_layer.max_search import largest, largest_and_places
from pooling.numpy_layer.tiles import TILE_BYTES
from pooling.ranks import for_ranks_1_2_3


def max_pool(
    rank: int,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Keep the largest value of each window.

    y[i] = max of x over the real cells of window i. Padding never wins: it counts as −∞. NaN wins over every number.

    Parameters
    ----------
    x : array of float or int
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    kernel_size, stride, padding, dilation, ceil_mode
        An int, or a tuple with one for each axis; see `pooling.geometry.output_size`. `stride` defaults to
        `kernel_size`.
    return_indices : bool
        Whether to return the place of each maximum as well.

    Returns
    -------
    array, or a pair of arrays
        Shape (N, C, *spatial_out) and the like; the dtype of x. Indices are int64 and flat within the plane. Of equal
        values the first in row-major order wins, of several NaN the last.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.MaxPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool{n}d.html
    """
    array = arrays.pooled_array(x, rank)
    axes = arrays.max_axes(array, rank, kernel_size, stride, padding, dilation, ceil_mode)
    if arguments.flag("return_indices", return_indices):
        return largest_and_places(array, axes)
    return largest(array, axes)


def max_pool_backward(
    rank: int,
    grad_output: Any,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    indices: Any = None,
) -> Array:
    """Send each upstream gradient to the cell that won its window.

    A cell that won several windows gets the sum of their gradients; a cell that won none gets 0.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output; the shape of the output.
    x, kernel_size, stride, padding, dilation, ceil_mode
        What the forward pass took.
    indices : array of int, optional
        What the forward pass returned with `return_indices`; without it the winners are searched again.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).

    Raises
    ------
    TypeError, ValueError
        As in the forward pass, and if `grad_output` or `indices` does not fit the output.
    """
    array = arrays.pooled_array(x, rank)
    axes = arrays.max_axes(array, rank, kernel_size, stride, padding, dilation, ceil_mode)
    if indices is None:
        _, indices = largest_and_places(array, axes)
    return scatter(grad_output, indices, arrays.output_shape(array, axes), array, rank)


def max_unpool(
    rank: int,
    x: Any,
    indices: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
) -> Array:
    """Put maxima back where max pooling found them, with 0 everywhere else.

    Parameters
    ----------
    x : array
        Maxima: shape (N, C, *spatial), (C, *spatial) or (*spatial).
    indices : array of int
        Where each goes, flat within the plane. The shape of x. If two go to one cell, the later one stays.
    kernel_size, stride, padding
        Those of the pooling that is undone.
    output_size : int or tuple of int, optional
        Size of the result, (*spatial_out) or the full shape; less than `stride` away from the default,
        (size − 1)·stride − 2·padding + kernel_size.

    Returns
    -------
    array
        Shape (N, C, *spatial_out) and the like; the dtype of x.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, and for indices of another shape or outside of the result.

    References
    ----------
    `torch.nn.MaxUnpool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool{n}d.html
    """
    maxima = arrays.pooled_array(x, rank)
    sizes = unpooled_sizes(maxima.shape[-rank:], kernel_size, stride, padding, output_size)
    cells = int(np.prod(sizes))
    where = arrays.places(indices, maxima.shape, cells, "that of x")
    result = np.zeros((*maxima.shape[:-rank], *sizes), maxima.dtype)
    filled, values = arrays.planes(result, rank), arrays.planes(maxima, rank)
    for stack, flat in _flat_places(where, cells, rank):
        filled[stack].reshape(-1)[flat] = values[stack].reshape(-1)
    return result


def max_unpool_backward(
    rank: int,
    grad_output: Any,
    x: Any,
    indices: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
) -> Array:
    """Fetch for each maximum the upstream gradient of the cell that it was put into.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the result of the unpooling; the shape of that result.
    x, indices, kernel_size, stride, padding, output_size
        What the forward pass took.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).

    Raises
    ------
    TypeError, ValueError
        As in the forward pass, and if `grad_output` has not the shape of the result.
    """
    maxima = arrays.pooled_array(x, rank)
    sizes = unpooled_sizes(maxima.shape[-rank:], kernel_size, stride, padding, output_size)
    cells = int(np.prod(sizes))
    where = arrays.places(indices, maxima.shape, cells, "that of x")
    upstream = arrays.gradient(grad_output, (*maxima.shape[:-rank], *sizes), maxima)
    result = np.empty(maxima.shape, upstream.dtype)
    fetched, gradients = arrays.planes(result, rank), arrays.planes(upstream, rank)
    for stack, flat in _flat_places(where, cells, rank):
        fetched[stack].reshape(-1)[:] = gradients[stack].reshape(-1)[flat]
    return result.astype(arrays.float_dtype(maxima.dtype), copy=False)


def scatter(grad_output: Any, indices: Any, output_shape: tuple[int, ...], x: Array, rank: int) -> Array:
    """Add each upstream gradient to the cell of x's plane that its index names."""
    upstream = arrays.gradient(grad_output, output_shape, x)
    cells = int(np.prod(x.shape[-rank:]))
    where = arrays.places(indices, output_shape, cells, "that of the output")
    result = np.zeros(x.shape, upstream.dtype)
    totals, gradients = arrays.planes(result, rank), arrays.planes(upstream, rank)
    for stack, flat in _flat_places(where, cells, rank):
        np.add.at(totals[stack].reshape(-1), flat, gradients[stack].reshape(-1))
    return result.astype(arrays.float_dtype(x.dtype), copy=False)


def _flat_places(where: Array, cells: int, rank: int) -> Iterator[tuple[slice, Array]]:
    """Take some planes at a time, and turn places within planes of so many cells into places within all of these.

    They always lie in the same memory, so each must be used before the next is asked for: to be given more memory takes
    longer than to use it.
    """
    rows = arrays.planes(where, rank)
    step = max(1, TILE_BYTES // (8 * max(1, rows.shape[1])))
    starts = cells * np.arange(min(step, len(rows)))[:, None]
    memory = np.empty((len(starts), rows.shape[1]), np.int64)
    for first in range(0, len(rows), step):
        stack = slice(first, first + step)
        flat = memory[: len(rows[stack])]
        flat[...] = rows[stack]
        flat += starts[: len(flat)]
        yield stack, flat.reshape(-1)


max_pool1d, max_pool2d, max_pool3d = for_ranks_1_2_3(max_pool)
max_pool1d_backward, max_pool2d_backward, max_pool3d_backward = for_ranks_1_2_3(max_pool_backward)
max_unpool1d, max_unpool2d, max_unpool3d = for_ranks_1_2_3(max_unpool)
max_unpool1d_backward, max_unpool2d_backward, max_unpool3d_backward = for_ranks_1_2_3(max_unpool_backward)
