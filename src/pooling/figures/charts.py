"""Measured numbers as bars."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes

from pooling.figures.palette import COLOURS, as_text, canvas


def draw_bars(values: Mapping[str, float], *, axes: Axes | None = None, title: str = "", unit: str = "") -> Axes:
    """Draw a horizontal bar for each value, with its name before it and the number behind it.

    Parameters
    ----------
    values : mapping of str to float
        From top to bottom; none negative.
    axes, title
        As in `draw_grid`.
    unit : str
        What follows each number.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is no value, or one below 0.
    """
    if not values or min(values.values()) < 0:
        raise ValueError(f"values must hold at least one number and none below 0; got {dict(values)!r}")
    if axes is None:
        axes = canvas(0.36 * len(values) + (0.4 if title else 0.15))[1][0, 0]
    colours = [COLOURS[row % len(COLOURS)] for row in range(len(values))]
    axes.barh(list(values), list(values.values()), color=colours, height=0.62)
    for row, value in enumerate(values.values()):
        axes.text(value, row, f" {as_text(value)}{unit}", va="center")
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.2 * max(values.values()) or 1), xticks=[], title=title)
    axes.tick_params(length=0)
    axes.spines["bottom"].set_visible(False)
    return axes
