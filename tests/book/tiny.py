"""Books of one page, which are read in a moment."""

import io
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from tests.book.building import ROOT


def read(folder: Path, source: str, *extensions: str) -> tuple[nodes.document, str]:
    """Read a page of MyST with some parts of our extension; return it, and the warnings that came.

    Parameters
    ----------
    folder : Path
        Where the book is made; it must be empty.
    source : str
        The page, below its title.
    extensions : str
        Such as "pooling_book.widgets".
    """
    app, warnings = _build(folder, source, "dummy", extensions)
    return app.env.get_doctree("index"), warnings


def show(folder: Path, source: str, *extensions: str) -> Path:
    """Build such a book for browsers, without a theme of ours; return the folder of its index.html."""
    app, warnings = _build(folder, source, "html", extensions)
    assert not warnings, warnings
    return Path(app.outdir)


def _build(folder: Path, source: str, builder: str, extensions: tuple[str, ...]) -> tuple[Sphinx, str]:
    (folder / "book").mkdir()
    (folder / "book" / "_web").symlink_to(ROOT / "book" / "_web")
    (folder / "index.md").write_text(f"# A page\n\n{source}\n", encoding="utf-8")
    warnings = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            folder,
            None,
            folder / "_build",
            folder / "_build",
            builder,
            {
                "extensions": ["myst_parser", *extensions],
                "exclude_patterns": ["book", "_build"],
                "myst_enable_extensions": ["colon_fence", "dollarmath"],
            },
            status=None,
            warning=warnings,
        )
        app.build()
    return app, warnings.getvalue()
