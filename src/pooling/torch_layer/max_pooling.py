"""Max pooling on tensors, differentiable, and unpooling.

Two questions, two answers. *Where* is the largest value of each window? A search that has no gradient. *What* is there?
A fetch: each output is a copy of one input, so each upstream gradient belongs to that input alone. `Fetch` and its
adjoint `Put` say just that; each is the backward pass of the other, which makes second derivatives come out for free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from pooling import arguments
from pooling.geometry import Axis, pooled_axes, taps, unpooled_sizes
from pooling.ranks import for_ranks_1_2_3
from pooling.torch_layer import tensors


def max_pool(
    rank: int,
    x: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Keep the largest value of each window.

    y[i] = max of x over the real cells of window i. Padding never wins: it counts as −∞. NaN wins over every number.
    The gradient of y[i] goes to the winner alone.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial); of floating-point numbers, or of integers where
        `torch.nn.functional.max_pool{n}d` takes them.
    kernel_size, stride, padding, dilation, ceil_mode
        An int, or a tuple with one for each axis; see `pooling.geometry.output_size`. `stride` defaults to
        `kernel_size`.
    return_indices : bool
        Whether to return the place of each maximum as well.

    Returns
    -------
    Tensor, or a pair of Tensors
        Shape (N, C, *spatial_out) and the like; dtype, device and memory format of x. Indices are int64 and flat
        within the plane. Of equal values the first in row-major order wins, of several NaN the last.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.MaxPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool{n}d.html
    """
    arguments.flag("return_indices", return_indices)
    # PyTorch takes integers here, except in one dimension without indices.
    integers = tensors.all_integers() if rank > 1 or return_indices else ()
    tensor = tensors.pooled_tensor(x, rank, integers)
    axes = pooled_axes(tensor.shape[-rank:], kernel_size, stride, padding, dilation, ceil_mode)
    places = _places_of_largest(tensor.detach(), axes)
    return fetched(tensor, places, rank, return_indices)


def max_unpool(
    rank: int,
    x: Tensor,
    indices: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    output_size: Any = None,
) -> Tensor:
    """Put maxima back where max pooling found them, with 0 everywhere else.

    Parameters
    ----------
    x : Tensor
        Maxima: shape (N, C, *spatial), (C, *spatial) or (*spatial), of floating-point numbers.
    indices : Tensor of int64
        Where each goes, flat within the plane. The shape of x. Two that go to one cell are a mistake: which of them
        stays is up to the device.
    kernel_size, stride, padding
        Those of the pooling that is undone.
    output_size : int or tuple of int, optional
        Size of the result, (*spatial_out) or the full shape; less than `stride` away from the default,
        (size − 1)·stride − 2·padding + kernel_size.

    Returns
    -------
    Tensor
        Shape (N, C, *spatial_out) and the like; the dtype of x.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, and for indices of another shape or outside of the result.

    References
    ----------
    `torch.nn.MaxUnpool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool{n}d.html
    """
    maxima = tensors.pooled_tensor(x, rank)
    sizes = unpooled_sizes(maxima.shape[-rank:], kernel_size, stride, padding, output_size)
    places = tensors.places(indices, maxima, torch.Size(sizes).numel())
    result: Tensor = Unpool.apply(maxima.flatten(-rank), places.flatten(-rank), torch.Size(sizes).numel())
    return tensors.in_layout_of(maxima, result.unflatten(-1, sizes))


class Fetch(Function):
    """Copy cells: y[..., i] = x[..., places[..., i]]."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, places: Tensor) -> Tensor:
        return x.gather(-1, places)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        x, places = inputs
        ctx.save_for_backward(places)
        ctx.cells = x.shape[-1]

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        (places,) = ctx.saved_tensors
        return Put.apply(grad_output, places, ctx.cells), None


class Put(Function):
    """Add to cells: y[..., places[..., i]] += x[..., i], starting from 0; the adjoint of `Fetch`."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, places: Tensor, cells: int) -> Tensor:
        total = x.new_zeros(*x.shape[:-1], cells, dtype=tensors.sum_dtype(x.dtype))
        return total.scatter_add(-1, places, x.to(total.dtype)).to(x.dtype)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, int], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        (places,) = ctx.saved_tensors
        return Fetch.apply(grad_output, places), None, None


class Unpool(Function):
    """Write into cells: y[..., places[..., i]] = x[..., i], and 0 elsewhere."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, places: Tensor, cells: int) -> Tensor:
        return x.new_zeros(*x.shape[:-1], cells).scatter(-1, places, x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, int], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        (places,) = ctx.saved_tensors
        return Fetch.apply(grad_output, places), None, None


def fetched(x: Tensor, places: Tensor, rank: int, return_indices: bool) -> Any:
    """Return the cells of x at the places, one place for each output, with the places if asked to."""
    values: Tensor = Fetch.apply(x.flatten(-rank), places.flatten(-rank))
    output = tensors.in_layout_of(x, values.unflatten(-1, places.shape[-rank:]))
    return (output, tensors.in_layout_of(x, places)) if return_indices else output


def _places_of_largest(x: Tensor, axes: tuple[Axis, ...]) -> Tensor:
    """Find the largest value of each window: one step for each tap, all windows at once."""
    rank = len(axes)
    numbers = cell_numbers(x, rank)
    best, places = x, numbers
    for axis, pooled in zip(range(-rank, 0), axes, strict=True):
        # Starting from the first real cell of every window, windows full of −∞ need no special case.
        first_cells = torch.tensor([window.cells[0] for window in pooled.windows], device=x.device)
        best, places = best.index_select(axis, first_cells), places.index_select(axis, first_cells)
    places = torch.zeros_like(best, dtype=torch.int64) + places
    for outputs, inputs in taps(axes):
        candidate, incumbent = x[inputs], best[outputs]
        wins = candidate > incumbent  # not for equal values: the first stays
        if x.is_floating_point():
            wins = wins | candidate.isnan()  # the last NaN wins
        best[outputs] = torch.where(wins, candidate, incumbent)
        places[outputs] = torch.where(wins, numbers[inputs], places[outputs])
    return places


def cell_numbers(x: Tensor, rank: int) -> Tensor:
    """Return the cells of a plane of x, numbered in row-major order."""
    sizes: Sequence[int] = x.shape[-rank:]
    return torch.arange(torch.Size(sizes).numel(), device=x.device).reshape(sizes)


max_pool1d, max_pool2d, max_pool3d = for_ranks_1_2_3(max_pool)
max_unpool1d, max_unpool2d, max_unpool3d = for_ranks_1_2_3(max_unpool)
