"""The windows of a pooling over nested lists, as rows and columns."""

from __future__ import annotations

from typing import Any, NamedTuple

from pooling import arguments
from pooling.geometry import Window, adaptive_sizes, adaptive_windows, pooled_axes
from pooling.python_layer.nested import shape


class Grid(NamedTuple):
    """The windows on each plane of x: output (i, j) sees the cells where `rows[i]` and `columns[j]` cross."""

    shape: tuple[int, ...]  # of x
    rows: list[Window]
    columns: list[Window]

    @property
    def depth(self) -> int:
        """How many lists down the planes of x lie."""
        return len(self.shape) - 2

    def check_output(self, name: str, value: Any) -> None:
        """Refuse nested lists that have not the shape of this pooling's output."""
        expected = (*self.shape[:-2], len(self.rows), len(self.columns))
        if 0 not in expected:  # an empty list does not tell the rest of its shape
            arguments.same_shape(name, shape(name, value), expected, "that of the output")


def pooling_grid(
    x: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any = 1, ceil_mode: bool = False
) -> Grid:
    """Return the windows that the arguments of a pooling ask for."""
    full_shape = plane_shape(x)
    rows, columns = pooled_axes(full_shape[-2:], kernel_size, stride, padding, dilation, ceil_mode)
    return Grid(full_shape, rows.windows, columns.windows)


def adaptive_grid(x: Any, output_size: Any) -> Grid:
    """Return the windows that give an output of `output_size`."""
    full_shape = plane_shape(x)
    height, width = adaptive_sizes(full_shape[-2:], output_size)
    return Grid(full_shape, adaptive_windows(full_shape[-2], height), adaptive_windows(full_shape[-1], width))


def plane_shape(x: Any) -> tuple[int, ...]:
    """Return the shape of x; refuse what is not made of planes."""
    full_shape = shape("x", x)
    arguments.spatial_shape("x", full_shape, 2)
    return full_shape
