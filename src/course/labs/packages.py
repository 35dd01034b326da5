"""Notes which packages a cell asks for, and says what is known about one that cannot be had."""

from __future__ import annotations

import contextlib
import importlib.abc
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NoReturn

from course.labs import undrawn

#: What does not run in a browser, by the name that it is imported by.
NAMES = {"torch": "PyTorch", "tensorflow": "TensorFlow", "jax": "JAX", "keras": "Keras"}


class Packages(importlib.abc.MetaPathFinder):
    """Is asked for what is not there.

    Parameters
    ----------
    loadable : iterable of str
        Top-level names that the page could load.
    """

    def __init__(self, loadable: Iterable[str]) -> None:
        self._loadable = set(loadable)
        #: The names that were asked for since this was last cleared.
        self.asked_for: set[str] = set()

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Let imports that nobody else can serve come here."""
        sys.meta_path.append(self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find nothing, but note it; or find what stands for a package that draws."""
        name = fullname.partition(".")[0]
        if name in undrawn.PACKAGES:
            return undrawn.spec(fullname)
        if fullname in self._loadable:  # and not what a package that is there looks for within itself
            self.asked_for.add(fullname)
        elif fullname in NAMES:
            _explain(fullname)
        return None


def _explain(name: str) -> NoReturn:
    raise ModuleNotFoundError(
        f"{NAMES[name]} does not run in a page. Download the page as a notebook, and run it on a computer that has"
        f" {NAMES[name]}.",
        name=name,
    )
