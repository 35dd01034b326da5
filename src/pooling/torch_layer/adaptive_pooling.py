"""Pooling tensors to a given output size, differentiable; global pooling is the case of size 1.

The windows differ in length, so there are no taps to loop over. But they are the same for all rows, so one axis can be
pooled after the other: first the columns of each row, then the rows of what is left.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from pooling import arguments
from pooling.geometry import Window, adaptive_sizes, adaptive_windows
from pooling.ranks import for_ranks_1_2_3
from pooling.torch_layer import tensors
from pooling.torch_layer.max_pooling import cell_numbers, fetched
from pooling.torch_layer.tensors import along


def adaptive_max_pool(rank: int, x: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """Keep the largest value of each window, with windows chosen to give `output_size` of them.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial), of floating-point numbers.
    output_size : int, or tuple of int or None
        Windows for each axis; None makes one for each cell. They are those of `pooling.geometry.adaptive_windows`.
    return_indices : bool
        Whether to return the place of each maximum as well.

    Returns
    -------
    Tensor, or a pair of Tensors
        Shape (N, C, *spatial_out) and the like; values and indices as in `max_pool{n}d`.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.AdaptiveMaxPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool{n}d.html
    """
    arguments.flag("return_indices", return_indices)
    tensor = tensors.pooled_tensor(x, rank)
    places = _places_of_largest(tensor.detach(), _windows(tensor, rank, output_size))
    return fetched(tensor, places, rank, return_indices)


def adaptive_avg_pool(rank: int, x: Tensor, output_size: Any) -> Tensor:
    """Take the mean of each window, with windows chosen to give `output_size` of them.

    Parameters
    ----------
    x, output_size
        As in `adaptive_max_pool{n}d`.

    Returns
    -------
    Tensor
        Shape (N, C, *spatial_out) and the like; dtype, device and memory format of x. float16 and bfloat16 are added
        up in float32 and rounded once.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.AdaptiveAvgPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool{n}d.html
    """
    tensor = tensors.pooled_tensor(x, rank)
    windows = _windows(tensor, rank, output_size)
    areas = tensors.outer_product(([window.extent for window in axis_windows] for axis_windows in windows), x.device)
    total: Tensor = tensor.to(tensors.sum_dtype(tensor.dtype))
    for axis in reversed(range(-rank, 0)):
        total = BinSum.apply(total, axis, windows[axis])
    return tensors.in_layout_of(tensor, (total / areas).to(tensor.dtype))


def global_max_pool(rank: int, x: Tensor, keepdims: bool = True) -> Tensor:
    """Keep the largest value of each plane: one window as large as the plane.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial), of floating-point numbers.
    keepdims : bool
        Whether the pooled axes stay, with size 1, or go.

    Returns
    -------
    Tensor

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.
    """
    pooled: Tensor = adaptive_max_pool(rank, x, 1)
    return pooled if arguments.flag("keepdims", keepdims) else pooled.flatten(-rank).squeeze(-1)


def global_avg_pool(rank: int, x: Tensor, keepdims: bool = True) -> Tensor:
    """Take the mean of each plane.

    Parameters
    ----------
    x, keepdims
        As in `global_max_pool{n}d`.

    Returns
    -------
    Tensor

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    Lin, Chen and Yan, "Network in Network", 2013, arXiv:1312.4400, section 3.2.
    """
    pooled = adaptive_avg_pool(rank, x, 1)
    return pooled if arguments.flag("keepdims", keepdims) else pooled.flatten(-rank).squeeze(-1)


class BinSum(Function):
    """Add up the cells of every window along one axis."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, axis: int, windows: list[Window]) -> Tensor:
        sums = [x[along(axis, _cells(window))].sum(axis, keepdim=True) for window in windows]
        return torch.cat(sums, axis) if sums else x[along(axis, slice(0, 0))].clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, int, list[Window]], output: Tensor) -> None:
        x, ctx.axis, ctx.windows = inputs
        ctx.size = x.shape[ctx.axis]

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        return BinSpread.apply(grad_output, ctx.axis, ctx.windows, ctx.size), None, None


class BinSpread(Function):
    """Add to all cells of every window along one axis; the adjoint of `BinSum`."""

    generate_vmap_rule = True

    @staticmethod
    def forward(y: Tensor, axis: int, windows: list[Window], size: int) -> Tensor:
        shape = list(y.shape)
        shape[axis] = size
        result = y.new_zeros(shape)
        for i, window in enumerate(windows):
            result[along(axis, _cells(window))] += y[along(axis, slice(i, i + 1))]
        return result

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, int, list[Window], int], output: Tensor) -> None:
        _, ctx.axis, ctx.windows, _ = inputs

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None, None]:
        return BinSum.apply(grad_output, ctx.axis, ctx.windows), None, None, None


def _cells(window: Window) -> slice:
    return slice(window.cells.start, window.cells.stop)


def _windows(x: Tensor, rank: int, output_size: Any) -> list[list[Window]]:
    sizes = x.shape[-rank:]
    return [adaptive_windows(*pair) for pair in zip(sizes, adaptive_sizes(sizes, output_size), strict=True)]


def _places_of_largest(x: Tensor, windows: list[list[Window]]) -> Tensor:
    """Pool the last axis first, so that of equal values the first in row-major order wins."""
    rank = len(windows)
    places = cell_numbers(x, rank).expand(x.shape)
    for axis in reversed(range(-rank, 0)):
        winners = [_winner(x[along(axis, _cells(window))], axis) + window.cells.start for window in windows[axis]] or [
            places[along(axis, slice(0, 0))]
        ]
        winner = torch.cat(winners, axis)
        x, places = x.gather(axis, winner), places.gather(axis, winner)
    return places


def _winner(block: Tensor, axis: int) -> Tensor:
    """Find the largest value along an axis: the first of equals, the last NaN."""
    nan = block.isnan()
    last_nan = block.shape[axis] - 1 - nan.flip(axis).to(torch.uint8).argmax(axis, keepdim=True)
    return torch.where(nan.any(axis, keepdim=True), last_nan, block.argmax(axis, keepdim=True))


adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d = for_ranks_1_2_3(adaptive_max_pool)
adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d = for_ranks_1_2_3(adaptive_avg_pool)
global_max_pool1d, global_max_pool2d, global_max_pool3d = for_ranks_1_2_3(global_max_pool)
global_avg_pool1d, global_avg_pool2d, global_avg_pool3d = for_ranks_1_2_3(global_avg_pool)
