"""Tell which cells of a chapter cannot run in its page, and why.

A page has Python, NumPy and `pooling`, but not PyTorch. Beyond it is a cell that imports what a page has not, a cell
that is tagged `not-in-page` because it takes long or measures the machine, and every cell that uses what such a cell
makes.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from course.labs import packages, undrawn

#: The tag of a cell that could run in a page, and takes too long there or measures the machine.
NOT_IN_PAGE = "not-in-page"
#: What such a cell needs.
TIME = "time"
#: Top-level packages that a page can import. What draws is there, without drawing.
AT_HAND = {*sys.stdlib_module_names, "numpy", "pooling", *undrawn.PACKAGES}
#: Those parts of `pooling` that need PyTorch.
WITH_TORCH = {"pooling.torch_layer", "pooling.alternatives", "pooling.digits"}


def beyond(cells: Iterable[NotebookNode]) -> dict[str, list[str]]:
    """Return what the cells need that cannot run in a page, such as {"code-4": ["PyTorch"]}.

    Parameters
    ----------
    cells : iterable of NotebookNode
        All cells of a notebook that run, in their order.
    """
    needs: dict[str, list[str]] = {}
    made_beyond: dict[str, list[str]] = {}  # name → what the cell needs that made it
    for cell in cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(TransformerManager().transform_cell(cell.source))  # a cell may say %pip
        names = _Names()
        names.visit(tree)
        found = [needed for name in _imported(tree) if (needed := _missing(name))]
        found += [TIME] if NOT_IN_PAGE in cell.metadata.get("tags", []) else []
        found += [needed for name in sorted(names.used & set(made_beyond)) for needed in made_beyond[name]]
        found = list(dict.fromkeys(found))
        if found:
            needs[cell.id] = found
            made_beyond |= dict.fromkeys(names.made, found)
        else:
            made_beyond = {name: needed for name, needed in made_beyond.items() if name not in names.made}
    return needs


def _missing(module: str) -> str:
    """Return the name of what an import asks for, if a page has it not."""
    if any(module == part or module.startswith(f"{part}.") for part in WITH_TORCH):
        return packages.NAMES["torch"]
    top = module.partition(".")[0]
    return "" if top in AT_HAND else packages.NAMES.get(top, top)


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


class _Names(ast.NodeVisitor):
    """Goes through a cell in the order in which it runs: `used` is what it looks up and has not made itself, `made`."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.made: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.made.add(node.id)
        elif node.id not in self.made:
            self.used.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.used |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)} - self.made
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.expr) -> None:
        """Leave out the names that a comprehension makes: they are its own."""
        self._look_into(node)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp  # noqa: N815

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.made |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.ClassDef | ast.Lambda) -> None:
        """Leave out a function's own names; what it looks up elsewhere, the cell uses."""
        self._look_into(node)
        if not isinstance(node, ast.Lambda):
            self.made.add(node.name)

    visit_ClassDef = visit_Lambda = visit_FunctionDef  # noqa: N815

    def _look_into(self, node: ast.AST) -> None:
        names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
        inside = {name.id for name in names if isinstance(name.ctx, ast.Store)}
        inside |= {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)}
        self.used |= {name.id for name in names if isinstance(name.ctx, ast.Load)} - inside - self.made
