"""Mend what the theme and other packages write that keyboards and screen readers stumble over.

What is a matter of a template is mended in templates/, what is a matter of colours in book/_static/site.css, and what
depends on the reader's screen in book/_static/site.js.
"""

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx

#: Markup that docutils and MyST-NB write, and what it should be.
MENDED = {
    # The members of a list are list items; the role that they have was withdrawn.
    'role="doc-biblioentry"': 'role="listitem"',
    # A label hides the text: "Show code cell source".
    '<summary aria-label="Toggle hidden content">': "<summary>",
}

INDEX = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={first}">
<link rel="icon" href="_static/{icon}">
<title>{title}</title>
<main><h1><a href="{first}">{title}</a></h1></main>
</html>
"""


def mend_body(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Mend the page's own text."""
    for faulty, mended in MENDED.items():
        context["body"] = context.get("body", "").replace(faulty, mended)


def mend_menu(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Have the menu made such that the arrows that unfold it have names."""
    if "generate_toctree_html" in context:
        context["generate_toctree_html"] = with_names(context["generate_toctree_html"])


def with_names(generate: Callable[..., BeautifulSoup | str]) -> Callable[..., BeautifulSoup | str]:
    """Return a `generate` that names each arrow after the entry that it unfolds."""

    def generate_with_names(*args: Any, **kwargs: Any) -> BeautifulSoup | str:
        menu = generate(*args, **kwargs)
        if isinstance(menu, BeautifulSoup):
            for entry in menu.select("li.has-children"):
                link, summary = entry.select_one("a"), entry.select_one("summary")
                if link and summary:
                    summary["aria-label"] = f"Pages of {link.get_text(strip=True)}"
        return menu

    return generate_with_names


def complete_index(app: Sphinx, exception: Exception | None) -> None:
    """Give index.html, which only leads to the first page, a language, a title, a link and an icon."""
    if exception is None:
        text = INDEX.format(
            title=html.escape(app.config.html_title),
            first=app.builder.get_target_uri(app.config.root_doc),
            icon=Path(app.config.html_favicon).name,  # else a browser looks for one where the host has none
        )
        (Path(app.outdir) / "index.html").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at every page after the theme has prepared it."""
    app.connect("html-page-context", mend_body, priority=900)
    app.connect("html-page-context", mend_menu, priority=900)
    app.connect("build-finished", complete_index, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
