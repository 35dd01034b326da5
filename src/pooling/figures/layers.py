"""What windows and stacks of layers read, along one axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from pooling import geometry
from pooling.figures.grids import HATCHED, PLAIN, draw_cell, set_stage
from pooling.figures.palette import COLOURS, MUTED, PAPER, WIDTH, canvas


def draw_windows(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: Any = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
    *,
    axes: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw one axis as a row of numbered cells, and below it the windows, each in a row of its own.

    Padding is dotted, a cell that no window reads is hatched, and a tap that meets no cell is an open square. A last
    window that `ceil_mode` counts and then drops is drawn in grey.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation, ceil_mode
        As `pooling.geometry.output_size` takes them.
    axes, title
        As in `draw_grid`.

    Returns
    -------
    Axes
    """
    (axis,) = geometry.pooled_axes((size,), kernel_size, stride, padding, dilation, ceil_mode)
    span = (axis.kernel_size - 1) * axis.dilation + 1
    stop = axis.size + axis.after
    starts = [i * axis.stride - axis.before for i in range(axis.output_size)]
    next_start = starts[-1] + axis.stride
    dropped = ceil_mode and next_start + span < stop + axis.stride
    right = max([stop, starts[-1] + span, next_start + span if dropped else 0])
    lines = len(starts) + dropped
    if axes is None:
        square = min(WIDTH / (right + axis.before + 0.4), 0.6)
        axes = canvas(square * (1.25 + 0.55 * lines) + (0.35 if title else 0.05))[1][0, 0]

    read = {cell for window in axis.windows for cell in window.cells}
    for cell in range(-axis.before, stop):
        if 0 <= cell < axis.size:
            draw_cell(axes, cell, 0, str(cell), PLAIN if cell in read else HATCHED)
        else:
            axes.add_patch(Rectangle((cell, 0), 1, 1, fill=False, edgecolor=MUTED, linewidth=1, linestyle=":"))
            axes.text(cell + 0.5, 0.5, "pad", ha="center", va="center", color=MUTED, fontsize=10)
    for line, start in enumerate([*starts, next_start][:lines]):
        ghost = line == len(starts)
        colour = MUTED if ghost else COLOURS[line % len(COLOURS)]
        middle = 1.45 + 0.55 * line
        axes.plot([start + 0.5, start + span - 0.5], [middle, middle], color=colour, linewidth=2, zorder=1)
        for tap in range(start, start + span, axis.dilation):
            box = Rectangle((tap + 0.08, middle - 0.19), 0.84, 0.38, edgecolor=colour, linewidth=1.4, zorder=2)
            box.set(facecolor=colour if 0 <= tap < axis.size and not ghost else PAPER, linestyle="--" if ghost else "-")
            axes.add_patch(box)
        if ghost:
            axes.text(start - 0.1, middle, "dropped", ha="right", va="center", color=MUTED)
    set_stage(axes, (-axis.before - 0.15, right + 0.15), (1.25 + 0.55 * lines, -0.1), title)
    return axes


def draw_bins(size: int, output_size: int, *, axes: Axes | None = None, title: str = "") -> Axes:
    """Draw one axis as a row of numbered cells, and below it the bins of an adaptive pooling, each in a row of its own.

    Beside each bin stands how many cells it has. Where `output_size` does not divide `size`, bins share cells, and they
    may differ in length.

    Parameters
    ----------
    size, output_size : int
        As `pooling.geometry.adaptive_windows` takes them; at least one bin.
    axes, title
        As in `draw_grid`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is no bin.
    """
    bins = geometry.adaptive_windows(size, output_size)
    if not bins:
        raise ValueError(f"output_size must be at least 1 to draw a bin; got {output_size}")
    bottom, right = 1.25 + 0.55 * len(bins), size + 1.6  # room for the counts
    if axes is None:
        square = min(WIDTH / right, 0.6)
        axes = canvas(square * bottom + (0.35 if title else 0.05))[1][0, 0]
    for cell in range(size):
        draw_cell(axes, cell, 0, str(cell))
    for line, cells in enumerate(window.cells for window in bins):
        middle, count, colour = 1.45 + 0.55 * line, len(cells), COLOURS[line % len(COLOURS)]
        axes.plot([cells[0] + 0.5, cells[-1] + 0.5], [middle, middle], color=colour, linewidth=2, zorder=1)
        for cell in cells:
            axes.add_patch(Rectangle((cell + 0.08, middle - 0.19), 0.84, 0.38, facecolor=colour, zorder=2))
        axes.text(size + 0.2, middle, f"{count} cell{'s' * (count > 1)}", va="center", color=MUTED)
    set_stage(axes, (-0.15, right), (bottom, -0.1), title)
    return axes


def draw_reach(layers: Sequence[tuple[Any, ...]], *, axes: Axes | None = None, title: str = "") -> Axes:
    """Draw, along one axis, what a single output of a stack of layers is computed from.

    Parameters
    ----------
    layers : sequence of (type, kernel, stride[, padding[, dilation]])
        As `pooling.receptive_field.receptive_field` takes them. Padding is not drawn.
    axes, title
        As in `draw_grid`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is no layer.
    """
    if not layers:
        raise ValueError("layers must hold at least one (type, kernel, stride); got none")

    def sources(layer: tuple[Any, ...], cell: int) -> list[int]:
        _, kernel, stride, *rest = layer
        dilation = rest[1] if len(rest) > 1 else 1
        return [cell * stride + tap * dilation for tap in range(kernel)]

    used = [{0}]  # the cells that the output depends on, map by map: first the output's own, at last the input's
    for layer in reversed(layers):
        used.append({source for cell in used[-1] for source in sources(layer, cell)})
    used.reverse()
    if axes is None:
        axes = canvas(0.5 * len(used) + 0.4)[1][0, 0]

    last = max(used[0])
    places = {cell: float(cell) for cell in used[0]}
    _draw_map(axes, list(places.values()), 0, "input")
    for depth, layer in enumerate(layers, start=1):
        above, places = places, {}
        for cell in used[depth]:
            feet = [above[source] for source in sources(layer, cell)]
            places[cell] = sum(feet) / len(feet)
            for foot in feet:
                axes.plot([foot, places[cell]], [depth - 1, depth], color=MUTED, linewidth=0.8, zorder=1)
        _draw_map(axes, list(places.values()), depth, f"{layer[0]} {layer[1]}")
    axes.text(last / 2, -0.45, f"{len(used[0])} input cells", ha="center", va="center", color=MUTED)
    set_stage(axes, (-2.6 * (last + 4) / 10, last + 0.5), (len(layers) + 0.3, -0.7), title)
    axes.set_aspect("auto")
    return axes


def _draw_map(axes: Axes, places: list[float], depth: int, name: str) -> None:
    for place in places:
        box = FancyBboxPatch((place - 0.32, depth - 0.16), 0.64, 0.32, boxstyle="round,pad=0,rounding_size=0.1")
        box.set(facecolor=COLOURS[depth % len(COLOURS)], edgecolor="none", zorder=2)
        axes.add_patch(box)
    axes.annotate(name, (-0.32, depth), xytext=(-8, 0), textcoords="offset points", ha="right", va="center")
