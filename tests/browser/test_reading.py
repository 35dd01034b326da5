"""Can what is read be copied, printed and opened?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.book.toc import CHAPTERS
from tests.browser.reader import Reader

pytestmark = pytest.mark.slow

FIRST, CHAPTER = (f"{name}.html" for name in CHAPTERS[:2])
SIDEBARS = ".bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, .prev-next-area, .copybtn"


def test_code_is_copied(reader: Callable[..., Reader]) -> None:
    """Does the button beside a cell copy its code, all of it and nothing else?"""
    alone = reader(permissions=["clipboard-read", "clipboard-write"])
    page = alone.open(CHAPTER)
    cell = page.locator(".cell_input:visible").first
    cell.hover()
    cell.locator("button.copybtn").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == cell.locator("pre").inner_text().strip()
    assert "\n" in copied


def test_an_example_is_copied_without_prompts(reader: Callable[..., Reader]) -> None:
    """Does a copied session of Python's hold what was typed, without >>> and without the answers?"""
    alone = reader(permissions=["clipboard-read", "clipboard-write"])
    page = alone.open("book/api/geometry.html")
    example = page.locator(".highlight:visible").filter(has_text=">>> ").first
    shown = example.locator("pre").inner_text().splitlines()
    alone.tab_to(example.locator("button.copybtn")).press("Enter")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied == [line[4:] for line in shown if line.startswith((">>> ", "... "))]


@pytest.mark.parametrize("path", [FIRST, CHAPTER])
def test_paper_has_no_menus(reader: Callable[..., Reader], path: str) -> None:
    """Does a printed page have the text and the figures, and nothing that only works on a screen?"""
    page = reader(color_scheme="dark").open(path)
    page.emulate_media(media="print")
    expect(page.locator(SIDEBARS).locator("visible=true")).to_have_count(0)
    expect(page.locator("main h1:visible")).to_have_count(1)  # print has a title of its own
    images = page.locator("main article img")
    expect(images.locator("visible=true")).to_have_count(images.count())
    assert page.pdf().startswith(b"%PDF")
