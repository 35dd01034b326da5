"""Refuses PyTorch's own pooling while a learner's code runs: writing it is the task."""

import functools
from collections.abc import Callable
from typing import Any

from torch.overrides import TorchFunctionMode

from .wording import refusal


class _NoPooling(TorchFunctionMode):
    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(function, "__name__", "")
        if "pool" in name:
            raise RuntimeError(refusal(name))
        return function(*args, **(kwargs or {}))


def without_torch_pooling(function: Callable) -> Callable:
    """Wrap a function so that a call of torch's pooling inside it raises RuntimeError."""

    @functools.wraps(function)
    def refusing(*args: Any, **kwargs: Any) -> Any:
        with _NoPooling():
            return function(*args, **kwargs)

    return refusing
