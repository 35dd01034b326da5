"""Is every chapter and every exercise there as a notebook that runs?"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.book import building, pages
from tests.book.test_site import CHAPTERS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]

EXERCISES = sorted(path.parent.name for path in (building.ROOT / "exercises").glob("*/*.ipynb"))
#: What only MyST understands: a directive, a role, a label, a substitution.
MARKUP = re.compile(r"^ *(:::|```\{|\([\w-]+\)=$)|\{[\w:-]+\}`|\{\{", re.MULTILINE)
CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`]+`", re.MULTILINE | re.DOTALL)


def with_cells() -> list[str]:
    """Return the chapters whose cells need nothing beside them."""
    texts = {name: (building.ROOT / f"{name}.md").read_text(encoding="utf-8") for name in CHAPTERS}
    return [name for name, text in texts.items() if "kernelspec:" in text and "notebook: false" not in text]


@pytest.fixture(scope="module")
def folder(site: Path) -> Path:
    return site / "notebooks"


@pytest.mark.parametrize("chapter", with_cells())
def test_a_chapter_is_a_notebook(site: Path, folder: Path, chapter: str) -> None:
    """Does its menu offer a notebook with all that the page says, nothing only MyST understands, and no outputs?"""
    page = pages.page(site / f"{chapter}.html")
    assert [ref.url for ref in page.references if ref.url.endswith(".ipynb")] == [f"../notebooks/{chapter}.ipynb"]

    notebook = nbformat.read(folder / f"{chapter}.ipynb", as_version=4)
    nbformat.validate(notebook)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert texts[0].startswith("# ")
    assert not [text for text in texts if "interactive part of the page" in text], "something was taken for a widget"
    assert not MARKUP.search(CODE.sub("", "\n\n".join(texts)))
    headings = re.findall(r"^#{2,} (.+)$", CODE.sub(lambda code: code[0].strip("`"), "\n\n".join(texts)), re.MULTILINE)
    assert len(headings) == len(re.findall("<h[2-6]", page.source.partition("<article")[2].partition("</article>")[0]))
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]


def test_every_name_is_defined(folder: Path) -> None:
    """Does no cell use what was defined in a cell that a notebook leaves out?"""
    notebooks = [str(folder / f"{chapter}.ipynb") for chapter in with_cells()]
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=F821", "--output-format=concise", *notebooks]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_numbers_in_the_text_are_those_of_the_page(site: Path, folder: Path) -> None:
    """Is a number that was computed for a sentence in the notebook's sentence too?"""
    text = folder.joinpath("book/intro.ipynb").read_text(encoding="utf-8")
    sentence = re.compile(r"so (?:<\w+[^>]*>)*(\d+)(?:</\w+>)* numbers become")
    assert sentence.findall(text) == sentence.findall(pages.page(site / "book/intro.html").source) == ["16"]
    assert "glue" not in text


def test_a_downloaded_chapter_runs(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a chapter run from top to bottom in an empty folder, and do its cells give what the page shows?"""
    monkeypatch.setenv("PYTHONPATH", str(building.ROOT / "src"))
    notebook = nbformat.read(folder / "book" / "03_max_and_average.ipynb", as_version=4)
    done = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    # What a cell prints may arrive in pieces; the book joins them, too.
    outputs = [cell.get("outputs", []) for cell in done.cells]
    by_cell = ["".join(output.text for output in each if output.get("name") == "stdout") for each in outputs]
    assert [text for text in by_cell if text] == [
        unescaped(text) for text in pages.page(folder.parent / "book/03_max_and_average.html").printed
    ]


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&quot;", '"')


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_is_its_release(site: Path, folder: Path, name: str) -> None:
    """Does an exercise's page offer the very notebook that was released, with its checks beside it?"""
    page = pages.page(site / "book" / "exercises" / f"{name}.html")
    assert f"../../notebooks/exercises/{name}/{name}.ipynb" in {ref.url for ref in page.references}
    released = building.ROOT / "exercises" / name
    files = [path for path in released.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) > 2
    for path in files:
        assert (folder / "exercises" / name / path.relative_to(released)).read_bytes() == path.read_bytes(), path
