"""Is the built site whole, and does it stand alone?"""

import importlib
import re
from pathlib import Path

import pytest

from tests.book import pages
from tests.book.toc import CHAPTERS, TOC

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]


def pages_of(site: Path) -> list[pages.Page]:
    """Read every page of the site."""
    return [pages.page(path) for path in sorted(site.rglob("*.html"))]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_built_and_in_the_menu(site: Path, chapter: str) -> None:
    """Can a reader get from the first page to each chapter?"""
    assert (site / f"{chapter}.html").is_file()
    first = pages.page(site / f"{TOC['root']}.html")
    menu = {(first.path.parent / ref.url).resolve() for ref in first.references if ref.tag == "a"}
    parents = [other for other in CHAPTERS if chapter.startswith(f"{other}/")]
    reached_from = menu | {
        (site / parent).parent.joinpath(ref.url).resolve()
        for parent in parents
        for ref in pages.page(site / f"{parent}.html").references
    }
    assert chapter == TOC["root"] or (site / f"{chapter}.html") in reached_from


def test_the_front_door_has_an_icon(site: Path) -> None:
    """Does index.html name its icon? Without a name, browsers ask the host for /favicon.ico, which may not be there."""
    links = [ref.url for ref in pages.page(site / "index.html").references if ref.tag == "link"]
    assert links == ["_static/favicon.svg"]


def test_internal_links_lead_somewhere(site: Path) -> None:
    """Does every link, image, script and style sheet within the site exist, down to the heading it names?"""
    broken = [
        f"{page.path.relative_to(site)}: {ref.url}: {trouble}"
        for page in pages_of(site)
        for ref in page.references
        if not pages.is_elsewhere(ref.url) and (trouble := pages.problem(page.path, ref.url))
    ]
    assert not broken, "\n".join(broken)


def test_pages_fetch_nothing_from_another_host(site: Path) -> None:
    """Would a reader without a network see the same pages?"""
    fetched = [
        f"{page.path.relative_to(site)}: <{ref.tag}> {ref.url}"
        for page in pages_of(site)
        for ref in page.references
        if ref.fetched and pages.is_elsewhere(ref.url)
    ]
    assert not fetched, "\n".join(fetched)


def test_style_sheets_are_whole_and_local(site: Path) -> None:
    """Do the style sheets that pages use refer only to files of the site, and do these exist?"""
    sheets = {
        (page.path.parent / ref.url.partition("?")[0]).resolve()
        for page in pages_of(site)
        for ref in page.references
        if ref.tag == "link" and ref.url.partition("?")[0].endswith(".css")
    }
    assert len(sheets) > 3
    for sheet in sheets:
        for ref in pages.references_of_css(sheet.read_text(encoding="utf-8")):
            assert not pages.is_elsewhere(ref.url), f"{sheet.name} fetches {ref.url}"
            assert not pages.problem(sheet, ref.url.partition("#")[0] or sheet.name), (
                f"{sheet.name}: {ref.url} is missing"
            )


def test_a_page_weighs_at_most_a_megabyte(site: Path) -> None:
    """Is what a browser fetches to show a page, pictures aside and every font counted, light enough for a phone?"""
    too_heavy = {
        page.path.relative_to(site).as_posix(): weight
        for page in pages_of(site)
        if (weight := sum(file.stat().st_size for file in {page.path, *pages.loaded_by(page)})) > 1_000_000
    }
    assert not too_heavy


def test_scripts_that_only_work_with_another_host_are_gone(site: Path) -> None:
    """Is nothing left of thebe, require.js, MathJax and FontAwesome's script?"""
    unwanted = re.compile(r"thebe|require(?:\.min)?\.js|mathjax|fontawesome/[^\"]*\.js", re.IGNORECASE)
    loaded = [ref.url for page in pages_of(site) for ref in page.references if ref.tag == "script"]
    assert loaded
    assert not [url for url in loaded if unwanted.search(url)]
    assert not list(site.rglob("fontawesome/**/*.js"))


def test_formulas_are_rendered(site: Path) -> None:
    """Is every formula HTML already, with no TeX left for a script to render?"""
    formulas = [page for page in pages_of(site) if 'class="katex"' in page.source]
    assert formulas, "no page has a formula"
    for page in pages_of(site):
        assert "katex-error" not in page.source, page.path
        assert not re.search(r'class="math[^"]*">\s*\\[(\[]', page.source), page.path


@pytest.mark.parametrize("layer", ["python_layer", "numpy_layer", "torch_layer"])
def test_every_public_name_is_in_the_reference(site: Path, layer: str) -> None:
    """Is each name that a layer offers described, at least in its 2d form?"""
    module = importlib.import_module(f"pooling.{layer}")
    described = pages.page(site / "book" / "api" / f"{layer}.html").ids
    for name in module.__all__:
        assert f"pooling.{layer}.{re.sub(r'[13]d', '2d', name)}" in described, name
