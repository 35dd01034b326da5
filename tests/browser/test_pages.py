"""Is every page of the site sound in a real browser? Each is visited once, and then asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.book.toc import CHAPTERS
from tests.browser.reader import NARROW, Reader, nothing

pytestmark = pytest.mark.slow

#: Pages that no chapter's source stands behind.
GENERATED = ["genindex", "py-modindex", "search"]
PAGES = [pytest.param(f"{name}.html", marks=pytest.mark.xdist_group(name)) for name in [*CHAPTERS, *GENERATED]]
MOST_BYTES = 1_000_000

#: Of several tabs one is open at a time: what was seen in another one counts.
REMEMBER = """() => {
    for (const element of document.querySelectorAll('main .sd-tab-content, main .sd-tab-content *'))
        if (element.checkVisibility({opacityProperty: true, visibilityProperty: true})) element.dataset.wasSeen = 'yes';
}"""
#: Text, figures and formulas that nobody gets to see without JavaScript, once all that can be opened is open.
UNSEEN = """() => {
    const article = document.querySelector('main article, main .bd-search-container');
    for (const animation of document.getAnimations()) animation.finish();
    const seen = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true})
        || element.dataset.wasSeen
        || getComputedStyle(element).display === 'contents';  // then its children are asked
    const beside = 'script, style, template, summary *, .headerlink, .katex-mathml, .katex-mathml *, .toggler';
    return [...article.querySelectorAll('*')]
        .filter(element => !element.matches(beside) && !seen(element))
        .filter(element => element.textContent.trim() || element.matches('img, svg, canvas'))
        .map(element => element.outerHTML.replace(/\\s+/g, ' ').slice(0, 120));
}"""


@dataclass(frozen=True)
class Visit:
    """What came out of visiting a page once."""

    troubles: list[str]
    other_bytes: dict[str, int]
    missing_images: list[str]
    violations: dict[str, list[str]]
    wider: list[str]


@pytest.fixture(scope="module", params=PAGES)
def visit(chromium_browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Read a page in a wide window by day and by night, and in a narrow one."""
    reader = Reader(chromium_browser, address)
    page = reader.open(request.param)
    other_bytes = reader.weight(images=False)
    violations = {"light": reader.violations()}
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    violations["dark"] = reader.violations(runOnly=["color-contrast", "link-in-text-block"])
    page.set_viewport_size(NARROW)
    page.reload()  # some scripts measure the window once, when a page is opened
    violations["narrow"] = reader.violations(rules={"color-contrast": {"enabled": False}})
    wider, missing = reader.wider_than_the_window(), reader.missing_images()
    yield Visit(reader.troubles, other_bytes, missing, violations, wider)
    reader.close()


def test_nothing_goes_wrong(visit: Visit) -> None:
    """Does the page ask no other host for anything, miss no file, throw no error and write no warning?"""
    nothing(visit.troubles)


@pytest.mark.parametrize("state", ["light", "dark", "narrow"])
def test_axe_finds_nothing(visit: Visit, state: str) -> None:
    """Can the page be read by those who cannot see it well, or cannot use a mouse?"""
    nothing(visit.violations[state])


def test_every_image_is_shown(visit: Visit) -> None:
    """Does a reader see every image?"""
    nothing(visit.missing_images)


def test_a_phone_shows_the_whole_width(visit: Visit) -> None:
    """Does a narrow page scroll down only, not sideways?"""
    nothing(visit.wider)


def test_a_page_is_light(visit: Visit) -> None:
    """Does a page without its images need at most a megabyte before anything is clicked?"""
    if sum(visit.other_bytes.values()) > MOST_BYTES:
        nothing([f"{size:9,} {url}" for url, size in sorted(visit.other_bytes.items(), key=lambda item: -item[1])])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_without_a_server(reader: Callable[..., Reader], site: Path, path: str) -> None:
    """Does a page that is opened as a file miss nothing and write no error?"""
    page = reader(f"{site.as_uri()}/").open(path)
    assert page.title()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_lost_without_javascript(reader: Callable[..., Reader], path: str) -> None:
    """Does a reader without JavaScript see every text, figure and formula, having opened what is closed?"""
    page = reader(java_script_enabled=False).open(path)
    assert page.title()
    expect(page.locator("main h1:visible")).to_have_count(1)
    closed = page.locator("main details:not([open]) > summary")
    for _ in range(closed.count()):
        closed.first.click()
    for tab in page.locator("main .sd-tab-set > label").all():
        tab.click()
        page.evaluate(REMEMBER)
    nothing(page.evaluate(UNSEEN))


def test_no_page_is_left_out(site: Path) -> None:
    """Are the pages above all that were built, beside the one that leads to the first?"""
    built = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    assert built == {page.values[0] for page in PAGES} | {"index.html"}


def test_the_front_door_leads_to_the_first_page(reader: Callable[..., Reader], address: str) -> None:
    """Does the site's own address lead to the introduction?"""
    page = reader().page
    page.goto(address)
    page.wait_for_url(f"**/{CHAPTERS[0]}.html")
