"""Pooling to a given output size on nested lists; global pooling is the case of size 1."""

from __future__ import annotations

from typing import Any

from pooling import arguments
from pooling.python_layer.avg_pooling import mean, spread, window_divisors
from pooling.python_layer.grid import adaptive_grid
from pooling.python_layer.max_pooling import largest, scatter
from pooling.python_layer.nested import map_planes, shape


def adaptive_max_pool2d(x: Any, output_size: Any, return_indices: bool = False) -> Any:
    """Keep the largest value of each window, with windows chosen to give `output_size` of them.

    Parameters
    ----------
    x : nested lists of int or float
        Shape (N, C, H, W), (C, H, W) or (H, W).
    output_size : int or (int or None, int or None)
        Rows and columns of the output; None keeps those of x. The windows are those of
        `pooling.geometry.adaptive_windows`.
    return_indices : bool
        As in `max_pool2d`.

    Returns
    -------
    nested lists, or a pair of them

    Raises
    ------
    TypeError, ValueError
        For ragged x, or an `output_size` that is negative or not an int.

    Examples
    --------
    >>> adaptive_max_pool2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]], output_size=2)
    [[5, 6], [8, 9]]
    """
    grid = adaptive_grid(x, output_size)
    return largest(x, grid, return_indices)


def adaptive_max_pool2d_backward(grad_output: Any, x: Any, output_size: Any) -> Any:
    """Send each upstream gradient to the cell that won its window; see `max_pool2d_backward`.

    Parameters
    ----------
    grad_output : nested lists of int or float
        Gradient of the loss by the output; the shape of the output.
    x, output_size
        What the forward pass took.

    Returns
    -------
    nested lists
        Gradient of the loss by x; the shape of x.
    """
    grid = adaptive_grid(x, output_size)
    _, indices = largest(x, grid, return_indices=True)
    return scatter(grad_output, indices, grid)


def adaptive_avg_pool2d(x: Any, output_size: Any) -> Any:
    """Take the mean of each window, with windows chosen to give `output_size` of them.

    Parameters
    ----------
    x, output_size
        As in `adaptive_max_pool2d`.

    Returns
    -------
    nested lists of float

    Raises
    ------
    TypeError, ValueError
        As in `adaptive_max_pool2d`.

    Examples
    --------
    >>> adaptive_avg_pool2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]], output_size=2)
    [[3.0, 4.0], [6.0, 7.0]]
    """
    grid = adaptive_grid(x, output_size)
    return mean(x, grid, window_divisors(grid))


def adaptive_avg_pool2d_backward(grad_output: Any, x: Any, output_size: Any) -> Any:
    """Spread each upstream gradient over its window; see `avg_pool2d_backward`.

    Parameters
    ----------
    grad_output : nested lists of int or float
        Gradient of the loss by the output; the shape of the output.
    x, output_size
        What the forward pass took.

    Returns
    -------
    nested lists of float
        Gradient of the loss by x; the shape of x.
    """
    grid = adaptive_grid(x, output_size)
    return spread(grad_output, grid, window_divisors(grid))


def global_max_pool2d(x: Any, keepdims: bool = True) -> Any:
    """Keep the largest value of each plane: one window as large as the plane.

    Parameters
    ----------
    x : nested lists of int or float
        Shape (N, C, H, W), (C, H, W) or (H, W).
    keepdims : bool
        Whether the output has shape (N, C, 1, 1), or (N, C).

    Returns
    -------
    nested lists, or a number for a plane without `keepdims`

    Examples
    --------
    >>> global_max_pool2d([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], keepdims=False)
    [4, 8]
    """
    return _squeezed(adaptive_max_pool2d(x, 1), x, keepdims)


def global_avg_pool2d(x: Any, keepdims: bool = True) -> Any:
    """Take the mean of each plane.

    Parameters
    ----------
    x, keepdims
        As in `global_max_pool2d`.

    Returns
    -------
    nested lists of float, or a float for a plane without `keepdims`

    References
    ----------
    Lin, Chen and Yan, "Network in Network", 2013, arXiv:1312.4400, section 3.2.

    Examples
    --------
    >>> global_avg_pool2d([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], keepdims=False)
    [2.5, 6.5]
    """
    return _squeezed(adaptive_avg_pool2d(x, 1), x, keepdims)


def _squeezed(pooled: Any, x: Any, keepdims: bool) -> Any:
    if arguments.flag("keepdims", keepdims):
        return pooled
    return map_planes(lambda plane: plane[0][0], len(shape("x", x)) - 2, pooled)
