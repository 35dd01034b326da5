"""How the array layers address cells: along one axis, or by their place in a plane. Standard library only.

The place of a cell is its number when the cells of its plane are counted in row-major order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pooling.geometry import Axis, Index


def along(axis: int, index: Any) -> Index:
    """Return what indexes `axis`, counted from the end (−1 is the last), with `index` and all other axes whole."""
    return (..., index, *(slice(None),) * (-axis - 1))


def largest_offset(axes: Sequence[Axis]) -> int:
    """Return how far the place of a window's last tap is from that of its first."""
    offset = 0
    for axis in axes:
        offset = offset * axis.size + axis.span - 1
    return offset
