"""Average pooling on arrays, forward and backward, and the Lp norm, which is an average in disguise.

The sum of every window comes from `window_sums`. The backward pass is a sum of windows too: a cell gets the shares of
all windows that cover it, and these are neighbours.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from pooling import arguments
from pooling.geometry import Axis
from pooling.numpy_layer import arrays
from pooling.numpy_layer.arrays import Array
from pooling.numpy_layer.max_pooling import max_pool, max_pool_backward
from pooling.numpy_layer.window_sums import Divisors, divided, spread_sums, window_sums
from pooling.ranks import for_ranks_1_2_3


def avg_pool(
    rank: int,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Take the mean of each window.

    y[i] = (sum of x over the real cells of window i) / divisor. Padding adds nothing to the sum.

    Parameters
    ----------
    x : array of float or int
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    kernel_size, stride, padding, ceil_mode
        An int, or a tuple with one for each axis; see `pooling.geometry.output_size`. `stride` defaults to
        `kernel_size`.
    count_include_pad : bool
        Whether the divisor counts the window's padding cells too. What overhangs in `ceil_mode` never counts.
    divisor_override : int, optional
        Divide by this number instead, whatever the window covers.

    Returns
    -------
    array
        Shape (N, C, *spatial_out) and the like. The dtype of x, or float64 where x holds integers. float16 is added up
        in float32 and rounded once.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.AvgPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool{n}d.html
    """
    array = arrays.pooled_array(x, rank)
    axes = arrays.mean_axes(array, rank, kernel_size, stride, padding, ceil_mode)
    divisors = _divisors(axes, count_include_pad, divisor_override)
    with np.errstate(invalid="ignore", over="ignore"):  # ∞ − ∞ is NaN here, as it is in PyTorch, without a warning
        return window_sums(array, axes, divisors)


