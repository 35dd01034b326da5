"""Random inputs for cases, from a seed: the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np


class Gradient:
    """Stands for a grad_output of the shape that the case's forward pass has."""


class Draws:
    """What the arguments of a case may be drawn with.

    Parameters
    ----------
    seed : str
        The same seed gives the same draws.
    kind : {"list", "array", "tensor"}
        What `integers` and `distinct` return.
    """

    def __init__(self, seed: str, kind: str) -> None:
        self.random = random.Random(seed)
        self.kind = kind

    def integers(self, *shape: int, low: int = -9, high: int = 9, dtype: str | None = None) -> Any:
        """Draw whole numbers from `low` to `high`, both included; ties are likely."""
        return self.value(self._filled(shape, lambda: self.random.randint(low, high)), dtype)

    def distinct(self, *shape: int, low: int | None = None, dtype: str | None = None) -> Any:
        """Draw whole numbers that are all different, about half of them negative or all from `low` on."""
        count = int(np.prod(shape))
        first = -(count // 2) if low is None else low
        numbers = iter(self.random.sample(range(first, first + count), count))
        return self.value(self._filled(shape, lambda: next(numbers)), dtype)

    def between(self, low: int, high: int) -> int:
        """Draw one whole number from `low` to `high`, both included."""
        return self.random.randint(low, high)

    def one_of(self, *choices: Any) -> Any:
        """Draw one of several values."""
        return self.random.choice(choices)

    def value(self, data: Any, dtype: str | None = None) -> Any:
        """Return nested lists in the kind of this assignment's inputs."""
        if self.kind == "list" or not isinstance(data, list):
            return data
        if self.kind == "array":
            return np.array(data, dtype or "float64")
        import torch

        return torch.tensor(data, dtype=getattr(torch, dtype or "float32"))

    def names(self) -> dict[str, Any]:
        """Return what a case line can call."""
        drawing = (self.integers, self.distinct, self.between, self.one_of, self.value)
        return {function.__name__: function for function in drawing} | {"gradient": Gradient}

    def _filled(self, shape: tuple[int, ...], draw: Callable[[], int]) -> Any:
        if not shape:
            return draw()
        return [self._filled(shape[1:], draw) for _ in range(shape[0])]
