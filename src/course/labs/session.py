"""Runs the cells of a page: a cell sees what the cells above it made, as when a notebook runs from top to bottom."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import linecache
import pprint
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

from course.checks.calling import TookTooLong, limited
from course.labs import undrawn
from course.labs.errors import described, file_of
from course.labs.packages import Packages

#: How much a cell may print, and how long the value that it ends with may be, in characters.
MOST_PRINTED, MOST_SHOWN = 20_000, 10_000

#: Takes "stdout" or "stderr", and a piece of text.
Write = Callable[[str, str], None]


class Result(TypedDict):
    """What came of a cell, apart from what it printed."""

    #: What went wrong; None if nothing did.
    error: str | None
    #: The value of the expression that it ends with; None if there is none.
    value: str | None
    #: What a check said that did not pass, as `course.checks.reporting.Report.data` gives it.
    report: dict[str, Any] | None
    #: Whether it would have drawn a figure.
    draws: bool
    #: Packages that it asked for, and that could be loaded.
    packages: list[str]
    #: A name that nobody had defined, if that was the error.
    missing: str | None


@dataclass
class _Ran:
    """A cell that ran, and the names there were before."""

    cell: str
    source: str
    before: dict[str, Any]
    #: Whether it came to its end. What a check says is no error.
    failed: bool = False


class Session:
    """The memory of a page.

    Parameters
    ----------
    write : callable
        Takes what cells print, as they print it.
    packages : iterable of str, optional
        Packages that are not there yet, and could be loaded.
    """

    def __init__(self, write: Write, packages: tuple[str, ...] = ()) -> None:
        self._write = write
        self._main = types.ModuleType("__main__")
        self._blank = dict(vars(self._main))
        self._ran: list[_Ran] = []
        self._packages = Packages(packages)
        #: What the cells defined that nobody is to change.
        self._given: dict[str, Any] = {}

    def rewind(self, cells: list[tuple[str, str]]) -> int:
        """Go back to where the cells that ran are still the same, and none of them ended in an error.

        Names are what they were there. A list or an array that was changed in place stays changed: to copy all that a
        page has in memory would take longer than to run most cells.

        Parameters
        ----------
        cells : list of (id, source)
            Those that are to have run, in this order. The last one always runs again.

        Returns
        -------
        int
            How many of them need not run again.
        """
        same = 0
        for ran, cell in zip(self._ran, cells[:-1], strict=False):
            if ran.failed or (ran.cell, ran.source) != tuple(cell):
                break
            same += 1
        if same < len(self._ran):
            names = vars(self._main)
            names.clear()
            names.update(self._ran[same].before)
            del self._ran[same:]
        return same

    def run(self, cell: str, source: str, seconds: float, role: str = "") -> Result:
        """Run a cell, for so many seconds at most.

        What a cell in the role "given" defines is given back to one in the role "check", if it uses that: a function of
        the reader's own that is called `check` checks nothing.
        """
        self._ran.append(ran := _Ran(cell, source, dict(vars(self._main))))
        if role == "check":
            vars(self._main).update(self._given_to(source))
        self._packages.asked_for.clear()
        undrawn.asked_for.clear()
        result = Result(error=None, value=None, report=None, draws=False, packages=[], missing=None)
        with self._at_work():
            try:
                with limited(seconds):
                    result["value"] = self._executed(cell, source)
            except TookTooLong as problem:
                result["error"] = (
                    f"{described(problem, cell)}\nIt was stopped after {seconds:g} seconds. Is there a loop that never "
                    "ends? Look at what changes from one round to the next, and at the condition that should stop it."
                ).lstrip("\n")
            except BaseException as problem:
                if type(problem).__name__ == "CheckFailed":  # of any release
                    result["report"] = problem.report.data()  # type: ignore[attr-defined]
                else:
                    result["error"] = described(problem, cell)
                    result["missing"] = problem.name if isinstance(problem, NameError) else None
        if role == "given":
            self._given |= {name: value for name, value in vars(self._main).items() if name not in ran.before}
        ran.failed = result["error"] is not None
        result["draws"] = bool(undrawn.asked_for)
        result["packages"] = sorted(self._packages.asked_for)
        return result

    def _given_to(self, source: str) -> dict[str, Any]:
        used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
        return {name: value for name, value in self._given.items() if name in used}

    def _executed(self, cell: str, source: str) -> str | None:
        """Run the source; return how the value of its last expression reads, if there is one."""
        file = file_of(cell)
        linecache.cache[file] = (len(source), None, f"{source}\n".splitlines(keepends=True), file)
        tree = ast.parse(source, file)
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        names = vars(self._main)
        exec(compile(tree, file, "exec", dont_inherit=True), names)
        if not isinstance(last, ast.Expr):
            return None
        value = eval(compile(ast.Expression(last.value), file, "eval", dont_inherit=True), names)
        if value is None or isinstance(value, undrawn.Undrawn) or source.rstrip().endswith(";"):
            return None
        return _written(value)

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        """Let what runs be the main program, and all that it says come to the page."""
        main, ask = sys.modules["__main__"], builtins.input
        sys.modules["__main__"] = self._main
        builtins.input = _no_input
        room = _Room(MOST_PRINTED)
        out, err = (_Stream(name, self._write, room) for name in ("stdout", "stderr"))
        with (
            self._packages.watched(),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            warnings.catch_warnings(),
        ):
            warnings.showwarning = _show_warning
            try:
                yield
            finally:
                sys.modules["__main__"], builtins.input = main, ask


@dataclass
class _Room:
    """How many characters may still be printed; an endless loop may print for ever."""

    left: int


class _Stream(io.TextIOBase):
    """Sends on what is printed."""

    def __init__(self, name: str, write: Write, room: _Room) -> None:
        self._name, self._write, self._room = name, write, room

    def write(self, text: str) -> int:
        if self._room.left >= 0:
            self._write(self._name, text[: self._room.left])
            self._room.left -= len(text)
            if self._room.left < 0:
                self._write(self._name, "\n… and more, which is not shown.\n")
        return len(text)


def _written(value: Any) -> str:
    """Write a value as a notebook would, long ones cut short."""
    text = repr(value)
    if len(text) <= MOST_SHOWN and type(value) in (list, tuple, dict, set, frozenset):
        text = pprint.pformat(value, width=79, sort_dicts=False)  # slow, so not for what is cut anyway
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …"


def _show_warning(message: Warning | str, category: type[Warning], *where: Any, **rest: Any) -> None:
    print(f"{category.__name__}: {message}", file=sys.stderr)


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("A page cannot be asked with input(). Write the value into the cell instead.")
