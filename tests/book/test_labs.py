"""Is everything there that a page needs to run its cells, and is it what the page says?"""

from __future__ import annotations

import hashlib
import html
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag

from pooling_book import labs, notebooks, pyodide
from tests.book.altered import released
from tests.book.building import NODE_MODULES, ROOT
from tests.course.building import ASSIGNMENTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]

NEEDING = re.compile(r"^\s*(import|from) (torch|keras|onnx)\b", re.MULTILINE)


def notebooks_of(site: Path) -> list[Path]:
    """List the notebooks of the site."""
    return sorted((site / notebooks.FOLDER).rglob("*.ipynb"))


class Page:
    """A page with cells."""

    def __init__(self, site: Path, notebook: Path) -> None:
        place = notebook.relative_to(site / notebooks.FOLDER)
        is_exercise = place.parts[0] == "exercises"
        self.path = site / (f"book/exercises/{place.stem}.html" if is_exercise else place.with_suffix(".html"))
        self.notebook = nbformat.read(notebook, as_version=4)
        self.content = BeautifulSoup(self.path.read_text(encoding="utf-8"), "html.parser")
        (data,) = self.content.find_all("script", id="lab-page")
        self.data: dict[str, Any] = json.loads(data.string)

    def file(self, address: str) -> Path:
        return (self.path.parent / urlsplit(address).path).resolve()

    def element(self, cell: str) -> Tag:
        (found,) = self.content.find_all(id=f"cell-{cell}")
        return found


def listing(element: Tag) -> str:
    """Return the code in an element as a reader sees it."""
    (pre,) = element.find_all("pre")[:1]
    return pre.get_text().removesuffix("\n")


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Page]:
    return [Page(site, notebook) for notebook in notebooks_of(site)]


@pytest.fixture(scope="module")
def exercises(pages: list[Page]) -> dict[str, Page]:
    return {page.data["name"]: page for page in pages if page.data["kind"] == "exercise"}


def test_every_page_with_cells_is_a_lab(site: Path, pages: list[Page]) -> None:
    """Has each page that has a notebook what its script needs, and does no other page have that?"""
    assert len(pages) > len(ASSIGNMENTS)
    with_data = {path for path in site.rglob("*.html") if 'id="lab-page"' in path.read_text(encoding="utf-8")}
    assert with_data == {page.path for page in pages}
    for page in pages:
        scripts = [script["src"] for script in page.content.find_all("script", src=True)]
        assert any("_static/interactive.js?v=" in address for address in scripts), page.path
        assert page.file(page.data["notebook"]) in notebooks_of(site)


def test_addresses_lead_to_files(pages: list[Page]) -> None:
    """Does all that a page would load exist, in the version that the address names?"""
    for page in pages:
        named = [page.data["worker"], page.data["editor"], *page.data["packed"], *page.data["archives"]]
        for address in named:
            found = hashlib.sha256(page.file(address).read_bytes()).hexdigest()
            assert urlsplit(address).query == f"v={found[:8]}", address
        python = page.file(page.data["python"])
        assert python.is_dir()
        assert page.data["python"].endswith("/")
        assert all((python / name).is_file() for name in (*pyodide.CORE, pyodide.LOCK))


def test_the_size_is_what_is_loaded(site: Path, pages: list[Page]) -> None:
    """Is what the page says while Python is loading the sum of what it loads, its packages counted?"""
    for page in pages:
        python = page.file(page.data["python"])
        packages = json.loads((python / pyodide.LOCK).read_text(encoding="utf-8"))["packages"]
        wheels = [python / packages[name]["file_name"] for name in page.data["packages"] if name in packages]
        loaded = [python / "pyodide.asm.wasm", python / "python_stdlib.zip", python / pyodide.LOCK, *wheels]
        loaded += [page.file(address) for address in (*page.data["packed"], *page.data["archives"])]
        assert page.data["bytes"] == sum(file.stat().st_size for file in loaded), page.path


