"""Stands for matplotlib where there is none: every call is taken, and nothing is drawn."""

from __future__ import annotations

import importlib.abc
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: What is stood for, by the names that are imported.
PACKAGES = ("matplotlib", "cycler", "PIL")

#: What a cell would have drawn, by the names of the functions that it called.
asked_for: list[str] = []


class Undrawn:
    """A figure, or anything on it: it takes every call, and draws nothing."""

    def __getattr__(self, name: str) -> Undrawn:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: object) -> None:
        """Take every setting."""

    def __call__(self, *args: object, **kwargs: object) -> Undrawn:
        return self

    def __getitem__(self, key: object) -> Undrawn:
        return self

    def __setitem__(self, key: object, value: object) -> None:
        """Take every entry."""

    def __iter__(self) -> Iterator[Undrawn]:
        """Be one thing: `line, = axes.plot(…)`."""
        yield self

    def __enter__(self) -> Undrawn:
        return self

    def __exit__(self, *problem: object) -> None:
        """Let every exception through."""

    def __repr__(self) -> str:
        return "<not drawn in a page>"


UNDRAWN = Undrawn()


def subplots(nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **settings: object) -> tuple[Undrawn, Any]:
    """Return a figure and as many axes as `matplotlib.pyplot.subplots` does, in the same form."""
    import numpy as np  # a page without figures does without it

    asked_for.append("subplots")
    axes = np.full((nrows, ncols), UNDRAWN, dtype=object)
    if not squeeze:
        return UNDRAWN, axes
    return UNDRAWN, UNDRAWN if axes.size == 1 else axes.squeeze()


class _Module(ModuleType):
    """A package in which every name is there."""

    def __getattr__(self, name: str) -> Any:
        # `from matplotlib import pyplot` looks for a name first, and only then for a module.
        if name.startswith("__") or (self.__name__, name) == ("matplotlib", "pyplot"):
            raise AttributeError(name)
        if self.__name__ == "matplotlib.pyplot":
            asked_for.append(name)
            return subplots if name == "subplots" else UNDRAWN
        return UNDRAWN


class _Loader(importlib.abc.Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def spec(name: str) -> ModuleSpec:
    """Return what makes a module of this name."""
    return ModuleSpec(name, _Loader(), is_package=True)
