"""Goes on behind a line that calls torch's own pooling outside of any function: someone compared, and may be right.

In a notebook such a line works; only the checks refuse torch's pooling. Where it is refused from the start, the line is
left out, with those that need what it would have given. What functions do when they are checked is not forgiven.
"""

import ast
import traceback

from .refusing import PoolingRefused
from .shell import Shell

#: A cell is taken up again at most so many times.
MOST_LINES = 50


def run_cell(shell: Shell, source: str, seconds: float) -> None:
    """Run a cell, leaving out the lines that cannot work here."""
    missing: set[str] = set()
    for _ in range(MOST_LINES):
        result = shell.run(source, seconds)
        problem = result.error_in_exec
        if not isinstance(problem, PoolingRefused):
            return
        # The shell's own functions lie between: the first place in a cell is the one at the top of it.
        lines = [place.lineno for place in traceback.extract_tb(problem.__traceback__) if "site" not in place.filename]
        transformed = shell.transform_cell(source)
        rest = _rest(transformed, lines, missing)
        if rest is None:
            return
        source = rest


def _rest(source: str, lines: list[int | None], missing: set[str]) -> str | None:
    """Return a cell with the lines blank up to the one that failed, and those that need what is missing."""
    statements = ast.parse(source).body
    at = next(
        (
            place
            for line in lines
            for place, each in enumerate(statements)
            if line is not None and each.lineno <= line <= (each.end_lineno or each.lineno)
        ),
        None,
    )
    if at is None:
        return None
    kept = source.splitlines()
    dropped = [statements[at]]
    missing |= _names(statements[at], ast.Store)
    for statement in statements[at + 1 :]:
        is_definition = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not is_definition and _names(statement, ast.Load) & missing:
            missing |= _names(statement, ast.Store)
            dropped.append(statement)
    blank = set(range(1, statements[at].lineno))
    for statement in dropped:
        blank |= set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return "\n".join("" if number in blank else line for number, line in enumerate(kept, start=1))


def _names(statement: ast.stmt, context: type) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}