def test_cells_of_an_exercise_are_those_of_its_notebook(exercises: dict[str, Page]) -> None:
    """Is every cell that learners fill in or run on the page, word for word as it is in the notebook?"""
    assert list(exercises) == ASSIGNMENTS
    for page in exercises.values():
        sources = {cell.id: cell for cell in page.notebook.cells}
        ids = [cell["id"] for cell in page.data["cells"]]
        nbgraded = [cell.id for cell in page.notebook.cells if cell.cell_type == "code" or "nbgrader" in cell.metadata]
        assert ids == nbgraded
        for cell in page.data["cells"]:
            element = page.element(cell["id"])
            assert f"cell-{cell['role']}" in element["class"]
            if cell["role"] == "essay":
                assert sources[cell["id"]].source in element.get_text()
            else:
                assert listing(element) == sources[cell["id"]].source


def test_cells_of_a_chapter_are_those_of_its_notebook(pages: list[Page]) -> None:
    """Has every cell that a reader can see a cell of the notebook, word for word, and in this order?"""
    for page in (page for page in pages if page.data["kind"] == "chapter"):
        runs = [cell for cell in page.notebook.cells if cell.cell_type == "code"]
        hidden = {cell.id for cell in runs if {"remove-cell", "remove-input"} & set(cell.metadata.get("tags", []))}
        seen = [cell for cell in page.content.select("article .cell[id^=cell-]") if cell.select(".cell_input")]
        assert [cell["id"] for cell in seen] == [f"cell-{cell.id}" for cell in runs if cell.id not in hidden]
        sources = {f"cell-{cell.id}": cell.source for cell in runs}
        assert [listing(cell) for cell in seen] == [sources[cell["id"]] for cell in seen]


def test_cells_that_need_more_than_a_page_has_are_told(pages: list[Page]) -> None:
    """Is each cell with a package that no page has among those that do not run there, and no exercise's?"""
    found = 0
    for page in pages:
        needing = {
            cell.id
            for cell in page.notebook.cells
            if cell.cell_type == "code"
            and re.search(r"^\s*(import|from) (torch|keras|onnx)\b", cell.source, re.MULTILINE)
        }
        assert page.data["kind"] == "exercise" or needing <= set(page.data["beyond"]), page.path
        assert page.data["kind"] == "chapter" or not page.data["beyond"]
        assert set(page.data["beyond"]) <= {cell.id for cell in page.notebook.cells}
        found += len(page.data["beyond"])
    assert found


def test_what_each_page_loads(pages: list[Page], exercises: dict[str, Page]) -> None:
    """Does a page load NumPy, pooling and the photograph only where they are used, and say where it cannot help?"""
    assert {name: page.data["packages"] for name, page in exercises.items()} == {
        name: released(name)["metadata"]["course"]["packages"] for name in ASSIGNMENTS
    }
    assert exercises["01_python_layer"].data["packages"] == []
    for name, page in exercises.items():
        packed = [zipfile.ZipFile(page.file(address)) for address in page.data["packed"]]
        assert not [file for archive in packed for file in archive.namelist() if file.startswith("pooling")]
        (archive,) = page.data["archives"]
        files = zipfile.ZipFile(page.file(archive)).namelist()
        assert f"{page.data['folder']}/checks/cases.json" in files
        assert page.data["needs"] == (["PyTorch"] if "torch" in page.data["packages"] else []), name
    for page in (page for page in pages if page.data["kind"] == "chapter"):
        runs = (cell for cell in page.notebook.cells if cell.cell_type == "code" and cell.id not in page.data["beyond"])
        text = " ".join(cell.source for cell in runs)
        names = [Path(urlsplit(address).path).name for address in page.data["packed"]]
        assert ("photograph.zip" in names) == ("photograph" in text)
        assert {"course.zip", "pooling.zip"} <= set(names)
        assert page.data["packages"] == (["numpy"] if "numpy" in text or "figures" in text else [])


