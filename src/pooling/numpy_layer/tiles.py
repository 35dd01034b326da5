"""Cuts planes into tiles that fit into a processor's cache, and lays each tile out flat.

Fetching a cell from memory takes longer than comparing it. So a tile goes through all steps of a pooling while it is in
the cache, before the next tile is fetched. A tile is a patch of some planes; the patch is the whole plane, unless that
is too large.

In a tile the rows follow each other without a gap, with their padding. To move every window by one row is then one
shift of one long array, just as to move it by one cell is, and NumPy treats a whole tile in one call. What a shift
carries from the end of one row into the next lands where no window starts, and is never read.

A plane is laid out in `lanes`: one for an array of (N, C, *spatial) in row-major order, and as many as there are
channels where these lie side by side in memory ("channels last"). A step along an axis moves by whole cells, all lanes
of each at once.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pooling.geometry import Axis
from pooling.numpy_layer.arrays import Array, is_channels_last

#: The most that a tile takes. Its steps need room for three tiles, and these must stay below 2 MiB.
TILE_BYTES = 640 * 1024

Slices = tuple[slice, ...]


class Shift(NamedTuple):
    """How far it is from one cell to another."""

    cells: int  # in a flat tile
    places: int  # in the plane of x, its cells numbered in row-major order


class Patch(NamedTuple):
    """Neighbouring windows on every axis of a plane, and the cells below them."""

    shape: tuple[int, ...]  # of the cells, padding included
    outputs: Slices  # where its results lie in the output
    real: Slices  # where its real cells lie in the plane
    inside: Slices  # where its real cells lie among its cells
    first_start: tuple[int, ...]  # where its first window starts in the plane; negative in the padding
    windows: Slices  # where its windows start among its cells
    taps: tuple[tuple[int, Shift], ...]  # of a window on each axis, the last one first: how many, and how far apart

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return math.prod(self.shape)


class Tiling(NamedTuple):
    """How planes are cut."""

    patches: tuple[Patch, ...]  # the largest first
    planes: int  # how many make a tile

    def cells(self, planes: int) -> int:
        """Count the cells of the largest tile of so many planes."""
        return min(planes, self.planes) * self.patches[0].cells

    def tiles(self, planes: int) -> Iterator[tuple[slice, Patch]]:
        """Go through the tiles of so many planes."""
        for first in range(0, planes, self.planes):
            for patch in self.patches:
                yield slice(first, min(first + self.planes, planes)), patch


@functools.lru_cache(maxsize=256)
def tiling(axes: tuple[Axis, ...], cell_bytes: int) -> Tiling:
    """Cut planes into tiles of at most `TILE_BYTES`, or of one window where that is more."""
    room = TILE_BYTES // cell_bytes
    cuts = []
    for number, axis in enumerate(axes):
        cuts.append(_bands(axis, room // math.prod(map(_whole, axes[number + 1 :]))))
        room //= _length(axis, cuts[-1][0])
    return Tiling(tuple(_patch(axes, bands) for bands in itertools.product(*cuts)), max(1, room))


def laid_flat(real: Array, patch: Patch, padding: Any, buffer: Array) -> Array:
    """Return the cells of a tile in one dimension, in the dtype of `buffer`.

    They are a view of `real`, the real ones, where these are all of them and lie in a row. Otherwise they are copied to
    `buffer`, and `buffer` is returned.
    """
    planes, *shape, lanes = real.shape
    if tuple(shape) == patch.shape and real.dtype == buffer.dtype and real.flags.c_contiguous:
        return real.reshape(-1)
    cells = buffer[: planes * patch.cells * lanes].reshape(planes, *patch.shape, lanes)
    for axis, inside in enumerate(patch.inside, start=1):
        before = (slice(None),) * axis
        cells[(*before, slice(0, inside.start))] = padding
        cells[(*before, slice(inside.stop, None))] = padding
    cells[(slice(None), *patch.inside)] = real
    return buffer


def at_windows(flat: Array, patch: Patch, real: Array) -> Array:
    """Return what a tile of these real cells holds where its windows start, in the shape of the outputs."""
    planes, lanes = len(real), real.shape[-1]
    cells = flat[: planes * patch.cells * lanes].reshape(planes, *patch.shape, lanes)
    return cells[(slice(None), *patch.windows)]


def stacks(rank: int, *arrays: Array) -> Iterator[tuple[Array, ...]]:
    """View arrays of shape (N, C, *spatial), (C, *spatial) or (*spatial) as (planes, *spatial, lanes), all alike.

    They come in one piece where that takes no copy, and otherwise sample by sample.
    """
    leading = arrays[0].shape[:-rank]
    if len(leading) < 2 or all(array.flags.c_contiguous for array in arrays):
        yield tuple(array.reshape(math.prod(leading), *array.shape[-rank:], 1) for array in arrays)
    elif is_channels_last(arrays[0], rank):
        yield tuple(np.moveaxis(array, 1, -1) for array in arrays)
    else:
        yield from zip(*(array[..., None] for array in arrays), strict=True)


def _bands(axis: Axis, room: int) -> list[slice]:
    """Cut the windows of an axis into bands over at most `room` cells, or of one window where that is more."""
    count = axis.output_size
    if _whole(axis) > room:
        count = min(count, max(1, (room - axis.span) // axis.stride + 1))
    return [slice(first, min(first + count, axis.output_size)) for first in range(0, axis.output_size, count)]


def _length(axis: Axis, outputs: slice) -> int:
    """Count the cells below some windows. Those of all windows include what is left over at the end of the axis."""
    if outputs == slice(0, axis.output_size):
        return _whole(axis)
    return (outputs.stop - outputs.start - 1) * axis.stride + axis.span


def _whole(axis: Axis) -> int:
    """Count the cells from the start of the first window to the end of the axis, or of the last window beyond it."""
    return max(axis.before + axis.size, (axis.output_size - 1) * axis.stride + axis.span)


def _patch(axes: tuple[Axis, ...], outputs: Slices) -> Patch:
    shape = tuple(map(_length, axes, outputs))
    starts = tuple(part.start * axis.stride - axis.before for axis, part in zip(axes, outputs, strict=True))
    real = tuple(_overlap(start, length, axis.size) for axis, start, length in zip(axes, starts, shape, strict=True))
    inside = tuple(
        slice(cells.start - start, cells.stop - start) if cells.stop else cells
        for cells, start in zip(real, starts, strict=True)
    )
    windows = tuple(
        slice(0, (part.stop - part.start - 1) * axis.stride + 1, axis.stride)
        for axis, part in zip(axes, outputs, strict=True)
    )
    taps = []
    for number, axis in reversed(list(enumerate(axes))):
        cells, places = math.prod(shape[number + 1 :]), math.prod(axis.size for axis in axes[number + 1 :])
        taps.append((axis.kernel_size, Shift(axis.dilation * cells, axis.dilation * places)))
    return Patch(shape, outputs, real, inside, starts, windows, tuple(taps))


def _overlap(start: int, length: int, size: int) -> slice:
    """Return which of `size` cells lie in a stretch; slice(0, 0) where none does, as may be on the way back."""
    first, last = max(start, 0), min(start + length, size)
    return slice(first, last) if first < last else slice(0, 0)
