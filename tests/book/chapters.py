"""Reads the sources of chapters: their cells, their prose, and the numbers in it."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import NamedTuple

import jupytext

from pooling_book import beyond_pages, notebooks
from tests.book.building import ROOT
from tests.book.toc import TOC

FENCE = re.compile(r"^(```+)\s*(\{[\w-]+\})?")
#: In a question, sizes are given, and wrong options are wrong. What must be computed is the right one.
QUIZ = re.compile(r"^(:::+)\{(choice|number|predict)\}")
BESIDE = re.compile(r"^(:::+|:[\w-]+:|\([\w-]+\)=|\+\+\+)")
#: What is no prose within a line: code, formulas, roles, and where links lead.
ASIDE = re.compile(r"\{[\w:]+\}`[^`]*`|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|https?://\S+|\[[ x]\]")
#: A number: 3, 3.5, 1,000, 22 %.
NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:\s?%)?")
YEAR = re.compile(r"(19|20)\d\d")


class Typed(NamedTuple):
    """A number that stands in the prose as it was typed."""

    line: int
    number: str
    text: str


class Chapter:
    """A page of the book with cells."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.cells: list[str] = []
        self.prose: list[tuple[int, str]] = []
        self._read(text.splitlines())

    def __repr__(self) -> str:
        return self.name

    def _read(self, lines: list[str]) -> None:
        number = 0
        if lines and lines[0] == "---":
            number = lines.index("---", 1) + 1
        formula = False
        quiz = ""
        while number < len(lines):
            line = lines[number]
            number += 1
            if opened := FENCE.match(line):
                end = next(n for n in range(number, len(lines)) if lines[n].strip() == opened[1])
                if opened[2] == "{code-cell}":
                    self.cells.append(_source(lines[number:end]))
                number = end + 1
            elif line.strip() == "$$":
                formula = not formula
            elif opened := QUIZ.match(line):
                quiz = opened[1]
            elif line == quiz:
                quiz = ""
            elif not formula and not BESIDE.match(line) and not (quiz and not line.startswith("- [x]")):
                self.prose.append((number, line))

    @cached_property
    def given(self) -> set[str]:
        """The numbers that stand in the cells that readers see: what a chapter's examples are given."""
        literal = r"(?<![\w.])\d[\d_]*\.?\d*(?:e-?\d+)?"
        return {_plain(match) for cell in self.cells for match in re.findall(literal, cell)}

    def typed(self) -> list[Typed]:
        """Return the numbers in the prose that a cell might have computed and did not."""
        found = []
        for line, text in self.prose:
            for match in NUMBER.finditer(ASIDE.sub(" ", text)):
                number = match[0]
                if not self._is_given(number):
                    found.append(Typed(line, number, text.strip()))
        return found

    def _is_given(self, number: str) -> bool:
        plain = _plain(number.lstrip("-−"))
        if "%" in number:
            return False
        return plain in self.given or bool(YEAR.fullmatch(plain)) or (plain.isdigit() and int(plain) <= 16)

    @property
    def runs_in_page(self) -> bool:
        """Whether readers can run any of the cells that they see in the page itself."""
        notebook = jupytext.reads(self.text, fmt="md:myst")
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        shown = [cell for cell in cells if notebooks.FOR_THE_TEXT not in cell.metadata.get("tags", [])]
        return len(beyond_pages.beyond(shown)) < len(shown)

    def glued(self) -> list[tuple[str, ast.expr]]:
        """Return what cells glue: names and the expressions of their values."""
        found = []
        for cell in self.cells:
            if "glue(" not in cell:
                continue
            calls = [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call)]
            glues = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "glue"]
            found += [(ast.unparse(call.args[0]), call.args[1]) for call in glues]
        return found


def _source(lines: list[str]) -> str:
    """Return a cell's code without its options."""
    if lines and lines[0] == "---":
        lines = lines[lines.index("---", 1) + 1 :]
    while lines and re.match(r"^:[\w-]+:", lines[0]):
        lines = lines[1:]
    return "\n".join(lines)


def _plain(number: str) -> str:
    """Write a number as all that are equal to it are written."""
    return f"{float(re.sub('[,_% ]', '', number)):g}"


def is_literal(value: ast.expr) -> bool:
    """Say whether an expression was typed as it is: a constant, with or without a sign, or converted."""
    if isinstance(value, ast.UnaryOp):
        return is_literal(value.operand)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ("float", "int", "str"):
        return all(is_literal(argument) for argument in value.args)
    return isinstance(value, ast.Constant)


def read(name: str) -> Chapter:
    """Read a page of the book, such as "book/02_windows"."""
    return Chapter(name, (ROOT / f"{name}.md").read_text(encoding="utf-8"))


def chapters() -> list[Chapter]:
    """Read the introduction and all numbered chapters."""
    numbered = [entry["file"] for part in TOC["parts"] if part.get("numbered") for entry in part["chapters"]]
    return [read(name) for name in [TOC["root"], *numbered]]
