"""The picture of a window: the plane it lies on, with its cells marked."""

import html
import math
from dataclasses import dataclass
from typing import Any

from .values import at, decode, plain

#: Planes with more rows or columns than this are cut out around the window.
MOST_CELLS = 12


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
    #: "window" or "gradient"
    role: str
    #: First row and column drawn.
    origin: tuple[int, int]
    #: Which output the window belongs to, or which cell the gradient.
    path: tuple[int, ...]

    def title(self) -> str:
        """Name the plane as Python would index it."""
        return self.name + "".join(f"[{index}]" for index in self.before)

    def sentence(self) -> str:
        """Say which values the result comes from."""
        values = ", ".join(_number(self.rows[row][column]) for row, column in sorted(self.marked))
        if self.role == "gradient":
            if not self.marked:
                return "That cell lies in no window, so nothing comes back to it."
            count = len(self.marked)
            windows = "one window" if count == 1 else f"{count} windows"
            return f"That cell of x lies in {windows}, to whose outputs {self.title()} gives {values}."
        cells = "these cells" if len(self.marked) > 1 else "this cell"
        return f"Its window covers {cells} of {self.title()}: {values}."

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
        legend = "bold: the cells of the window" if self.role == "window" else "bold: what comes back to the cell"
        return (
            '<table style="border-collapse: collapse; margin: .5em 0; font-size: 90%">'
            '<caption style="text-align: left; caption-side: top; color: inherit">'
            f"{html.escape(caption)}: <code>{html.escape(self.title())}</code> "
            f"({legend})</caption><tbody>{''.join(rows)}</tbody></table>"
        )

    def data(self) -> dict[str, Any]:
        """Return it as data that JSON can hold."""
        words = [[_number(value) for value in row] for row in self.rows]
        marked = sorted(list(cell) for cell in self.marked)
        return {"title": self.title(), "rows": words, "marked": marked, "role": self.role, "sentence": self.sentence()}


_CELL = "border: 1px solid #8888; padding: .2em .6em; text-align: right; background: transparent; "
_MARKED = "outline: 2px solid #d55e00; outline-offset: -2px; background: #d55e0022; "


def picture(case: dict[str, Any], path: tuple[int, ...]) -> Picture | None:
    """Find the window that belongs to a place of the result.

    A case's ``windows`` say of which input they are (``of``), what its marked cells mean (``role``), and for each
    spatial axis, for each index along it, which cells belong to it (``axes``).
    """
    windows = case["windows"]
    source = plain(decode(case["inputs"][windows["of"]]))
    axes = windows["axes"]
    if source.shape is None:
        return None
    leading = len(source.shape) - len(axes)
    # A global average may leave its pooled axes out.
    place = path[leading:] if len(path) == len(source.shape) else (0,) * len(axes)
    if len(path) < leading or any(index >= len(axis) for index, axis in zip(place, axes, strict=True)):
        return None
    before = path[:leading]
    plane = at(source.tree, before)
    cells = [axis[index] for axis, index in zip(axes, place, strict=True)]
    if len(axes) == 1:
        plane, cells = [plane], [[0], *cells]
    rows, columns = cells
    if not (plane and plane[0]):
        return None
    top, bottom = _cut(len(plane), rows)
    left, right = _cut(len(plane[0]), columns)
    drawn = [row[left:right] for row in plane[top:bottom]]
    marked = {
        (row - top, column - left)
        for row in rows
        for column in columns
        if top <= row < bottom and left <= column < right
    }
    return Picture(windows["of"], before, drawn, marked, windows["role"], (top, left), path)


def passed(summary: str) -> str:
    """Return the line that a passed check shows in a notebook."""
    return (
        f'<p style="margin: .3em 0"><span style="color: #009e73; font-weight: bold">✓</span> {html.escape(summary)}</p>'
    )


def _cut(size: int, cells: list[int]) -> tuple[int, int]:
    """Choose which part of a long axis to draw: the window with a little around it."""
    if size <= MOST_CELLS or not cells:
        return 0, min(size, MOST_CELLS)
    first = max(0, min(min(cells) - 2, size - MOST_CELLS))
    return first, first + MOST_CELLS


def _number(value: Any) -> str:
    if not isinstance(value, float) or math.isfinite(value) is False:
        return "−∞" if value == -math.inf else "∞" if value == math.inf else str(value)
    return f"{value:.4g}"
