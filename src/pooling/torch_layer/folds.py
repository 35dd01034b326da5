"""Combines the cells of each window, along one axis after the other.

A window of k×k cells has k² of them, but takes only 2k steps: first each column of the window is combined into one
cell, then the row of cells that this leaves. A step treats all windows at once: it joins what they have so far with the
cell that is next in each of them.

The first axis comes first. Along it whole rows are joined, whose cells lie side by side, which is what a processor is
quick at. When the last axis is reached, where a stride leaves gaps between the cells, there are fewer rows left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import torch
from torch import Tensor

from pooling.geometry import Axis
from pooling.indexing import along


class Join(NamedTuple):
    """How to combine two tensors, cell by cell."""

    new: Callable[..., Tensor]  # takes `out` too, a tensor to write to
    into: Callable[[Tensor, Tensor], Tensor]  # the same, written over the first


largest = Join(torch.maximum, Tensor.clamp_min_)
added = Join(torch.add, Tensor.add_)


def fold_windows(x: Tensor, axes: Sequence[Axis], join: Join, padding: Any, out: Tensor | None = None) -> Tensor:
    """Join the cells of each window over the last axes of x.

    Parameters
    ----------
    x : Tensor
        Shape (..., *spatial).
    axes : sequence of Axis
        How its last axes are pooled.
    join : Join
        What is done to two cells.
    padding : number
        What joins with every cell and changes none.
    out : Tensor, optional
        Where to put the result: shape (..., *spatial_out), the dtype of x.

    Returns
    -------
    Tensor
        Shape (..., *spatial_out); `out`, or a new one.
    """
    for number, axis in enumerate(axes, start=-len(axes)):
        x = fold(x, number, axis, join, padding, out if number == -1 else None)
    return x


def fold(x: Tensor, number: int, axis: Axis, join: Join, padding: Any, out: Tensor | None = None) -> Tensor:
    """Join the cells of each window along the axis of x with that number, counted from the end."""
    shifts, everywhere = axis.shifts, slice(0, axis.output_size)
    # A tap that meets a cell in every window leaves nothing to fill in.
    whole = [x[along(number, cells)] for windows, cells in shifts if windows == everywhere]
    if not whole:
        shape = list(x.shape)
        shape[number] = axis.output_size
        whole = [x.new_full(shape, padding)]
    if len(whole) > 1:
        joined = reduce(join.into, whole[2:], join.new(whole[0], whole[1], out=out))
    else:
        joined = whole[0].clone() if out is None else out.copy_(whole[0])
    for windows, cells in shifts:
        if windows != everywhere:
            join.into(joined[along(number, windows)], x[along(number, cells)])
    return joined


def spread_windows(y: Tensor, axes: Sequence[Axis]) -> Tensor:
    """Add the number of each window to all of its cells: the adjoint of a sum, again along one axis after the other.

    Parameters
    ----------
    y : Tensor
        Shape (..., *spatial_out).
    axes : sequence of Axis
        How its last axes came from pooling.

    Returns
    -------
    Tensor
        Shape (..., *spatial); a new one.
    """
    for number, axis in reversed(list(enumerate(axes, start=-len(axes)))):
        shape = list(y.shape)
        shape[number] = axis.size
        result = y.new_zeros(shape)
        for windows, cells in axis.shifts:
            result[along(number, cells)] += y[along(number, windows)]
        y = result
    return y