def avg_pool_backward(
    rank: int,
    grad_output: Any,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """Spread each upstream gradient over its window: every real cell gets gradient / divisor.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output; the shape of the output.
    x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
        What the forward pass took. Of x only the shape and the dtype matter.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).

    Raises
    ------
    TypeError, ValueError
        As in the forward pass, and if `grad_output` has not the shape of the output.
    """
    array = arrays.pooled_array(x, rank)
    axes = arrays.mean_axes(array, rank, kernel_size, stride, padding, ceil_mode)
    divisors = _divisors(axes, count_include_pad, divisor_override)
    upstream = arrays.gradient(grad_output, arrays.output_shape(array, axes), array)
    with np.errstate(invalid="ignore", over="ignore"):
        share = divided(upstream, divisors)
        return spread_sums(share, axes).astype(arrays.float_dtype(array.dtype), copy=False)


def lp_pool(
    rank: int, x: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Array:
    """Take the Lp norm of each window.

    y[i] = (sum of x^p over window i)^(1/p). p = 1 is a sum; the larger p, the closer to the maximum. There is no
    absolute value in it, as there is none in PyTorch: an odd p wants x ≥ 0. p = ∞ is the limit, the largest
    magnitude, and p = −∞ the smallest.

    Parameters
    ----------
    x : array of float or int
        Shape (N, C, *spatial), (C, *spatial) or (*spatial).
    norm_type : float
        p, any number but 0; ±∞ too.
    kernel_size, stride, ceil_mode
        As in `avg_pool{n}d`. In `ceil_mode` a window that overhangs has its sum scaled up to a whole window.

    Returns
    -------
    array
        Shape (N, C, *spatial_out) and the like. The dtype of x, or float64 where x holds integers; NaN where a root
        does not exist.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.LPPool{n}d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool{n}d.html
    """
    p = arguments.norm_type(norm_type)
    array = arrays.pooled_array(x, rank)
    if math.isinf(p):
        signed = _signed_magnitudes(array, p)
        return math.copysign(1, p) * max_pool(rank, signed, kernel_size, stride, ceil_mode=ceil_mode)
    with np.errstate(all="ignore"):
        scaled = _window_powers(rank, array, p, kernel_size, stride, ceil_mode)
        return scaled ** (1 / p)


def lp_pool_backward(
    rank: int,
    grad_output: Any,
    x: Any,
    norm_type: float,
    kernel_size: Any,
    stride: Any = None,
    ceil_mode: bool = False,
) -> Array:
    """Send back through an Lp norm: dy/dx = (x / y)^(p − 1) within a window, and 0 for a window whose sum is 0.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output; the shape of the output.
    x, norm_type, kernel_size, stride, ceil_mode
        What the forward pass took.

    Returns
    -------
    array
        Gradient of the loss by x: its shape, and its dtype (float64 where x holds integers).

    Raises
    ------
    TypeError, ValueError
        As in the forward pass, and if `grad_output` has not the shape of the output.
    """
    p = arguments.norm_type(norm_type)
    array = arrays.pooled_array(x, rank)
    if math.isinf(p):
        signed = _signed_magnitudes(array, p)
        return np.sign(array) * max_pool_backward(rank, grad_output, signed, kernel_size, stride, ceil_mode=ceil_mode)
    cells = _kernel_cells(rank, kernel_size)
    with np.errstate(all="ignore"):
        scaled = _window_powers(rank, array, p, kernel_size, stride, ceil_mode)
        upstream = arrays.gradient(grad_output, scaled.shape, array)
        to_mean = np.where(scaled == 0, 0, upstream * (cells / p) * scaled ** (1 / p - 1))
        to_power = avg_pool_backward(rank, to_mean, array, kernel_size, stride, ceil_mode=ceil_mode)
        return to_power * p * array.astype(to_power.dtype, copy=False) ** (p - 1)


def _window_powers(rank: int, x: Array, p: float, kernel_size: Any, stride: Any, ceil_mode: bool) -> Array:
    """Return the sum of x^p over each window, an overhanging window's scaled up to a whole one."""
    powers = x.astype(arrays.float_dtype(x.dtype), copy=False) ** p
    return avg_pool(rank, powers, kernel_size, stride, ceil_mode=ceil_mode) * _kernel_cells(rank, kernel_size)


def _signed_magnitudes(x: Array, p: float) -> Array:
    """Return |x| for p = ∞, and −|x| for p = −∞: the largest of these has the smallest |x|."""
    return math.copysign(1, p) * np.abs(x.astype(arrays.float_dtype(x.dtype), copy=False))


def _kernel_cells(rank: int, kernel_size: Any) -> int:
    return int(np.prod(arguments.integers("kernel_size", kernel_size, rank, 1)))


def _divisors(axes: tuple[Axis, ...], count_include_pad: bool, divisor_override: int | None) -> Divisors:
    """Return what the sums of the windows are divided by."""
    return _known_divisors(
        axes, arguments.flag("count_include_pad", count_include_pad), arguments.divisor(divisor_override)
    )


@functools.lru_cache(maxsize=256)
def _known_divisors(axes: tuple[Axis, ...], count_include_pad: bool, override: int | None) -> Divisors:
    if override is not None:
        return override
    counts = tuple(
        np.array([window.extent if count_include_pad else len(window.cells) for window in axis.windows])
        for axis in axes
    )
    # One number divides faster than as many as there are windows.
    all_alike = all(count.min() == count.max() for count in counts)
    return math.prod(int(count[0]) for count in counts) if all_alike else counts


avg_pool1d, avg_pool2d, avg_pool3d = for_ranks_1_2_3(avg_pool)
avg_pool1d_backward, avg_pool2d_backward, avg_pool3d_backward = for_ranks_1_2_3(avg_pool_backward)
lp_pool1d, lp_pool2d, lp_pool3d = for_ranks_1_2_3(lp_pool)
lp_pool1d_backward, lp_pool2d_backward, lp_pool3d_backward = for_ranks_1_2_3(lp_pool_backward)
