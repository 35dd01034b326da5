"""Let search results quote the text of a page (see book/_static/search_summaries.js)."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def add_script(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """Load the script on the page that searches, after Sphinx's own and before the first search."""
    if pagename == "search":
        app.add_js_file("search_summaries.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the step above to Sphinx's event."""
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
