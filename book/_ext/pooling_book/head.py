"""What a page says about itself to browsers and search engines: its description, and the icons of the site.

The description is the one at the top of the page's source (`myst: html_meta: description:`), else how the page begins.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

#: A description has about so many characters: search engines show no more.
ENOUGH, MOST = 90, 200
#: For browsers that do not read favicon.svg, and for the home screens of telephones.
ICON_FILES = ["book/images/favicon.png", "book/images/icon.png"]
ICONS = '<link rel="icon" type="image/png" sizes="48x48" href="{0}"/>\n<link rel="apple-touch-icon" href="{1}"/>\n'


def beginning(document: nodes.document) -> str:
    """Return how a page begins, in one line without headings, tables and code."""
    text = ""
    for words in _paragraphs(document):
        text = f"{text} {words}".lstrip()
        if len(text) >= ENOUGH:
            break
    if len(text) > MOST:
        return text[:MOST].rpartition(" ")[0].rstrip(",;:.") + " …"
    return re.sub("[,;:]$", ".", text)


def _paragraphs(document: nodes.document) -> Iterator[str]:
    for node in document.findall(lambda node: isinstance(node, nodes.paragraph | nodes.title)):
        heading = isinstance(node, nodes.title) and isinstance(node.parent, nodes.section)
        if not heading and not any(isinstance(parent, nodes.table) for parent in _above(node)):
            words = " ".join(node.astext().split())
            ended = isinstance(node, nodes.title) or words.endswith((".", "?", "!", ":", ";", ","))
            yield words if ended else f"{words}."


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent:
        node = node.parent
        yield node


def describe(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """Add icons to every page, and a description to every page that has text."""
    icons = [context["pathto"](f"_static/{Path(file).name}", 1) for file in ICON_FILES]
    context["metatags"] = context.get("metatags", "") + ICONS.format(*icons)
    if not doctree:
        return
    written = [meta["content"] for meta in doctree.findall(nodes.meta) if meta.get("name") == "description"]
    description = written[0] if written else beginning(doctree)
    if not written:
        context["metatags"] += f'<meta name="description" content="{html.escape(description)}"/>\n'
    # What a link to the page shows elsewhere says the same; sphinxext.opengraph reads it at the usual priority.
    context["meta"] = {**(context["meta"] or {}), "og:description": html.escape(description)}


def setup(app: Sphinx) -> dict[str, bool]:
    """Add them before sphinxext.opengraph adds its own."""
    app.config.html_static_path = [*app.config.html_static_path, *ICON_FILES]
    app.connect("html-page-context", describe, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
