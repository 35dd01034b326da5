"""Keep the outputs of executed cells in a folder named after everything they depend on.

Jupyter Book's own cache compares a page's cells only: after a change in `pooling`, in the data or in a package it would
go on showing the old outputs. A changed folder name is a changed setting, so Sphinx also reads every page again.
"""

import hashlib
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

DEPENDENCIES = (
    "src/pooling",
    "book/data",
    "exercises",
    "requirements.lock",
    "book/_ext/pooling_book/executing_ahead.py",
    "book/_ext/pooling_book/kernels.py",
)
FOLDERS_KEPT = 3  # this build's and the two used before it: switching between branches stays quick


def files_below(path: Path) -> Iterator[Path]:
    """Yield `path` itself if it is a file, else the files below it in a fixed order, without Python's own caches."""
    if path.is_file():
        yield path
    else:
        yield from sorted(f for f in path.rglob("*") if f.is_file() and "__pycache__" not in f.parts)


def key(root: Path) -> str:
    """Hash what the outputs of the book's cells depend on: the files of DEPENDENCIES and the Python version."""
    digest = hashlib.sha256(platform.python_version().encode())
    for dependency in DEPENDENCIES:
        for file in files_below(root / dependency):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(root).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()[:16]


def choose_folder(app: Sphinx, config: Config) -> None:
    """Point MyST-NB to this build's folder and remove those unused for longest."""
    caches = Path(app.outdir).parent / ".jupyter_cache"
    folder = caches / key(Path(app.srcdir))
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    config.nb_execution_cache_path = str(folder)

    by_last_use = sorted((f for f in caches.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime, reverse=True)
    for unused in by_last_use[FOLDERS_KEPT:]:
        shutil.rmtree(unused, ignore_errors=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Choose the folder before MyST-NB reads its settings."""
    app.connect("config-inited", choose_folder)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
