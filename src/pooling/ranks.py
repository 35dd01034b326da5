"""Makes the 1d, 2d and 3d forms of an operation out of one function that knows the rank."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_SPATIAL = {1: ("L", "L_out"), 2: ("H, W", "H_out, W_out"), 3: ("D, H, W", "D_out, H_out, W_out")}


def for_ranks_1_2_3(
    operation: Callable[Concatenate[int, P], R],
) -> tuple[Callable[P, R], Callable[P, R], Callable[P, R]]:
    """Return three functions: `operation` with its first argument, the rank, set to 1, 2 and 3.

    The function for rank 2 of `max_pool` is called `max_pool2d`, and that of `max_pool_backward`
    `max_pool2d_backward`. In their docstrings `*spatial` stands written out, such as H, W.
    """
    return _for_rank(1, operation), _for_rank(2, operation), _for_rank(3, operation)


def _for_rank(rank: int, operation: Callable[Concatenate[int, P], R]) -> Callable[P, R]:
    @functools.wraps(operation)
    def at_rank(*args: P.args, **kwargs: P.kwargs) -> R:
        return operation(rank, *args, **kwargs)

    verb, backward = operation.__name__.removesuffix("_backward"), operation.__name__.endswith("_backward")
    at_rank.__name__ = at_rank.__qualname__ = f"{verb}{rank}d" + "_backward" * backward
    cells, outputs = _SPATIAL[rank]
    doc = (operation.__doc__ or "").replace("*spatial_out", outputs).replace("*spatial", cells)
    at_rank.__doc__ = doc.replace("pool{n}d", f"pool{rank}d").replace("Pool{n}d", f"Pool{rank}d")
    signature = inspect.signature(operation)
    _, *parameters = signature.parameters.values()
    at_rank.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return at_rank
