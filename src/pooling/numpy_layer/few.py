"""Combines the cells of each window of a small array, tap by tap.

Where there are few cells, Python's own work counts: cutting tiles would take longer than pooling. So here each tap is
one slice, and one axis is pooled after the other. The slices are the same for every array of that shape, and kept.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from pooling.geometry import Axis, Index
from pooling.numpy_layer.arrays import Array, along

#: Arrays of up to so many cells are small. Somewhat larger ones take as long in either way.
FEW_CELLS = 4096


class _Plan(NamedTuple):
    padded_shape: tuple[int, ...]
    inside: Index  # where the real cells lie in that shape
    taps: tuple[tuple[Index, ...], ...]  # for each axis, and for each tap, the cells that it meets


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
    for first, *others in plan.taps:
        whole, cells = cells, cells[first]
        for tap in others:
            cells = combine(cells, whole[tap])
    # A kernel of 1 leaves a view of x.
    return cells.astype(x.dtype, copy=cells.base is not None)


@functools.lru_cache(maxsize=256)
def _plan(axes: tuple[Axis, ...]) -> _Plan:
    inside = tuple(slice(axis.before, axis.before + axis.size) for axis in axes)
    reach = ((axis.output_size - 1) * axis.stride + 1 for axis in axes)
    numbered = list(zip(range(-len(axes), 0), axes, reach, strict=True))
    return _Plan(
        tuple(max(axis.before + axis.size, stop - 1 + axis.span) for _, axis, stop in numbered),
        (..., *inside),
        tuple(
            tuple(
                along(number, slice(offset, offset + stop, axis.stride))
                for offset in range(0, axis.span, axis.dilation)
            )
            for number, axis, stop in numbered
        ),
    )
