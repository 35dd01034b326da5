"""What the array operations share: which arrays they take, and in which dtype they calculate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from pooling import arguments
from pooling.geometry import Axis, averaged_axes, pooled_axes

Array = np.ndarray[Any, np.dtype[Any]]

#: Arguments of these types may be remembered. Not tuples: (2, 2) equals (2.0, 2.0), and only one of them is accepted.
_PLAIN = frozenset((int, bool, str, type(None)))


def numbers(name: str, value: Any) -> Array:
    """Return `value` as an array of floating-point numbers or integers; TypeError or ValueError otherwise."""
    accepted = f"{name} must be an array of floating-point numbers or integers"
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{accepted}, and not ragged; got {arguments.brief(value)}: {error}") from error
    except (TypeError, RuntimeError) as error:  # a tensor on a GPU, or one that requires a gradient
        raise TypeError(f"{accepted}; got a {type(value).__name__}: {error}") from error
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{accepted}; got dtype {array.dtype}, from {arguments.brief(value)}")
    return array


def pooled_array(x: Any, rank: int) -> Array:
    """Return x as an array that can be pooled over its last `rank` axes."""
    array = numbers("x", x)
    arguments.spatial_shape("x", array.shape, rank)
    return array


def _remembered(find: Callable[..., tuple[Axis, ...]]) -> Callable[..., tuple[Axis, ...]]:
    """Return a function of x, its rank and window arguments, which asks `find` once where the arguments are plain."""
    known = lru_cache(maxsize=1024, typed=True)(find)

    def axes(x: Array, rank: int, *window_arguments: Any) -> tuple[Axis, ...]:
        remember = _PLAIN.issuperset(map(type, window_arguments))
        return (known if remember else find)(x.shape[-rank:], *window_arguments)

    return axes


#: `geometry.pooled_axes` and `geometry.averaged_axes` for the last axes of x.
max_axes = _remembered(pooled_axes)
mean_axes = _remembered(averaged_axes)


def gradient(grad_output: Any, shape: tuple[int, ...], x: Array) -> Array:
    """Return the upstream gradient, checked for its shape, in the dtype to calculate the gradient of x with."""
    array = numbers("grad_output", grad_output)
    arguments.same_shape("grad_output", array.shape, shape, "that of the output")
    return array.astype(sum_dtype(x.dtype), copy=False)


def places(indices: Any, shape: tuple[int, ...], cells: int, meaning: str) -> Array:
    """Return indices, checked for their shape and for lying within planes of so many cells."""
    array = numbers("indices", indices)
    if array.dtype.kind == "f":
        raise TypeError(
            f"indices must be an array of integers; got dtype {array.dtype}, from {arguments.brief(indices)}"
        )
    arguments.same_shape("indices", array.shape, shape, meaning)
    if array.size and not (array.min() >= 0 and array.max() < cells):
        outside = array[(array < 0) | (array >= cells)]
        raise ValueError(f"indices must lie between 0 and {cells - 1}; got {outside[0]}")
    return array


def float_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype of a result that integers cannot hold: `dtype` itself, or float64 for an integer one."""
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def sum_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype to add up in: `float_dtype`, but float32 for float16, whose sums overflow or stand still."""
    return np.result_type(float_dtype(dtype), np.float32)


def native(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype in the byte order of this machine."""
    return dtype.newbyteorder("=")


def output_shape(x: Array, axes: tuple[Axis, ...]) -> tuple[int, ...]:
    """Return the shape of x after pooling."""
    return (*x.shape[: x.ndim - len(axes)], *(axis.output_size for axis in axes))


def empty(x: Array, sizes: Sequence[int], dtype: np.dtype[Any]) -> Array:
    """Return an array for results of x, with other sizes on its last axes; channels last in memory if x is."""
    if not is_channels_last(x, len(sizes)):
        return np.empty((*x.shape[: -len(sizes)], *sizes), dtype)
    return np.moveaxis(np.empty((len(x), *sizes, x.shape[1]), dtype), -1, 1)


def is_channels_last(x: Array, rank: int) -> bool:
    """Tell whether x has shape (N, C, *spatial) and lies in memory as (N, *spatial, C), and not as its shape says."""
    return x.ndim == rank + 2 and not x.flags.c_contiguous and np.moveaxis(x, 1, -1).flags.c_contiguous


def planes(array: Array, rank: int) -> Array:
    """Return the array with one row for each plane: every leading axis in the first, the last `rank` in the second."""
    cells = int(np.prod(array.shape[array.ndim - rank :]))
    return array.reshape(int(np.prod(array.shape[: array.ndim - rank])), cells)


def outer_product(counts: Iterable[Sequence[int] | Array]) -> Array:
    """Multiply every combination of one count for each axis."""
    return np.asarray(reduce(np.multiply, np.ix_(*counts)))
