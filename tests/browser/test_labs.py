"""Can the cells of a chapter be run and edited in its page, and do they give what the book shows?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.book.chapters import chapters
from tests.browser.laboratory import Laboratory, window
from tests.browser.reader import Reader

pytestmark = [pytest.mark.slow]

CHAPTERS = [
    pytest.param(f"{chapter.name}.html", marks=pytest.mark.xdist_group(f"cells of {Path(chapter.name).name}"))
    for chapter in chapters()
    if chapter.runs_in_page
]
INTRO = "book/intro.html"
NOT_DRAWN = "Figures are not drawn in a page. The one below belongs to the code as it was at first."


@pytest.fixture(scope="module", params=CHAPTERS)
def ran(chromium_browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Laboratory]:
    """Run every cell of a chapter, from top to bottom."""
    with window(chromium_browser, address) as reader:
        page = Laboratory(reader, request.param)
        for cell in cells(page):
            assert page.run(cell) == "done", cell.inner_text()
        yield page


def cells(page: Laboratory) -> list[Locator]:
    found = page.page.locator("article .cell.lab").all()
    assert found
    return found


def printed_in_the_book(cell: Locator) -> str:
    return "".join(cell.locator(".cell_output .stream pre").all_text_contents()).strip()


def test_every_cell_prints_what_the_book_shows(ran: Laboratory) -> None:
    """Does a reader who runs a cell see the same text that stood there?"""
    shown = [cell for cell in cells(ran) if "tag_varies" not in (cell.get_attribute("class") or "")]
    said = [printed_in_the_book(cell) for cell in shown]
    assert any(said)
    assert said == ["".join(cell.locator(".lab-output pre.stdout").all_text_contents()).strip() for cell in shown]


def test_figures_stay_and_are_said_to_be_the_books(ran: Laboratory) -> None:
    """Is the figure still there where a cell draws one, with a remark, and nothing of the kind elsewhere?"""
    for cell in cells(ran):
        notes = cell.locator(".lab-note").all_inner_texts()
        assert notes == ([NOT_DRAWN] if cell.locator(".cell_output img").count() else [])
        expect(cell.locator(".cell_output img")).to_be_visible() if notes else None


@pytest.fixture
def intro(reader: Callable[..., Reader]) -> Laboratory:
    return Laboratory(reader(), INTRO)


@pytest.mark.xdist_group("cells of intro")
def test_an_edited_cell(intro: Laboratory) -> None:
    """Does it give something else, also below, is it kept, and can it be put back?"""
    first, second = cells(intro)
    source = first.locator(".cell_input .highlight pre").inner_text().rstrip()
    intro.write(first, source.replace("[4, 2, 1, 0]", "[4, 99, 1, 0]"))
    assert intro.run(first) == "done"
    expect(first.locator(".lab-output pre.stdout")).to_contain_text("maximum: [[99, 2], [8, 4]]")
    expect(first.locator(".cell_output")).to_be_hidden()

    intro = Laboratory(intro.reader, INTRO)
    first, second = cells(intro)
    expect(first.locator(".cm-content")).to_contain_text("[4, 99, 1, 0]")
    assert intro.run(second) == "done"
    expect(first.locator(".lab-output pre.stdout")).to_contain_text("maximum: [[99, 2], [8, 4]]")

    intro.button(first, "Reset").click()
    intro.page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    assert intro.lines(first) == source
    expect(first.locator(".cell_output")).to_be_visible()
    assert not [entry for entry in intro.kept() if not entry.endswith("/when")]


@pytest.mark.xdist_group("cells of intro")
def test_a_folded_cell(intro: Laboratory) -> None:
    """Can a cell whose code is folded be run as it is, and be unfolded and edited?"""
    _, folded = cells(intro)
    assert "tag_hide-input" in folded.get_attribute("class")
    expect(folded.locator(".highlight")).to_be_hidden()
    intro.button(folded, "Edit").click()
    expect(folded.locator(".cm-content")).to_be_visible()
    expect(folded.locator(".cm-content")).to_be_focused()


@pytest.mark.xdist_group("cells of intro")
def test_a_cell_that_imports_pytorch(intro: Laboratory) -> None:
    """Is it said that a page has none, and where there is one?"""
    first, _ = cells(intro)
    intro.write(first, "import torch")
    assert intro.run(first) == "error"
    assert re.search("PyTorch does not run in a page. Download the page as a notebook", intro.error(first))


@pytest.mark.xdist_group("cells of intro")
def test_at_the_top_of_a_host(reader: Callable[..., Reader], top_address: str) -> None:
    """Is all that is loaded found where the site is a host of its own?"""
    page = Laboratory(reader(top_address), INTRO)
    first, _ = cells(page)
    assert page.run(first) == "done"
    assert first.locator(".lab-output pre.stdout").inner_text().strip() == printed_in_the_book(first)
