"""Stands for `pooling.figures` in a page: the photograph and its edges are there, and nothing is drawn.

The site puts this file where `pooling/figures/__init__.py` is, with the photograph as numbers beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.labs import undrawn
from pooling.figures.images import sobel
from pooling.figures.palette import COLOUR_MAPS, COLOURS, INK, MUTED, PAPER, style

#: Red, green and blue of every pixel as bytes, in the order of `photograph`.
PHOTOGRAPH = "photograph.npy"

__all__ = [
    "COLOURS",
    "COLOUR_MAPS",
    "INK",
    "MUTED",
    "PAPER",
    "canvas",
    "compare_images",
    "draw_bars",
    "draw_bins",
    "draw_grid",
    "draw_pooling",
    "draw_reach",
    "draw_windows",
    "photograph",
    "save_hero",
    "sobel",
    "style",
]


def photograph() -> NDArray[np.float64]:
    """Return the photograph: shape (3, 512, 512), red, green and blue from 0 to 1."""
    path = Path(__file__).with_name(PHOTOGRAPH)
    if not path.exists():
        raise FileNotFoundError("The photograph is not on this page. Pages whose own cells use it have it.")
    return np.load(path) / 255.0


def canvas(height: float, columns: int = 1, rows: int = 1) -> tuple[undrawn.Undrawn, Any]:
    """Return a figure that is not drawn, and its axes in an array of (rows, columns)."""
    return undrawn.subplots(rows, columns, squeeze=False)


def _not_drawn(*args: object, **kwargs: object) -> undrawn.Undrawn:
    """Take what the drawing would take, and draw nothing."""
    undrawn.asked_for.append("figure")
    return undrawn.UNDRAWN


compare_images = draw_bars = draw_bins = draw_grid = draw_pooling = draw_reach = draw_windows = save_hero = _not_drawn
