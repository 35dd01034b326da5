"""Pools bins: finds the largest value of every bin of a tensor and where it is, or adds up its cells.

Bins are the windows that cut an axis into a given number of them. They differ in length, so there are no taps to loop
over. But they are the same for all rows, so one axis can be pooled after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from pooling.geometry import Window
from pooling.indexing import along
from pooling.torch_layer import tensors
from pooling.torch_layer.max_search import may_have_negative_zero
from pooling.torch_layer.tiles import tiles, values_may_decide

#: The bins along one axis.
Bins = list[Window]


def search_bins(x: Tensor, bins: Sequence[Bins], with_places: bool) -> tuple[Tensor, Tensor | None]:
    """Return the largest value of each bin over the last axes of x, and its place in the plane if asked to.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    bins : sequence of list of Window
        The bins along each of its last axes.
    with_places : bool
        Whether the places are wanted too, as int64.

    Returns
    -------
    Tensor, and Tensor or None
        Shape (N, C, *spatial_out) and the like, in the memory format of x.
    """
    rank, sizes = len(bins), list(map(len, bins))
    x = tensors.in_layout_of(x, x)
    best = tensors.empty_outputs(x, sizes, x.dtype)
    places = tensors.empty_outputs(x, sizes, torch.int64) if with_places else None
    for cells, results, *where in tiles(rank, x, best, *([] if places is None else [places])):
        flat = _flattened(cells, bins)
        values = None if where or not values_may_decide(cells) else _values(*flat)
        # Of −0 and +0 the search for values alone may have taken either.
        if values is None or (not values.all() and may_have_negative_zero(cells)):
            values, found = _values_and_places(*flat)
            for target in where:
                target.copy_(found.view_as(target))
        results.copy_(values.view_as(results))
    return best, places


def sum_bins(x: Tensor, bins: Sequence[Bins]) -> Tensor:
    """Return the sum of each bin over the last axes of x."""
    shape = (*x.shape[: -len(bins)], *map(len, bins))
    # Not in tiles: after one look at each cell next to nothing is left. Contiguous, lest the sum be rounded in another
    # way in another memory format.
    x, bins = _flattened(x.contiguous() if _whole_planes(bins) else x, bins)
    for axis, windows in enumerate(bins, start=-len(bins)):
        x = _joined(x, axis, windows, torch.sum)
    return x.reshape(shape)


def spread_bins(y: Tensor, bins: Sequence[Bins], sizes: Sequence[int]) -> Tensor:
    """Add the number of each bin to all of its cells, on planes of these sizes: the adjoint of `sum_bins`."""
    y = tensors.in_layout_of(y, y)
    result = tensors.empty_outputs(y, sizes, y.dtype)
    for numbers, cells in tiles(len(bins), y, result):
        spread = numbers
        for axis, windows in reversed(list(enumerate(bins, start=-len(bins)))):
            shape = list(spread.shape)
            shape[axis] = sizes[axis]
            wider = spread.new_zeros(shape)
            for i, window in enumerate(windows):
                wider[along(axis, _cells(window))] += spread[along(axis, slice(i, i + 1))]
            spread = wider
        cells.copy_(spread)
    return result


def _flattened(x: Tensor, bins: Sequence[Bins]) -> tuple[Tensor, Sequence[Bins]]:
    """Return a plane that is one bin as one long axis, and others as they are."""
    if not _whole_planes(bins):
        return x, bins
    x = x.flatten(-len(bins))
    return x, [[Window(range(x.shape[-1]), x.shape[-1])]]


def _whole_planes(bins: Sequence[Bins]) -> bool:
    return all(len(one_axis) == 1 for one_axis in bins)


def _values(x: Tensor, bins: Sequence[Bins]) -> Tensor:
    """Return the largest value of each bin; a zero may have the wrong sign."""
    for axis, windows in enumerate(bins, start=-len(bins)):
        x = _joined(x, axis, windows, torch.amax)
    return x


def _joined(x: Tensor, axis: int, windows: Bins, join: Callable[..., Tensor]) -> Tensor:
    """Join the cells of each bin along one axis with `torch.sum` or its like."""
    blocks = [join(x[along(axis, _cells(window))], axis, keepdim=True) for window in windows]
    return torch.cat(blocks, axis) if blocks else x[along(axis, slice(0, 0))]


def _cells(window: Window) -> slice:
    return slice(window.cells.start, window.cells.stop)


def _values_and_places(x: Tensor, bins: Sequence[Bins]) -> tuple[Tensor, Tensor]:
    """Pool the last axis first, so that of equal values the first in row-major order wins."""
    rank = len(bins)
    sizes = x.shape[-rank:]
    places = torch.arange(sizes.numel(), device=x.device).reshape(sizes).expand(x.shape)
    for axis in reversed(range(-rank, 0)):
        if not bins[axis]:
            nothing = along(axis, slice(0, 0))
            x, places = x[nothing], places[nothing]
            continue
        winners = [_winner(x[along(axis, _cells(window))], axis) for window in bins[axis]]
        x = torch.cat([value for value, _ in winners], axis)
        starts = [window.cells.start for window in bins[axis]]
        numbers = [number + start for (_, number), start in zip(winners, starts, strict=True)]
        places = places.gather(axis, torch.cat(numbers, axis))
    return x, places


def _winner(block: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """Find the largest value along an axis and its number: the first of equals, the last NaN."""
    value, number = block.max(axis, keepdim=True)  # of several NaN the first
    if block.is_floating_point() and (not values_may_decide(block) or value.isnan().any()):
        nan = block.isnan()
        last_nan = block.shape[axis] - 1 - nan.flip(axis).to(torch.uint8).argmax(axis, keepdim=True)
        number = torch.where(value.isnan(), last_nan, number)
    return value, number
