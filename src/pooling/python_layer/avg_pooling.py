"""Average pooling on nested lists, forward and backward, and the Lp norm, which is an average in disguise."""

from __future__ import annotations

import math
from typing import Any

from pooling import arguments
from pooling.python_layer.grid import Grid, pooling_grid
from pooling.python_layer.max_pooling import largest
from pooling.python_layer.nested import Plane, map_planes


def avg_pool2d(
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """Take the mean of each window.

    y[i][j] = (sum of x[r][c] over the real cells of window (i, j)) / divisor. Padding adds nothing to the sum.

    Parameters
    ----------
    x : nested lists of int or float
        Shape (N, C, H, W), (C, H, W) or (H, W).
    kernel_size, stride, padding, ceil_mode
        As in `max_pool2d`.
    count_include_pad : bool
        Whether the divisor counts the window's padding cells too. What overhangs in `ceil_mode` never counts.
    divisor_override : int, optional
        Divide by this number instead, whatever the window covers.

    Returns
    -------
    nested lists of float
        Shape (N, C, H_out, W_out) and the like.

    Raises
    ------
    TypeError, ValueError
        As in `max_pool2d`, and for a `divisor_override` of 0.

    References
    ----------
    `torch.nn.AvgPool2d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html

    Examples
    --------
    >>> avg_pool2d([[1, 3, 2, 1], [4, 2, 1, 0], [5, 6, 1, 2], [7, 8, 3, 4]], kernel_size=2)
    [[2.5, 1.0], [6.5, 2.5]]
    """
    grid = pooling_grid(x, kernel_size, stride, padding, ceil_mode=ceil_mode)
    divisors = window_divisors(grid, count_include_pad, divisor_override)
    return mean(x, grid, divisors)


def avg_pool2d_backward(
    grad_output: Any,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """Spread each upstream gradient over its window: every real cell gets gradient / divisor.

    Parameters
    ----------
    grad_output : nested lists of int or float
        Gradient of the loss by the output; the shape of the output.
    x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
        What the forward pass took. Of x only the shape matters.

    Returns
    -------
    nested lists of float
        Gradient of the loss by x; the shape of x.

    Raises
    ------
    TypeError, ValueError
        As in `avg_pool2d`, and if `grad_output` has not the shape of the output.

    Examples
    --------
    >>> avg_pool2d_backward([[8]], [[1, 2], [3, 4]], kernel_size=2)
    [[2.0, 2.0], [2.0, 2.0]]
    """
    grid = pooling_grid(x, kernel_size, stride, padding, ceil_mode=ceil_mode)
    divisors = window_divisors(grid, count_include_pad, divisor_override)
    return spread(grad_output, grid, divisors)


def lp_pool2d(x: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Any:
    """Take the Lp norm of each window.

    y[i][j] = (sum of x[r][c]^p over window (i, j))^(1/p). p = 1 is a sum; the larger p, the closer to the maximum.
    There is no absolute value in it, as there is none in PyTorch: an odd p wants x ≥ 0. p = ∞ is the limit, the largest
    magnitude, and p = −∞ the smallest.

    Parameters
    ----------
    x : nested lists of int or float
        Shape (N, C, H, W), (C, H, W) or (H, W).
    norm_type : float
        p, any number but 0; ±∞ too.
    kernel_size, stride, ceil_mode
        As in `max_pool2d`. In `ceil_mode` a window that overhangs has its sum scaled up to a whole window.

    Returns
    -------
    nested lists of float
        NaN where a root does not exist.

    Raises
    ------
    TypeError, ValueError
        As in `max_pool2d`, and for a `norm_type` of 0.

    References
    ----------
    `torch.nn.LPPool2d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html

    Examples
    --------
    >>> lp_pool2d([[3, 0], [0, 4]], norm_type=2, kernel_size=2)
    [[5.0]]
    """
    p = arguments.norm_type(norm_type)
    grid = pooling_grid(x, kernel_size, stride, padding=0, ceil_mode=ceil_mode)
    if math.isinf(p):
        sign = math.copysign(1, p)  # the smallest |x| is minus the largest −|x|
        signed = map_planes(lambda value: sign * abs(value), len(grid.shape), x)
        return map_planes(lambda value: sign * value, len(grid.shape), largest(signed, grid, return_indices=False))
    kernel_height, kernel_width = arguments.integers("kernel_size", kernel_size, 2, 1)

    def norm(mean_power: float) -> float:
        return _power(mean_power * kernel_height * kernel_width, 1 / p)

    powers = map_planes(lambda value: _power(value, p), len(grid.shape), x)
    mean_powers = mean(powers, grid, window_divisors(grid))
    return map_planes(norm, len(grid.shape), mean_powers)


def window_divisors(grid: Grid, count_include_pad: bool = True, divisor_override: int | None = None) -> Plane:
    """Return what the sum of each window is divided by."""
    arguments.flag("count_include_pad", count_include_pad)
    override = arguments.divisor(divisor_override)
    if override is not None:
        return [[override for _ in grid.columns] for _ in grid.rows]
    if count_include_pad:
        return [[row.extent * column.extent for column in grid.columns] for row in grid.rows]
    return [[len(row.cells) * len(column.cells) for column in grid.columns] for row in grid.rows]


def mean(x: Any, grid: Grid, divisors: Plane) -> Any:
    """Return the sum of each window, divided by its divisor."""

    def mean_plane(plane: Plane) -> Plane:
        sums = [
            [sum(plane[r][c] for r in row.cells for c in column.cells) for column in grid.columns] for row in grid.rows
        ]
        return [
            [total / divisor for total, divisor in zip(sum_row, divisor_row, strict=True)]
            for sum_row, divisor_row in zip(sums, divisors, strict=True)
        ]

    return map_planes(mean_plane, grid.depth, x)


def spread(grad_output: Any, grid: Grid, divisors: Plane) -> Any:
    """Add to all cells of each window their share of its upstream gradient."""
    grid.check_output("grad_output", grad_output)

    def spread_plane(upstream: Plane) -> Plane:
        plane = [[0.0] * grid.shape[-1] for _ in range(grid.shape[-2])]
        for i, row in enumerate(grid.rows):
            for j, column in enumerate(grid.columns):
                share = upstream[i][j] / divisors[i][j]
                for r in row.cells:
                    for c in column.cells:
                        plane[r][c] += share
        return plane

    return map_planes(spread_plane, grid.depth, grad_output)


def _power(base: float, exponent: float) -> float:
    """Raise to a power as arrays do: NaN where no real result exists, ∞ where it is too large."""
    try:
        power = math.pow(base, exponent)
    except ValueError:
        return math.inf if base == 0 else math.nan
    except OverflowError:
        return math.inf
    return power
