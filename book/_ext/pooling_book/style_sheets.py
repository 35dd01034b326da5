"""Make one small style sheet of those that packages bring, and small fonts of the icons in use.

Together they weigh 800 KB, of which the pages use a seventh. Sphinx goes on copying them to _static; pages load
packages.css instead, which has the rules alone that some page or script can use. It is made from whole sheets and all
pages after every build, so a page added later gets its rules back. Our own sheets are not touched.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from fontTools import subset
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.logging import getLogger

from pooling_book import node

logger = getLogger(__name__)

SCRIPT = Path("book/_web/style_sheets.mjs")
TARGET = "packages.css"
#: What packages.css is made of, below _static, in the order of the cascade.
SHEETS = (
    "basic.css",
    "styles/bootstrap.css",
    "styles/pydata-sphinx-theme.css",
    "vendor/fontawesome/*/css/all.min.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
    "copybutton.css",
    "togglebutton.css",
    "sphinx-design.min.css",
    "katex-math.css",
)
ICON_FONTS = "vendor/fontawesome/*/webfonts/*.ttf"
#: The colours of code are in our own code.css.
REPLACED = (*SHEETS, "pygments.css")

TAG_OR_SCRIPT = re.compile(r"<script.*?</script>|<[^>]*>", re.DOTALL)
LOADED_SCRIPT = re.compile(r'<script[^>]* src="([^"?]*)')
WORD = re.compile(r"[\w-]+")
ICON = re.compile(r'"\\(f[0-9a-f]{3})"')
WOFF2 = re.compile(r'url\([^)]*\.woff2\) ?format\("woff2"\),')
TTF = re.compile(r"url\([^)]*/([\w-]+\.ttf)\)")


def link_to_one_sheet(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """Leave out the links that packages.css replaces; it has its own in templates/static/webpack-macros.html."""
    context["css_files"] = [
        sheet
        for sheet in context["css_files"]
        if not any(Path(sheet.filename).match(f"_static/{name}") for name in REPLACED)
    ]


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Make the sheet for the pages just written, or warn: that fails the build, and says more than a traceback."""
    if exception is None:
        try:
            make_sheet(app)
        except ExtensionError as error:
            logger.warning("%s", error)


def make_sheet(app: Sphinx) -> None:
    """Write packages.css and the icon fonts, unless nothing they depend on has changed."""
    static = Path(app.outdir) / "_static"
    sheets = [only_match(static, name) for name in SHEETS]
    asked = json.dumps({"sheets": [str(sheet) for sheet in sheets], "words": " ".join(sorted(words(Path(app.outdir))))})
    contents = [path.read_bytes() for path in (*sheets, Path(app.srcdir) / SCRIPT, Path(__file__))]
    stamp = f"/* {hashlib.sha256(b' '.join([asked.encode(), *contents])).hexdigest()} */\n"
    target = static / TARGET
    if target.is_file() and target.read_text(encoding="utf-8").startswith(stamp):
        return
    css = purged(Path(app.srcdir) / SCRIPT, asked)
    write_icon_fonts(static, {int(code, 16) for code in ICON.findall(css)})
    target.write_text(stamp + TTF.sub(r"url(icons/\1)", WOFF2.sub("", css)), encoding="utf-8")


def only_match(static: Path, name: str) -> Path:
    """Return the file that a pattern stands for; a package that moved it should not go unnoticed."""
    found = list(static.glob(name))
    if len(found) != 1:
        raise ExtensionError(
            f"{TARGET} is made of one _static/{name} among others; there are {len(found)}. Where there are several, an"
            " earlier version of a package left some: run `make clean`."
        )
    return found[0]


def words(site: Path) -> set[str]:
    """Return all words in the tags of all pages and in the scripts of pages: classes are among them."""
    found: set[str] = set()
    scripts: set[Path] = set()
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        scripts.update((page.parent / source).resolve() for source in LOADED_SCRIPT.findall(html))
        found.update(WORD.findall(" ".join(set(TAG_OR_SCRIPT.findall(html)))))
    for script in filter(Path.is_file, scripts):
        found.update(WORD.findall(script.read_text(encoding="utf-8")))
    return found


def purged(script: Path, asked: str) -> str:
    """Let purgecss and esbuild do the work."""
    done = node.run(script, given=asked)
    if done.returncode != 0:
        raise ExtensionError(f"{script} failed; `make book` installs the packages that it needs:\n{done.stderr}")
    return done.stdout


def write_icon_fonts(static: Path, codes: set[int]) -> None:
    """Write each icon font with the icons of `codes` alone."""
    (static / "icons").mkdir(exist_ok=True)
    for source in static.glob(ICON_FONTS):
        font = subset.load_font(source, subset.Options())
        subsetter = subset.Subsetter()
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        font.save(static / "icons" / source.name)


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at the links of every page, and at the pages once all are written."""
    app.connect("html-page-context", link_to_one_sheet, priority=900)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
