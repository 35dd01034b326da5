"""Planes of numbers, and what becomes of their windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from pooling import geometry
from pooling.figures.palette import COLOURS, MUTED, WIDTH, as_plane, as_text, canvas, tinted

PLAIN, HATCHED = -1, -2  # tints that are not among COLOURS


def draw_grid(
    values: ArrayLike,
    *,
    axes: Axes | None = None,
    title: str = "",
    tints: ArrayLike | None = None,
    frames: Sequence[tuple[int, int, int, int, str]] = (),
) -> Axes:
    """Draw a plane of numbers as squares with a number in each.

    Parameters
    ----------
    values : array_like
        Shape (H, W). −∞ and NaN are written as such.
    axes : Axes, optional
        Where to draw; a new figure without it.
    title : str
    tints : array_like of int, optional
        Shape (H, W): which of COLOURS a square is filled with; −1 leaves it plain, −2 hatches it.
    frames : sequence of (row, column, height, width, colour)
        Thick outlines around blocks of squares.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If `values` is not a plane, or `tints` has not its shape.
    """
    plane = as_plane("values", values)
    height, width = plane.shape
    fills = np.full(plane.shape, PLAIN) if tints is None else np.asarray(tints)
    if fills.shape != plane.shape:
        raise ValueError(f"tints must have the shape of values, {plane.shape}; got {fills.shape}")
    if axes is None:
        axes = canvas(min(0.5 * height, WIDTH) + 0.3)[1][0, 0]
    for (row, column), value in np.ndenumerate(plane):
        draw_cell(axes, column, row, as_text(value), int(fills[row, column]))
    for row, column, tall, wide, colour in frames:
        axes.add_patch(Rectangle((column, row), wide, tall, fill=False, edgecolor=colour, linewidth=2.4, zorder=3))
    set_stage(axes, (-0.06, width + 0.06), (height + 0.06, -0.06), title)
    return axes


def draw_pooling(
    x: ArrayLike,
    outputs: Mapping[str, ArrayLike],
    kernel_size: Any,
    stride: Any = None,
    *,
    only: tuple[int, int] | None = None,
) -> Figure:
    """Draw an input beside what was pooled from it; a window and its output have the same colour.

    Squares that belong to several windows stay plain; those that no window reads are hatched.

    Parameters
    ----------
    x : array_like
        Shape (H, W).
    outputs : mapping of str to array_like
        Title and pooled plane of each operation.
    kernel_size, stride
        As the pooling took them.
    only : (int, int), optional
        Row and column of the one output whose window is shown.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If x is not a plane, or an output has not the shape that these windows give.
    """
    plane = as_plane("x", x)
    rows, columns = geometry.pooled_axes(plane.shape, kernel_size, stride)
    pooled_shape = (rows.output_size, columns.output_size)
    planes = {title: as_plane(f"outputs[{title!r}]", output) for title, output in outputs.items()}
    for title, output in planes.items():
        if output.shape != pooled_shape:
            raise ValueError(f"outputs[{title!r}] must have shape {pooled_shape}, as its windows; got {output.shape}")

    readers = np.zeros(plane.shape, int)
    tints, pooled_tints = np.full(plane.shape, PLAIN), np.full(pooled_shape, PLAIN)
    for i, row in enumerate(rows.windows):
        for j, column in enumerate(columns.windows):
            cells = np.ix_(row.cells, column.cells)
            readers[cells] += 1
            if only in (None, (i, j)):
                tints[cells] = pooled_tints[i, j] = 2 * (i % 2) + j % 2
    if only is None:
        tints[readers > 1] = PLAIN
    tints[readers == 0] = HATCHED

    widths = [plane.shape[1]] + [pooled_shape[1]] * len(planes)
    square = min((WIDTH - 0.2) / (sum(widths) + 0.7 * len(planes)), 0.55)
    figure, axes = canvas(square * plane.shape[0] + 0.45)
    axes[0, 0].remove()
    grid = figure.add_gridspec(1, len(widths), width_ratios=widths, wspace=0.12)
    draw_grid(plane, axes=figure.add_subplot(grid[0]), title="input", tints=tints)
    for number, (title, output) in enumerate(planes.items(), start=1):
        draw_grid(output, axes=figure.add_subplot(grid[number]), title=title, tints=pooled_tints)
    return figure


def draw_cell(axes: Axes, left: float, top: float, text: str, tint: int = PLAIN) -> None:
    """Draw one square with a text in it."""
    box = Rectangle((left, top), 1, 1, facecolor="white", edgecolor=MUTED, linewidth=0.8)
    label = axes.text(left + 0.5, top + 0.5, text, ha="center", va="center")
    if tint == HATCHED:
        box.set(facecolor="#dddbd5", hatch="////")
        label.set_bbox({"facecolor": "#dddbd5", "edgecolor": "none", "pad": 1})
    elif tint != PLAIN:
        box.set_facecolor(tinted(COLOURS[tint % len(COLOURS)]))
    axes.add_patch(box)


def set_stage(axes: Axes, horizontal: tuple[float, float], vertical: tuple[float, float], title: str) -> None:
    """Show this part of the plane, in true proportion and without anything around it but a title."""
    axes.set(xlim=horizontal, ylim=vertical, aspect="equal")
    axes.set_axis_off()
    if title:
        axes.set_title(title)
