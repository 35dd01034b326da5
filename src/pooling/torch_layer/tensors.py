"""What the tensor operations share: which tensors they take, and in which dtype they calculate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import torch
from torch import Tensor

from pooling import arguments

_FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


def pooled_tensor(x: Any, rank: int, integers: tuple[torch.dtype, ...] = ()) -> Tensor:
    """Return x if it is a tensor that can be pooled over its last `rank` axes.

    It must hold floating-point numbers, or one of the `integers` that PyTorch's operation takes too.
    """
    tensor = _tensor("x", x)
    if tensor.dtype not in _FLOATS + integers:
        accepted = ", ".join(str(dtype).removeprefix("torch.") for dtype in _FLOATS + integers)
        raise TypeError(f"x must have one of the dtypes {accepted}; got {tensor.dtype}")
    arguments.spatial_shape("x", tensor.shape, rank)
    return tensor


def all_integers() -> tuple[torch.dtype, ...]:
    """Return the integer dtypes."""
    return _INTEGERS


def places(indices: Any, x: Tensor, cells: int) -> Tensor:
    """Return indices, checked for their dtype, their shape and for lying within planes of so many cells."""
    tensor = _tensor("indices", indices)
    if tensor.dtype != torch.int64:
        raise TypeError(f"indices must have dtype int64; got {tensor.dtype}")
    arguments.same_shape("indices", tensor.shape, x.shape, "that of x")
    if not torch.compiler.is_compiling():  # a look at the values would break the compiled graph
        outside = tensor[(tensor < 0) | (tensor >= cells)]
        if outside.numel():
            raise ValueError(f"indices must lie between 0 and {cells - 1}; got {int(outside[0])}")
    return tensor


def sum_dtype(dtype: torch.dtype) -> torch.dtype:
    """Return the dtype to add up in: float32 for the 16-bit ones, whose sums would overflow or stand still."""
    return torch.float32 if dtype in (torch.float16, torch.bfloat16) else dtype


def outer_product(counts: Iterable[list[int]], device: torch.device) -> Tensor:
    """Multiply every combination of one count for each axis."""
    vectors = [torch.tensor(one, device=device) for one in counts]
    return reduce(torch.mul, (one.reshape(-1, *(1,) * (len(vectors) - 1 - i)) for i, one in enumerate(vectors)))


def one_more_axis(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> list[Any]:
    """Give tensors that `torch.vmap` maps over one more axis in front, where pooling has its batch anyway.

    A hand-written Function calls this in its `vmap`, and then itself. Its `forward` is thus left with ordinary tensors,
    and may look at their values.
    """
    return [
        value
        if not isinstance(value, Tensor)
        else value.expand(info.batch_size, *value.shape)
        if axis is None
        else value.movedim(axis, 0)
        for value, axis in zip(inputs, in_dims, strict=True)
    ]


def in_layout_of(x: Tensor, result: Tensor) -> Tensor:
    """Return the result channels-last if x is, as PyTorch's operators do."""
    return result.contiguous(memory_format=_layout(x))


def empty_outputs(x: Tensor, sizes: Sequence[int], dtype: torch.dtype) -> Tensor:
    """Return a tensor to write the outputs of x to, with so many on each spatial axis; channels-last if x is."""
    shape = (*x.shape[: x.ndim - len(sizes)], *sizes)
    return torch.empty(shape, dtype=dtype, device=x.device, memory_format=_layout(x))


def _layout(x: Tensor) -> torch.memory_format:
    layout = {4: torch.channels_last, 5: torch.channels_last_3d}.get(x.ndim)
    if layout is None or x.is_contiguous() or not x.is_contiguous(memory_format=layout):
        return torch.contiguous_format
    return layout


def _tensor(name: str, value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be a torch.Tensor; got {type(value).__name__}")
    return value
