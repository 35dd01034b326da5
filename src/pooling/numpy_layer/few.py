"""Combines the cells of each window of a small array, tap by tap.

Where there are few cells, Python's own work counts: cutting tiles would take longer than pooling. So here each tap is
one slice, and one axis is pooled after the other. The slices are the same for every array of that shape, and kept.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from pooling.geometry import Axis, Index
from pooling.indexing import along
from pooling.numpy_layer.arrays import Array

#: Arrays of up to so many cells are small. Somewhat larger ones take as long in either way.
FEW_CELLS = 4096


class _Plan(NamedTuple):
    padded_shape: tuple[int, ...]
    inside: Index  # where the real cells lie in that shape
    taps: tuple[tuple[Index, list[Index]], ...]  # for each axis: the cells that the first tap meets, and the others


def is_small(x: Array) -> bool:
    """Tell whether an array is one that this module is faster for."""
    return x.size <= FEW_CELLS


def fold_few(combine: np.ufunc, x: Array, axes: tuple[Axis, ...], padding: Any) -> Array:
    """Return each window over the last axes of x combined by `np.maximum` or `np.add`, in the dtype of x."""
    plan = _plan(axes)
    cells = x
    if plan.padded_shape != x.shape[-len(axes) :]:
        cells = np.full((*x.shape[: -len(axes)], *plan.padded_shape), padding, x.dtype)
        cells[plan.inside] = x
    for first, others in plan.taps:
        whole, cells = cells, cells[first]
        for tap in others:
            cells = combine(cells, whole[tap])
    if cells.base is None and cells.dtype == x.dtype:
        return cells
    return cells.astype(x.dtype)  # a kernel of 1 leaves a view of x, and a ufunc the byte order of this machine


@functools.lru_cache(maxsize=256)
def _plan(axes: tuple[Axis, ...]) -> _Plan:
    padded_shape, inside, taps = [], [], []
    for number, axis in zip(range(-len(axes), 0), axes, strict=True):
        reach = (axis.output_size - 1) * axis.stride + 1  # cells from the start of the first window to that of the last
        padded_shape.append(max(axis.before + axis.size, reach - 1 + axis.span))
        inside.append(slice(axis.before, axis.before + axis.size))
        offsets = range(0, axis.span, axis.dilation)
        first, *others = (along(number, slice(start, start + reach, axis.stride)) for start in offsets)
        taps.append((first, others))
    return _Plan(tuple(padded_shape), (..., *inside), tuple(taps))
