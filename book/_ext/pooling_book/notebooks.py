"""Give every page that has cells as a notebook, and every exercise as it was released.

    _build/html/notebooks/book/A.ipynb          a chapter: text as Jupyter can show it, cells, no outputs
    _build/html/notebooks/exercises/A/A.ipynb   an exercise, with the folder of checks beside it

The folder `notebooks` works alone. Published as a branch of the repository, it is what launch buttons open (see
`launching`). A page whose cells need other files says `notebook: false` at its top.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx

from pooling_book import addresses, beyond_pages
from pooling_book.jupyter_markdown import Writer

FOLDER = "notebooks"
CACHES = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
#: The tag of a cell that computes a number for the text, or asserts what the text says. In a notebook the number is in
#: the text, so such cells are left out.
FOR_THE_TEXT = "remove-cell"


def path_of(app: Sphinx, pagename: str) -> str | None:
    """Return where a page's notebook lies below FOLDER, if it has one."""
    metadata = app.env.metadata.get(pagename, {})
    if "assignment" in metadata:
        return f"exercises/{metadata['assignment']}/{metadata['assignment']}.ipynb"
    has_cells = "kernelspec" in metadata and metadata.get("notebook") != "False"  # Sphinx keeps it as a word
    return f"{pagename}.ipynb" if has_cells else None


def notebook(document: nodes.document, cells: list[NotebookNode], address: str, install: str) -> NotebookNode:
    """Make the notebook of a page from its finished tree and the cells of its source.

    Parameters
    ----------
    document : nodes.document
        As Sphinx is about to write it.
    cells : list of NotebookNode
        All cells of the page's source, which the tree refers to by their index.
    address : str
        Where the page can be read, or "".
    install : str
        Code that installs what the cells import, or "".
    """
    made: list[NotebookNode] = []
    following = 0
    for part in Writer(address).parts(document):
        if isinstance(part, str):
            made.append(new_markdown_cell(part, id=f"text-{len(made)}"))  # the same page gives the same file
        else:
            made += _code_cells(cells, following, part + 1)
            following = part + 1
    made += _code_cells(cells, following, len(cells))

    course = f"[the course on pooling]({address})" if address else "the course *Pooling, layer by layer*"
    note = (
        f"> This is a page of {course} as a notebook, without outputs: run the cells from top to bottom. Numbers in the"
        " text are those that the cells gave when the page was made."
    )
    made[1:1] = [new_markdown_cell(note, id="note"), *([_installing(install)] if install else [])]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _installing(install: str) -> NotebookNode:
    return new_code_cell(install, id="install", metadata={"tags": [beyond_pages.NOT_IN_PAGE]})


def cell_id(index: int) -> str:
    """Return the id that a page's cell has in the notebook, by its place among all of them."""
    return f"code-{index}"


def _code_cells(cells: list[NotebookNode], start: int, stop: int) -> Iterator[NotebookNode]:
    for index in range(start, stop):
        if cells[index].cell_type == "code" and FOR_THE_TEXT not in cells[index].metadata.get("tags", []):
            yield _code_cell(cells[index], cell_id(index))


def _code_cell(cell: NotebookNode, name: str) -> NotebookNode:
    tags = cell.metadata.get("tags", [])
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    if {"hide-input", "hide-cell", "remove-input"} & set(tags):
        metadata["jupyter"] = {"source_hidden": True}
    return new_code_cell(cell.source, metadata=metadata, id=name)


def write(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """Put the notebook of a page that is about to be written into the folder, and offer it for download."""
    path = path_of(app, pagename)
    if not path:
        return
    target = Path(app.outdir) / FOLDER / path
    if path.startswith("exercises/"):
        shutil.copytree(Path(app.srcdir) / Path(path).parent, target.parent, ignore=CACHES, dirs_exist_ok=True)
    else:
        # MyST-NB keeps the cells there with the indexes that the tree has.
        cells = nbformat.read(Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb", as_version=4).cells
        made = notebook(doctree, cells, addresses.of_page(app, pagename), addresses.installing_cell(app.config))
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(made, target)
    name = "empty .ipynb" if path.startswith("exercises/") else ".ipynb"  # not to be taken for a learner's own
    offer(context, f"{context['pathto'](FOLDER, 1)}/{path}", name)


def offer(context: dict[str, Any], url: str, name: str) -> None:
    """Put the notebook in the menu of downloads, in place of the page's source, which only authors can use."""
    for group in context.get("header_buttons", []):
        if group["label"] == "download-buttons":
            others = [button for button in group["buttons"] if button["label"] != "download-source-button"]
            entry = {
                "type": "link",
                "url": url,
                "text": name,
                "icon": "fas fa-code",
                "tooltip": "Download this page as a notebook",
                "label": "download-notebook-button",
            }
            group["buttons"] = [entry, *others]


def remove_stale(app: Sphinx, exception: Exception | None) -> None:
    """Remove what an earlier build wrote for a page that has since gone."""
    folder = Path(app.outdir) / FOLDER
    kept = {path for pagename in app.env.found_docs if (path := path_of(app, pagename))}
    for file in folder.rglob("*.ipynb"):
        path = file.relative_to(folder).as_posix()
        if path not in kept:
            shutil.rmtree(file.parent) if path.startswith("exercises/") else file.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the steps above to Sphinx's events; the theme makes its menus at priority 501."""
    app.connect("html-page-context", write, priority=502)
    app.connect("build-finished", remove_stale)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
