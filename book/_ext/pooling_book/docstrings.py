"""Let the docstrings of code stay as they read best there, and give Sphinx what it needs."""

import re
from typing import Any

from sphinx.application import Sphinx

STAR_BEFORE_NAME = re.compile(r"(?<![\w*`\\])\*(?=[a-z]\w*[,)]|[a-z]\w* (?:alone|or|and)\b)")


def escape_stars(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Escape the star of a shape such as (N, C, *spatial): it is not the start of emphasis."""
    lines[:] = [STAR_BEFORE_NAME.sub(r"\\*", line) for line in lines]


def flatten_headings(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Make "References" and the like in a module's docstring paragraphs, not sections of the page with a label each.

    numpydoc does this for functions and classes, and leaves modules alone.
    """
    if what == "module":
        text = re.sub(r"^(\w.*)\n-{4,}$", r".. rubric:: \1\n", "\n".join(lines), flags=re.MULTILINE)
        lines[:] = text.split("\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at every docstring before it is parsed."""
    app.connect("autodoc-process-docstring", escape_stars)
    app.connect("autodoc-process-docstring", flatten_headings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
