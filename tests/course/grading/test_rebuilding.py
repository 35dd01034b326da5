"""Is the released notebook what is executed, with the learner's answers in it and the rest where it was?"""

from __future__ import annotations

import time
from typing import Any

import pytest

from course.grading.handed_in import LearnerCell, Unreadable
from course.grading.rebuilding import DELETED, rebuild


def released(kind: str, source: str, grade_id: str | None = None, **about: Any) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": grade_id, **about}} if grade_id else {}
    return {"cell_type": kind, "id": f"id-{grade_id or source}", "metadata": metadata, "source": source}


RELEASED = {
    "cells": [
        released("markdown", "prose"),
        released("code", "import checks", "given", locked=True),
        released("code", "def f(): ...", "f", solution=True),
        released("code", "check(f, [])", "f-check", grade=True, locked=True),
        released("code", "def g(): ...", "g", solution=True),
        released("code", "check(g, [])", "g-check", grade=True, locked=True),
        released("markdown", "YOUR ANSWER HERE", "essay", solution=True, grade=True),
    ],
    "metadata": {"course": {}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def wrote(source: str, grade_id: str | None = None, kind: str = "code", cell_id: str | None = None) -> LearnerCell:
    return LearnerCell(kind, source, grade_id, cell_id)


def whole(**answers: str) -> list[LearnerCell]:
    """Hand in the notebook as it was released, with some answers."""
    return [
        wrote(answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"]), grade_id, cell["cell_type"])
        if (grade_id := cell["metadata"].get("nbgrader", {}).get("grade_id"))
        else wrote(cell["source"], None, cell["cell_type"])
        for cell in RELEASED["cells"]
    ]


def sources(handed_in: list[LearnerCell]) -> list[str]:
    notebook, _ = rebuild(RELEASED, handed_in)
    return [cell["source"] for cell in notebook["cells"]]


PLAIN = [cell["source"] for cell in RELEASED["cells"]]


def changed(**answers: str) -> list[str]:
    places = {"f": 2, "g": 4, "essay": 6}
    found = list(PLAIN)
    for name, source in answers.items():
        found[places[name]] = source
    return found


@pytest.mark.parametrize(
    ("handed_in", "expected"),
    [
        pytest.param(whole(), PLAIN, id="blank"),
        pytest.param(whole(f="F", essay="E"), changed(f="F", essay="E"), id="answers"),
        pytest.param(whole(f="F", given="# mine"), ["prose", "# mine", *changed(f="F")[1:]], id="a given cell changed"),
        pytest.param([wrote("F", "f")], changed(f="F", g=DELETED), id="only one cell left"),
        pytest.param(list(reversed(whole(f="F", g="G"))), changed(f="F", g="G"), id="the other way round"),
        pytest.param([*whole(f="F"), wrote("def f(): ...", "f")], changed(f="F"), id="a blank copy at the end"),
        pytest.param([*whole(), wrote("F", "f")], changed(f="F"), id="a copy with the answer"),
        pytest.param(
            [*whole(f="F")[:3], wrote("F2", "f"), *whole()[3:]],
            [*PLAIN[:2], "F", "F2", *PLAIN[3:]],
            id="two answers, both run, in their order",
        ),
        pytest.param(
            [*whole(f="F"), wrote("F2", "f")], [*changed(f="F"), "F2"], id="a scratch copy at the end stays there"
        ),
        pytest.param(
            [*whole(f="F"), *whole()[:2]], [*changed(f="F"), "prose"], id="copies of given cells move nothing"
        ),
        pytest.param([*whole(), wrote("An essay.", kind="markdown")], changed(essay="An essay."), id="an essay below"),
        pytest.param(
            [wrote(c.source.replace("\n", "\r\n") + "  ", None, c.kind) for c in whole(f="def f(): return 1")],
            [s if s != "def f(): ..." else "def f(): return 1  " for s in PLAIN],
            id="all metadata lost, and spaces added",
        ),
        pytest.param(
            [*whole(f="F")[:3], wrote("mine"), *whole()[3:]],
            [*changed(f="F")[:3], "mine", *PLAIN[3:]],
            id="a cell of one's own",
        ),
        pytest.param([wrote("first"), *whole()], ["first", *PLAIN], id="a first cell of one's own"),
        pytest.param(
            [wrote(cell.source, None, cell.kind) for cell in whole(f="def f(): return 1", g="def g(): return 2")],
            changed(f="def f(): return 1", g="def g(): return 2"),
            id="all metadata lost",
        ),
        pytest.param(
            [wrote(c.source, None, c.kind) for c in whole(f="def f(): return 1", essay="An essay.")],
            changed(f="def f(): return 1", essay="An essay."),
            id="all metadata lost, and an essay",
        ),
        pytest.param(
            [wrote(c.source, None, c.kind, "id-" + (c.grade_id or c.source)) for c in whole(f="F", g="G")],
            changed(f="F", g="G"),
            id="only the cells' own ids left",
        ),
        pytest.param(
            [*whole()[:3], wrote("def f(): return 1\ncheck(f, [])", "f-check"), *whole()[4:]],
            [*PLAIN[:3], "def f(): return 1\ncheck(f, [])", *PLAIN[3:]],
            id="an answer in a test cell runs before the test",
        ),
    ],
)
def test_cells_find_their_places(handed_in: list[LearnerCell], expected: list[str]) -> None:
    """Is every answer in its place, every locked cell as released, and everything else where it was?"""
    assert sources(handed_in) == expected


def test_metadata_is_the_releases() -> None:
    """Do own cells bring nothing that nbgrader would read?"""
    notebook, _ = rebuild(RELEASED, [*whole(f="F"), wrote("mine", "unknown"), wrote("x", "f", "markdown")])
    known = [cell["metadata"] for cell in notebook["cells"] if cell["metadata"]]
    assert known == [cell["metadata"] for cell in RELEASED["cells"] if cell["metadata"]]
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert all("outputs" in cell for cell in notebook["cells"] if cell["cell_type"] == "code")


def test_a_deleted_answer_is_remarked() -> None:
    """Is the instructor told?"""
    _, remarks = rebuild(RELEASED, [cell for cell in whole() if cell.grade_id != "g"])
    assert remarks == ["the answer cell 'g' was deleted"]


def test_another_notebook_is_refused() -> None:
    """Is a notebook with no cell of this assignment not taken for it?"""
    with pytest.raises(Unreadable, match="Was another one handed in"):
        rebuild(RELEASED, [wrote("x = 1"), wrote("a text", kind="markdown")])


def test_no_notebook_takes_minutes() -> None:
    """Is it not looked into millions of characters for what an answer could be?"""
    from course.grading.handed_in import LearnerCell
    from tests.course.collecting import downloads

    released = downloads.released("01_python_layer")
    first = released["cells"][0]
    own = [LearnerCell("code", "x=1\n" * 49_000, None, None) for _ in range(100)]
    started = time.monotonic()
    rebuild(released, [LearnerCell("markdown", "".join(first["source"]), None, first["id"]), *own])
    assert time.monotonic() - started < 10
