"""Let readers run the cells of a page.

A page that has a notebook (see `notebooks`) is one: its cells can be edited and run in the page, by book/_web/labs/. A
cell of the page has the id `cell-` and the id of the notebook's cell. What else the page's script needs to know is
written into the page as JSON:

    kind       "chapter" or "exercise"
    name       of the page, for what the browser keeps
    notebook   address of the notebook; all others are relative to the page, too
    cells      of an exercise: id, role ("given", "answer", "check", "essay"), and what its parts are called
    python, worker, editor, packed, archives, packages, loadable, folder, bytes
               what to load (see worker.js and `versions`), where to work, and how much that is
    needs      of an exercise that cannot be solved in a page: what it needs
    beyond     of a chapter: what cells need that cannot run in a page, by their ids (see `beyond_pages`)

    _build/html/labs/    worker.js, editor.js, Pyodide, and what it unpacks: course.zip; for chapters pooling.zip and
                         photograph.zip; for exercises A.zip, and not `pooling`, which is what learners are to write
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from docutils import nodes
from sphinx.application import Sphinx

from pooling import figures
from pooling_book import assignments, beyond_pages, node, notebooks, pyodide, scripts

FOLDER = "labs"
#: Our code as Pyodide unpacks it: which folders below src/ each archive holds.
PACKED = {"course.zip": ("course/checks", "course/labs"), "pooling.zip": ("pooling",)}
#: What stands in the place of another file.
REPLACED = {"pooling/figures/__init__.py": "course/labs/figures.py"}
#: The npm packages in editor.js.
EDITOR = ("@codemirror/*", "@lezer/*", "@marijn/*", "crelt", "style-mod", "w3c-keyname")
PHOTOGRAPH = "pooling/figures/photograph.npy"
#: Where the numbers of the photograph go.
DATA = '\n<script type="application/json" id="lab-page">{}</script>\n'


def give_ids(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Let the cells of a chapter be found in its page."""
    for container in document.findall(nodes.container):
        if container.get("nb_element") == "cell_code":
            container["ids"].append(f"cell-{notebooks.cell_id(container['cell_index'])}")


def prepare(app: Sphinx) -> None:
    """Put beside the pages what they load when somebody wants to run something."""
    target = Path(app.outdir) / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    root = Path(app.srcdir)
    scripts.bundle_modules(root, [root / scripts.WEB / "labs" / name for name in ("editor.js", "worker.js")], target)
    (target / "EDITOR_LICENCES.txt").write_text(editor_licences(root), encoding="utf-8")
    archives = {name: pack(root / "src", packages) for name, packages in PACKED.items()}
    archives["photograph.zip"] = pack_photograph()
    archives |= {f"{release.name}.zip": assignments.packed(release) for release in assignments.releases(root)}
    for name, contents in archives.items():
        _write(target / name, contents)
    for stale in {path.name for path in target.glob("*.zip")} - set(archives):
        (target / stale).unlink()


def editor_licences(root: Path) -> str:
    """Return the licences of what editor.js is made of."""
    files = [file for pattern in EDITOR for file in sorted((root / node.PACKAGES).glob(f"{pattern}/LICENSE"))]
    return "\n\n".join(f"{file.parent.name}\n\n{file.read_text(encoding='utf-8')}" for file in files)


def pack(source: Path, packages: tuple[str, ...]) -> bytes:
    """Pack the code in some folders, as pages have it."""
    files = {}
    for package in packages:
        for path in sorted((source / package).rglob("*.py")):
            place = path.relative_to(source).as_posix()
            files[place] = (source / REPLACED.get(place, place)).read_bytes()
    return assignments.zipped(files)


def pack_photograph() -> bytes:
    """Pack the photograph as bytes, which take an eighth of the room of floats."""
    contents = io.BytesIO()
    np.save(contents, (figures.photograph() * 255).round().astype(np.uint8))
    return assignments.zipped({PHOTOGRAPH: contents.getvalue()})


def describe(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """Write into a page what its script needs to know, and load the script."""
    path = notebooks.path_of(app, pagename)
    if not path:
        return
    site = Path(app.outdir)
    notebook = nbformat.read(site / notebooks.FOLDER / path, as_version=4)
    data = exercise(notebook, Path(path).stem) if "course" in notebook.metadata else chapter(notebook, pagename)
    loaded = sum((site / FOLDER / file).stat().st_size for file in [*data["packed"], *data["archives"]])
    labs = context["pathto"](FOLDER, 1)
    data |= {
        "notebook": f"{context['pathto'](notebooks.FOLDER, 1)}/{path}",
        "python": f"{labs}/{pyodide.folder(app).name}/",
        "loadable": pyodide.PACKAGES,
        "worker": f"{labs}/worker.js",
        "editor": f"{labs}/editor.js",
        "packed": [f"{labs}/{file}" for file in data["packed"]],
        "archives": [f"{labs}/{file}" for file in data["archives"]],
        "bytes": pyodide.size(app, data["packages"]) + loaded,
    }
    context["body"] += DATA.format(json.dumps(data, ensure_ascii=False).replace("</", "<\\/"))
    scripts.load(app)


def chapter(notebook: nbformat.NotebookNode, pagename: str) -> dict[str, Any]:
    """Say what is particular about a chapter."""
    needs = beyond_pages.beyond(notebook.cells)
    sources = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.id not in needs)
    return {
        "kind": "chapter",
        "name": pagename,
        "cells": [],
        "packed": ["course.zip", "pooling.zip", *(["photograph.zip"] if "photograph" in sources else [])],
        "archives": [],
        # What a cell imports is loaded when it runs; what a page will need comes along with Python.
        "packages": ["numpy"] if any(word in sources for word in ("numpy", "figures")) else [],
        "folder": ".",
        "needs": [],
        "beyond": needs,
    }


def exercise(notebook: nbformat.NotebookNode, name: str) -> dict[str, Any]:
    """Say what is particular about an exercise."""
    course = notebook.metadata.course
    return {
        "kind": "exercise",
        "name": name,
        "cells": assignments.cells(notebook),
        "packed": ["course.zip"],
        "archives": [f"{name}.zip"],
        "packages": course.packages,
        "folder": name,
        "needs": assignments.needs_elsewhere(course),
        "beyond": {},
    }


def _write(target: Path, contents: bytes) -> None:
    if not target.is_file() or target.read_bytes() != contents:
        target.write_bytes(contents)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the steps above to Sphinx's events; notebooks are written at priority 502."""
    app.setup_extension("pooling_book.pyodide")
    app.connect("builder-inited", prepare, priority=600)
    app.connect("doctree-resolved", give_ids)
    app.connect("html-page-context", describe, priority=510)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
