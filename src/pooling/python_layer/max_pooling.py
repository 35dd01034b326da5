"""Max pooling on nested lists: forward, backward, and unpooling."""

from __future__ import annotations

from typing import Any

from pooling import arguments
from pooling.geometry import unpooled_sizes
from pooling.python_layer.grid import Grid, plane_shape, pooling_grid
from pooling.python_layer.nested import Plane, map_planes, shape, zeros


def max_pool2d(
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Keep the largest value of each window.

    y[i][j] = max of x[r][c] over the real cells (r, c) of window (i, j). Padding never wins: it counts as −∞. NaN wins
    over every number.

    Parameters
    ----------
    x : nested lists of int or float
        Shape (N, C, H, W), (C, H, W) or (H, W).
    kernel_size, stride, padding, dilation, ceil_mode
        An int or a (rows, columns) tuple each; see `pooling.geometry.output_size`. `stride` defaults to `kernel_size`.
    return_indices : bool
        Whether to return the place of each maximum as well.

    Returns
    -------
    nested lists, or a pair of them
        Shape (N, C, H_out, W_out) and the like, holding the very numbers of x. Indices are ints, row · W + column
        within the plane. Of equal values the first in row-major order wins, of several NaN the last.

    Raises
    ------
    TypeError, ValueError
        For ragged x or a bad argument, naming it, its value and what is accepted.

    References
    ----------
    `torch.nn.MaxPool2d`: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html

    Examples
    --------
    >>> max_pool2d([[1, 3, 2, 1], [4, 2, 1, 0], [5, 6, 1, 2], [7, 8, 3, 4]], kernel_size=2)
    [[4, 2], [8, 4]]
    """
    grid = pooling_grid(x, kernel_size, stride, padding, dilation, ceil_mode)
    return largest(x, grid, return_indices)


def max_pool2d_backward(
    grad_output: Any,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    indices: Any = None,
) -> Any:
    """Send each upstream gradient to the cell that won its window.

    A cell that won several windows gets the sum of their gradients; a cell that won none gets 0.

    Parameters
    ----------
    grad_output : nested lists of int or float
        Gradient of the loss by the output; the shape of the output.
    x, kernel_size, stride, padding, dilation, ceil_mode
        What the forward pass took.
    indices : nested lists of int, optional
        What the forward pass returned with `return_indices`; without it the winners are searched again.

    Returns
    -------
    nested lists
        Gradient of the loss by x; the shape of x.

    Raises
    ------
    TypeError, ValueError
        As in `max_pool2d`, and if `grad_output` or `indices` has not the shape of the output.

    Examples
    --------
    >>> max_pool2d_backward([[10, 20]], [[1, 3, 2, 2], [4, 2, 1, 0]], kernel_size=2)
    [[0, 0, 20, 0], [10, 0, 0, 0]]
    """
    grid = pooling_grid(x, kernel_size, stride, padding, dilation, ceil_mode)
    if indices is None:
        _, indices = largest(x, grid, return_indices=True)
    return scatter(grad_output, indices, grid)


def max_unpool2d(
    x: Any, indices: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Any:
    """Put maxima back where `max_pool2d` found them, with 0 everywhere else.

    Parameters
    ----------
    x : nested lists of int or float
        Maxima: shape (N, C, H, W), (C, H, W) or (H, W).
    indices : nested lists of int
        Where each goes: row · W_out + column. Same shape as x. If two go to one cell, the later one stays.
    kernel_size, stride, padding
        Those of the pooling that is undone.
    output_size : int or tuple of int, optional
        Size of the result, (H_out, W_out) or the full shape; less than `stride` away from the default,
        (H − 1)·stride − 2·padding + kernel_size.

    Returns
    -------
    nested lists

    Raises
    ------
    TypeError, ValueError
        As in `max_pool2d`, and for indices of another shape or outside of the result.

    Examples
    --------
    >>> max_unpool2d([[4, 9]], [[1, 6]], kernel_size=2)
    [[0, 4, 0, 0], [0, 0, 9, 0]]
    """
    full_shape = plane_shape(x)
    height, width = unpooled_sizes(full_shape[-2:], kernel_size, stride, padding, output_size)
    arguments.same_shape("indices", shape("indices", indices), full_shape, "that of x")

    def unpool(values: Plane, places: Plane) -> Plane:
        plane = zeros(height, width)
        for row, place_row in zip(values, places, strict=True):
            for value, place in zip(row, place_row, strict=True):
                r, c = _cell(place, height, width)
                plane[r][c] = value
        return plane

    return map_planes(unpool, len(full_shape) - 2, x, indices)


def largest(x: Any, grid: Grid, return_indices: bool) -> Any:
    """Return the largest value of each window, and where it lies if asked to."""
    arguments.flag("return_indices", return_indices)
    width = grid.shape[-1]

    def places(plane: Plane) -> Plane:
        winners = [[_winner(plane, row.cells, column.cells) for column in grid.columns] for row in grid.rows]
        return [[r * width + c for r, c in winner_row] for winner_row in winners]

    def values(plane: Plane, places: Plane) -> Plane:
        return [[plane[place // width][place % width] for place in place_row] for place_row in places]

    indices = map_planes(places, grid.depth, x)
    output = map_planes(values, grid.depth, x, indices)
    return (output, indices) if return_indices else output


def _winner(plane: Plane, rows: range, columns: range) -> tuple[int, int]:
    """Find the largest value: the first of equals, the last NaN."""
    best_row, best_column = rows[0], columns[0]
    for row in rows:
        for column in columns:
            value = plane[row][column]
            if value > plane[best_row][best_column] or value != value:  # only NaN differs from itself
                best_row, best_column = row, column
    return best_row, best_column


def scatter(grad_output: Any, indices: Any, grid: Grid) -> Any:
    """Add each upstream gradient to the cell that its index names."""
    grid.check_output("grad_output", grad_output)
    grid.check_output("indices", indices)
    height, width = grid.shape[-2:]

    def scatter_plane(upstream: Plane, places: Plane) -> Plane:
        plane = zeros(height, width)
        for gradient_row, place_row in zip(upstream, places, strict=True):
            for gradient, place in zip(gradient_row, place_row, strict=True):
                row, column = _cell(place, height, width)
                plane[row][column] += gradient
        return plane

    return map_planes(scatter_plane, grid.depth, grad_output, indices)


def _cell(place: int, height: int, width: int) -> tuple[int, int]:
    place = arguments.integer("indices", place, 0)
    if place >= height * width:
        raise ValueError(f"indices must lie within the {height}×{width} plane, below {height * width}; got {place}")
    return divmod(place, width)
