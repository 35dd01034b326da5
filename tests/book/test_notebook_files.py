"""Does a page give the release with the answers in it, and does it read any notebook as grading does?

What the page does (book/_web/labs/notebook.js) runs in Node, on the notebooks that are released.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from course.grading.handed_in import Unreadable, read_cells
from course.grading.rebuilding import DELETED, is_answer, rebuild
from tests.book import building, node
from tests.book.altered import MUTATIONS, NAME, Notebook, answers, new, released, source, text_of
from tests.course.building import ASSIGNMENTS

SCRIPT = building.ROOT / "tests" / "book" / "notebook_files.js"

NUMBERS = itertools.count()


def own(after: str, text: str, kind: str = "code") -> dict[str, str]:
    """Make a cell of the learner's own as a page keeps it."""
    return {"after": after, "id": f"own-{next(NUMBERS)}", "type": kind, "source": text}


def filled(name: str, texts: dict[str, str], cells: list[dict[str, str]]) -> str:
    """Return the file that the page gives."""
    (text,) = node.run(SCRIPT, [["filled", released(name), texts, cells]])
    return text


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_without_answers_it_is_the_release(name: str) -> None:
    """Is the notebook of somebody who wrote nothing the released file, to the last byte?"""
    assert filled(name, {}, []) == text_of(name)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_with_answers_it_is_what_jupyter_would_save(name: str) -> None:
    """Are the answers in their cells, and is everything else as it was, nbgrader's checksums too?"""
    text = filled(name, answers(name), [])
    expected = nbformat.reads(text_of(name), as_version=4)
    for cell in expected.cells:
        cell.source = answers(name).get(cell.id, cell.source)
    assert text == nbformat.writes(expected) + "\n"
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    locked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("locked")]
    assert len(locked) > 5
    assert all(compute_checksum(cell) == cell.metadata.nbgrader.checksum for cell in locked)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "x",
        "x\n\n",
        "größe = '−∞ 😀'",
        "'</script><!--'",
        "a\r\nb",
        "a\x0cb\u2028c",
        '\\n " \\u0041',
        "\tx  \n ",
    ],
    ids=ascii,
)
def test_any_text_is_kept(text: str) -> None:
    """Is whatever somebody writes in the notebook as it was written?"""
    first = next(iter(answers()))
    notebook = nbformat.reads(filled(NAME, {first: text}, []), as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells if cell.id == first] == [text]


def test_own_cells_stand_where_they_were_added() -> None:
    """Are they behind the cell that they were added to, in their order, and are they cells that Jupyter knows?"""
    ids = [cell["id"] for cell in released()["cells"]]
    added = [own(ids[3], "a = 1"), own("", "first"), own(ids[3], "a text\n*two*", "markdown"), own("gone", "of old")]
    added.append(own(ids[-1], "last"))
    notebook = nbformat.reads(filled(NAME, {}, added), as_version=4)
    nbformat.validate(notebook)
    first, of_old, *middle = notebook.cells
    last = middle.pop()
    assert [cell.source for cell in (first, of_old, last)] == ["first", "of old", "last"]
    assert [cell.id for cell in middle[:4]] == ids[:4]
    assert [(cell.cell_type, cell.source) for cell in middle[4:6]] == [("code", "a = 1"), ("markdown", "a text\n*two*")]
    assert [cell.id for cell in middle[6:]] == ids[4:]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_what_went_in_comes_out(name: str) -> None:
    """Does a page that opens its own notebook have what it had?"""
    ids = [cell["id"] for cell in released(name)["cells"]]
    added = [own("", "first"), own(ids[2], "a = 1"), own(ids[2], "a text", "markdown"), own(ids[-1], "b = 2")]
    texts = dict(list(answers(name).items())[:3])
    blank = {cell["id"]: source(cell) for cell in released(name)["cells"] if is_answer(cell)}
    (found,) = node.run(SCRIPT, [["takenOut", released(name), filled(name, texts, added)]])
    assert found["answers"] == {**blank, **texts}
    assert [{**cell, "id": ""} for cell in found["own"]] == [{**cell, "id": ""} for cell in added]


