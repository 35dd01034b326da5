"""Pooling tensors to a given output size, differentiable; global pooling is the case of size 1.

Its windows are called bins here. How their largest values are found, and their cells added up, is told in `bins`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor
from torch.autograd import Function

from pooling import arguments
from pooling.geometry import adaptive_sizes, adaptive_windows
from pooling.ranks import for_ranks_1_2_3
from pooling.torch_layer import tensors
from pooling.torch_layer.bins import Bins, search_bins, spread_bins, sum_bins
from pooling.torch_layer.max_pooling import largest


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
    return largest(tensor, search_bins, _windows(tensor, rank, output_size), return_indices)


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
    mean = BinSum.apply(tensor.to(tensors.sum_dtype(tensor.dtype)), windows) / areas
    return tensors.in_layout_of(tensor, mean.to(tensor.dtype))


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
    """Add up the cells of every bin."""

    @staticmethod
    def forward(x: Tensor, bins: list[Bins]) -> Tensor:
        return sum_bins(x, bins)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, list[Bins]], output: Tensor) -> None:
        x, ctx.bins = inputs
        ctx.sizes = x.shape[-len(ctx.bins) :]

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        return BinSpread.apply(grad_output, ctx.bins, ctx.sizes), None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int, ...], x: Tensor, *inputs: Any) -> tuple[Tensor, int]:
        return BinSum.apply(x.movedim(in_dims[0], 0), *inputs), 0


class BinSpread(Function):
    """Add to all cells of every bin; the adjoint of `BinSum`."""

    @staticmethod
    def forward(y: Tensor, bins: list[Bins], sizes: Sequence[int]) -> Tensor:
        return spread_bins(y, bins, sizes)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, list[Bins], Sequence[int]], output: Tensor) -> None:
        _, ctx.bins, _ = inputs

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        return BinSum.apply(grad_output, ctx.bins), None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int, ...], y: Tensor, *inputs: Any) -> tuple[Tensor, int]:
        return BinSpread.apply(y.movedim(in_dims[0], 0), *inputs), 0


def _windows(x: Tensor, rank: int, output_size: Any) -> list[Bins]:
    sizes = x.shape[-rank:]
    return [adaptive_windows(*pair) for pair in zip(sizes, adaptive_sizes(sizes, output_size), strict=True)]


adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d = for_ranks_1_2_3(adaptive_max_pool)
adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d = for_ranks_1_2_3(adaptive_avg_pool)
global_max_pool1d, global_max_pool2d, global_max_pool3d = for_ranks_1_2_3(global_max_pool)
global_avg_pool1d, global_avg_pool2d, global_avg_pool3d = for_ranks_1_2_3(global_avg_pool)
