"""Max pooling on tensors, differentiable, and unpooling.

How the largest value of every window is found, and where, is told in `max_search`. Each output is a copy of one input,
so each upstream gradient belongs to that input alone, and the backward pass of `Largest` puts it there. `Put` and its
adjoint `Fetch` are each the backward pass of the other, which makes second derivatives come out for free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from pooling import arguments
from pooling.geometry import pooled_axes, unpooled_sizes
from pooling.ranks import for_ranks_1_2_3
from pooling.torch_layer import tensors
from pooling.torch_layer.max_search import search_windows


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
    return largest(tensor, search_windows, axes, return_indices)


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


#: Takes a tensor, its windows on each axis, and whether to find places: `search_windows` or `search_bins`.
Search = Callable[[Tensor, Any, bool], tuple[Tensor, Tensor | None]]


def largest(x: Tensor, search: Search, windows: Sequence[Any], return_indices: bool) -> Any:
    """Return the largest value of each window, with its place if asked to."""
    # Where there will be a backward pass, it is quicker to find values and places at once.
    with_places = return_indices or (x.requires_grad and torch.is_grad_enabled())
    values, places = Largest.apply(x, search, windows, with_places)
    return (values, places) if return_indices else values


class Largest(Function):
    """Find the largest value of each window, and its place unless there is no need."""

    @staticmethod
    def forward(x: Tensor, search: Search, windows: Sequence[Any], with_places: bool) -> tuple[Tensor, Tensor | None]:
        return search(x, windows, with_places)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor | None]) -> None:
        x, ctx.search, ctx.windows, ctx.with_places = inputs
        ctx.sizes = x.shape[-len(ctx.windows) :]
        ctx.set_materialize_grads(False)  # the places have no gradient, so none has to be made up
        if output[1] is None:
            ctx.save_for_backward(x)
        else:
            ctx.mark_non_differentiable(output[1])
            ctx.save_for_backward(output[1])

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor | None, _: None) -> tuple[Tensor | None, None, None, None]:
        if grad_output is None:
            return None, None, None, None
        (places,) = ctx.saved_tensors
        if not ctx.with_places:
            _, places = Largest.apply(places.detach(), ctx.search, ctx.windows, True)
        rank = len(ctx.sizes)
        total: Tensor = Put.apply(grad_output.flatten(-rank), places.flatten(-rank), ctx.sizes.numel())
        return total.unflatten(-1, ctx.sizes), None, None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> Any:
        return Largest.apply(*tensors.one_more_axis(info, in_dims, *inputs)), (0, 0 if inputs[-1] else None)


class Fetch(Function):
    """Copy cells: y[..., i] = x[..., places[..., i]]."""

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

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Tensor, int]:
        return Fetch.apply(*tensors.one_more_axis(info, in_dims, *inputs)), 0


class Put(Function):
    """Add to cells: y[..., places[..., i]] += x[..., i], starting from 0; the adjoint of `Fetch`."""

    @staticmethod
    def forward(x: Tensor, places: Tensor, cells: int) -> Tensor:
        total = x.new_zeros(*x.shape[:-1], cells, dtype=tensors.sum_dtype(x.dtype))
        return total.scatter_add_(-1, places, x.to(total.dtype)).to(x.dtype)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, int], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        (places,) = ctx.saved_tensors
        return Fetch.apply(grad_output, places), None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Tensor, int]:
        return Put.apply(*tensors.one_more_axis(info, in_dims, *inputs)), 0


class Unpool(Function):
    """Write into cells: y[..., places[..., i]] = x[..., i], and 0 elsewhere."""

    @staticmethod
    def forward(x: Tensor, places: Tensor, cells: int) -> Tensor:
        return x.new_zeros(*x.shape[:-1], cells).scatter_(-1, places, x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, int], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None, None]:
        (places,) = ctx.saved_tensors
        return Fetch.apply(grad_output, places), None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[Tensor, int]:
        return Unpool.apply(*tensors.one_more_axis(info, in_dims, *inputs)), 0


max_pool1d, max_pool2d, max_pool3d = for_ranks_1_2_3(max_pool)
max_unpool1d, max_unpool2d, max_unpool3d = for_ranks_1_2_3(max_unpool)
