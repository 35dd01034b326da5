"""What a page is to its cells: a session, what it was told, and what is not there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from unittest import mock

import pytest

from course.labs.session import Result, Session

#: What no page has.
ABSENT = ("matplotlib", "cycler", "PIL", "torch")


class Page:
    """Cells that stand below each other; they are called "cell 0", "cell 1" and so on."""

    def __init__(self, *packages: str) -> None:
        #: Everything that was printed: stream and text.
        self.said: list[tuple[str, str]] = []
        #: How many cells the last run ran.
        self.ran = 0
        self.session = Session(lambda stream, text: self.said.append((stream, text)), packages)

    def run(self, *sources: str, seconds: float = 10) -> Result:
        """Run what has to run for the last of these cells."""
        self.said.clear()
        cells = [(f"cell {number}", source) for number, source in enumerate(sources)]
        first = self.session.rewind(cells)
        self.ran = len(cells) - first
        results = [self.session.run(*cell, seconds) for cell in cells[first:]]
        return results[-1]

    def printed(self, *streams: str) -> str:
        """Return what was printed to these streams, or to all."""
        return "".join(text for stream, text in self.said if not streams or stream in streams)


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def without_packages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take away what a browser does not have."""
    find = PathFinder.find_spec

    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return None if name.partition(".")[0] in ABSENT else find(name, path, target)

    monkeypatch.setattr(PathFinder, "find_spec", find_spec)
    with mock.patch.dict(sys.modules):
        for name in [name for name in sys.modules if name.partition(".")[0] in ABSENT]:
            del sys.modules[name]
        yield
