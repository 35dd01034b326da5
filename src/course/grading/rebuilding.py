"""Puts a learner's answers into the notebook that was released, whatever else became of the learner's copy.

Each cell that was handed in is matched with one of the release: by its grade id, else by its own id, else because it
says the same. An answer cell that finds no match this way takes what stands in its place. All that belongs to no cell
of the release is the learner's own, and stays where it was, behind what came before it.
"""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Iterable, Iterator
from typing import Any

from course.grading.handed_in import LearnerCell, Unreadable

Node = dict[str, Any]
#: Longer cells are not looked into, in characters, nor more of them together: a parser takes a thousand times the
#: memory of what it reads, and a second for every half million.
LONGEST_PARSED, MOST_PARSED = 50_000, 1_000_000
#: A notebook with more cells of the learner's own than this is not a learner's.
MOST_OWN = 3000
#: What runs where an answer cell was deleted: not its blank, which could undo an answer that was moved elsewhere.
DELETED = "# This cell was not in the notebook that was handed in."


def graded(cell: Node) -> dict[str, Any]:
    """Return what nbgrader knows about a cell."""
    return cell["metadata"].get("nbgrader", {})


def is_answer(cell: Node) -> bool:
    """Tell whether learners are to write into a cell."""
    return bool(graded(cell).get("solution"))


def is_test(cell: Node) -> bool:
    """Tell whether a cell gives points for what others define."""
    return bool(graded(cell).get("grade")) and not is_answer(cell)


def task_title(cell: Node) -> str | None:
    """Return the title of the task that begins with a cell of a release; None if none does."""
    source = "".join(cell["source"])
    if cell["cell_type"] != "markdown" or graded(cell) or not source.startswith("## "):
        return None
    return source.splitlines()[0].removeprefix("## ").strip()


def rebuild(released: Node, handed_in: list[LearnerCell]) -> tuple[Node, list[str]]:
    """Put what was handed in into the released notebook.

    Parameters
    ----------
    released : dict
        A notebook as JSON has it.
    handed_in : list of LearnerCell

    Returns
    -------
    dict
        The notebook, without outputs.
    list of str
        What an instructor should know.

    Raises
    ------
    Unreadable
        If no cell belongs to this assignment.
    """
    cells: list[Node] = [copy.deepcopy(cell) for cell in released["cells"]]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
    matches = _Matches(cells, handed_in)
    if not any(place is not None for place in matches.places):
        raise Unreadable("None of its cells belongs to this assignment. Was another one handed in under its name?")
    matches.fill_gaps()
    remarks = []
    for place, cell in enumerate(cells):
        if not is_answer(cell):
            continue
        answer = matches.answer_to(place)
        if answer is not None:
            if _plain(answer.source) != _plain(cell["source"]):  # else it would no longer count as blank
                cell["source"] = answer.source
            if answer.attachments and cell["cell_type"] == "markdown":
                cell["attachments"] = answer.attachments
            continue
        remarks.append(f"the answer cell {graded(cell)['grade_id']!r} was deleted")
        if cell["cell_type"] == "code":
            cell["source"] = DELETED
    own = matches.own()
    count = sum(map(len, own.values()))
    if count > MOST_OWN:
        remarks.append(f"there are {count:,} cells of its own, and none of them was run")
        own = {}
    notebook = {**released, "cells": list(_in_order(cells, own))}
    return notebook, remarks


