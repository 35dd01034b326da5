"""Can cells be used with the keys alone, read out, and seen by day, by night and on a phone?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.laboratory import Exercise, Laboratory, window
from tests.browser.reader import NARROW, Reader, nothing

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("labs for everybody")]

NAME, FIRST, CHECK = "01_python_layer", "output-size", "output-size-check"
SECOND, SECOND_CHECK = "max-pool-2x2", "max-pool-2x2-check"
INTRO, PROGRESS = "book/intro.html", "book/exercises/progress.html"
#: Takes the maximum of the diagonal alone, so a window is drawn.
WRONG = """def max_pool_2x2(x):
    return [[max(x[i][j], x[i + 1][j + 1]) for j in range(0, len(x[0]) - 1, 2)] for i in range(0, len(x) - 1, 2)]"""


def test_with_the_keys_alone(reader: Callable[..., Reader]) -> None:
    """Can an answer be reached, written, checked, mended, put back and left, with the focus never lost?"""
    r = reader()
    exercise = Exercise(r, NAME)
    cell, check, press = exercise.cell(FIRST), exercise.cell(CHECK), exercise.page.keyboard.press
    content = cell.locator(".cm-content")
    r.tab_to(exercise.button(cell, "Edit"))
    press("Enter")
    expect(content).to_be_focused()
    press("ControlOrMeta+A")
    press("Delete")
    for line in ("def output_size(size, kernel_size, stride=None, padding=0):", "stride = stride or kernel_size"):
        exercise.page.keyboard.type(line)
        press("Enter")
    exercise.page.keyboard.type("return (size - kernel_size) // stride")  # CodeMirror has indented it
    press("Control+Enter")
    expect(check).to_have_attribute("data-state", "failed", timeout=60_000)
    expect(content).to_be_focused()
    exercise.page.keyboard.type(" + 1")
    press("Shift+Enter")
    expect(cell).to_have_attribute("data-state", "done")
    expect(content).to_be_focused()
    assert "    return (size - kernel_size) // stride + 1" in exercise.lines(cell)

    press("Tab")  # indents
    press("Shift+Tab")
    expect(content).to_be_focused()
    press("Escape")
    press("Tab")
    expect(content).not_to_be_focused()
    assert exercise.has_focus()
    r.tab_to(exercise.button(check))
    press("Enter")
    assert exercise.ended(check) == "failed"
    expect(check.locator(".lab-report")).to_contain_text("padding")
    expect(exercise.button(check)).to_be_focused()

    exercise.button(cell, "Reset").focus()
    press("Enter")
    expect(exercise.page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    press("Shift+Tab")
    press("Enter")
    expect(content).to_be_focused()
    assert "..." in exercise.lines(cell)
    press("Escape")
    r.tab_to(exercise.button(cell, "Add a cell"), most=8)
    press("Enter")
    own = exercise.page.locator(".cell-own")
    expect(own.locator(".cm-content")).to_be_focused()
    exercise.button(own, "Remove").focus()
    press("Enter")
    expect(own).to_have_count(0)
    assert exercise.has_focus()
    before = exercise.kept()
    tab_past_editors(exercise, exercise.page.locator(".hand-in").last.get_by_role("button", name="Open a notebook"))
    with exercise.page.expect_file_chooser():
        press("Enter")
    assert exercise.kept() == before


def tab_past_editors(exercise: Exercise, target: Locator) -> None:
    """Go on with Tab, which indents in an editor unless Escape comes first."""
    for _ in range(150):
        if target.evaluate("element => element === document.activeElement"):
            return
        if exercise.page.evaluate("document.activeElement.matches('.cm-content')"):
            exercise.page.keyboard.press("Escape")
        exercise.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


@pytest.fixture(scope="module")
def busy(chromium_browser: Browser, address: str) -> Iterator[Exercise]:
    """Open an exercise with a drawn grid, an error, a cell of one's own and a question that is asked."""
    with window(chromium_browser, address, viewport=NARROW) as reader:
        exercise = Exercise(reader, NAME)
        exercise.write(exercise.cell(SECOND), WRONG)
        assert exercise.run(exercise.cell(SECOND_CHECK)) == "failed"
        expect(exercise.page.locator(".lab-picture td.marked").first).to_be_visible()
        exercise.button(exercise.cell(SECOND), "Add a cell").click()
        exercise.page.keyboard.insert_text("print('wide ' * 99)\n'a' * 999 + undefined")
        assert exercise.run(exercise.page.locator(".cell-own")) == "error"
        exercise.write(exercise.cell(FIRST), exercise.answers[FIRST])
        assert exercise.run(exercise.cell(CHECK)) == "passed"
        exercise.essays[0].fill("In words.")
        yield exercise


def in_every_light(reader: Reader) -> list[str]:
    """Return what axe finds on a phone by day and by night, and what is wider than the phone."""
    found = []
    for scheme, options in {"dark": {"runOnly": ["color-contrast"]}, "light": {}}.items():
        reader.page.emulate_media(color_scheme=scheme)
        reader.page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        found += reader.violations(**options)
    return found + reader.wider_than_the_window()


def test_axe_finds_nothing_on_an_exercise(busy: Exercise) -> None:
    """Are editors, reports, drawn grids and errors fit for everybody?"""
    nothing(in_every_light(busy.reader))


def test_axe_finds_nothing_in_a_question(busy: Exercise) -> None:
    """Is the question before something is lost fit for everybody?"""
    busy.button(busy.cell(FIRST), "Reset").click()
    expect(busy.page.get_by_role("dialog")).to_be_visible()
    nothing(in_every_light(busy.reader))
    busy.confirm("Cancel")


def test_axe_finds_nothing_on_the_page_of_progress(busy: Exercise) -> None:
    """Is the table of what was done fit for everybody?"""
    busy.reader.open(PROGRESS)
    expect(busy.page.get_by_role("button", name=f"Download {NAME}.ipynb")).to_be_visible()
    nothing(in_every_light(busy.reader))


def test_axe_finds_nothing_on_a_chapter(reader: Callable[..., Reader]) -> None:
    """Is a chapter with a cell that was edited and run fit for everybody?"""
    page = Laboratory(reader(viewport=NARROW), INTRO)
    cell = page.page.locator("article .cell.lab").first
    page.editor(cell)
    assert page.run(cell) == "done"
    nothing(in_every_light(page.reader))
