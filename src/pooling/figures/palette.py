"""The colours and the size that all drawings share."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

PAPER = "#f7f5ef"
INK = "#1d2733"
MUTED = "#5b6672"
#: Blue, vermilion, green, purple: dark enough for PAPER, and far apart for every eye (the tests measure both).
COLOURS = ("#00559e", "#c75300", "#1f9150", "#a3467f")

#: How an image's values become colours: grey for photographs; ink on paper for what is never negative, such as edges;
#: vermilion below zero and blue above for what has a sign.
COLOUR_MAPS = {
    "grey": LinearSegmentedColormap.from_list("grey", ["#000000", "#ffffff"]),
    "ink": LinearSegmentedColormap.from_list("ink", [PAPER, "#5fa3cd", COLOURS[0], INK]),
    "signed": LinearSegmentedColormap.from_list("signed", ["#5c2600", COLOURS[1], PAPER, COLOURS[0], "#00304d"]),
}

WIDTH = 5.2  # inches


def style() -> None:
    """Make this palette matplotlib's default; a chapter calls it once."""
    settings: dict[Any, Any] = {
        "axes.prop_cycle": cycler(color=COLOURS),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": 11,
        "figure.dpi": 200,
        "figure.figsize": (WIDTH, WIDTH / 2),
        "font.size": 11,
        "hatch.linewidth": 0.6,
        "savefig.dpi": 200,
    }
    for name in ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"):
        settings[name] = INK
    for name in ("figure.facecolor", "axes.facecolor", "savefig.facecolor"):
        settings[name] = PAPER
    mpl.rcParams.update(settings)


def canvas(height: float, columns: int = 1, rows: int = 1) -> tuple[Figure, NDArray[Any]]:
    """Return a new figure of the book's width, `height` inches high, and its axes in an array of (rows, columns)."""
    figure, axes = plt.subplots(rows, columns, figsize=(WIDTH, height), squeeze=False, layout="constrained")
    # Notebooks crop a figure to what is drawn; this frame keeps them all equally wide, and their text equally large.
    figure.add_artist(Rectangle((0, 0), 1, 1, transform=figure.transFigure, fill=False, linewidth=0))
    return figure, axes


def tinted(colour: str) -> tuple[float, float, float]:
    """Mix a colour with PAPER, so that INK reads on it."""
    red, green, blue = 0.38 * np.array(to_rgb(colour)) + 0.62 * np.array(to_rgb(PAPER))
    return (red, green, blue)


def as_plane(name: str, values: ArrayLike) -> NDArray[Any]:
    """Return `values` as an array of shape (H, W), or raise a ValueError that names them."""
    plane = np.asarray(values)
    if plane.ndim != 2 or 0 in plane.shape:
        raise ValueError(f"{name} must be a plane of shape (H, W) with at least one cell; got shape {plane.shape}")
    return plane


def as_text(value: Any) -> str:
    """Write a number with at most two decimals, as a person would: 4, 2.5, −∞."""
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "∞" if value > 0 else "−∞"
    text = f"{float(value):.2f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text == "−0" else text
