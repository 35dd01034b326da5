"""Put book/_web/interactive.js and interactive.css on the pages that have something to touch.

Each becomes one file. A browser does not load modules for a page that was opened as a file, but it loads a script.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from pooling_book import node

WEB = Path("book/_web")
#: Where a page's metadata says that it needs them.
NEEDED = "interactive"
#: What browsers of the last few years understand.
TARGET = "es2022,chrome111,firefox114,safari16.4"


def need_scripts(env: BuildEnvironment) -> None:
    """Note that the page that is being read needs the scripts. A directive calls it."""
    env.metadata[env.docname][NEEDED] = True


def sources(root: Path) -> list[Path]:
    """List our own modules, which also draw the figures that stand in the pages before a script runs."""
    return sorted([*(root / WEB).glob("*.js"), *(root / WEB).glob("*/*.js")])


def bundle(app: Sphinx) -> None:
    """Make one script and one style sheet of what they import."""
    root = Path(app.srcdir)
    entries = [root / WEB / "interactive.js", root / WEB / "interactive.css"]
    _bundle(root, entries, Path(app.outdir) / "_static", "iife")


def bundle_modules(root: Path, entries: list[Path], target: Path) -> None:
    """Make one module of each of these and what it imports."""
    _bundle(root, entries, target, "esm")


def _bundle(root: Path, entries: list[Path], target: Path, form: str) -> None:
    esbuild = node.installed(root, "esbuild/bin/esbuild")
    places = [f"--target={TARGET}", f"--outdir={target}"]
    done = node.run(esbuild, *entries, *places, "--bundle", "--minify", f"--format={form}", "--log-level=warning")
    if done.returncode or done.stderr:
        raise ExtensionError(f"The site's scripts cannot be bundled:\n{done.stderr}")


def add_to_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Load both on a page whose directives need them."""
    if NEEDED in app.env.metadata.get(page, {}):
        load(app)


def load(app: Sphinx) -> None:
    """Load both on the page that is about to be written."""
    app.add_css_file("interactive.css")
    app.add_js_file("interactive.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the steps above to Sphinx's events."""
    app.connect("builder-inited", bundle)
    app.connect("html-page-context", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