#: What grading and the page take differently, and why that is right for each.
BY_DESIGN = {
    "an answer deleted": "the page shows the cell as it was released; where it is graded, nothing stands there",
    "an answer emptied": "an empty cell says as little as the released one, which the page shows",
    "an empty cell": "the page leaves it out",
    "a raw cell": "the page leaves it out: it never runs",
}


@functools.cache
def taken() -> dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    """Return what grading makes of each mutation, and what the page makes of it: kinds and sources of cells."""
    opened = {}
    for title, mutate in MUTATIONS.items():
        notebook = json.loads(filled(NAME, answers(), []))
        mutate(notebook)
        opened[title] = json.dumps(notebook)
    graded = [rebuild(released(), read_cells(text.encode(), title))[0] for title, text in opened.items()]
    found = node.run(SCRIPT, [["takenOut", released(), text] for text in opened.values()])
    shown = node.run(SCRIPT, [["filled", released(), each["answers"], each["own"]] for each in found])

    def cells(notebook: Notebook) -> list[tuple[str, str]]:
        return [(cell["cell_type"], source(cell)) for cell in notebook["cells"]]

    pairs = zip(map(cells, graded), map(cells, map(json.loads, shown)), strict=True)
    return dict(zip(opened, pairs, strict=True))


@pytest.mark.parametrize("title", [title for title in MUTATIONS if title not in BY_DESIGN])
def test_a_page_reads_what_grading_reads(title: str) -> None:
    """Are the same answers in the same places, and own cells too, whatever became of the notebook?"""
    graded, shown = taken()[title]
    assert shown == graded


@pytest.mark.parametrize("title", BY_DESIGN)
def test_where_they_differ(title: str) -> None:
    """Does the page leave out or show as released what grading sees, and nothing else?"""
    graded, shown = taken()[title]
    blanks = [source(cell) for cell in released()["cells"]]
    differ = [pair for pair in graded if pair not in shown]
    assert len(differ) == 1, BY_DESIGN[title]
    assert differ[0][1].strip() in ("", DELETED, "raw")
    assert all(text in blanks for _, text in (pair for pair in shown if pair not in graded))


def test_another_exercise_is_refused() -> None:
    """Is a file that was mistaken for this exercise's not taken for it, although both have a max_pool2d?"""
    opened = [["takenOut", released(), text_of(name)] for name in ASSIGNMENTS if name != NAME]
    titles = [released(name)["metadata"]["course"]["title"] for name in ASSIGNMENTS if name != NAME]
    assert node.run(SCRIPT, opened) == [{"refused": f"it is “{title}”, another exercise"} for title in titles]


def test_a_foreign_notebook_has_no_answers() -> None:
    """Is nothing taken from a notebook that has no cell of this exercise, as grading takes nothing?"""
    foreign = copy.deepcopy(released())
    foreign["cells"] = [new("def max_pool2d(x): return x"), new("An essay.", "markdown")]
    text = json.dumps(foreign)
    (found,) = node.run(SCRIPT, [["takenOut", released(), text]])
    assert found["answers"] == {}
    with pytest.raises(Unreadable):
        rebuild(released(), read_cells(text.encode(), NAME))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", "it is not a notebook: it cannot be read as JSON"),
        ("%PDF-1.7", "it is not a notebook: it cannot be read as JSON"),
        ("null", "it is not a notebook of today’s format: it has no list of cells"),
        (
            '{"worksheets": [{"cells": []}], "nbformat": 3}',
            "it is not a notebook of today’s format: it has no list of cells",
        ),
        ('{"cells": {}}', "it is not a notebook of today’s format: it has no list of cells"),
        ('{"cells": [null, 3]}', "it is not a notebook of today’s format: it has no list of cells"),
    ],
)
def test_what_is_no_notebook_is_refused(text: str, refused: str) -> None:
    """Is it said what is wrong with a file?"""
    assert node.run(SCRIPT, [["takenOut", released(), text]]) == [{"refused": refused}]
