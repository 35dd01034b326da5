"""Is what a reader writes into an exercise kept, shared between tabs, and taken in and out as a notebook?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.laboratory import PYODIDE, Exercise, as_file, cell_ids, released
from tests.browser.reader import Reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("work on exercises")]

NAME = "01_python_layer"
FIRST, SECOND, CHECK = "output-size", "max-pool-2x2", "output-size-check"
NOT_KEPT = "This browser does not keep your work. Download your notebook before you leave the page."
FULL = """() => {
    Storage.prototype.setItem = function () {
        if (this === localStorage) throw new DOMException('full', 'QuotaExceededError');
    };
}"""
COUNT_EVENTS = "window.events = []; addEventListener('storage', ({key}) => events.push(key));"


@pytest.fixture
def window(reader: Callable[..., Reader]) -> Iterator[Reader]:
    """Open a window in which Python never arrives: starting it takes seconds, and nothing here runs."""
    r = reader()
    r.context.route(PYODIDE, lambda route: None)
    yield r
    r.context.unroute_all()


@pytest.fixture
def exercise(window: Reader) -> Exercise:
    return Exercise(window, NAME)


def opened(exercise: Exercise) -> Exercise:
    """Load the page anew."""
    return Exercise(exercise.reader, exercise.name)


def own_cells(exercise: Exercise) -> list[str]:
    """Return what is in the cells that the learner added, in editors or not."""
    shown = exercise.page.locator(".cell-own").locator(".cm-content, .highlight pre").locator("visible=true")
    return [text.strip() for text in shown.all_inner_texts()]


def add_cell(exercise: Exercise, below: str, text: str) -> None:
    exercise.button(exercise.cell(below), "Add a cell").click()
    expect(exercise.page.locator(".cell-own .cm-content:focus")).to_have_count(1)
    exercise.page.keyboard.insert_text(text)


def test_a_reload_loses_nothing(reader: Callable[..., Reader]) -> None:
    """Are answers, words, cells of one's own and passed checks there again?"""
    exercise = Exercise(reader(), NAME)
    exercise.write(exercise.cell(FIRST), exercise.answers[FIRST])
    add_cell(exercise, FIRST, "output_size(7, 3)")
    assert exercise.run(exercise.cell(CHECK)) == "passed"
    exercise.essays[0].fill("It moves.\n\nBy a column.")
    before = exercise.points()
    assert before[0] == before[2] == 1
    exercise = opened(exercise)
    expect(exercise.cell(FIRST).locator(".cm-content")).to_contain_text("stride = kernel_size")
    assert exercise.lines(exercise.cell(FIRST)) == exercise.answers[FIRST]
    expect(exercise.essays[0]).to_have_value("It moves.\n\nBy a column.")
    assert own_cells(exercise) == ["output_size(7, 3)"]
    expect(exercise.status(exercise.cell(CHECK))).to_have_text("All of these checks passed.")
    assert exercise.points() == before
    exercise.write(exercise.cell(FIRST), "output_size = None")
    expect(exercise.status(exercise.cell(CHECK))).to_have_text("What it checks was changed.")
    assert exercise.points()[0] == 0


def test_reading_alone_leaves_nothing(exercise: Exercise) -> None:
    """Is nothing kept of one who looked, or who put back what they changed?"""
    exercise.editor(exercise.cell(FIRST))
    assert not exercise.kept()
    exercise.write(exercise.cell(SECOND), "x")
    assert any(entry.endswith(cell_ids(NAME)[SECOND]) for entry in exercise.kept())
    exercise.page.keyboard.press("ControlOrMeta+Z")
    exercise.page.keyboard.press("ControlOrMeta+Z")
    assert not any(entry.endswith(cell_ids(NAME)[SECOND]) for entry in exercise.kept())


