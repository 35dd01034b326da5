"""Does a reader find the way through the site, with the keyboard alone and wherever the site is?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.book.toc import CHAPTERS
from tests.browser.reader import NARROW, Reader

pytestmark = pytest.mark.slow

FIRST = f"{CHAPTERS[0]}.html"
BOOK = [f"{chapter}.html" for chapter in CHAPTERS]


def test_next_and_previous_lead_through_the_book(reader: Callable[..., Reader]) -> None:
    """Does a reader who goes on from page to page read all of them in order, and could go back from each?"""
    alone = reader()
    page = alone.open(FIRST)
    onward, back = page.locator("a.right-next"), page.locator("a.left-prev")
    passed = [FIRST]
    while onward.count() and len(passed) <= len(BOOK):
        before = page.url
        with page.expect_navigation(wait_until="domcontentloaded"):
            onward.press("Enter")
        passed.append(page.url.removeprefix(alone.address))
        assert back.evaluate("link => link.href") == before
    assert passed == BOOK


@pytest.mark.parametrize("where", ["address", "top_address"])
def test_search_by_keyboard(reader: Callable[..., Reader], request: pytest.FixtureRequest, where: str) -> None:
    """Do a shortcut, a word and Enter lead to pages that exist and have the word?"""
    alone = reader(request.getfixturevalue(where))
    page = alone.open(BOOK[-1])
    page.keyboard.press("Control+k")
    page.keyboard.type("dilation")
    page.keyboard.press("Enter")
    results = page.locator("#search-results ul.search li")
    expect(page.locator("#search-results .search-summary")).to_contain_text(re.compile(r"found \d+ page"))
    assert results.count() > 2
    for link in results.locator("a").evaluate_all("links => links.map(link => link.href)"):
        assert page.request.get(link).ok, link
    alone.tab_to(results.locator("a").first)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main article")).to_contain_text("dilation", ignore_case=True)


def test_the_skip_link(reader: Callable[..., Reader]) -> None:
    """Does the first Tab offer to skip the menu, where it can be seen, and does that work?"""
    page = reader().open(BOOK[1])
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Skip to main content")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused.evaluate("element => Boolean(element.closest('main'))"), focused.evaluate("e => e.outerHTML")


def test_dark_mode_is_remembered(reader: Callable[..., Reader]) -> None:
    """Does the switch darken the page by keyboard, and is the next page dark too?"""
    alone = reader()
    page = alone.open(BOOK[1])
    by_day = brightness(page)
    switch = alone.tab_to(page.locator(".theme-switch-button:visible"))
    for _ in range(2):  # from the system's choice to light, from light to dark
        if page.locator("html").get_attribute("data-theme") != "dark":
            switch.press("Enter")
    assert brightness(page) < 60 < 200 < by_day
    page.locator("a.right-next").press("Enter")
    page.wait_for_url(f"**/{BOOK[2]}")
    assert brightness(page) < 60


def brightness(page: Page) -> float:
    """Return how bright the page's background is, from 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return max(float(part) for part in re.findall(r"[\d.]+", colour)[:3])


def test_the_menu_on_a_phone(reader: Callable[..., Reader]) -> None:
    """Does the menu open and close by keyboard, and does the focus go into it and come back?"""
    alone = reader(viewport=NARROW)
    page = alone.open(BOOK[1])
    menu, button = page.locator(".bd-sidebar-primary"), page.locator(".primary-toggle:visible").first
    expect(menu).not_to_be_in_viewport()
    alone.tab_to(button).press("Enter")
    expect(menu).to_be_in_viewport()
    chapter = menu.get_by_role("link", name="Max and average")
    alone.tab_to(chapter)
    expect(chapter).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(menu).not_to_be_in_viewport()
    expect(button).to_be_focused()


def test_a_closed_menu_holds_no_focus(reader: Callable[..., Reader]) -> None:
    """On a phone, does Tab pass over the links of the menu while it is closed?"""
    page = reader(viewport=NARROW).open(BOOK[1])
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.bd-sidebar-primary') === null")
