"""The results as a picture: how long each contender takes in the main cases, beside PyTorch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from pooling.figures import COLOURS, INK, MUTED, canvas, style
from tests.benchmarks.contenders import CONTENDERS, TORCH
from tests.benchmarks.results import Row

OPERATIONS = ("max forward", "average forward", "max forward + backward")

#: Marker, colour and size: ours are large and coloured, others open or grey; shape alone tells them apart as well.
MARKERS: dict[str, tuple[str, str, float]] = {
    "numpy_layer": ("o", COLOURS[0], 64),
    "torch_layer": ("s", COLOURS[1], 52),
    "onnxruntime": ("D", COLOURS[2], 40),
    "copy": ("|", INK, 90),
    "output loop": ("x", MUTED, 32),
    "sliding windows": ("+", MUTED, 46),
    "reshape": ("1", MUTED, 52),
    "scikit-image": ("v", COLOURS[3], 26),
    "SciPy": ("^", COLOURS[3], 26),
    "JAX": ("<", COLOURS[3], 26),
    "numba": (">", COLOURS[3], 26),
}


def draw_ratios(rows: Sequence[Row]) -> Figure:
    """Draw a panel for each operation, a line for each case and a mark for each contender.

    Parameters
    ----------
    rows : sequence of dict
        As `results.rows` makes them; those that are not of a main case are left out.

    Returns
    -------
    Figure
        Across, on a logarithmic scale: time divided by the time of PyTorch's operator.
    """
    panels = {operation: places(rows, operation) for operation in OPERATIONS}
    panels = {operation: lines for operation, lines in panels.items() if lines}
    heights = [len(lines) + 0.9 for lines in panels.values()]
    figure, axes = canvas(0.32 * sum(heights) + 1.5)
    axes[0, 0].remove()
    grid = figure.add_gridspec(len(panels), 1, height_ratios=heights)
    shared: Axes | None = None
    for number, (operation, lines) in enumerate(panels.items()):
        ax = figure.add_subplot(grid[number], sharex=shared)
        if shared is None:
            shared = ax
            # In the first panel only: over the others it could meet a longer title.
            ax.annotate("PyTorch", (1, 1), (0, 4), ("data", "axes fraction"), "offset points", ha="center", fontsize=9)
        draw_panel(ax, operation, lines, is_last=number == len(panels) - 1)
    taking_part = {name for lines in panels.values() for ratios in lines.values() for name in ratios}
    handles = [
        plt.scatter([], [], marker=marker, color=colour, s=size, label=name)
        for name, (marker, colour, size) in MARKERS.items()
        if name in taking_part
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=4, frameon=False, fontsize=9, handletextpad=0.2)
    return figure


def places(rows: Sequence[Row], operation: str) -> dict[str, dict[str, float]]:
    """Return, for each main case of an operation, the ratio of each contender to PyTorch."""
    lines: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["main"] and row["operation"] == operation and row["contender"] != TORCH:
            lines.setdefault(short(row), {})[row["contender"]] = row["ratio_to_torch"]
    return lines


def short(row: Row) -> str:
    """Name a case as the issue's table does, such as "8×64×112² k2 s2"."""
    *front, height, width = row["shape"]
    assert height == width, "the main cases are squares"
    words = ["×".join(map(str, [*front, f"{width}²"]))]
    named = {"k": "kernel_size", "s": "stride", "p": "padding"}
    words += [f"{letter}{row['arguments'][name]}" for letter, name in named.items() if row["arguments"][name]]
    return " ".join(words)


def draw_panel(ax: Axes, operation: str, lines: Mapping[str, Mapping[str, float]], is_last: bool) -> None:
    """Draw the lines of one operation."""
    for number, ratios in enumerate(lines.values()):
        ax.axhline(number, color=MUTED, linewidth=0.4, zorder=0)
        for contender in reversed(CONTENDERS):  # ours are drawn last, on top
            if contender.name in ratios:
                marker, colour, size = MARKERS[contender.name]
                height = number + lane(contender.name)
                ax.scatter(ratios[contender.name], height, marker=marker, color=colour, s=size, zorder=3)
    ax.axvline(1, color=INK, linewidth=1.2, zorder=1)
    ax.set_xscale("log")
    ax.set(ylim=(len(lines) - 0.5, -0.5))
    ax.set_yticks(range(len(lines)), list(lines), fontsize=9)
    ax.set_title(operation, loc="left")
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", which="both", labelbottom=is_last)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    if is_last:
        ax.set_xlabel("time ÷ time of PyTorch's operator (← faster)")


def lane(contender: str) -> float:
    """Say how far above or below its line a contender is marked: in one of three lanes, to keep equal ratios apart."""
    return 0.17 * (list(MARKERS).index(contender) % 3 - 1)


def save_plot(rows: Sequence[Row], path: Path) -> None:
    """Draw the ratios and save them as PNG."""
    style()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = draw_ratios(rows)
    figure.savefig(path)
    plt.close(figure)