def test_an_exercise_that_needs_pytorch_says_so(exercises: dict[str, Page]) -> None:
    """Does a learner read, before the first task, whether the exercise can be solved here?"""
    assert [name for name, page in exercises.items() if page.data["needs"]]
    for page in exercises.values():
        where = page.content.find(class_="admonition").get_text()
        assert ("which does not run in a web page: solve it in Jupyter" in where) == bool(page.data["needs"])
        assert ("with nothing to install" in where) != bool(page.data["needs"])


def test_without_javascript_an_exercise_is_all_there(exercises: dict[str, Page]) -> None:
    """Is every task, hint and cell in the page itself, with the notebook and its archive to download?"""
    for name, page in exercises.items():
        text = " ".join(page.content.find("article").get_text().split())
        headings = [heading.get_text().rstrip("#") for heading in page.content.select("article h2")]
        assert headings == [task.title for task in page.notebook.metadata.course.tasks]
        assert text.count("Your answer") == sum(cell["role"] in ("answer", "essay") for cell in page.data["cells"])
        addresses = [link["href"] for link in page.content.find_all("a", href=True)]
        assert any(address.endswith(f"/{name}.ipynb") for address in addresses)
        assert any(address.endswith(f"{name}.zip") for address in addresses)
        assert all(not place.get_text(strip=True) for place in page.content.select(".hand-in"))


def test_the_page_of_progress(site: Path, exercises: dict[str, Page]) -> None:
    """Does it know every exercise by the name under which its page keeps what was done, and its points?"""
    progress = site / "book" / "exercises" / "progress.html"
    (table,) = BeautifulSoup(progress.read_text(encoding="utf-8"), "html.parser").select(".progress-table")
    entries = json.loads(html.unescape(table["data-exercises"]))
    assert [entry["name"] for entry in entries] == list(exercises)
    for entry in entries:
        page, course = exercises[entry["name"]], exercises[entry["name"]].notebook.metadata.course
        assert progress.parent / entry["page"] == page.path
        assert (progress.parent / entry["notebook"]).resolve() == page.file(page.data["notebook"])
        checks = [cell for cell in page.data["cells"] if cell["role"] == "check"]
        assert (entry["checks"], entry["visible"]) == (len(checks), sum(cell["points"] for cell in checks))
        assert sum(cell["points"] for cell in page.data["cells"]) == entry["total"] == course.points
        assert entry["title"] == course.title
        assert entry["needs"] == page.data["needs"]
    assert "once it runs JavaScript" in table.get_text()


def test_pyodide_is_npms(site: Path) -> None:
    """Are Pyodide's files those that npm installed, and is its NumPy the one in its lock, with the licences?"""
    (python,) = (site / labs.FOLDER).glob("pyodide-*")
    installed = ROOT / NODE_MODULES / "pyodide"
    assert python.name == f"pyodide-{json.loads((installed / 'package.json').read_text('utf-8'))['version']}"
    for name in pyodide.CORE:
        assert (python / name).read_bytes() == (installed / name).read_bytes()
    lock = json.loads((python / pyodide.LOCK).read_text(encoding="utf-8"))
    known = json.loads((installed / pyodide.LOCK).read_text(encoding="utf-8"))
    assert lock["packages"] == {name: known["packages"][name] for name in pyodide.PACKAGES}
    assert lock["info"] == known["info"]
    for package in lock["packages"].values():
        wheel = (python / package["file_name"]).read_bytes()
        assert hashlib.sha256(wheel).hexdigest() == package["sha256"]
    licences = (python / "LICENCES.txt").read_text(encoding="utf-8")
    assert "Mozilla Public License 2.0" in licences
    assert "https://github.com/pyodide/pyodide" in licences
    assert "NumPy Developers" in licences
    assert "Redistribution and use in source and binary forms" in licences
