"""Does the NumPy layer's quick way through tiles agree with PyTorch, whatever the tiles?

The cases of the table are small, and small arrays go another way. Here they are sent through tiles: of many planes, or
of a part of one, down to a single window.
"""

import numpy as np
import pytest

from pooling import numpy_layer
from pooling.geometry import adaptive_windows, pooled_axes
from pooling.numpy_layer import bins, tiles
from tests.pooling import layers
from tests.pooling.agreement import SPECIAL, compare, compare_special_values
from tests.pooling.cases import GROUPS, sample
from tests.pooling.tiled import tiles_of

NUMPY_GROUPS = [group for group in GROUPS if "numpy" in layers.names(group.rank)]


SIZES = [
    pytest.param(0, marks=pytest.mark.slow, id="a window each"),
    pytest.param(100, id="100 bytes"),
    pytest.param(1000, marks=pytest.mark.slow, id="1000 bytes"),
    pytest.param(tiles.TILE_BYTES, marks=pytest.mark.slow, id="as they are"),
]


@pytest.fixture(params=SIZES)
def tile_bytes(request):
    with tiles_of(request.param):
        yield request.param


@pytest.mark.parametrize("group", NUMPY_GROUPS, ids=str)
def test_tiles_of_any_size_give_the_same(tile_bytes, group):
    compare("numpy", sample(group, 97))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", SPECIAL)
def test_special_values_in_tiles(tile_bytes, kind):
    compare_special_values("numpy", kind)


@pytest.mark.parametrize("value", [-0.0, np.nan, -np.inf])
def test_one_plane_that_needs_a_careful_search(value):
    """Is a plane searched again where it must be, and are its neighbours left alone?"""
    x = np.random.default_rng(0).standard_normal((2, 60, 64, 64)).astype(np.float32)
    x[1, 7] = value
    x[1, 7, ::2, ::2] = 0 if value == 0 else value
    for arguments in ({"kernel_size": 2}, {"kernel_size": 3, "stride": 1, "padding": 1}):
        best, places = numpy_layer.max_pool2d(x, **arguments, return_indices=True)
        for sample_number, channel in ((1, 7), (1, 6), (0, 0)):
            plane = x[sample_number, channel]  # small enough to go the other way
            expected, expected_places = numpy_layer.max_pool2d(plane, **arguments, return_indices=True)
            np.testing.assert_array_equal(best[sample_number, channel], expected)
            np.testing.assert_array_equal(np.signbit(best[sample_number, channel]), np.signbit(expected))
            np.testing.assert_array_equal(places[sample_number, channel], expected_places)
        np.testing.assert_array_equal(numpy_layer.max_pool2d(x, **arguments), best)


def test_tiles_cover_every_output_once_and_keep_to_their_size():
    axes = pooled_axes((50, 40), kernel_size=(3, 5), stride=(2, 1), padding=(1, 2))
    tiled = tiles.tiling(axes, cell_bytes=8)
    outputs = np.zeros((700, *(axis.output_size for axis in axes)), int)
    for stack, patch in tiled.tiles(len(outputs)):
        outputs[(stack, *patch.outputs)] += 1
        assert (stack.stop - stack.start) * patch.cells * 8 <= tiles.TILE_BYTES
        assert (stack.stop - stack.start) * patch.cells <= tiled.cells(len(outputs))
    assert (outputs == 1).all()


def test_bins_have_at_most_two_lengths_one_apart_and_so_have_the_ways_back():
    """`bins` pools those of the shorter length, and gives the others one more cell."""
    for size in range(1, 31):
        for count in range(1, 31):
            cells = [window.cells for window in adaptive_windows(size, count)]
            for one_axis, end in ((cells, size), (bins.adjoint(cells, size), count)):
                lengths = {len(each) for each in one_axis}
                assert max(lengths) - min(lengths) <= 1, f"{size} cells in {count} bins"
                assert {n for each in one_axis for n in each} == set(range(end))
            covering = bins.adjoint(cells, size)
            assert all((cell in cells[n]) == (n in covering[cell]) for cell in range(size) for n in range(count))
