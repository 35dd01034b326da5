"""Reads built pages: what they refer to, what can be referred to in them, and what their cells printed."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

# Attributes that make a browser fetch something as soon as it shows the page. <a href> waits for a click.
FETCHED = {
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("input", "src"),
    ("link", "href"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("track", "src"),
    ("video", "poster"),
    ("video", "src"),
}
CSS_REFERENCE = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


class Reference(NamedTuple):
    """Something that a page or a style sheet points to."""

    tag: str
    url: str
    fetched: bool


class Page(HTMLParser):
    """A built page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: set[str] = set()
        self.references: list[Reference] = []
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the ids and references of an element."""
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag == "a" and name == "name"):
                self.ids.add(value)
            elif name == "style":
                self.references += references_of_css(value)
            elif name == "srcset":
                self.references += [Reference(tag, part.split()[0], True) for part in value.split(",")]
            elif name in {"href", "src", "data", "poster"} and not (tag == "link" and ("rel", "canonical") in attrs):
                self.references.append(Reference(tag, value, (tag, name) in FETCHED))

    @property
    def printed(self) -> list[str]:
        """What the cells of the page printed, one text for each output."""
        outputs = re.findall(r'<div class="output [^"]*">.*?<pre>(.*?)</pre>', self.source, flags=re.DOTALL)
        return [re.sub(r"<[^>]*>", "", text) for text in outputs]


def references_of_css(css: str) -> list[Reference]:
    """Return what a style sheet, or a style attribute, makes a browser fetch."""
    return [Reference("css", a or b, True) for a, b in CSS_REFERENCE.findall(css)]


def loaded_by(page: Page) -> set[Path]:
    """Return the files that a browser fetches to show a page, with all that its style sheets name, except pictures."""
    named = {
        ref.url for ref in page.references if ref.fetched and Path(urlsplit(ref.url).path).suffix in {".css", ".js"}
    }
    files = {(page.path.parent / unquote(urlsplit(url).path)).resolve() for url in named}
    for sheet in [file for file in files if file.suffix == ".css"]:
        urls = [urlsplit(ref.url) for ref in references_of_css(sheet.read_text(encoding="utf-8"))]
        files |= {(sheet.parent / unquote(url.path)).resolve() for url in urls if url.path and not url.scheme}
    return files


@cache
def page(path: Path) -> Page:
    """Read a page, once."""
    return Page(path)


def is_elsewhere(url: str) -> bool:
    """Say whether a reference leaves the site for another host."""
    parts = urlsplit(url)
    return bool(parts.netloc) or parts.scheme in {"http", "https", "ftp", "ws", "wss"}


def problem(source: Path, url: str) -> str | None:
    """Say what is wrong with a reference from the file `source` to a place within the site, if anything is."""
    parts = urlsplit(url)
    if parts.scheme:  # data:, mailto:, javascript:
        return None
    target = (source.parent / unquote(parts.path)).resolve() if parts.path else source
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "there is no such file"
    if parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in page(target).ids:
        return f"{target.name} has no element with the id {parts.fragment!r}"
    return None
