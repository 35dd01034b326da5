"""A build that failed or was killed once does not pass on the second try unmended.

Sphinx reads only the pages that changed since the last build, so a page that gave a warning gives none the second time.
Here a stamp among Sphinx's records says that the last build ended without a warning. Where it is missing, the records
go and every page is read again. Outputs of executed cells are kept elsewhere and stay.
"""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

STAMP = "built-without-a-warning"


def forget_unfinished_build(app: Sphinx) -> None:
    """Remove the records of a build that did not end well, and take back the stamp until this one has."""
    records = Path(app.doctreedir)
    if (records / STAMP).exists():
        (records / STAMP).unlink()
    else:
        shutil.rmtree(records, ignore_errors=True)
        records.mkdir(parents=True, exist_ok=True)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Give the stamp to a build without a warning; fail the others, whatever options Sphinx was called with."""
    if exception is not None:
        return
    if app._warncount:
        app.statuscode = 1
        return
    remove_pages_without_source(app)
    (Path(app.doctreedir) / STAMP).touch()


def remove_pages_without_source(app: Sphinx) -> None:
    """Remove what an earlier build wrote for a chapter that has since gone, and about cells that have since passed."""
    out = Path(app.outdir)
    for root, pattern in ((out, "*.html"), (out / "_sources", "*.md")):
        for file in (root / "book").rglob(pattern):
            if file.relative_to(root).with_suffix("").as_posix() not in app.env.found_docs:
                file.unlink()
    shutil.rmtree(out / "reports", ignore_errors=True)  # tracebacks, which name folders of the author's machine


def setup(app: Sphinx) -> dict[str, bool]:
    """Check the last build now, before Sphinx reads its records, and this one after everything else."""
    forget_unfinished_build(app)
    app.connect("build-finished", finish, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
