"""What this book needs from Sphinx beyond Jupyter Book.

- `accessibility`: what keyboards and screen readers stumble over is mended.
- `addresses`: where the site and its repository are, and what follows from it.
- `assignments`: the page of an exercise is made from its release.
- `beyond_pages`: which cells cannot run in a page, and what they need.
- `clean_builds`: a build that failed or was killed is never mistaken for a good one.
- `docstrings`: docstrings of code stay as they read best there.
- `executing_ahead`: cells of several pages are executed at once.
- `execution_cache`: cells are executed again whenever something their outputs depend on has changed.
- `formulas`: formulas are rendered with a Node that comes with the lock, and patiently.
- `head`: what a page says about itself to browsers and search engines.
- `jupyter_markdown`: what a page says, as Markdown that Jupyter can show.
- `kernels`: cells run alike for everybody, whatever settings they keep for IPython and matplotlib.
- `labs`: readers can run the cells of a page, with what `pyodide` puts beside it.
- `launching`: buttons that open a page's notebook on Binder, a JupyterHub or Colab.
- `notebooks`: every chapter and exercise is there as a notebook.
- `progress`: readers see how far they are with all exercises.
- `quizzes`: questions that readers answer on the page, as directives.
- `scripts`: the site's own JavaScript and CSS, on the pages that need them.
- `search`: search results quote the text of a page.
- `self_hosting`: every style sheet, font and script is served with the pages.
- `style_sheets`: pages load of the packages' style sheets what they use.
- `terms`: the first use of a term in a chapter leads to the glossary, and the glossary back to it.
- `versions`: style sheets and scripts have addresses that change with their contents.
- `widgets`: figures that readers can touch, as directives.
"""

from sphinx.application import Sphinx

PARTS = (
    "accessibility",
    "addresses",
    "assignments",
    "clean_builds",
    "docstrings",
    "executing_ahead",
    "execution_cache",
    "formulas",
    "head",
    "kernels",
    "labs",
    "launching",
    "notebooks",
    "progress",
    "quizzes",
    "scripts",
    "search",
    "self_hosting",
    "style_sheets",
    "terms",
    "versions",
    "widgets",
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Load the parts of this extension; Sphinx calls it."""
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
