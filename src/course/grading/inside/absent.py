"""Packages that are not there while an exercise is graded, and what is said when they are imported."""

import sys
from importlib.machinery import ModuleSpec
from typing import Any


class _Absent:
    """Comes last where Python looks for modules, and says why nothing was found."""

    def __init__(self, names: list[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        package = name.partition(".")[0]
        if package in self._names:
            raise ModuleNotFoundError(
                f"{package} is not available in this exercise: it is to be written without it.", name=package
            )
        return None


def explain(names: list[str]) -> None:
    """Let an import of one of these packages say that the exercise is to be written without it."""
    sys.meta_path.append(_Absent(names))
