"""Serve every style sheet, font and script with the pages."""

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from pooling_book import node

#: The cuts of the text font that site.css names.
CUTS = ("400-normal", "400-italic", "600-normal")
# What the theme copies and no page refers to: a script (see templates/) and templates that it takes for pages.
UNUSED = ("vendor/fontawesome/*/js/*", "scripts/*.map", "styles/*.map", "*webpack-macros.html")


def override_templates(app: Sphinx, config: Config) -> None:
    """Put this extension's templates before the theme's."""
    config.templates_path = [str(Path(__file__).parent / "templates"), *config.templates_path]


def copy_katex(app: Sphinx) -> None:
    """Copy KaTeX's style sheet and its fonts in the one format that every browser of today reads."""
    sheet = node.installed(Path(app.srcdir), "katex/dist/katex.min.css")
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    for font in (sheet.parent / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts")
    css = sheet.read_text(encoding="utf-8")
    woff2_only = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    (target / "katex.min.css").write_text(woff2_only, encoding="utf-8")


def copy_text_font(app: Sphinx) -> None:
    """Copy the text font's cuts in use, for Latin script."""
    target = Path(app.outdir) / "_static" / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for cut in CUTS:
        file = f"@fontsource/source-serif-4/files/source-serif-4-latin-{cut}.woff2"
        shutil.copy(node.installed(Path(app.srcdir), file), target)


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """Remove what no page refers to."""
    if exception is None:
        for pattern in UNUSED:
            for file in (Path(app.outdir) / "_static").glob(pattern):
                file.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the steps above to Sphinx's events."""
    app.connect("config-inited", override_templates)
    app.connect("builder-inited", copy_katex)
    app.connect("builder-inited", copy_text_font)
    app.connect("build-finished", remove_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
