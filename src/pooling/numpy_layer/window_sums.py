"""Adds up the cells of every window of an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from pooling.geometry import Axis, Index
from pooling.numpy_layer import arrays
from pooling.numpy_layer.arrays import Array
from pooling.numpy_layer.few import fold_few, is_small
from pooling.numpy_layer.folds import Scratch, added, fold_windows
from pooling.numpy_layer.tiles import Slices, at_windows, laid_flat, stacks, tiling

#: What sums are divided by: one number for all windows, or for each axis an array with one for each output along it,
#: whose product is the divisor of a window.
Divisors = int | tuple[Array, ...]


def window_sums(x: Array, axes: tuple[Axis, ...], divisors: Divisors = 1) -> Array:
    """Return the sum of each window over the last axes of x, divided.

    Parameters
    ----------
    x : array of float or int
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    axes : tuple of Axis
        How its last axes are pooled.
    divisors : Divisors
        What to divide the sums by.

    Returns
    -------
    array
        The dtype of x, or float64 where x holds integers; added up in `arrays.sum_dtype`.
    """
    dtype = arrays.sum_dtype(x.dtype)
    if is_small(x):
        sums = fold_few(np.add, x.astype(dtype, copy=False), axes, 0)
        return divided(sums, divisors).astype(arrays.float_dtype(x.dtype), copy=False)
    result = arrays.empty(x, [axis.output_size for axis in axes], arrays.float_dtype(x.dtype))
    for planes, results in stacks(len(axes), x, result):
        lanes = planes.shape[-1]
        tiled = tiling(axes, lanes * dtype.itemsize)
        scratch = Scratch(lanes * tiled.cells(len(planes)), dtype)
        for stack, patch in tiled.tiles(len(planes)):
            real = planes[(stack, *patch.real)]
            cells = laid_flat(real, patch, 0, *scratch.spare())
            total = fold_windows((cells,), patch, lanes, added, scratch)
            # Picked first, divided then: NumPy divides faster what lies in a row.
            sums = at_windows(total[0], patch, real)
            picked = scratch.spare(total)[0][: sums.size].reshape(sums.shape)
            picked[...] = sums
            divisor = divisors if isinstance(divisors, int) else _product(divisors, patch.outputs, dtype)[..., None]
            out = results[(stack, *patch.outputs)]
            np.divide(picked, divisor, out=out, casting="same_kind")
    return result


def divided(sums: Array, divisors: Divisors) -> Array:
    """Return sums of all windows, one for each, divided."""
    if isinstance(divisors, int):
        return sums / divisors
    return sums / _product(divisors, (slice(None),) * len(divisors), sums.dtype)


def _product(divisors: tuple[Array, ...], outputs: Slices, dtype: np.dtype[Any]) -> Array:
    """Multiply the divisors of some outputs along each axis."""
    return arrays.outer_product(d[part] for d, part in zip(divisors, outputs, strict=True)).astype(dtype)


def spread_sums(y: Array, axes: tuple[Axis, ...]) -> Array:
    """Return for each cell the sum of y over all windows that cover it: the way back of `window_sums`.

    Parameters
    ----------
    y : array of float
        One number for each window: shape (N, C, *spatial_out), (C, *spatial_out) or (*spatial_out).
    axes : tuple of Axis
        How the last axes were pooled.

    Returns
    -------
    array
        Shape (N, C, *spatial) and the like, the dtype of y.
    """
    ways_back = tuple(map(_way_back, axes))
    if any(axis.stride > 1 for axis in axes):
        strewn = np.zeros((*y.shape[: -len(axes)], *(axis.size for axis in ways_back)), y.dtype)
        starts: Index = (..., *(slice(None, None, axis.stride) for axis in axes))
        strewn[starts] = y
        y = strewn
    return window_sums(y, ways_back)


def _way_back(axis: Axis) -> Axis:
    """Return an axis whose windows, one for each cell, cover the windows that the cell lies in.

    Its own cells are the places from the start of the first window to that of the last, so a window lies at every
    `stride` of them and nothing in between.
    """
    size, margin = (axis.output_size - 1) * axis.stride + 1, axis.span - 1
    before, after = margin - axis.before, axis.size + axis.before - size
    return Axis(size, axis.kernel_size, 1, before, after, axis.dilation, axis.size)
