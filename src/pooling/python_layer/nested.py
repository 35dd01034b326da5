"""Nested lists as arrays: the shape of one, and a function applied to each of its planes. Standard library only."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

from pooling import arguments

Plane = list[list[Any]]


def shape(name: str, x: Any) -> tuple[int, ...]:
    """Return the shape of nested lists (or tuples) of numbers, such as (2, 3) for [[1, 2, 3], [4, 5, 6]].

    Raises
    ------
    TypeError
        If something in x is neither a list nor a number. True and False are not numbers here.
    ValueError
        If x is ragged: if two lists at the same depth differ in length or in what they hold.
    """
    return _shape(name, x, name)


def _shape(name: str, x: Any, place: str) -> tuple[int, ...]:
    if type(x) is not bool and isinstance(x, Real):
        return ()
    if not isinstance(x, (list, tuple)):
        hint = "; for an array, use pooling.numpy_layer or its tolist()" if hasattr(x, "tolist") else ""
        raise TypeError(
            f"{name} must be nested lists of int or float{hint}; "
            f"got {arguments.brief(x)} of type {type(x).__name__} at {place}"
        )
    if not x:
        return (0,)
    first, *others = (_shape(name, item, f"{place}[{i}]") for i, item in enumerate(x))
    for i, other in enumerate(others, start=1):
        if other != first:
            raise ValueError(
                f"{name} must not be ragged: {place}[0] has shape {first}, {place}[{i}] has shape {other}; "
                "all lists at one depth must have the same length"
            )
    return (len(x), *first)


def map_planes(function: Callable[..., Any], depth: int, *arrays: Any) -> Any:
    """Call `function` on the planes of `arrays`, side by side, `depth` lists down; nest the results likewise."""
    if depth == 0:
        return function(*arrays)
    return [map_planes(function, depth - 1, *items) for items in zip(*arrays, strict=True)]


def zeros(height: int, width: int) -> Plane:
    """Return a new plane of zeros."""
    return [[0] * width for _ in range(height)]
