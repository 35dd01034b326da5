"""Put Python for the browser beside the pages: Pyodide as npm has it, and the NumPy that belongs to it.

    _build/html/labs/pyodide-0.27.7/    pyodide.mjs, pyodide.asm.js, pyodide.asm.wasm, python_stdlib.zip,
                                        pyodide-lock.json, the NumPy wheel, LICENCES.txt

Not below _static: Jupyter Book would load each script there on every page.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from pooling_book import node

VENDORED = Path("book/_web/vendor")
#: What Pyodide loads when it starts.
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
#: The packages that pages can load; none of them needs another one.
PACKAGES = ("numpy",)

LICENCES = """\
Pyodide {version} (https://pyodide.org) is here as the npm package `pyodide` has it, unchanged. Its licence is the
Mozilla Public License 2.0; its source is at https://github.com/pyodide/pyodide. It contains Python, under the licence
of the Python Software Foundation (https://docs.python.org/3/license.html).

NumPy is here as the Pyodide project compiled it. Its licence:

{numpy}"""


def folder(app: Sphinx) -> Path:
    """Return where Pyodide lies in the built site. Its version is in the name, so that no browser mixes two of them."""
    return Path(app.outdir) / "labs" / f"pyodide-{_lock(app)['info']['version']}"


def copy(app: Sphinx) -> None:
    """Copy what the pages need, and nothing whose hash is not the one in Pyodide's own lock."""
    lock = _lock(app)
    lock["packages"] = {name: lock["packages"][name] for name in PACKAGES}
    target = folder(app)
    for other in target.parent.glob("pyodide-*"):
        if other != target:
            shutil.rmtree(other)
    target.mkdir(parents=True, exist_ok=True)
    for name in CORE:
        _copy(node.installed(Path(app.srcdir), f"pyodide/{name}"), target)
    for package in lock["packages"].values():
        wheel = Path(app.srcdir) / VENDORED / package["file_name"]
        check(wheel, package["sha256"])
        _copy(wheel, target)
    (target / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    numpy_licence = (Path(app.srcdir) / VENDORED / "NUMPY_LICENSE.txt").read_text(encoding="utf-8")
    licences = LICENCES.format(version=lock["info"]["version"], numpy=numpy_licence)
    (target / "LICENCES.txt").write_text(licences, encoding="utf-8")


def check(wheel: Path, sha256: str) -> None:
    """Refuse a wheel that is missing, or is not the one that Pyodide was tested with."""
    if not wheel.is_file():
        raise ExtensionError(f"{wheel} is missing. It comes with the course: restore it with `git checkout`.")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != sha256:
        raise ExtensionError(f"{wheel} has the SHA-256 {found}, and Pyodide's lock file says {sha256}.")


def size(app: Sphinx, packages: list[str]) -> int:
    """Return how many bytes a page loads to start Python with some packages, apart from the script that loads them."""
    files = ["pyodide.asm.wasm", "python_stdlib.zip", LOCK]
    files += [_lock(app)["packages"][name]["file_name"] for name in packages if name in PACKAGES]
    return sum((folder(app) / file).stat().st_size for file in files)


def _lock(app: Sphinx) -> dict[str, Any]:
    return json.loads(node.installed(Path(app.srcdir), f"pyodide/{LOCK}").read_text(encoding="utf-8"))


def _copy(source: Path, folder: Path) -> None:
    """Copy a file, unless it is there already: together they are as large as the rest of the site."""
    target = folder / source.name
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        shutil.copyfile(source, target)


def setup(app: Sphinx) -> dict[str, bool]:
    """Copy it before the pages are made."""
    app.connect("builder-inited", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
