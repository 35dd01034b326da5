"""Runs the cells of a built assignment in this process, against the checks package that will be released."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from course.assignments.building import Built
from course.assignments.sources import ANSWER, Cell
from course.engine import STUB

#: Stands for the thing that a test cell checks, while something else is put in its place.
SUBJECT = "__subject__"


@contextlib.contextmanager
def released_checks(folder: Path) -> Iterator[Any]:
    """Import the checks package of a built assignment as its notebook does, and forget it afterwards."""
    kept = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "checks"}
    for name in kept:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("checks")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "checks"]:
            del sys.modules[name]
        sys.modules.update(kept)


def stub(source: str) -> str:
    """Return an answer cell as learners get it."""
    return ANSWER.sub(lambda found: found.group(0)[: len(found.group(0)) - len(found.group(0).lstrip())] + STUB, source)


def verdict(built: Built, cell: Cell, names: dict[str, Any], subject: Callable | None = None) -> BaseException | None:
    """Run a test cell, hidden tests included, and return what it raised; with `subject` in place of what it checks."""
    tree = ast.parse(built.notebook.cells[cell.number - 1].source)
    space = dict(names)
    if subject is not None:
        space[SUBJECT] = subject
        for statement in ast.walk(tree):
            if isinstance(statement, ast.Call) and getattr(statement.func, "id", None) == "check":
                statement.args[0] = ast.Name(SUBJECT, ast.Load())
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(ast.fix_missing_locations(tree), f"<{cell}>", "exec"), space)
    except Exception as problem:
        return problem
    return None
