"""Sends small arrays of the NumPy layer through tiles, where only large ones go."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from pooling.numpy_layer import bins, few, tiles


@contextmanager
def tiles_of(size: int) -> Iterator[None]:
    """Send every array through tiles of so many bytes, or of one window where that is more."""
    smaller = [mock.patch.object(module, "TILE_BYTES", size) for module in (tiles, bins)]
    with mock.patch.object(few, "FEW_CELLS", -1), smaller[0], smaller[1]:
        tiles.tiling.cache_clear()
        yield
    tiles.tiling.cache_clear()