def test_two_tabs(exercise: Exercise) -> None:
    """Does each tab show what is written in the other, without answering it, and is nothing lost?"""
    here, there = exercise, copy.copy(exercise)
    there.page = here.reader.context.new_page()
    there.page.goto(here.page.url)
    for tab in (here, there):
        tab.page.evaluate(COUNT_EVENTS)
    here.write(here.cell(FIRST), "one = ")
    here.page.keyboard.type("12345", delay=20)
    expect(there.cell(FIRST).locator(".cm-content")).to_have_text("one = 12345")
    there.write(there.cell(SECOND), "two = 2")
    expect(here.cell(SECOND).locator(".cm-content")).to_have_text("two = 2")
    there.essays[0].fill("Three.")
    expect(here.essays[0]).to_have_value("Three.")
    add_cell(here, FIRST, "four = 4")
    expect(there.page.locator(".cell-own .cm-content")).to_have_text("four = 4")
    here.button(here.page.locator(".cell-own"), "Remove").click()
    here.confirm("Remove")
    expect(there.page.locator(".cell-own")).to_have_count(0)
    assert here.lines(here.cell(FIRST)) == there.lines(there.cell(FIRST)) == "one = 12345"

    heard = [tab.page.evaluate("events.length") for tab in (here, there)]
    here.page.wait_for_timeout(500)
    assert heard == [tab.page.evaluate("events.length") for tab in (here, there)]
    entries = [
        there.page.evaluate(f"events.filter(key => key.endsWith('{cell_ids(NAME)[name]}'))") for name in (FIRST, SECOND)
    ]
    assert 6 <= len(entries[0]) <= 8  # written, and typed on
    assert not entries[1]  # what it wrote itself
    there.page.close()


