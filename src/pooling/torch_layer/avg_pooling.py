"""Average pooling on tensors, differentiable, and the Lp norm.

An average is linear, so its backward pass is the same loop with input and output exchanged. `WindowMean` and its
adjoint `WindowSpread` are each the backward pass of the other, which makes second derivatives come out for free.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from pooling import arguments
from pooling.geometry import Axis, averaged_axes
from pooling.ranks import for_ranks_1_2_3
from pooling.torch_layer import folds, tensors
from pooling.torch_layer.folds import fold_windows, spread_windows
from pooling.torch_layer.max_pooling import max_pool
from pooling.torch_layer.tiles import tiles

Axes = tuple[Axis, ...]


def avg_pool(
    rank: int,
    x: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Take the mean of each window.

    y[i] = (sum of x over the real cells of window i) / divisor. Padding adds nothing to the sum.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial); of floating-point numbers, or int64, whose means are
        truncated as PyTorch's are.
    kernel_size, stride, padding, ceil_mode
        An int, or a tuple with one for each axis; see `pooling.geometry.output_size`. `stride` defaults to
        `kernel_size`.
    count_include_pad : bool
        Whether the divisor counts the window's padding cells too. What overhangs in `ceil_mode` never counts.
    divisor_override : int, optional
        Divide by this number instead, whatever the window covers.

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
    `torch.nn.AvgPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool{n}d.html
    """
    tensor = tensors.pooled_tensor(x, rank, integers=(torch.int64,))
    axes = averaged_axes(tensor.shape[-rank:], kernel_size, stride, padding, ceil_mode)
    divisors = _divisors(axes, count_include_pad, divisor_override, tensor.device)
    mean: Tensor = WindowMean.apply(tensor, divisors, axes)
    return mean


def lp_pool(
    rank: int, x: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Tensor:
    """Take the Lp norm of each window.

    y[i] = (sum of x^p over window i)^(1/p). p = 1 is a sum; the larger p, the closer to the maximum. There is no
    absolute value in it, as there is none in PyTorch: an odd p wants x ≥ 0. p = ∞ is the limit, the largest
    magnitude, and p = −∞ the smallest.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    norm_type : float
        p, any number but 0; ±∞ too.
    kernel_size, stride, ceil_mode
        As in `avg_pool{n}d`. In `ceil_mode` a window that overhangs has its sum scaled up to a whole window.

    Returns
    -------
    Tensor
        Shape (N, C, *spatial_out) and the like; NaN where a root does not exist.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.LPPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool{n}d.html
    """
    p = arguments.norm_type(norm_type)
    tensor = tensors.pooled_tensor(x, rank, tensors.all_integers())
    if math.isinf(p):
        sign = 1 if p > 0 else -1  # the smallest |x| is minus the largest −|x|
        largest: Tensor = max_pool(rank, sign * tensor.abs(), kernel_size, stride, ceil_mode=ceil_mode)
        return sign * largest
    cells = torch.Size(arguments.integers("kernel_size", kernel_size, rank, 1)).numel()
    mean = avg_pool(rank, tensor.pow(p), kernel_size, stride, ceil_mode=ceil_mode)
    # The root has an infinite slope at 0. relu has slope 0 there, and stops the infinity on its way back.
    return (mean.sign() * mean.abs().relu() * cells).pow(1 / p)


class WindowMean(Function):
    """Add up the real cells of every window and divide."""

    @staticmethod
    def forward(x: Tensor, divisors: Tensor, axes: Axes) -> Tensor:
        x = tensors.in_layout_of(x, x)
        result = tensors.empty_outputs(x, [axis.output_size for axis in axes], x.dtype)
        for cells, means in tiles(len(axes), x, result):
            total = fold_windows(cells.to(tensors.sum_dtype(x.dtype)), axes, folds.added, 0)
            if x.is_floating_point():
                means.copy_(total / divisors.to(total.dtype))
            else:
                means.copy_(total.div(divisors, rounding_mode="trunc"))
        return result

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, Axes], output: Tensor) -> None:
        _, divisors, ctx.axes = inputs
        ctx.save_for_backward(divisors)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        (divisors,) = ctx.saved_tensors
        return WindowSpread.apply(grad_output, divisors, ctx.axes), None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int, ...], x: Tensor, *inputs: Any) -> tuple[Tensor, int]:
        return WindowMean.apply(x.movedim(in_dims[0], 0), *inputs), 0


class WindowSpread(Function):
    """Divide, and add to all real cells of every window; the adjoint of `WindowMean`."""

    @staticmethod
    def forward(y: Tensor, divisors: Tensor, axes: Axes) -> Tensor:
        y = tensors.in_layout_of(y, y)
        result = tensors.empty_outputs(y, [axis.size for axis in axes], y.dtype)
        dtype = tensors.sum_dtype(y.dtype)
        for numbers, spread in tiles(len(axes), y, result):
            spread.copy_(spread_windows(numbers.to(dtype) / divisors.to(dtype), axes))
        return result

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, Axes], output: Tensor) -> None:
        _, divisors, ctx.axes = inputs
        ctx.save_for_backward(divisors)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        (divisors,) = ctx.saved_tensors
        return WindowMean.apply(grad_output, divisors, ctx.axes), None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int, ...], x: Tensor, *inputs: Any) -> tuple[Tensor, int]:
        return WindowSpread.apply(x.movedim(in_dims[0], 0), *inputs), 0


def _divisors(axes: Axes, count_include_pad: bool, divisor_override: int | None, device: torch.device) -> Tensor:
    """Return what the sums of the windows are divided by: one number, or one for each window."""
    arguments.flag("count_include_pad", count_include_pad)
    override = arguments.divisor(divisor_override)
    if override is not None:
        return torch.tensor(override, device=device)
    counts = ([window.extent if count_include_pad else len(window.cells) for window in axis.windows] for axis in axes)
    return tensors.outer_product(counts, device)


avg_pool1d, avg_pool2d, avg_pool3d = for_ranks_1_2_3(avg_pool)
lp_pool1d, lp_pool2d, lp_pool3d = for_ranks_1_2_3(lp_pool)
