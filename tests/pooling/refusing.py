"""Checks that a layer refuses what the table of refusals lists, in words that say enough."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np

from tests.pooling import layers
from tests.pooling.cases import LAYERS
from tests.pooling.refusals import REFUSALS, RIGHT, Refusal, wrong_gradients, wrong_indices, wrong_inputs


def forward_pass(layer: str, operation: str, rank: int) -> None:
    """Check what a forward pass refuses."""
    function = getattr(layers.module(layer), f"{operation}{rank}d")
    right = right_call(layer, operation, rank)
    function(**right)
    rows = applicable(REFUSALS, operation, inspect.signature(function).parameters)
    check(function, right, rows + wrong_inputs(layer, rank))


def backward_pass(layer: str, operation: str, rank: int) -> None:
    """Check what a backward pass refuses."""
    functions = layers.module(layer)
    backward = getattr(functions, f"{operation}{rank}d_backward")
    right = right_call(layer, operation, rank)
    shape = layers.back(getattr(functions, f"{operation}{rank}d")(**right)).shape
    right = {"grad_output": layers.to(layer, np.ones(shape))} | right
    backward(**right)
    check(backward, right, applicable(REFUSALS, operation, inspect.signature(backward).parameters))
    check(backward, right, wrong_inputs(layer, rank))
    check(backward, right, in_layer(layer, wrong_gradients(shape)))


def indices_of_an_unpooling(layer: str, rank: int) -> None:
    """Check which indices an unpooling refuses."""
    function = getattr(layers.module(layer), f"max_unpool{rank}d")
    right = right_call(layer, "max_unpool", rank)
    check(function, right, in_layer(layer, wrong_indices((2, 3) + (2,) * rank, 6**rank)))


def indices_of_a_maximum(layer: str, rank: int) -> None:
    """Check which indices the backward pass of a maximum refuses."""
    backward = getattr(layers.module(layer), f"max_pool{rank}d_backward")
    shape = (2, 3) + (2,) * rank
    right = {"grad_output": layers.to(layer, np.ones(shape))} | right_call(layer, "max_pool", rank)
    check(backward, right, in_layer(layer, wrong_indices(shape, 6**rank)))


LAYER_AND_RANK = [(layer, rank) for layer, ranks in LAYERS.items() for rank in ranks]
#: A backward pass of its own has each layer but PyTorch's, which has autograd.
BACKWARDS = [(layer, rank) for layer, rank in LAYER_AND_RANK if layer != "torch"]
#: Every check above with what it is called with, by name.
CHECKS = {
    "-".join([function.__name__, *map(str, call)]): (function, call)
    for function, calls in {
        forward_pass: [(layer, operation, rank) for layer, rank in LAYER_AND_RANK for operation in RIGHT],
        backward_pass: [
            (layer, operation, rank)
            for layer, rank in BACKWARDS
            for operation in RIGHT
            if layer != "python" or operation not in layers.PYTHON_HAS_NO_BACKWARD
        ],
        indices_of_an_unpooling: LAYER_AND_RANK,
        indices_of_a_maximum: BACKWARDS,
    }.items()
    for call in calls
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


def in_layer(layer: str, rows: list[Refusal]) -> list[Refusal]:
    """Say the arrays of a table in a layer's own type; nested lists have no dtype, and so no wrong one."""
    if layer == "python":
        kept = [row for row in rows if row.error is ValueError and row.value.ndim]
        return [row._replace(value=row.value.tolist()) for row in kept]
    return [row._replace(value=layers.to(layer, row.value)) for row in rows]
