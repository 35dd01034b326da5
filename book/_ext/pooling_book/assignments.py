"""Show an assignment as a page: what it asks, what it gives, how to open it. All of it comes from the release.

    ```{assignment} 01_python_layer
    ```

makes the whole page, title included, from exercises/01_python_layer/. `{assignments}` makes the list of all of them.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pooling_book.execution_cache import files_below

RELEASES = "exercises"
#: Where the archives for download are made, beside the site.
ARCHIVES = "_build/archives"
#: What a learner's computer needs besides Python, by the package an assignment names.
NAMES = {"numpy": "NumPy", "torch": "PyTorch"}
#: The same contents give the same archive.
EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(release: Path, target: Path) -> None:
    """Pack a released folder, such that it unpacks into a folder of its own name."""
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files_below(release):
            if ".ipynb_checkpoints" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(release.parent).as_posix(), EPOCH)
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    # A file that is written anew counts as changed, and so do all pages that offer it.
    if not target.is_file() or target.read_bytes() != contents.getvalue():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents.getvalue())


def archive_all(app: Sphinx) -> None:
    """Pack every release before pages link to the archives."""
    root = Path(app.srcdir)
    for release in _releases(root):
        archive(release, root / ARCHIVES / f"{release.name}.zip")


def page(release: Path, notebook: dict[str, Any]) -> str:
    """Write the page of an assignment as MyST."""
    course = notebook["metadata"]["course"]
    anchors = {task["title"]: f"{release.name}-{number}" for number, task in enumerate(course["tasks"], start=1)}
    return "\n\n".join(
        [*_opening(release.name, course, anchors), *(_cell(cell, anchors) for cell in notebook["cells"][1:])]
    )


class Assignment(SphinxDirective):
    """The page of one assignment."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the page's section, with the notebook in it."""
        release = Path(self.env.srcdir) / RELEASES / self.arguments[0]
        path = release / f"{release.name}.ipynb"
        if not path.is_file():
            raise self.error(f"{path} is missing: run `course release {release.name}`")
        self.env.note_dependency(str(path))
        self.env.metadata[self.env.docname]["assignment"] = release.name
        notebook = nbformat.read(path, as_version=4)
        title, _, introduction = notebook["cells"][0]["source"].partition("\n")
        text = f"# {title.lstrip('# ')}\n\n{introduction}\n\n{page(release, notebook)}"
        return _parsed(self, text, str(path))


class Assignments(SphinxDirective):
    """The table of all assignments."""

    def run(self) -> list[nodes.Node]:
        """Return a table with a line for each assignment."""
        lines = ["| exercise | tasks | points | minutes | needs |", "|---|---|---|---|---|"]
        for release in _releases(Path(self.env.srcdir)):
            path = release / f"{release.name}.ipynb"
            self.env.note_dependency(str(path))
            course = nbformat.read(path, as_version=4).metadata.course
            lines.append(
                f"| [{course['title']}](exercises/{release.name}.md) | {len(course['tasks'])} | {course['points']:g} "
                f"| about {course['minutes']} | {_needs(course)} |"
            )
        return _parsed(self, "\n".join(lines), "the list of assignments")


def _parsed(directive: SphinxDirective, text: str, source: str) -> list[nodes.Node]:
    container = nodes.Element()
    directive.state.nested_parse(StringList(text.splitlines(), source), 0, container, match_titles=True)
    return container.children


def _releases(root: Path) -> list[Path]:
    return sorted(path.parent for path in (root / RELEASES).glob("*/*.ipynb") if path.stem == path.parent.name)


def _needs(course: dict[str, Any], *others: str) -> str:
    needed = ["Python", *(NAMES[package] for package in course["packages"]), *others]
    return " and ".join(filter(None, [", ".join(needed[:-1]), needed[-1]]))


def _opening(name: str, course: dict[str, Any], anchors: dict[str, str]) -> list[str]:
    packages = " ".join(["jupyterlab", *course["packages"]])
    rows = [
        f"| [{task['title']}](#{anchors[task['title']]}) | {task['points']:g} | {task['minutes']} |"
        for task in course["tasks"]
    ]
    return [
        ":::{admonition} How to open it",
        f"1. Download {{download}}`{name}.zip </{ARCHIVES}/{name}.zip>` and unpack it. In a copy of the whole course, "
        f"the same folder is `{RELEASES}/{name}/`.\n"
        f"2. It needs {_needs(course, 'JupyterLab')}: `python -m pip install {packages}`\n"
        f"3. In the unpacked folder: `jupyter lab {name}.ipynb`",
        "Keep the folder `checks` beside the notebook. What you hand in is the notebook alone.",
        ":::",
        "\n".join(["| task | points | minutes |", "|---|---|---|", *rows]),
        "Below is the notebook as you will find it.",
    ]


def _cell(cell: dict[str, Any], anchors: dict[str, str]) -> str:
    """Write a cell of the notebook as MyST."""
    if cell["cell_type"] == "markdown":
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            return f"````{{admonition}} Your answer\n{cell['source']}\n````"
        anchor = anchors.get(cell["source"].partition("\n")[0].lstrip("# "))
        return f"({anchor})=\n{cell['source']}" if anchor else cell["source"]
    role, label = _role(cell["metadata"].get("nbgrader", {}))
    fence = "`" * 4
    return f"{{.cell-label}}\n{label}\n\n{fence}{{code-block}} python\n:class: cell-{role}\n\n{cell['source']}\n{fence}"


def _role(nbgrader: dict[str, Any]) -> tuple[str, str]:
    if nbgrader.get("solution"):
        return "answer", "Your answer"
    if nbgrader.get("grade"):
        points = nbgrader["points"]
        return "check", f"Checks, {points:g} {'point' if points == 1 else 'points'}"
    return "given", "Given"


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    app.add_directive("assignment", Assignment)
    app.add_directive("assignments", Assignments)
    app.connect("builder-inited", archive_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
