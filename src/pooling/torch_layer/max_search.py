"""Finds the largest value of every window of a tensor, and where it is.

The values come first, folded with `torch.maximum`. Then their places: every tap of all windows is held against the
values, and where they are equal, a number is noted that is the larger the earlier the tap. The largest number noted is
that of the first of equals, as it should be. Padding is never looked at.

Two kinds of values need more. A NaN equals nothing, not even itself, so where one is the largest the taps are searched
once more, for the last NaN. And −0 equals +0, so the value that was folded may have the sign of the wrong zero: it is
fetched anew from its place. On a CPU, a look at the values tells whether there are any such; a compiler and a GPU are
not made to wait for an answer, and always do all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from pooling.geometry import Axis, Index, taps
from pooling.indexing import largest_offset
from pooling.torch_layer import folds, tensors
from pooling.torch_layer.folds import fold_windows
from pooling.torch_layer.tiles import tiles, values_may_decide

#: By the bytes of a float, the integers that are as long.
_INTEGERS = {2: torch.int16, 4: torch.int32, 8: torch.int64}


def search_windows(x: Tensor, axes: tuple[Axis, ...], with_places: bool) -> tuple[Tensor, Tensor | None]:
    """Return the largest value of each window over the last axes of x, and its place in the plane if asked to.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    axes : tuple of Axis
        How its last axes are pooled.
    with_places : bool
        Whether the places are wanted too, as int64.

    Returns
    -------
    Tensor, and Tensor or None
        Shape (N, C, *spatial_out) and the like, in the memory format of x.
    """
    x = tensors.in_layout_of(x, x)
    sizes = [axis.output_size for axis in axes]
    best = tensors.empty_outputs(x, sizes, x.dtype)
    places = tensors.empty_outputs(x, sizes, torch.int64) if with_places else None
    for cells, results, *where in tiles(len(axes), x, best, *([] if places is None else [places])):
        if where or may_have_negative_zero(cells):
            values, found = _values_and_places(cells, axes)
            results.copy_(values)
            for target in where:
                target.copy_(found)
        else:
            _values(cells, axes, results)
    return best, places


def may_have_negative_zero(x: Tensor) -> bool:
    """Tell whether x may hold a −0: as a number it is +0's equal, but as an integer it is the smallest there is."""
    if not x.is_floating_point() or not x.numel():
        return False
    bits = x.view(_INTEGERS[x.element_size()])
    return not values_may_decide(x) or bits.amin().item() == torch.iinfo(bits.dtype).min


def _values(x: Tensor, axes: Sequence[Axis], out: Tensor | None = None) -> Tensor:
    """Return the largest value of each window, in `out` if there is one; a zero may have the wrong sign."""
    lowest = float("-inf") if x.is_floating_point() else torch.iinfo(x.dtype).min
    return fold_windows(x, axes, folds.largest, lowest, out)


def _values_and_places(x: Tensor, axes: Sequence[Axis]) -> tuple[Tensor, Tensor]:
    best = _values(x, axes)
    behind = largest_offset(axes) + 1  # larger than all offsets
    found = _first_equals(x, best, axes, behind)
    if x.is_floating_point() and _may_be_missing(found):
        found = torch.where(best.isnan(), behind + 1 - _last_nans(x, found, axes), found)
    places = _first_taps(axes, x.device) + behind - found.to(torch.int64)
    if may_have_negative_zero(x):
        rank = len(axes)
        best = x.flatten(-rank).gather(-1, places.flatten(-rank)).view(places.shape)
    return best, places


def _may_be_missing(found: Tensor) -> bool:
    """Tell whether a window may be without a tap that equals its best."""
    return not values_may_decide(found) or (found.numel() > 0 and found.amin().item() == 0)


def _first_equals(x: Tensor, best: Tensor, axes: Sequence[Axis], behind: int) -> Tensor:
    """Return `behind` less the offset of the first tap that equals the best of its window; 0 where none does."""
    found = torch.zeros_like(best, dtype=torch.int16 if behind < 2**15 - 1 else torch.int32)
    for outputs, inputs in taps(axes):
        # Ones and zeros in the dtype of x, from cells without gaps: PyTorch is five times slower at anything else.
        hits = x[inputs].clone().eq_(best[outputs])
        found[outputs].clamp_min_(hits.to(found.dtype).mul_(behind - _offset(outputs, inputs, axes)))
    return found


def _last_nans(x: Tensor, found: Tensor, axes: Sequence[Axis]) -> Tensor:
    """Return 1 more than the offset of the last tap that is NaN; 0 where none is."""
    last, nan = torch.zeros_like(found), x.isnan().to(found.dtype)
    for outputs, inputs in taps(axes):
        last[outputs].clamp_min_(nan[inputs] * (_offset(outputs, inputs, axes) + 1))
    return last


def _first_taps(axes: Sequence[Axis], device: torch.device) -> Tensor:
    """Return the place of each window's first tap in the plane; one in the padding has a place it would have there."""
    places = torch.zeros((), dtype=torch.int64, device=device)
    for axis in axes:
        starts = axis.stride * torch.arange(axis.output_size, device=device) - axis.before
        places = places[..., None] * axis.size + starts
    return places


def _offset(outputs: Index, inputs: Index, axes: Sequence[Axis]) -> int:
    """Return how far a tap is from the first tap of its window, in places of the plane."""
    offset = 0
    for axis, windows, cells in zip(axes, outputs[1:], inputs[1:], strict=True):
        offset = offset * axis.size + cells.start - (windows.start * axis.stride - axis.before)
    return offset
