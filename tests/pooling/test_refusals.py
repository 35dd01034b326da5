"""Is every wrong argument refused at once, by a message that names it, shows its value and says what is accepted?"""

import inspect
import random
from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from pooling import torch_layer
from tests.pooling import layers
from tests.pooling.cases import LAYERS, RANKS
from tests.pooling.refusals import (
    REFUSALS,
    RIGHT,
    Refusal,
    torch_integer_refusals,
    wrong_gradients,
    wrong_indices,
    wrong_inputs,
)

FUNCTIONS = [(layer, operation, rank) for layer, ranks in LAYERS.items() for operation in RIGHT for rank in ranks]
BACKWARDS = [
    (layer, operation, rank)
    for layer, operation, rank in FUNCTIONS
    if layer == "numpy" or (layer == "python" and operation not in layers.PYTHON_HAS_NO_BACKWARD)
]
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


def right_call(layer: str, operation: str, rank: int) -> dict[str, Any]:
    """Return arguments that the operation accepts."""
    x = np.ones((2, 3) + ((2,) if operation == "max_unpool" else (6,)) * rank)
    indices = {}
    if operation == "max_unpool":
        plane = np.arange(2**rank).reshape((2,) * rank)
        indices = {"indices": layers.to(layer, np.broadcast_to(plane, x.shape).copy())}
    return {"x": layers.to(layer, x)} | indices | RIGHT[operation]


def applicable(refusals: Iterable[Refusal], operation: str, parameters: Collection[str]) -> list[Refusal]:
    """Pick the refusals that an operation with these parameters must give."""
    rows = [row for row in refusals if row.argument in parameters]
    return [row for row in rows if row.operations is None or operation in row.operations]


def check(function: Callable, right: dict[str, Any], refusals: Iterable[Refusal]) -> None:
    """Call the function with each wrong value, and list every refusal that is missing or says too little."""
    complaints = [complaint for row in refusals if (complaint := missing(function, right, row))]
    assert not complaints, "\n".join([f"{function.__module__}.{function.__name__}", *complaints])


def missing(function: Callable, right: dict[str, Any], row: Refusal) -> str:
    """Say what is wrong with a refusal; nothing if it is as it should be."""
    try:
        result = function(**(right | {row.argument: row.value}))
    except (TypeError, ValueError) as error:
        message = str(error)
        if not isinstance(error, row.error):
            return f"  {row}: {row.error.__name__} expected, got {type(error).__name__}: {message}"
        absent = [part for part in (row.argument, row.shows, row.accepts) if part not in message]
        return f"  {row}: {absent} not in the message: {message}" if absent else ""
    except Exception as error:
        return f"  {row}: {row.error.__name__} expected, got {type(error).__name__}: {error}"
    return f"  {row}: {row.error.__name__} expected, got a result: {' '.join(repr(result).split())[:80]}"


@pytest.mark.parametrize(("layer", "operation", "rank"), FUNCTIONS)
def test_the_forward_pass_refuses(layer, operation, rank):
    function = getattr(layers.module(layer), f"{operation}{rank}d")
    right = right_call(layer, operation, rank)
    function(**right)
    rows = applicable(REFUSALS, operation, inspect.signature(function).parameters) + wrong_inputs(layer, rank)
    if layer == "torch":
        rows += torch_integer_refusals(operation, rank)
    check(function, right, rows)


@pytest.mark.parametrize(("layer", "operation", "rank"), BACKWARDS)
def test_the_backward_pass_refuses(layer, operation, rank):
    functions = layers.module(layer)
    backward = getattr(functions, f"{operation}{rank}d_backward")
    right = right_call(layer, operation, rank)
    shape = layers.back(getattr(functions, f"{operation}{rank}d")(**right)).shape
    right = {"grad_output": layers.to(layer, np.ones(shape))} | right
    backward(**right)
    check(backward, right, applicable(REFUSALS, operation, inspect.signature(backward).parameters))
    check(backward, right, wrong_inputs(layer, rank))
    check(backward, right, in_layer(layer, wrong_gradients(shape)))


@pytest.mark.parametrize(
    ("layer", "operation", "rank"), [(layer, "max_unpool", rank) for layer in LAYERS for rank in LAYERS[layer]]
)
def test_an_unpooling_refuses_indices(layer, operation, rank):
    function = getattr(layers.module(layer), f"{operation}{rank}d")
    right = right_call(layer, operation, rank)
    check(function, right, in_layer(layer, wrong_indices((2, 3) + (2,) * rank, 6**rank)))


@pytest.mark.parametrize(("layer", "rank"), [("python", 2), ("numpy", 1), ("numpy", 2), ("numpy", 3)])
def test_the_backward_pass_of_a_maximum_refuses_indices(layer, rank):
    backward = getattr(layers.module(layer), f"max_pool{rank}d_backward")
    shape = (2, 3) + (2,) * rank
    right = {"grad_output": layers.to(layer, np.ones(shape))} | right_call(layer, "max_pool", rank)
    check(backward, right, in_layer(layer, wrong_indices(shape, 6**rank)))


def in_layer(layer: str, rows: list[Refusal]) -> list[Refusal]:
    """Say the arrays of a table in a layer's own type; nested lists have no dtype, and so no wrong one."""
    if layer == "python":
        kept = [row for row in rows if row.error is ValueError and row.value.ndim]
        return [row._replace(value=row.value.tolist()) for row in kept]
    return [row._replace(value=layers.to(layer, row.value)) for row in rows]


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
