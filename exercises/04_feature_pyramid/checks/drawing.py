"""The picture of a window: the plane it lies on, with its cells marked."""

import html
import math
from dataclasses import dataclass
from typing import Any

from .values import at, decode, plain

#: Planes with more rows or columns than this are cut out around the window.
MOST_CELLS = 12
#: What the marked cells of a picture are, by its role.
LEGENDS = {
    "window": "bold: the cells of its window",
    "plane": "all of it counts",
    "cell": "bold: the cell",
    "gradient": "bold: the outputs whose windows hold the cell",
}
#: Stands in a cell of padding.
PADDING = "·"


@dataclass
class Picture:
    """A plane with marked cells.

    For a result of pooling, the plane is the input's and the marked cells are those of the window. For a gradient, the
    plane is that of the gradient coming in, and the marked cells are the outputs whose windows hold the cell.
    """

    name: str
    #: Indices in front of the plane, such as the channel.
    before: tuple[int, ...]
    rows: list[list[Any]]
    #: (row, column) of every marked cell
    marked: set[tuple[int, int]]
    #: "window", "plane", "gradient" or "cell"
    role: str
    #: First row and column drawn.
    origin: tuple[int, int]

    def title(self) -> str:
        """Name the plane as Python would index it."""
        return self.name + "".join(f"[{index}]" for index in self.before)

    def sentence(self) -> str:
        """Say which values the result comes from."""
        marked = [self.rows[row][column] for row, column in sorted(self.marked)]
        real = [value for value in marked if value is not PADDING]
        values = ", ".join(map(_number, real))
        if self.role == "plane":
            return f"It is taken over all of {self.title()}."
        if self.role == "cell":
            return f"That cell of {self.title()} holds {values}."
        if self.role == "gradient":
            if not self.marked:
                return "It lies in no window, so nothing comes back to it."
            windows = "one window, whose output" if len(real) == 1 else f"{len(real)} windows, whose outputs"
            return f"It lies in {windows} got {values} from {self.title()}."
        cells = "these cells" if len(real) > 1 else "this cell"
        padding = len(marked) - len(real)
        beside = f", and {padding} of padding" if padding else ""
        return f"Its window covers {cells} of {self.title()}: {values}{beside}."

    def text(self) -> str:
        """Draw it with characters, the marked cells in brackets."""
        words = [[_number(value) for value in row] for row in self.rows]
        width = max((len(word) for row in words for word in row), default=1)
        lines = [self.title()]
        for row, entries in enumerate(words):
            drawn = ""
            for column, word in enumerate(entries):
                left, right = "[]" if (row, column) in self.marked else "  "
                drawn += f"{left}{word:>{width}}{right}"
            lines.append("  " + drawn)
        if self.origin != (0, 0):
            lines.append(f"  (from row {self.origin[0]} and column {self.origin[1]} on)")
        return "\n".join("    " + line for line in lines)

    def html(self, caption: str) -> str:
        """Draw it as a table that reads on a light and a dark page, and in a screen reader."""
        rows = []
        for row, entries in enumerate(self.rows):
            cells = []
            for column, value in enumerate(entries):
                word = html.escape(_number(value))
                if (row, column) in self.marked:
                    cells.append(f'<td style="{_CELL}{_MARKED}"><strong>{word}</strong></td>')
                else:
                    cells.append(f'<td style="{_CELL}">{word}</td>')
            rows.append(f"<tr>{''.join(cells)}</tr>")
        title = html.escape(f"{caption}: {self.title()}" if caption else self.title())
        return (
            f'<div style="margin: .5em 0; font-size: 90%"><div>{title} ({LEGENDS[self.role]})</div>'
            f'<table aria-label="{title}" style="border-collapse: collapse; margin: .3em 0">'
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    def data(self) -> dict[str, Any]:
        """Return it as data that JSON can hold."""
        words = [[_number(value) for value in row] for row in self.rows]
        marked = sorted(list(cell) for cell in self.marked)
        return {
            "title": self.title(),
            "rows": words,
            "marked": marked,
            "role": self.role,
            "legend": LEGENDS[self.role],
            "sentence": self.sentence(),
        }


_CELL = "border: 1px solid #8888; padding: .2em .6em; text-align: right; background: transparent; "
_MARKED = "outline: 2px solid #d55e00; outline-offset: -2px; background: #d55e0022; "


def pictures(case: dict[str, Any], path: tuple[int, ...]) -> list[Picture]:
    """Draw the window that belongs to a place of the result; for a gradient, that place in x and where it comes from.

    A case's ``windows`` say of which input they are (``of``), what its marked cells mean (``role``), and for each
    spatial axis, for each index along it, which cells belong to it (``axes``); cells outside the axis are padding.
    """
    windows = case["windows"]
    drawn = _picture(case, windows["of"], windows["axes"], windows["role"], path)
    if windows["role"] != "gradient":
        return [] if drawn is None else [drawn]
    own = [[[index] for index in range(len(axis))] for axis in windows["axes"]]
    cell = _picture(case, "x", own, "cell", path)
    return [picture for picture in (cell, drawn) if picture is not None]


def _picture(
    case: dict[str, Any], name: str, axes: list[list[list[int]]], role: str, path: tuple[int, ...]
) -> Picture | None:
    source = plain(decode(case["inputs"][name]))
    if source.shape is None:
        return None
    leading = len(source.shape) - len(axes)
    # A global average may leave its pooled axes out.
    place = path[leading:] if len(path) == len(source.shape) else (0,) * len(axes)
    if len(path) < leading or any(index >= len(axis) for index, axis in zip(place, axes, strict=True)):
        return None
    plane = at(source.tree, path[:leading])
    if not (plane and plane[0]):
        return None
    rows, columns = (axis[index] for axis, index in zip(axes, place, strict=True))
    drawn_rows, drawn_columns = _drawn(len(plane), rows, axes[0]), _drawn(len(plane[0]), columns, axes[1])
    values = [[_cell(plane, row, column) for column in drawn_columns] for row in drawn_rows]
    marked = {
        (row - drawn_rows.start, column - drawn_columns.start)
        for row in rows
        for column in columns
        if row in drawn_rows and column in drawn_columns
    }
    origin = (max(drawn_rows.start, 0), max(drawn_columns.start, 0))
    return Picture(name, path[:leading], values, marked, role, origin)


def passed(summary: str) -> str:
    """Return the line that a passed check shows in a notebook."""
    return (
        f'<p style="margin: .3em 0"><span style="color: #009e73; font-weight: bold">✓</span> {html.escape(summary)}</p>'
    )


def _drawn(size: int, cells: list[int], windows: list[list[int]]) -> range:
    """Choose which part of an axis to draw: all of it with its padding, or the window with a little around it."""
    first = min([0, *(cell for window in windows for cell in window)])
    end = max([size, *(cell + 1 for window in windows for cell in window)])
    if end - first <= MOST_CELLS or not cells:
        return range(first, min(end, first + MOST_CELLS))
    start = max(first, min(min(cells) - 2, end - MOST_CELLS))
    return range(start, start + MOST_CELLS)


def _cell(plane: list[list[Any]], row: int, column: int) -> Any:
    """Return the value in a cell; PADDING outside the plane."""
    return plane[row][column] if 0 <= row < len(plane) and 0 <= column < len(plane[0]) else PADDING


def _number(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.4g}"
    return {math.inf: "∞", -math.inf: "−∞"}.get(value, str(value))
