"""Can a reader find a passage, and take code and chapters along?"""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest
from playwright.sync_api import expect

from tests.book.test_site import CHAPTERS
from tests.browser.reader import Reader

pytestmark = pytest.mark.slow

CHAPTER = f"{CHAPTERS[1]}.html"


def test_only_code_can_be_copied(reader: Callable[..., Reader]) -> None:
    """Has each cell's code a button with a name, and none of what it printed?"""
    page = reader().open(CHAPTER)
    expect(page.locator(".cell_output pre").first).to_be_attached()
    expect(page.locator(".cell_output .copybtn")).to_have_count(0)
    shown = page.locator(".cell_input .highlight:visible")
    expect(page.locator(".cell_input").get_by_role("button", name="Copy the code")).to_have_count(shown.count())


def test_a_chapter_is_downloaded_by_keyboard(reader: Callable[..., Reader]) -> None:
    """Does the menu at the top give the chapter as a notebook?"""
    alone = reader()
    page = alone.open(CHAPTER)
    alone.tab_to(page.get_by_role("button", name="Download this page")).press("Enter")
    notebook = page.get_by_role("link", name=".ipynb")
    expect(notebook).to_be_visible()
    alone.tab_to(notebook)
    answer = page.request.get(notebook.evaluate("link => link.href"))
    assert answer.ok
    cells = nbformat.reads(answer.text(), as_version=4).cells
    assert cells[0].source.startswith("# ")
    assert not [cell for cell in cells if cell.get("outputs")]


def test_results_quote_the_text(reader: Callable[..., Reader]) -> None:
    """Does a result of a search show the passage, and not the theme's menus?"""
    page = reader().open("search.html?q=stride")
    result = page.locator("#search-results li").filter(has=page.locator('a[href*="02_windows"]')).first
    expect(result.locator(".context")).to_contain_text("stride")
    for menu in (".pdf", ".ipynb", "Contents"):
        expect(page.locator("#search-results")).not_to_contain_text(menu)
