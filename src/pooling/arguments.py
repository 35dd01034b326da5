"""Reads the arguments that every pooling operation shares, and refuses what makes no sense.

The three layers call these functions first, so that a wrong argument gets the same answer everywhere: an error that
names the argument, the value and what would be accepted. Standard library only.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from numbers import Real
from typing import Any, NamedTuple

#: Padding as the layers use it: cells added (before, after) each axis.
Pairs = tuple[tuple[int, int], ...]

_LETTERS = {1: "L", 2: "H, W", 3: "D, H, W"}


def integer(name: str, value: Any, least: int) -> int:
    """Return `value` as an int of at least `least`; TypeError or ValueError otherwise."""
    number = _as_int(value)
    if number is None:
        raise TypeError(
            f"{name} must be an integer of at least {least}; got {brief(value)} of type {type(value).__name__}"
        )
    if number < least:
        raise ValueError(f"{name} must be an integer of at least {least}; got {number}")
    return number


def integers(name: str, value: Any, rank: int, least: int, *, single: bool = True) -> tuple[int, ...]:
    """Return one int for each of `rank` axes.

    `value` is an int, for all axes alike, or a sequence with an int for each axis. A sequence of length one counts as
    an int where `single` is true, as it does in PyTorch.
    """
    if not is_sequence(value):
        if _as_int(value) is None:
            raise TypeError(
                f"{name} must be an integer of at least {least}, or {_one_for_each(rank)}; "
                f"got {brief(value)} of type {type(value).__name__}"
            )
        return (integer(name, value, least),) * rank
    if single and len(value) == 1:
        return (integer(f"{name}[0]", value[0], least),) * rank
    if len(value) != rank:
        raise ValueError(f"{name} must be an integer of at least {least}, or {_one_for_each(rank)}; got {brief(value)}")
    return tuple(integer(f"{name}[{axis}]", item, least) for axis, item in enumerate(value))


def padding_pairs(padding: Any, rank: int) -> Pairs:
    """Return (before, after) for each axis.

    `padding` is an int, a sequence with an int or a (before, after) pair for each axis, or one such item for all axes.
    """
    accepted = (
        f"an integer of at least 0, {_one_for_each(rank)}, a (before, after) pair for each axis, such as "
        f'{((0, 1),) * rank}, or "same"'
    )
    if not is_sequence(padding):
        if _as_int(padding) is None:
            raise TypeError(f"padding must be {accepted}; got {brief(padding)} of type {type(padding).__name__}")
        return (_pair("padding", padding),) * rank
    if len(padding) not in (1, rank):
        raise ValueError(f"padding must be {accepted}; got {brief(padding)}")
    pairs = tuple(_pair(f"padding[{axis}]", item) for axis, item in enumerate(padding))
    return pairs * rank if len(pairs) == 1 else pairs


def _pair(name: str, item: Any) -> tuple[int, int]:
    if not is_sequence(item):
        amount = integer(name, item, 0)
        return amount, amount
    if len(item) != 2:
        raise ValueError(f"{name} must be an integer of at least 0 or a (before, after) pair; got {brief(item)}")
    return integer(f"{name}[0]", item[0], 0), integer(f"{name}[1]", item[1], 0)


def flag(name: str, value: Any) -> bool:
    """Return `value` if it is True or False; TypeError otherwise (1 and 0 are refused, as in PyTorch)."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False; got {brief(value)} of type {type(value).__name__}")
    return value


def divisor(value: Any) -> int | None:
    """Return `divisor_override`: None, or an int other than 0."""
    if value is None:
        return None
    number = _as_int(value)
    if number is None:
        accepted = "divisor_override must be None or an integer other than 0"
        raise TypeError(f"{accepted}; got {brief(value)} of type {type(value).__name__}")
    if number == 0:
        raise ValueError("divisor_override must be None or an integer other than 0; got 0")
    return number


def norm_type(value: Any) -> Any:
    """Return the exponent p of an Lp pooling: any number but 0."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"norm_type must be a number other than 0; got {brief(value)} of type {type(value).__name__}")
    if value == 0:
        raise ValueError("norm_type must be a number other than 0 (the norm is a power of 1/norm_type); got 0")
    return value


class WindowArguments(NamedTuple):
    """The arguments of a pooling, an entry for each axis; `padding` is None for "same"."""

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Pairs | None
    dilation: tuple[int, ...]
    ceil_mode: bool


def window_arguments(
    rank: int, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> WindowArguments:
    """Check whatever can be checked of a pooling's arguments before the sizes of x are known."""
    kernels = integers("kernel_size", kernel_size, rank, 1)
    no_stride = stride is None or (is_sequence(stride) and len(stride) == 0)
    strides = kernels if no_stride else integers("stride", stride, rank, 1)
    dilations = integers("dilation", dilation, rank, 1)
    flag("ceil_mode", ceil_mode)
    if isinstance(padding, str) and padding == "same":
        return WindowArguments(kernels, strides, None, dilations, ceil_mode)
    pairs = padding_pairs(padding, rank)
    for axis, (before, after) in enumerate(pairs):
        # PyTorch's limit, for PyTorch's kind of padding. Pairs are ours; `geometry` looks at their windows instead.
        if before == after and before > kernels[axis] // 2:
            raise ValueError(
                f"padding must be at most half of kernel_size, {kernels[axis] // 2} for kernel_size={kernels[axis]}; "
                f"got {before} for axis {axis} (padding={padding!r})"
            )
    return WindowArguments(kernels, strides, pairs, dilations, ceil_mode)


def spatial_shape(name: str, shape: Sequence[int], rank: int, *, bare: bool = True) -> tuple[int, ...]:
    """Return the last `rank` sizes of `shape`, after a check that it can be pooled.

    Accepted are (N, C, *spatial), (C, *spatial) and, where `bare` is true, *spatial alone. Only N may be 0.
    """
    if not rank + (0 if bare else 1) <= len(shape) <= rank + 2:
        letters = _LETTERS[rank]
        accepted = [f"(N, C, {letters})", f"(C, {letters})"] + [f"({letters})"] * bare
        raise ValueError(
            f"{name} must have shape {', '.join(accepted[:-1])} or {accepted[-1]}; "
            f"got {tuple(shape)}, of rank {len(shape)}"
        )
    if 0 in shape[1 if len(shape) == rank + 2 else 0 :]:
        raise ValueError(f"{name} must have at least one cell in every axis but the batch; got shape {tuple(shape)}")
    return tuple(shape[len(shape) - rank :])


def same_shape(name: str, shape: Sequence[int], expected: Sequence[int], meaning: str) -> None:
    """Refuse a `shape` that differs from `expected`; `meaning` says what has the expected shape."""
    if tuple(shape) != tuple(expected):
        raise ValueError(f"{name} must have shape {tuple(expected)}, {meaning}; got {tuple(shape)}")


def is_sequence(value: Any) -> bool:
    """Tell a list or tuple (torch.Size too) from a number; a string is neither."""
    return isinstance(value, (list, tuple))


def brief(value: Any) -> str:
    """Return `repr(value)`, cut to fit an error message."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _as_int(value: Any) -> int | None:
    """Return an int for an int, NumPy's included, and None for anything else; True and False are not numbers here."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):  # asked first, since torch.compile traces sizes that are ints to this question only
        return value
    if getattr(value, "dtype", None) == "bool":  # NumPy's True, which NumPy 2.0 takes for 1
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _one_for_each(rank: int) -> str:
    return "a tuple with one" if rank == 1 else f"a tuple of {rank}, one for each axis"
