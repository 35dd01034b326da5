"""Give every style sheet and script an address that changes with its contents, so that no browser shows an old one.

Sphinx does so too, but only on the pages that it writes; those that it leaves as they are go on naming the old version.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx

#: What a page loads from _static: its address up to a query, and the query.
LOADED = re.compile(r'(?<=")((?:\.\./)*_static/[^"?]+\.(?:css|js))(?:\?[^"]*)?(?=")')


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
    """Look at the pages when all that they load has been written."""
    app.connect("build-finished", finish, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
