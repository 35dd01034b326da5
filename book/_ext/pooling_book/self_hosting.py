"""Serve every style sheet, font and script with the pages."""

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

PACKAGES = Path("book/_web/node_modules")
KATEX = PACKAGES / "katex/dist"
TEXT_FONT = PACKAGES / "@fontsource/source-serif-4/files"
#: The cuts of the text font that site.css names.
CUTS = ("400-normal", "400-italic", "600-normal")
# What the theme copies and no page refers to: a script (see templates/) and templates that it takes for pages.
UNUSED = ("vendor/fontawesome/*/js/*", "scripts/*.map", "styles/*.map", "*webpack-macros.html")


def override_templates(app: Sphinx, config: Config) -> None:
    """Put this extension's templates before the theme's."""
    config.templates_path = [str(Path(__file__).parent / "templates"), *config.templates_path]


def copy_katex(app: Sphinx) -> None:
    """Copy KaTeX's style sheet and its fonts in the one format that every browser of today reads."""
    source, target = Path(app.srcdir) / KATEX, Path(app.outdir) / "_static" / "katex"
    if not (source / "katex.min.css").exists():
        raise ExtensionError(
            f"KaTeX is missing: {KATEX}/katex.min.css not found. `make book` installs it; without make, run"
            " `npm ci` in book/_web with the npm of this project's virtual environment (see README.md)."
        )
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    for font in (source / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts")
    css = (source / "katex.min.css").read_text(encoding="utf-8")
    woff2_only = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    (target / "katex.min.css").write_text(woff2_only, encoding="utf-8")


def copy_text_font(app: Sphinx) -> None:
    """Copy the text font's cuts in use, for Latin script."""
    source, target = Path(app.srcdir) / TEXT_FONT, Path(app.outdir) / "_static" / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for cut in CUTS:
        shutil.copy(source / f"source-serif-4-latin-{cut}.woff2", target)


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