class _Matches:
    """Which handed-in cell belongs to which released one."""

    def __init__(self, cells: list[Node], handed_in: list[LearnerCell]) -> None:
        self._cells, self._handed_in = cells, handed_in
        self._claimed: set[int | None] = set()
        self._answers: dict[int, LearnerCell | None] = {}
        self._released = [_plain(cell["source"]) for cell in cells]
        by_grade_id = {graded(cell).get("grade_id"): place for place, cell in enumerate(cells)}
        by_id = {cell["id"]: place for place, cell in enumerate(cells)}
        by_source: dict[str, list[int]] = {}  # several cells may say the same
        for place, source in enumerate(self._released):
            by_source.setdefault(source, []).append(place)
        #: The place in the release for every handed-in cell; None for the learner's own.
        self.places: list[int | None] = []
        for found in handed_in:
            match = by_grade_id.get(found.grade_id or "", by_id.get(found.cell_id or ""))
            if match is None and found.source.strip():
                free = [place for place in by_source.get(_plain(found.source), []) if place not in self._claimed]
                match = free[0] if free else None
            self.places.append(match)
            self._claimed.add(match)

    def fill_gaps(self) -> None:
        """Give answer cells without a match what stands between the same neighbours; blank essays too."""
        for place, cell in enumerate(self._cells):
            if not is_answer(cell) or not self._is_open(place):
                continue
            between = [number for number in self._between(place) if self._handed_in[number].kind == cell["cell_type"]]
            if cell["cell_type"] == "code":
                (wanted,) = defined([cell["source"]])
                between = [each for each in between if self._defined[each] & wanted]
            if between:
                self.places[between[-1]] = place

    @functools.cached_property
    def _defined(self) -> list[set[str]]:
        return list(defined(cell.source if cell.kind == "code" else "" for cell in self._handed_in))

    def _is_open(self, place: int) -> bool:
        """Tell whether an answer cell has no match, or is an essay that stands blank."""
        claims = [cell for cell, match in zip(self._handed_in, self.places, strict=True) if match == place]
        is_essay = self._cells[place]["cell_type"] == "markdown"
        return not claims or (is_essay and all(self._is_blank(cell, place) for cell in claims))

    def _between(self, place: int) -> list[int]:
        """Return the numbers of the learner's own cells between the matches around a place."""
        start = max((n for n, match in enumerate(self.places) if match is not None and match < place), default=-1)
        stop = min(
            (n for n, match in enumerate(self.places) if match is not None and match > place and n > start),
            default=len(self.places),
        )
        return [number for number in range(start + 1, stop) if self.places[number] is None]

    def answer_to(self, place: int) -> LearnerCell | None:
        """Choose the answer among the cells that claim to be it: the first one that somebody wrote something into."""
        if place not in self._answers:
            self._answers[place] = self._chosen(place)
        return self._answers[place]

    def _chosen(self, place: int) -> LearnerCell | None:
        claims = [cell for cell, match in zip(self._handed_in, self.places, strict=True) if match == place]
        written = [cell for cell in claims if not self._is_blank(cell, place)]
        return written[0] if written else claims[0] if claims else None

    def _is_blank(self, cell: LearnerCell, place: int) -> bool:
        return _plain(cell.source) in ("", self._released[place])

    def own(self) -> dict[int, list[Node]]:
        """Return the learner's own cells by the place that they stand behind; -1 for the beginning.

        A copy of an answer cell is one of them, if something else is in it. So is a locked cell that was changed: the
        answer may have been written there. It comes before the cell that it was made from.
        """
        found: dict[int, list[Node]] = {}
        behind, seen = -1, set()
        for number, (cell, place) in enumerate(zip(self._handed_in, self.places, strict=True)):
            if place is None:
                found.setdefault(behind, []).append(_node(cell, number))
                continue
            if not self._is_blank(cell, place):
                if not is_answer(self._cells[place]):
                    found.setdefault(place - 1, []).append(_node(cell, number))
                elif cell is not self.answer_to(place):
                    found.setdefault(behind, []).append(_node(cell, number))
            if place not in seen:  # a copy says nothing about where it belongs
                behind = place
                seen.add(place)
        return found


def _in_order(cells: list[Node], own: dict[int, list[Node]]) -> Iterator[Node]:
    yield from own.get(-1, [])
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        yield cell
        yield from own.get(place, [])


def _node(cell: LearnerCell, number: int) -> Node:
    """Make a cell of the learner's own: nbgrader knows nothing about it."""
    node: Node = {"cell_type": cell.kind, "id": f"own-{number}", "metadata": {}, "source": cell.source}
    if cell.kind == "code":
        node |= {"outputs": [], "execution_count": None}
    if cell.attachments and cell.kind == "markdown":
        node["attachments"] = cell.attachments
    return node


def _plain(source: str) -> str:
    """Return a source without what programs add and take away: other ends of lines, spaces behind them."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip()


def defined(sources: Iterable[str]) -> Iterator[set[str]]:
    """Yield the names that each cell defines, as far as it can be parsed, and as long as it is not too much."""
    left = MOST_PARSED
    for source in sources:
        fits = len(source) <= min(left, LONGEST_PARSED)
        left -= len(source) if fits else 0
        yield _defined_by(source) if fits else set()


def _defined_by(source: str) -> set[str]:
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            named = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
            names |= {node.id for node in named if isinstance(node.ctx, ast.Store)}
    return names
