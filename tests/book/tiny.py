"""Books of a few pages, which are read in a moment."""

import io
from collections.abc import Mapping
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
    app, warnings = build(folder, {"index": f"# A page\n\n{source}\n"}, "dummy", extensions)
    return app.env.get_doctree("index"), warnings


def show(folder: Path, source: str, *extensions: str) -> Path:
    """Build such a book for browsers, without a theme of ours; return the folder of its index.html."""
    app, warnings = build(folder, {"index": f"# A page\n\n{source}\n"}, "html", extensions)
    assert not warnings, warnings
    return Path(app.outdir)


def build(folder: Path, pages: Mapping[str, str], builder: str, extensions: tuple[str, ...]) -> tuple[Sphinx, str]:
    """Build a book whose pages are given by their names; return Sphinx's application, and the warnings that came.

    Built again in the same folder, only what has changed is written and read, as in any book.
    """
    if not (folder / "book").exists():
        (folder / "book").mkdir()
        (folder / "book" / "_web").symlink_to(ROOT / "book" / "_web")
    for name, source in pages.items():
        page = folder / f"{name}.md"
        if not page.exists() or page.read_text(encoding="utf-8") != source:
            page.write_text(source, encoding="utf-8")
    for page in [*folder.glob("*.md"), *(folder / "book").glob("*.md")]:
        if page.relative_to(folder).with_suffix("").as_posix() not in pages:
            page.unlink()
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
                "exclude_patterns": ["book/_web", "_build"],
                "myst_enable_extensions": ["colon_fence", "dollarmath", "fieldlist"],
            },
            status=None,
            warning=warnings,
        )
        app.build()
    return app, warnings.getvalue()