def test_reset_asks(exercise: Exercise) -> None:
    """Does Cancel keep what was written, Reset put back what was there, and neither lose the focus?"""
    cell = exercise.cell(FIRST)
    starter = cell.locator(".highlight pre").inner_text().rstrip()
    exercise.write(cell, "mine = 1")
    exercise.button(cell, "Reset").click()
    exercise.confirm("Cancel")
    assert exercise.lines(cell) == "mine = 1"
    assert exercise.has_focus()
    exercise.button(cell, "Reset").focus()
    exercise.page.keyboard.press("Enter")
    expect(exercise.page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    exercise.page.keyboard.press("Escape")
    expect(exercise.page.get_by_role("dialog")).to_have_count(0)
    assert exercise.lines(cell) == "mine = 1"
    assert exercise.has_focus()
    exercise.button(cell, "Reset").click()
    exercise.confirm("Reset")
    assert exercise.lines(cell) == starter
    assert exercise.has_focus()
    assert not any(entry.endswith(cell_ids(NAME)[FIRST]) for entry in exercise.kept())
    exercise.button(cell, "Reset").click()  # nothing to lose, so nothing is asked
    expect(exercise.page.get_by_role("dialog")).to_have_count(0)


def test_cells_of_ones_own(exercise: Exercise) -> None:
    """Do they come below the answer, stay there after a reload, and go when they are removed?"""
    add_cell(exercise, FIRST, "first = 1")
    add_cell(exercise, FIRST, "second = 2")
    add_cell(exercise, SECOND, "third = 3")
    own = ["second = 2", "first = 1", "third = 3"]
    assert own_cells(exercise) == own
    exercise = opened(exercise)
    assert own_cells(exercise) == own
    remove = exercise.page.locator(".cell-own").first.get_by_role("button", name="Remove")
    remove.click()
    exercise.confirm("Cancel")
    assert own_cells(exercise) == own
    remove.click()
    exercise.confirm("Remove")
    assert own_cells(exercise) == own[1:]
    assert exercise.has_focus()
    assert own_cells(opened(exercise)) == own[1:]


def test_own_cells_are_in_the_notebook(exercise: Exercise, tmp_path: Path) -> None:
    """Do they stand in the download where they stand in the page, and run?"""
    exercise.write(exercise.cell(FIRST), "mine = 1")
    add_cell(exercise, FIRST, "mine + 1")
    notebook = json.loads(exercise.download(tmp_path).read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert sources[sources.index("mine = 1") + 1] == "mine + 1"
    assert len(sources) == len(released(NAME).cells) + 1


def grade_id(cell: dict[str, Any]) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def answered(changes: dict[str, str]) -> dict[str, Any]:
    """Return a released notebook with something written into it, as JSON has it."""
    notebook = json.loads(json.dumps(released(NAME)))
    for cell in notebook["cells"]:
        cell["source"] = changes.get(grade_id(cell), cell["source"])
    return notebook


def test_a_download_can_be_opened(exercise: Exercise, tmp_path: Path) -> None:
    """Does a notebook that was taken along bring everything back?"""
    exercise.write(exercise.cell(FIRST), "mine = 1")
    exercise.essays[0].fill("In words.")
    add_cell(exercise, FIRST, "mine + 1")
    path = exercise.download(tmp_path)
    expect(exercise.bar.get_by_role("status")).to_have_text(f"{NAME}.ipynb is what you hand in.")
    exercise.page.evaluate("localStorage.clear()")
    exercise = opened(exercise)
    exercise.choose(path)
    expect(exercise.bar.get_by_role("status")).to_have_text(
        f"{NAME}.ipynb was opened: 10 answers, and a cell of your own. Now check them."
    )
    assert exercise.lines(exercise.cell(FIRST)) == "mine = 1"
    expect(exercise.essays[0]).to_have_value("In words.")
    assert own_cells(exercise) == ["mine + 1"]
    first, second = (nbformat.read(each, as_version=4) for each in (path, exercise.download(tmp_path / "again")))
    assert [cell.source for cell in first.cells] == [cell.source for cell in second.cells]


def test_opening_asks_before_it_replaces(exercise: Exercise) -> None:
    """Does Cancel keep what is there, and is it gone after Replace?"""
    exercise.write(exercise.cell(FIRST), "mine = 1")
    exercise.choose(as_file(answered({SECOND: "other = 2"})))
    expect(exercise.page.get_by_role("dialog")).to_contain_text(
        "Replace what is on this page with what is in work.ipynb?"
    )
    exercise.confirm("Cancel")
    expect(exercise.bar.get_by_role("status")).to_have_text("Nothing was changed.")
    assert exercise.lines(exercise.cell(FIRST)) == "mine = 1"
    exercise.choose(as_file(answered({SECOND: "other = 2"})))
    exercise.confirm("Replace")
    expect(exercise.cell(SECOND).locator(".cm-content")).to_have_text("other = 2")
    expect(exercise.cell(FIRST).locator(".cm-content")).to_contain_text("def output_size")
    assert not any(entry.endswith(cell_ids(NAME)[FIRST]) for entry in exercise.kept())
    assert exercise.has_focus()


def test_a_notebook_that_was_rearranged(exercise: Exercise) -> None:
    """Is a copy of an answer the learner's own, one that lost its ids known by its grade id, and a missing one told?"""
    notebook = answered({FIRST: "mine = 1", SECOND: "other = 2"})
    cells = {grade_id(cell): cell for cell in notebook["cells"]}
    notebook["cells"].insert(0, {**cells[FIRST], "id": "copy", "source": "draft = 0", "metadata": {}})
    cells[SECOND]["id"] = "changed"
    notebook["cells"].remove(cells["max-pool2d"])
    exercise.choose(as_file(notebook, "rearranged.ipynb"))
    expect(exercise.bar.get_by_role("status")).to_have_text(
        "rearranged.ipynb was opened: 9 answers, and a cell of your own; 1 of 10 are not in it. Now check them."
    )
    expect(exercise.cell(FIRST).locator(".cm-content")).to_have_text("mine = 1")
    expect(exercise.cell(SECOND).locator(".cm-content")).to_have_text("other = 2")
    assert own_cells(exercise) == ["draft = 0"]


def other_notebook() -> dict[str, Any]:
    """Return a notebook of another exercise, which has tasks of the same names."""
    return json.loads(json.dumps(released("02_numpy_layer")))


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (other_notebook, "it is “The same layer in NumPy”, another exercise"),
        (lambda: "no JSON", "it is not a notebook: it cannot be read as JSON"),
        (lambda: {"worksheets": []}, "it is not a notebook of today’s format: it has no list of cells"),
        (lambda: [1, 2], "it is not a notebook of today’s format: it has no list of cells"),
        (lambda: {"cells": [None, 3, {}]}, "it is not a notebook of today’s format: it has no list of cells"),
        (lambda: {"cells": []}, "no answer in it belongs to this exercise"),
    ],
    ids=["another exercise's", "no JSON", "an old one", "a list", "odd cells", "no cells"],
)
def test_what_is_not_this_notebook(exercise: Exercise, file: Callable[[], Any], why: str) -> None:
    """Is it refused, with the reason, and nothing changed?"""
    exercise.write(exercise.cell(FIRST), "mine = 1")
    exercise.choose(as_file(file(), "other.ipynb"))
    expect(exercise.bar.get_by_role("status")).to_have_text(f"other.ipynb was not opened: {why}.")
    assert exercise.lines(exercise.cell(FIRST)) == "mine = 1"


def test_a_browser_that_keeps_nothing(exercise: Exercise) -> None:
    """Can one work there all the same, is one told, and asked before leaving?"""
    exercise.page.evaluate(FULL)
    exercise.write(exercise.cell(FIRST), "mine = 1")
    expect(exercise.bar.get_by_role("status")).to_have_text(NOT_KEPT)
    add_cell(exercise, FIRST, "mine + 1")
    assert own_cells(exercise) == ["mine + 1"]
    asked = []
    exercise.page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    exercise.page.reload()
    assert asked == ["beforeunload"]
