"""Finds the largest value of every window of an array, and where it is.

The quick search folds tiles with `np.maximum`. To find places as well, each value is folded together with its offset:
how far it is from the first tap of its window. A candidate from further on wins if it is larger, not if it is equal, so
the first of equals stays, as it should.

Three things the quick search cannot tell. Of −0 and +0, which are equal, `np.maximum` may return either. A NaN is
larger than nothing, so no place is found for it. And −∞ is what padding is filled with. Where one of these shows in the
result, those planes are searched again, by the careful search: one tap of all windows after the other, never in the
padding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from pooling.geometry import Axis, Index, taps
from pooling.indexing import largest_offset
from pooling.numpy_layer import arrays, folds
from pooling.numpy_layer.arrays import Array, native
from pooling.numpy_layer.few import fold_few, is_small
from pooling.numpy_layer.folds import Scratch, fold_windows
from pooling.numpy_layer.tiles import Patch, at_windows, laid_flat, stacks, tiling


def largest(x: Array, axes: tuple[Axis, ...]) -> Array:
    """Return the largest value of each window over the last axes of x."""
    if is_small(x):
        best = fold_few(np.maximum, x, axes, _lowest(x.dtype))
        some_zero = np.count_nonzero(best) < best.size  # of a few cells NumPy tells this sooner than `best.all()`
        return _careful_search(x, axes)[0] if some_zero and zeros_differ(best, x) else best
    best = arrays.empty(x, [axis.output_size for axis in axes], x.dtype)
    for planes, results in stacks(len(axes), x, best):
        for stack in _quick_values(planes, results, axes):
            channels_first(results[stack])[...], _ = _careful_search(channels_first(planes[stack]), axes)
    return best


def largest_and_places(x: Array, axes: tuple[Axis, ...]) -> tuple[Array, Array]:
    """Return the largest value of each window over the last axes of x, and its place in the plane as int64."""
    sizes = [axis.output_size for axis in axes]
    best, places = arrays.empty(x, sizes, x.dtype), arrays.empty(x, sizes, np.dtype(np.int64))
    for planes, results, where in stacks(len(axes), x, best, places):
        for stack in _quick_values_and_places(planes, results, where, axes):
            found = _careful_search(channels_first(planes[stack]), axes)
            channels_first(results[stack])[...], channels_first(where[stack])[...] = found
    return best, places


def _quick_values(planes: Array, results: Array, axes: tuple[Axis, ...]) -> Iterable[slice]:
    """Fill `results` and return the planes that need a careful search."""
    unsure = {}
    lowest = _lowest(planes.dtype)
    lanes = planes.shape[-1]
    tiled = tiling(axes, lanes * planes.itemsize)
    scratch = Scratch(lanes * tiled.cells(len(planes)), native(planes.dtype))
    for stack, patch in tiled.tiles(len(planes)):
        real, best = planes[(stack, *patch.real)], results[(stack, *patch.outputs)]
        cells = laid_flat(real, patch, lowest, *scratch.spare())
        (values,) = fold_windows((cells,), patch, lanes, folds.largest, scratch)
        best[...] = at_windows(values, patch, real)
        if zeros_differ(best, real):
            unsure[stack.start] = stack
    return unsure.values()


def _quick_values_and_places(planes: Array, results: Array, places: Array, axes: tuple[Axis, ...]) -> Iterable[slice]:
    """Fill `results` and `places`, and return the planes that need a careful search."""
    unsure = {}
    lowest, offset_dtype = _lowest(planes.dtype), np.min_scalar_type(largest_offset(axes))
    lanes = planes.shape[-1]
    # Offsets count twice: a tile goes through three states, and needs three more arrays of small numbers or truths.
    tiled = tiling(axes, lanes * (planes.itemsize + 2 * offset_dtype.itemsize))
    size = lanes * tiled.cells(len(planes))
    scratch = Scratch(size, native(planes.dtype), offset_dtype)
    no_offsets = np.zeros(size, offset_dtype)
    join = folds.largest_and_offset(size, offset_dtype)
    for stack, patch in tiled.tiles(len(planes)):
        real, best = planes[(stack, *patch.real)], results[(stack, *patch.outputs)]
        cells = laid_flat(real, patch, lowest, scratch.spare()[0])
        values, offsets = fold_windows((cells, no_offsets), patch, lanes, join, scratch)
        best[...] = at_windows(values, patch, real)
        where = places[(stack, *patch.outputs)]
        where[...] = at_windows(offsets, patch, real)
        for first_taps in _first_taps(patch, axes):
            where += first_taps
        padded = real.shape[1:-1] != patch.shape
        if zeros_differ(best, real) or np.isnan(best).any() or (padded and (best == lowest).any()):
            unsure[stack.start] = stack
    return unsure.values()


def _careful_search(x: Array, axes: tuple[Axis, ...]) -> tuple[Array, Array]:
    """Find the largest value of each window and its place, tap by tap."""
    first_cells: Index = (..., *np.ix_(*([window.cells[0] for window in axis.windows] for axis in axes)))
    spatial = x.shape[-len(axes) :]
    places = np.arange(math.prod(spatial)).reshape(spatial)
    best = x[first_cells]
    best_places = np.empty(best.shape, np.int64)
    best_places[...] = places[first_cells]
    for outputs, inputs in taps(axes):
        candidate, incumbent = x[inputs], best[outputs]
        wins = candidate > incumbent  # not for equal values, so the first stays
        if x.dtype.kind == "f":
            wins |= np.isnan(candidate)  # always, so the last NaN wins
        np.copyto(incumbent, candidate, where=wins)
        np.copyto(best_places[outputs], places[inputs], where=wins)
    return best, best_places


def channels_first(stack: Array) -> Array:
    """Return planes of shape (planes, *spatial, lanes) with their spatial axes last."""
    return np.moveaxis(stack, -1, 1)


def zeros_differ(best: Array, cells: Array) -> bool:
    """Tell whether the largest value of some window may be a zero of the wrong sign."""
    if best.dtype.kind != "f" or best.all():
        return False
    return bool((np.signbit(cells) & (cells == 0)).any())


def _first_taps(patch: Patch, axes: tuple[Axis, ...]) -> Iterator[Array]:
    """Yield what each axis adds to the place of a window's first tap, to be broadcast over the windows of a patch.

    A tap in the padding before the plane has a place as if the plane went on there.
    """
    behind = 1
    for number in reversed(range(len(axes))):
        axis, outputs = axes[number], patch.outputs[number]
        starts = patch.first_start[number] + axis.stride * np.arange(outputs.stop - outputs.start)
        yield (behind * starts).reshape(-1, *(1,) * (len(axes) - number))
        behind *= axis.size


def _lowest(dtype: np.dtype[Any]) -> Any:
    """Return what no cell is smaller than."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min
