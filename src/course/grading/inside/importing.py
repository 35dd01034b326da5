"""Goes on behind an import of a package that is not there.

Many a first cell imports more than it needs. Where a package is missing, only what uses it fails.
"""

import ast
from typing import Any

#: What the rewritten import calls; nobody would choose this name.
NOTE = "__course_missing__"


class LenientImports(ast.NodeTransformer):
    """Wraps the imports at the top level of a cell."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        node.body = [_lenient(each) if isinstance(each, ast.Import | ast.ImportFrom) else each for each in node.body]
        return ast.fix_missing_locations(node)


def _lenient(statement: ast.stmt) -> ast.stmt:
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return statement
    note = ast.parse(f"try: pass\nexcept ModuleNotFoundError as {NOTE}e: {NOTE}({NOTE}e)").body[0]
    assert isinstance(note, ast.Try)
    note.body = [statement]
    return ast.copy_location(note, statement)


def note_missing(problem: Any) -> None:
    """Say that a package is not there."""
    print(f"{problem.name} is not available while this exercise is graded. The import was left out.")
