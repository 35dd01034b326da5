"""Give every style sheet and script an address that changes with its contents, so that no browser shows an old one.

Sphinx does so too, but only on the pages that it writes; those that it leaves as they are go on naming the old version.
"""

import filecmp
import hashlib
import re
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

#: What a page loads from _static or labs: its address up to a query, and the query.
LOADED = re.compile(r'(?<=")((?:\.\./)*(?:_static|labs)/[^"?]+\.(?:css|js|zip))(?:\?[^"]*)?(?=")')


def read_a_page_for_changed_files(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the first page where a file of ours has changed: with no page to write, Sphinx copies no file either."""
    copies = Path(app.outdir) / "_static"
    for folder in (Path(app.srcdir) / name for name in app.config.html_static_path):
        for file in folder.rglob("*"):
            copy = copies / file.relative_to(folder)
            if file.is_file() and not (copy.is_file() and filecmp.cmp(file, copy, shallow=False)):
                return [app.config.root_doc]
    return []


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Bring all pages up to date."""
    if exception is not None:
        return
    site = Path(app.outdir)

    @cache
    def version(file: Path) -> str:
        return hashlib.sha256(file.read_bytes()).hexdigest()[:8]

    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        updated = LOADED.sub(lambda match: f"{match[1]}?v={version((page.parent / match[1]).resolve())}", html)  # noqa: B023
        if updated != html:
            page.write_text(updated, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at our files first, and at the pages when all that they load has been written."""
    app.connect("env-get-outdated", read_a_page_for_changed_files)
    app.connect("build-finished", finish, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
