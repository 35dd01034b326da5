"""Show an assignment as a page: what it asks, what it gives, how to open it. All of it comes from the release.

    ```{assignment} 01_python_layer
    ```

makes the whole page, title included, from exercises/01_python_layer/. `{assignments}` makes the list of all of them.
"""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pooling_book import pyodide
from pooling_book.execution_cache import files_below

RELEASES = "exercises"
#: Where the archives for download are made, beside the site.
ARCHIVES = "_build/archives"
#: What a learner's computer needs besides Python, by the package an assignment names.
NAMES = {"numpy": "NumPy", "torch": "PyTorch"}
#: Where the page says how far a learner is, and gives the notebook with their answers (see `labs`).
HAND_IN = '```{{raw}} html\n<section class="hand-in" aria-label="{}"></section>\n```'
#: The same contents give the same archive.
EPOCH = (1980, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files, by their paths in the archive."""
    contents = io.BytesIO()
    with zipfile.ZipFile(contents, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return contents.getvalue()


def packed(release: Path) -> bytes:
    """Pack a released folder, such that it unpacks into a folder of its own name."""
    files = [path for path in files_below(release) if ".ipynb_checkpoints" not in path.parts]
    return zipped({path.relative_to(release.parent).as_posix(): path.read_bytes() for path in files})


def archive(release: Path, target: Path) -> None:
    """Write the archive of a released folder, unless it is there already.

    A file that is written anew counts as changed, and so do all pages that offer it.
    """
    contents = packed(release)
    if not target.is_file() or target.read_bytes() != contents:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)


def archive_all(app: Sphinx) -> None:
    """Pack every release before pages link to the archives."""
    root = Path(app.srcdir)
    for release in releases(root):
        archive(release, root / ARCHIVES / f"{release.name}.zip")


def page(release: Path, notebook: dict[str, Any]) -> str:
    """Write the page of an assignment as MyST."""
    course = notebook["metadata"]["course"]
    anchors = {task["title"]: f"{release.name}-{number}" for number, task in enumerate(course["tasks"], start=1)}
    shown = (_cell(cell, anchors) for cell in notebook["cells"][1:])
    return "\n\n".join([*_opening(release.name, course, anchors), *shown, HAND_IN.format("Your work, to hand in")])


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
        for release in releases(Path(self.env.srcdir)):
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


def releases(root: Path) -> list[Path]:
    """List the released folders of a course."""
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
        ":::{admonition} Where to solve it",
        _in_the_page(course),
        "**In Jupyter**, on your computer:",
        f"1. Download {{download}}`{name}.zip </{ARCHIVES}/{name}.zip>` and unpack it. In a copy of the whole course, "
        f"the same folder is `{RELEASES}/{name}/`.\n"
        f"2. It needs {_needs(course, 'JupyterLab')}: `python -m pip install {packages}`\n"
        f"3. In the unpacked folder: `jupyter lab {name}.ipynb`",
        "Keep the folder `checks` beside the notebook. What you hand in is the notebook alone.",
        ":::",
        HAND_IN.format("Your work"),
        "\n".join(["| task | points | minutes |", "|---|---|---|", *rows]),
    ]


def needs_elsewhere(course: dict[str, Any]) -> list[str]:
    """Name what an assignment needs and no page has."""
    return [NAMES[package] for package in course["packages"] if package not in pyodide.PACKAGES]


def _in_the_page(course: dict[str, Any]) -> str:
    """Say whether the exercise can be solved in the page."""
    elsewhere = needs_elsewhere(course)
    if elsewhere:
        return f"It needs {elsewhere[0]}, which does not run in a web page: solve it in Jupyter."
    return (
        "**On this page**, with nothing to install: write your answers into the cells below, and check them. Python is "
        "loaded when you first click into a cell. Your work stays in this browser, on this computer; what you hand in "
        "is the notebook that you download here."
    )


def cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Say of every cell that learners fill in or run what it is: its id, role and label, its task and its points.

    Roles are "given", "answer" and "essay" for what is written by the learner, "check", and "hidden" for checks that
    run only when the work is graded.
    """
    titles = {task["title"] for task in notebook["metadata"]["course"]["tasks"]}
    found, task = [], ""
    for cell in notebook["cells"]:
        title = cell["source"].partition("\n")[0].lstrip("# ")
        if cell["cell_type"] == "markdown" and title in titles:
            task = title
        role, label = _role(cell)
        if role:
            points = cell["metadata"]["nbgrader"].get("points", 0)
            found.append({"id": cell["id"], "role": role, "label": label, "task": task, "points": points})
    return found


def _cell(cell: dict[str, Any], anchors: dict[str, str]) -> str:
    """Write a cell of the notebook as MyST."""
    role, label = _role(cell)
    if role == "essay":
        return f"````{{admonition}} {label}\n:class: cell-essay\n:name: cell-{cell['id']}\n\n{cell['source']}\n````"
    if role is None:
        anchor = anchors.get(cell["source"].partition("\n")[0].lstrip("# "))
        return f"({anchor})=\n{cell['source']}" if anchor else cell["source"]
    fence = "`" * 4
    options = f":class: cell-{role}\n:name: cell-{cell['id']}"
    return f"{{.cell-label}}\n{label}\n\n{fence}{{code-block}} python\n{options}\n\n{cell['source']}\n{fence}"


def _role(cell: dict[str, Any]) -> tuple[str | None, str]:
    """Return what a cell is to a learner, and what stands above it; None for what is there to be read."""
    nbgrader = cell["metadata"].get("nbgrader", {})
    if nbgrader.get("solution"):
        return ("answer" if cell["cell_type"] == "code" else "essay"), "Your answer"
    if cell["cell_type"] == "markdown":
        return None, ""
    if nbgrader.get("grade"):
        points = nbgrader["points"]
        hidden = not any(isinstance(statement, ast.Expr) for statement in ast.parse(cell["source"]).body)
        worth = f"{points:g} {'point' if points == 1 else 'points'}"
        return ("hidden", f"Hidden checks, {worth}") if hidden else ("check", f"Checks, {worth}")
    return "given", "Given"


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    app.add_directive("assignment", Assignment)
    app.add_directive("assignments", Assignments)
    app.connect("builder-inited", archive_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
