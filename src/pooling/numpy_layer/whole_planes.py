"""Pools whole planes: one window for all cells, and every cell is read once.

Here NumPy's reductions are fast already: the cells of a plane lie in a row, and there are many of them.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from pooling.numpy_layer import arrays
from pooling.numpy_layer.arrays import Array
from pooling.numpy_layer.tiles import TILE_BYTES, stacks

#: The most cells that are added up one after the other. In a longer run the sum outgrows them, and rounding loses more.
LONGEST_RUN = 512


def largest_of_planes(x: Array, rank: int) -> Array:
    """Return the largest value of each plane; each plane of x becomes one of a single cell."""
    best = arrays.empty(x, (1,) * rank, x.dtype)
    for planes, results in stacks(rank, x, best):
        count, *spatial, lanes = planes.shape
        cells = math.prod(spatial)
        if lanes == 1 and planes.size:
            # One call for all planes, rather than a reduction along an axis that starts anew with each.
            largest = np.maximum.reduceat(planes.reshape(-1), np.arange(0, planes.size, cells))
        else:
            largest = planes.reshape(count, cells, lanes).max(axis=1)
        results[...] = largest.reshape(results.shape)
    # Of −0 and +0 it may have taken either.
    return best if best.dtype.kind != "f" or best.all() else largest_of_planes_and_places(x, rank)[0]


def largest_of_planes_and_places(x: Array, rank: int) -> tuple[Array, Array]:
    """Return the largest value of each plane, and its place there as int64."""
    flat = x.reshape(*x.shape[:-rank], math.prod(x.shape[-rank:]))
    places = winners(flat, -1)
    shape = (*x.shape[:-rank], *(1,) * rank)
    return np.take_along_axis(flat, places, -1).reshape(shape), places.astype(np.int64, copy=False).reshape(shape)


def plane_sums(x: Array, rank: int) -> Array:
    """Return the sum of each plane, in the dtype to add up in."""
    sums = arrays.empty(x, (1,) * rank, arrays.sum_dtype(x.dtype))
    cells = math.prod(x.shape[-rank:])
    run = _run(cells)
    for planes, results in stacks(rank, x, sums):
        lanes = planes.shape[-1]
        # Where cells must be converted first, a few planes at a time, so that never all of them are there twice.
        step = max(1, len(planes) if x.dtype == sums.dtype else TILE_BYTES // max(1, cells * lanes * sums.itemsize))
        for first in range(0, len(planes), step):
            part = planes[first : first + step].astype(sums.dtype, copy=False)
            runs = part.reshape(len(part), cells // run, run, lanes)
            # einsum adds up a run without the bookkeeping of np.sum, which then adds up the runs.
            run_sums = np.einsum("nrc->nr", runs[..., 0]) if lanes == 1 else runs.sum(axis=2)
            result = results[first : first + step]
            result[...] = run_sums.sum(axis=1).reshape(result.shape)
    return sums


@functools.cache
def _run(cells: int) -> int:
    """Return the longest run that cuts a plane of so many cells evenly."""
    return max(run for run in range(1, LONGEST_RUN + 1) if cells % run == 0)


def winners(block: Array, axis: int) -> Array:
    """Return where along an axis the largest value is: the first of equals, the last NaN."""
    first = block.argmax(axis, keepdims=True)
    if block.dtype.kind == "f" and np.isnan(np.take_along_axis(block, first, axis)).any():
        nan = np.isnan(block)
        last_nan = block.shape[axis] - 1 - np.flip(nan, axis).argmax(axis, keepdims=True)
        return np.where(nan.any(axis, keepdims=True), last_nan, first)
    return first
