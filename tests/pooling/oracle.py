"""PyTorch as the oracle: what an operation gives, where it found it, and its gradient.

PyTorch's own pooling knows neither bare planes, nor (before, after) padding, nor a divisor in 1d. For these, the oracle
reshapes or pads first and lets PyTorch pool what comes out.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from tests.pooling.cases import Case, Line, both_sides
from tests.pooling.compare import Pooled
from tests.pooling.inputs import places, spread, upstream


def pool(case: Case, x: np.ndarray) -> Pooled:
    """Pool x as the case says, forward and backward."""
    tensor = torch.tensor(x, requires_grad=True)
    batch = tensor if x.ndim > case.rank else tensor[None]
    arguments = dict(case.arguments)
    if case.operation == "max_unpool":
        where = torch.tensor(places(case))
        arguments["indices"] = where if x.ndim > case.rank else where[None]
    output, indices = globals()[f"_{case.operation}"](case.rank, batch, **arguments)
    if x.ndim == case.rank:
        output, indices = output[0], None if indices is None else indices[0]
    (gradient,) = torch.autograd.grad(output, tensor, torch.tensor(upstream(case, tuple(output.shape))))
    return Pooled(output.detach().numpy(), None if indices is None else indices.numpy(), gradient.numpy())


def _max_pool(
    rank: int,
    x: torch.Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> tuple[torch.Tensor, torch.Tensor]:
    function = getattr(F, f"max_pool{rank}d")
    if _is_numbers(padding):
        return function(x, kernel_size, stride, padding, dilation, ceil_mode, return_indices=True)
    lines, counts = _pairs(rank, x, kernel_size, stride, padding, dilation, ceil_mode)
    padded = _pad(x, lines, -math.inf)
    output, indices = function(padded, kernel_size, stride, 0, dilation, ceil_mode, return_indices=True)
    return _cut(output, counts), _without_padding(_cut(indices, counts), padded.shape[-rank:], lines)


def _avg_pool(
    rank: int,
    x: torch.Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> tuple[torch.Tensor, None]:
    if _is_numbers(padding):
        arguments = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
        return _torch_avg_pool(rank, x, *arguments), None
    lines, counts = _pairs(rank, x, kernel_size, stride, padding, 1, ceil_mode)

    def pooled(tensor: torch.Tensor, divisor: int | None) -> torch.Tensor:
        output = _torch_avg_pool(rank, _pad(tensor, lines, 0), kernel_size, stride, 0, ceil_mode, True, divisor)
        return _cut(output, counts)

    if count_include_pad or divisor_override is not None:
        return pooled(x, divisor_override), None
    return pooled(x, 1) / pooled(torch.ones_like(x), 1), None


def _torch_avg_pool(rank: int, x: torch.Tensor, kernel: Any, stride: Any, padding: Any, *rest: Any) -> torch.Tensor:
    if rank > 1:
        return getattr(F, f"avg_pool{rank}d")(x, kernel, stride, padding, *rest)
    # PyTorch has no divisor in 1d: pool a plane of one row.
    kernel, stride, padding = spread(kernel, 1)[0], spread(stride, 1)[0] or spread(kernel, 1)[0], spread(padding, 1)[0]
    return F.avg_pool2d(x[..., None, :], (1, kernel), (1, stride), (0, padding), *rest)[..., 0, :]


def _lp_pool(
    rank: int, x: torch.Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> tuple[torch.Tensor, None]:
    kernels = spread(kernel_size, rank)
    function = getattr(F, f"lp_pool{rank}d")
    return function(x, norm_type, kernels[0] if rank == 1 else kernels, stride, ceil_mode), None


def _adaptive_max_pool(rank: int, x: torch.Tensor, output_size: Any) -> tuple[torch.Tensor, torch.Tensor]:
    return getattr(F, f"adaptive_max_pool{rank}d")(x, output_size, return_indices=True)


def _adaptive_avg_pool(rank: int, x: torch.Tensor, output_size: Any) -> tuple[torch.Tensor, None]:
    return getattr(F, f"adaptive_avg_pool{rank}d")(x, output_size), None


def _global_max_pool(rank: int, x: torch.Tensor, keepdims: bool) -> tuple[torch.Tensor, None]:
    output, _ = _adaptive_max_pool(rank, x, 1)
    return output if keepdims else output.flatten(-rank)[..., 0], None


def _global_avg_pool(rank: int, x: torch.Tensor, keepdims: bool) -> tuple[torch.Tensor, None]:
    return x.mean(tuple(range(-rank, 0)), keepdim=keepdims), None


def _max_unpool(
    rank: int,
    x: torch.Tensor,
    indices: torch.Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
) -> tuple[torch.Tensor, None]:
    function = getattr(F, f"max_unpool{rank}d")
    kernels, strides, paddings = spread(kernel_size, rank), spread(stride, rank), spread(padding, rank)
    return function(x, indices, kernels, None if None in strides else strides, paddings, output_size), None


def _is_numbers(padding: Any) -> bool:
    return isinstance(padding, int) or all(isinstance(item, int) for item in padding)


def _pairs(rank: int, x: torch.Tensor, *arguments: Any) -> tuple[list[Line], list[int]]:
    """Return the arguments along each axis, and how many windows the rules put there."""
    *arguments, ceil_mode = arguments
    kernels, strides, paddings, dilations = (spread(argument, rank) for argument in arguments)
    lines = [Line(*axis) for axis in zip(x.shape[-rank:], kernels, strides, paddings, dilations, strict=True)]
    return lines, [len(list(line.windows(ceil_mode))) for line in lines]


def _pad(x: torch.Tensor, lines: list[Line], value: float) -> torch.Tensor:
    return F.pad(x, [amount for line in reversed(lines) for amount in both_sides(line)], value=value)


def _cut(output: torch.Tensor, counts: list[int]) -> torch.Tensor:
    """Drop the windows that start behind the last real cell: on a padded input PyTorch cannot tell."""
    return output[(..., *map(slice, counts))]


def _without_padding(indices: torch.Tensor, padded: torch.Size, lines: list[Line]) -> torch.Tensor:
    """Turn places in the padded plane into places in the plane."""
    place = torch.zeros_like(indices)
    for line, coordinates in zip(lines, torch.unravel_index(indices, padded), strict=True):
        place = place * line.size + coordinates - both_sides(line)[0]
    return place
