"""Is every wrong argument refused at once, by a message that names it, shows its value and says what is accepted?"""

import inspect
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from pooling import torch_layer
from tests.pooling import layers
from tests.pooling.cases import LAYERS, RANKS
from tests.pooling.refusals import REFUSALS, RIGHT
from tests.pooling.refusing import CHECKS, applicable, check, right_call
from tests.pooling.torch_refusals import wrong_tensors

MODULES = {
    "MaxPool": "max_pool",
    "AvgPool": "avg_pool",
    "LPPool": "lp_pool",
    "AdaptiveMaxPool": "adaptive_max_pool",
    "AdaptiveAvgPool": "adaptive_avg_pool",
    "GlobalMaxPool": "global_max_pool",
    "GlobalAvgPool": "global_avg_pool",
    "MaxUnpool": "max_unpool",
}


@pytest.mark.parametrize(("check_refusals", "call"), [pytest.param(*each, id=name) for name, each in CHECKS.items()])
def test_wrong_arguments_are_refused(check_refusals, call):
    check_refusals(*call)


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("operation", RIGHT)
def test_torch_layer_wants_a_tensor_of_a_dtype_that_pytorch_pools(operation, rank):
    function = getattr(torch_layer, f"{operation}{rank}d")
    check(function, right_call("torch", operation, rank), wrong_tensors(operation, rank))


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("name", MODULES)
def test_a_module_refuses_when_it_is_made(name, rank):
    make = getattr(torch_layer, f"{name}{rank}d")
    operation = MODULES[name]
    right = RIGHT[operation]
    make(**right)
    rows = applicable(REFUSALS, operation, inspect.signature(make).parameters)
    check(make, right, [row for row in rows if not row.needs_x])


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("name", MODULES)
def test_a_module_wants_a_channel_axis(name, rank):
    """As torch.nn's modules do: a plane alone may be a batch of rows by mistake."""
    module = getattr(torch_layer, f"{name}{rank}d")(**RIGHT[MODULES[name]])
    sizes = (6,) * rank
    indices = (torch.zeros(sizes, dtype=torch.int64),) if name == "MaxUnpool" else ()
    with pytest.raises(ValueError, match=r"must have shape \(N, C, .*got " + str(sizes).replace("(", r"\(")[:-1]):
        module(torch.ones(sizes), *indices)


@pytest.mark.parametrize("operation", ["max_pool", "avg_pool"])
def test_torch_layer_refuses_what_pytorch_refuses_and_nothing_else(operation):
    """Of a thousand calls with random arguments, right and wrong, are the same ones refused?"""
    draw = random.Random(0)

    def number_or_tuple(least: int, most: int) -> Any:
        numbers = tuple(draw.randint(least, most) for _ in range(draw.choice((1, rank, rank, rank))))
        return draw.choice((numbers, numbers[0]))

    refused = 0
    for _ in range(1000):
        rank = draw.choice(RANKS)
        x = torch.zeros(1, 2, *(draw.randint(1, 6) for _ in range(rank)))
        arguments = {"kernel_size": number_or_tuple(1, 4), "stride": draw.choice((None, number_or_tuple(1, 3)))}
        arguments |= {"padding": number_or_tuple(0, 2), "ceil_mode": draw.choice((True, False))}
        if operation == "max_pool":
            arguments["dilation"] = number_or_tuple(1, 3)
        theirs, ours = (outcome(getattr(library, f"{operation}{rank}d"), x, arguments) for library in (F, torch_layer))
        if "nothing but padding" not in str(ours):  # PyTorch lets such windows pass and returns an index outside of x
            assert type(ours) is type(theirs) or {type(ours), type(theirs)} == {ValueError, RuntimeError}, (
                f"{operation}{rank}d(x of shape {tuple(x.shape)}, {arguments}):\n  PyTorch: {theirs}\n  ours: {ours}"
            )
            refused += isinstance(ours, Exception)
    assert 200 < refused < 800


def outcome(function: Callable, x: torch.Tensor, arguments: dict[str, Any]) -> Any:
    """Return the shape of the result, or the error."""
    try:
        return function(x, **arguments).shape
    except (RuntimeError, ValueError, TypeError) as error:
        return error


@pytest.mark.parametrize("layer", LAYERS)
def test_an_average_of_volumes_refuses_a_kernel_larger_than_x_even_with_padding(layer):
    """PyTorch does, on three axes only; on two it pools."""
    for rank in LAYERS[layer]:
        x = layers.to(layer, np.ones((1, 1) + (2,) * rank))
        pool = getattr(layers.module(layer), f"avg_pool{rank}d")
        if rank < 3:
            assert layers.back(pool(x, 3, 1, 1)).shape == (1, 1) + (2,) * rank
        else:
            with pytest.raises(ValueError, match=r"kernel_size .* 2 .* got 3"):
                pool(x, 3, 1, 1)
