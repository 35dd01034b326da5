"""Does the page of all exercises say how far a reader is, and give and remove what they wrote?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.laboratory import PYODIDE, Exercise, solved
from tests.browser.reader import Reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("progress")]

PROGRESS, NAME, TITLE = "book/exercises/progress.html", "01_python_layer", "A pooling layer in pure Python"
FIRST, CHECK = "output-size", "output-size-check"


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("row", name=title)


def test_nothing_was_begun(reader: Callable[..., Reader]) -> None:
    """Is every exercise listed, and said to be untouched, or to need what no page has?"""
    page = reader().open(PROGRESS)
    expect(page.locator("tbody tr")).to_have_count(5)
    for title in ("Pooling by hand", TITLE, "The same layer in NumPy"):
        expect(row(page, title)).to_contain_text("not begun")
    for needs in page.locator("tbody tr").filter(has_text="It needs").all():
        expect(needs).to_contain_text("It needs PyTorch: solve it in Jupyter.")
    expect(page.get_by_role("button", name="Download 0")).to_have_count(0)


def test_work_is_shown_given_and_removed(reader: Callable[..., Reader], tmp_path) -> None:
    """Does it say what passes, give the file that the exercise gives, and remove all of it when told so twice?"""
    r = reader()
    exercise = Exercise(r, NAME)
    exercise.write(exercise.cell(FIRST), exercise.answers[FIRST])
    exercise.button(exercise.cell(FIRST), "Add a cell").click()
    expect(exercise.page.locator(".cell-own .cm-content")).to_be_focused()
    exercise.page.keyboard.insert_text("output_size(7, 3)")
    assert exercise.run(exercise.cell(CHECK)) == "passed"
    exercise.essays[0].fill(solved(NAME)["shift"][1])
    path = exercise.download(tmp_path)

    page = r.open(PROGRESS)
    mine = row(page, TITLE)
    expect(mine.get_by_role("cell").nth(0)).to_have_text("1 of 9 pass")
    expect(mine.get_by_role("cell").nth(1)).to_have_text("1 of 13, and up to 26 by grading")
    expect(mine.get_by_role("progressbar", name=f"Checks of {TITLE}")).to_have_attribute("value", "1")
    with page.expect_download() as download:
        mine.get_by_role("button", name=f"Download {NAME}.ipynb").click()
    assert download.value.suggested_filename == path.name
    assert download.value.path().read_bytes() == path.read_bytes()
    expect(page.get_by_role("status").filter(has_text="what you hand in")).to_have_text(
        f"{NAME}.ipynb is what you hand in."
    )

    forget = mine.get_by_role("button", name=f"Forget {TITLE}")
    forget.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(mine).to_contain_text("1 of 9")
    forget.click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(mine).to_contain_text("not begun")
    assert not page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('pooling')).length")
    assert page.evaluate("document.activeElement !== document.body")
    exercise = Exercise(r, NAME)
    expect(exercise.essays[0]).to_have_value("")
    expect(exercise.page.locator(".cell-own, .cm-content")).to_have_count(0)


def test_another_tab(reader: Callable[..., Reader]) -> None:
    """Does the table follow what is written in another tab, where the exercise is open?"""
    r = reader()
    page = r.open(PROGRESS)
    r.context.route(PYODIDE, lambda route: None)
    tab = r.context.new_page()
    tab.goto(f"{r.address}book/exercises/{NAME}.html")
    tab.locator(".cell-essay textarea").fill("In words.")
    expect(row(page, TITLE)).to_contain_text("0 of 9")
    tab.close()
    r.context.unroute_all()


def test_without_javascript(reader: Callable[..., Reader]) -> None:
    """Is one told why there is nothing to see?"""
    page = reader(java_script_enabled=False).open(PROGRESS)
    expect(page.locator(".progress-table")).to_have_text("Your browser shows it once it runs JavaScript.")
