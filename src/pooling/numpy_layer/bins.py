"""Pools bins: windows in order along an axis, some of them one cell longer than the others.

An axis cut into a given number of bins has bins of at most two lengths, n and n + 1 cells. All runs of n cells are
joined as in `folds`, those where a bin starts are picked, and a longer bin gets its last cell. After one axis little is
left, so the next ones cost next to nothing.

The way back has the same shape: the bins that cover a cell are neighbours, and there are n or n + 1 of them too.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from pooling.indexing import along
from pooling.numpy_layer import arrays, folds
from pooling.numpy_layer.arrays import Array, is_channels_last, native
from pooling.numpy_layer.folds import Join, Scratch, State, fold
from pooling.numpy_layer.max_search import channels_first, zeros_differ
from pooling.numpy_layer.tiles import TILE_BYTES, Shift, stacks
from pooling.numpy_layer.whole_planes import (
    largest_of_planes,
    largest_of_planes_and_places,
    plane_sums,
    winners,
)

#: The bins along one axis, each with its cells.
Bins = list[range]


def largest_of_bins(x: Array, bins: Sequence[Bins]) -> Array:
    """Return the largest value of each bin over the last axes of x."""
    if _one_for_each_plane(bins):
        return largest_of_planes(x, len(bins))
    best = arrays.empty(x, _sizes(bins), x.dtype)
    folding = _Folding(x, bins, lambda _: folds.largest, native(x.dtype))
    for cells, results in folding.tiles(x, best):
        (values,) = folding.fold((cells.reshape(-1),), len(cells))
        results[...] = values.reshape(results.shape)
        if zeros_differ(results, cells):
            channels_first(results)[...], _ = _careful_search(channels_first(cells), bins)
    return best


def largest_of_bins_and_places(x: Array, bins: Sequence[Bins]) -> tuple[Array, Array]:
    """Return the largest value of each bin over the last axes of x, and its place in the plane as int64."""
    if _one_for_each_plane(bins):
        return largest_of_planes_and_places(x, len(bins))
    best, places = arrays.empty(x, _sizes(bins), x.dtype), arrays.empty(x, _sizes(bins), np.dtype(np.int64))
    spatial = x.shape[-len(bins) :]
    first_cells = np.ix_(*([cells.start for cells in one_axis] for one_axis in bins))
    first_places = np.arange(math.prod(spatial)).reshape(spatial)[first_cells]
    offset_dtype = np.min_scalar_type(spatial[-1])
    folding = _Folding(x, bins, folds.largest_and_offset, native(x.dtype), offset_dtype)
    no_offsets = np.zeros(folding.planes * folding.lanes * math.prod(spatial), offset_dtype)
    for cells, results, where in folding.tiles(x, best, places):
        values, offsets = folding.fold((cells.reshape(-1), no_offsets[: cells.size]), len(cells))
        results[...] = values.reshape(results.shape)
        np.add(first_places[..., None], offsets.reshape(results.shape), out=where)
        if zeros_differ(results, cells) or np.isnan(results).any():
            found = _careful_search(channels_first(cells), bins)
            channels_first(results)[...], channels_first(where)[...] = found
    return best, places


def bin_sums(x: Array, bins: Sequence[Bins]) -> Array:
    """Return the sum of each bin over the last axes of x, in the dtype to add up in."""
    if _one_for_each_plane(bins):
        return plane_sums(x, len(bins))
    sums = arrays.empty(x, _sizes(bins), arrays.sum_dtype(x.dtype))
    sums.fill(0)  # where there is no bin to add up
    folding = _Folding(x, bins, lambda _: folds.added, sums.dtype)
    for cells, results in folding.tiles(x, sums):
        (total,) = folding.fold((cells.reshape(-1).astype(sums.dtype, copy=False),), len(cells))
        results[...] = total.reshape(results.shape)
    return sums


def adjoint(bins: Bins, size: int) -> Bins:
    """Return for each of `size` cells the bins that cover it."""
    starts, stops = [b.start for b in bins], [b.stop for b in bins]
    return [range(bisect_right(stops, cell), bisect_right(starts, cell)) for cell in range(size)]


class _Folding:
    """Joins the cells of each bin, for one tile after the other, with the same memory to work in.

    Where there are offsets, the last axis comes first, so that of equal values the first in row-major order stays.
    Otherwise the first axis comes when there is most to pick: its cells are whole rows, and rows are picked faster.
    """

    def __init__(self, x: Array, bins: Sequence[Bins], join: Callable[..., Join], *dtypes: np.dtype[Any]) -> None:
        self.bins, self.spatial = bins, x.shape[-len(bins) :]
        self.lanes = x.shape[1] if is_channels_last(x, len(bins)) else 1
        bytes_of_one = math.prod(self.spatial) * self.lanes * sum(dtype.itemsize for dtype in dtypes)
        #: How many planes make a tile. Beside room for three of them, it takes its cells and what is picked of these.
        self.planes = max(1, 3 * TILE_BYTES // 5 // max(1, bytes_of_one))
        self.order = list(range(len(bins)))
        if len(dtypes) > 1 or math.prod(_sizes(bins)) > math.prod(self.spatial):
            self.order.reverse()
        self.scratches: list[Scratch] = []
        self.joins: list[Join] = []
        sizes = list(self.spatial)
        for axis in self.order:
            cells = self.planes * self.lanes * math.prod(sizes)
            self.scratches.append(Scratch(cells, *dtypes))
            self.joins.append(join(cells, *dtypes[1:]))
            sizes[axis] = len(bins[axis])
            # After one axis little is left, and offsets may take more room.
            dtypes = (dtypes[0], *(np.dtype(np.int64) for _ in dtypes[1:]))

    def tiles(self, x: Array, *results: Array) -> Iterator[tuple[Array, ...]]:
        """Go through x and what belongs to it, so many planes at a time."""
        if all(array.size for array in (x, *results)):
            for parts in stacks(len(self.bins), x, *results):
                for first in range(0, len(parts[0]), self.planes):
                    yield tuple(part[first : first + self.planes] for part in parts)

    def fold(self, cells: State, planes: int) -> State:
        """Join the cells of each bin of so many planes, along one axis after the other."""
        sizes = list(self.spatial)
        for axis, scratch, join in zip(self.order, self.scratches, self.joins, strict=True):
            bins, before, behind = self.bins[axis], math.prod(sizes[:axis]), math.prod(sizes[axis + 1 :])
            shape = (planes * before, sizes[axis], behind * self.lanes)
            next_cell = Shift(shape[2], math.prod(self.spatial[axis + 1 :]))
            shortest = min(map(len, bins))
            runs = fold(cells, shortest, next_cell, join, scratch)
            picked = _picked(runs, shape, [b.start for b in bins])
            longer = [number for number, b in enumerate(bins) if len(b) > shortest]
            if longer:
                shape_of_picked = (shape[0], len(bins), shape[2])
                joined = _picked(picked, shape_of_picked, longer)
                last_cells = _picked(cells, shape, [bins[number].stop - 1 for number in longer])
                join(joined, last_cells, Shift(0, shortest * next_cell.places), joined)
                for target, source in zip(picked, joined, strict=True):
                    target.reshape(shape_of_picked)[:, longer] = source.reshape(shape[0], len(longer), shape[2])
            cells = (picked[0], *(offsets.astype(np.int64, copy=False) for offsets in picked[1:]))
            sizes[axis] = len(bins)
        return cells


def _picked(state: State, shape: tuple[int, int, int], numbers: list[int]) -> State:
    """Take the cells with some numbers on the second of three axes."""
    return tuple(flat[: math.prod(shape)].reshape(shape).take(numbers, axis=1).reshape(-1) for flat in state)


def _careful_search(x: Array, bins: Sequence[Bins]) -> tuple[Array, Array]:
    """Find the largest value of each bin and its place, one bin after the other."""
    rank = len(bins)
    sizes = x.shape[-rank:]
    places = np.broadcast_to(np.arange(math.prod(sizes)).reshape(sizes), x.shape)
    for axis in reversed(range(-rank, 0)):  # the last axis first, so that of equals the first in row-major order wins
        best, best_places = [], []
        for cells in bins[axis]:
            block, block_places = (array[along(axis, slice(cells.start, cells.stop))] for array in (x, places))
            winner = winners(block, axis)
            best.append(np.take_along_axis(block, winner, axis))
            best_places.append(np.take_along_axis(block_places, winner, axis))
        x, places = np.concatenate(best, axis), np.concatenate(best_places, axis)
    return x, places


def _one_for_each_plane(bins: Sequence[Bins]) -> bool:
    """Tell whether there is a single bin on every axis. It has all cells of the axis then."""
    return all(len(one_axis) == 1 for one_axis in bins)


def _sizes(bins: Sequence[Bins]) -> list[int]:
    """Return how many bins there are on each axis."""
    return [len(one_axis) for one_axis in bins]
