"""Do the layers agree with PyTorch where numbers stop being ordinary: NaN, infinities, ties, zeros of both signs?"""

import math

import numpy as np
import pytest

from tests.pooling import layers
from tests.pooling.agreement import INF, LP_NORM_TYPES, NAN, SPECIAL, compare_one, compare_special_values, lp_corner
from tests.pooling.cases import Case
from tests.pooling.compare import same


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("layer", layers.names())
def test_special_values_are_pooled_as_pytorch_pools_them(layer, kind):
    """Is the table still right, indices and gradients too, where such values are strewn over x?"""
    compare_special_values(layer, kind)


#: A window of 1×4: its values, which wins, and at which index.
WINNERS = [
    ("the first of equals", [3.0, 7.0, 7.0, 7.0], 7.0, 1),
    ("the first zero, which is −0", [-1.0, -0.0, 0.0, 0.0], -0.0, 1),
    ("the first zero, which is +0", [-1.0, 0.0, -0.0, 0.0], 0.0, 1),
    ("NaN, over plus infinity", [INF, NAN, INF, 1.0], NAN, 1),
    ("the last of several NaN", [NAN, 1.0, NAN, INF], NAN, 2),
    ("the first cell of a window of minus infinities", [-INF, -INF, -INF, -INF], -INF, 0),
    ("a number over minus infinity", [-INF, -INF, -3.4e38, -INF], -3.4e38, 2),
]


@pytest.mark.parametrize(("window", "value", "index"), [row[1:] for row in WINNERS], ids=[row[0] for row in WINNERS])
@pytest.mark.parametrize("operation", ["max_pool2d", "adaptive_max_pool2d"])
@pytest.mark.parametrize("layer", layers.names())
def test_who_wins_a_window(layer, operation, window, value, index):
    argument = (1, 4) if operation == "max_pool2d" else 1
    x = np.array([window])
    output, indices = getattr(layers.module(layer), operation)(layers.to(layer, x), argument, return_indices=True)
    same("the winner", "output", np.array([[value]]), layers.back(output))
    assert math.copysign(1, layers.back(output).item()) == math.copysign(1, value), "the sign of zero"
    same("the winner", "indices", np.array([[index]]), layers.back(indices))


@pytest.mark.parametrize("layer", layers.names())
def test_every_window_chooses_its_own_first_tie(layer):
    """Overlapping windows on a plane of ones: each takes its own first cell, and gradients meet there."""
    ones = np.ones((3, 3))
    case = Case("max_pool", 2, (3, 3), "float64", {"kernel_size": 2, "stride": 1, "padding": 1})
    got = layers.pool(layer, case, ones, np.ones((4, 4)))
    same("ties", "indices", np.array([[0, 0, 1, 2], [0, 0, 1, 2], [3, 3, 4, 5], [6, 6, 7, 8]]), got.indices)
    same("ties", "gradient", np.array([[4.0, 2, 2], [2, 1, 1], [2, 1, 1]]), got.gradient)


@pytest.mark.parametrize("layer", layers.names())
def test_padding_never_wins(layer):
    """Is the maximum of a window of negatives negative, though there is padding in it?"""
    x = np.full((2, 2), -5.0)
    output = layers.module(layer).max_pool2d(layers.to(layer, x), 2, padding=1)
    same("negatives, padded", "output", np.full((2, 2), -5.0), layers.back(output))


#: Each operation with arguments that halve x, 4 cells on every axis, or, for the global ones, leave one cell of it.
HALVING = {
    "max_pool": {"kernel_size": 2},
    "avg_pool": {"kernel_size": 2},
    "lp_pool": {"norm_type": 2, "kernel_size": 2},
    "adaptive_max_pool": {"output_size": 2},
    "adaptive_avg_pool": {"output_size": 2},
    "global_max_pool": {"keepdims": True},
    "global_avg_pool": {"keepdims": True},
}


@pytest.mark.parametrize("operation", HALVING)
@pytest.mark.parametrize(("layer", "rank"), [(layer, rank) for layer in ("numpy", "torch") for rank in (1, 2, 3)])
def test_an_empty_batch_keeps_its_shape(layer, rank, operation):
    """Is a batch of no items pooled to a batch of no items, and back?"""
    x = np.zeros((0, 3) + (4,) * rank)
    output = np.zeros((0, 3) + (1 if operation.startswith("global") else 2,) * rank)
    case = Case(operation, rank, x.shape, "float64", HALVING[operation])
    got = layers.pool(layer, case, x, output)
    same(f"{layer}_layer.{case}", "output", output, got.output)
    same(f"{layer}_layer.{case}", "gradient", x, got.gradient)


@pytest.mark.parametrize(("layer", "rank"), [(layer, rank) for layer in ("numpy", "torch") for rank in (1, 2, 3)])
def test_an_empty_batch_is_unpooled(layer, rank):
    x, larger = np.zeros((0, 3) + (2,) * rank), np.zeros((0, 3) + (4,) * rank)
    unpool = getattr(layers.module(layer), f"max_unpool{rank}d")
    output = unpool(layers.to(layer, x), layers.to(layer, x.astype(np.int64)), 2)
    same("max_unpool of an empty batch", "output", larger, layers.back(output))


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("operation", ["adaptive_max_pool", "adaptive_avg_pool"])
@pytest.mark.parametrize("layer", ["numpy", "torch"])
def test_an_adaptive_output_may_be_empty(layer, operation, rank):
    """For an output of size 0 nothing comes out, as in PyTorch; and zeros come back, where PyTorch refuses to say."""
    x = np.ones((2, 3) + (4,) * rank)
    output_size = (2,) * (rank - 1) + (0,)
    case = Case(operation, rank, x.shape, "float64", {"output_size": output_size})
    got = layers.pool(layer, case, x, np.zeros((2, 3, *output_size)))
    same(str(case), "output", np.zeros((2, 3, *output_size)), got.output)
    same(str(case), "gradient", np.zeros(x.shape), got.gradient)


@pytest.mark.parametrize("layer", layers.names())
def test_the_later_of_two_maxima_stays_in_an_unpooled_cell(layer):
    x, indices = np.array([[1.0, 2.0, 3.0]]), np.array([[4, 1, 4]])
    output = layers.module(layer).max_unpool2d(layers.to(layer, x), layers.to(layer, indices), (1, 2))
    same("two go to cell 4", "output", np.array([[0.0, 2, 0, 0, 3, 0]]), layers.back(output))


@pytest.mark.parametrize("norm_type", LP_NORM_TYPES)
@pytest.mark.parametrize("layer", layers.names())
def test_lp_norms_of_zeros_and_negatives_are_those_of_pytorch(layer, norm_type):
    """Is there NaN where no root exists, ∞ where a power is infinite, a gradient of 0 where the sum is 0?

    In the limit, p = ∞ is the largest absolute value and p = −∞ the smallest.
    """
    case, x = lp_corner(norm_type)
    compare_one(layer, case, x, f" of {x.tolist()}")
