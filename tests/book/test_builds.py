"""Does a build fail when it should, and does what it prints follow the code?

Most tests build a book of one page, which takes seconds; the last one rebuilds the real book.
"""

import re
import shutil
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from pooling_book import clean_builds
from tests.book import building

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]

GOOD_CELL = "```{code-cell} python\nprint(6 * 7)\n```\n"
FAILING_CELL = "```{code-cell} python\n1 / 0\n```\n"
NOISY_CELL = "```{code-cell} python\nimport warnings\nwarnings.warn('mind the gap')\n```\n"
BROKEN_LINK = "See [the lost chapter](lost.md).\n"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
HEADER = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Introduction

"""


@pytest.fixture(scope="module")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project whose book has one page, the introduction."""
    project = building.copy_project(tmp_path_factory.mktemp("small") / "project")
    (project / "_toc.yml").write_text("format: jb-book\nroot: book/intro\n", encoding="utf-8")
    return project


def write_page(project: Path, *parts: str) -> None:
    """Make the page of the small book consist of `parts`."""
    (project / "book" / "intro.md").write_text(HEADER + "\n".join(parts), encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        pytest.param(FAILING_CELL, "ZeroDivisionError", id="failing cell"),
        pytest.param(NOISY_CELL, "stderr", id="cell that writes to stderr"),
        pytest.param(BROKEN_LINK, "lost.md", id="broken link"),
    ],
)
def test_a_fault_fails_the_build_until_it_is_mended(small_book: Path, fault: str, message: str) -> None:
    """Does the build fail, and fail again when nothing was mended, and pass when it was?"""
    write_page(small_book, GOOD_CELL, fault)
    for attempt in ("first", "second"):
        done = building.build(small_book)
        assert done.returncode != 0, f"the {attempt} build passed:\n{done.stdout}"
        assert message in done.stdout, f"the {attempt} build does not say what is wrong:\n{done.stdout}"
    write_page(small_book, GOOD_CELL)
    done = building.build(small_book)
    assert done.returncode == 0, done.stdout


def test_a_killed_build_does_not_hide_a_warning(small_book: Path) -> None:
    """Does a build fail whose predecessor had recorded a faulty page and was then killed?"""
    write_page(small_book, GOOD_CELL, NOISY_CELL)  # a fault that shows while the page is read
    with subprocess.Popen(
        building.command(small_book),
        env=building.environment(small_book),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if "pickling environment" in line and "done" in line:
                process.send_signal(signal.SIGKILL)
                break
    done = building.build(small_book)
    assert done.returncode != 0, done.stdout
    assert "stderr" in done.stdout


def test_a_chapter_that_has_gone_leaves_nothing(tmp_path: Path) -> None:
    """Are its page, its source and tracebacks of its cells removed, and other pages kept?"""
    kept = {"index.html", "book/intro.html", "_sources/book/intro.md", "notebooks/exercises/A/notes.md"}
    gone = {"book/api/lost.html", "_sources/book/api/lost.md", "reports/book/api/lost.err.log"}
    for name in kept | gone | {"reports/book/intro.err.log"}:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    app = SimpleNamespace(outdir=tmp_path, env=SimpleNamespace(found_docs={"book/intro"}))
    clean_builds.remove_pages_without_source(app)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == kept


#: Changes in `pooling` that give other results, and no error where chapters begin. Each: file, what stands there, what
#: is put in its place, and chapters that have other numbers then: some of those that are executed in seconds.
CHANGES = {
    "output sizes round up": (
        "geometry.py",
        r"\(stride - 1 if ceil else 0\)",
        "(stride - 1)",
        ["02_windows", "04_pure_python"],
    ),
    "the photograph is darker": (
        "figures/images.py",
        r"pixels\[:512, :512\] / 255.0",
        "(pixels[:512, :512] / 255.0) ** 1.5",
        ["01_why_pool", "03_max_and_average", "06_pytorch", "14_alternatives"],
    ),
}


def test_at_least_five_chapters_are_looked_at() -> None:
    """Do the next tests look at as many chapters as they should?"""
    assert len({chapter for *_, chapters in CHANGES.values() for chapter in chapters}) >= 5


@pytest.mark.parametrize("change", CHANGES)
def test_prose_follows_pooling(built_project: Path, tmp_path: Path, change: str) -> None:
    """Do sentences have other numbers when `pooling` gives other results?"""
    name, old, new, chapters = CHANGES[change]
    project = tmp_path / "project"
    # With its cache and its pages: the next build is incremental.
    shutil.copytree(built_project, project, symlinks=True)
    toc = "format: jb-book\nroot: book/intro\nchapters:\n" + "".join(f"  - file: book/{name}\n" for name in chapters)
    (project / "_toc.yml").write_text(toc, encoding="utf-8")
    file = project / "src" / "pooling" / name
    text, changes = re.subn(old, new, file.read_text(encoding="utf-8"))
    assert changes == 1, f"{name} does it in another way now: change this test's replacement"
    file.write_text(text, encoding="utf-8")
    building.build(project)  # fails: links to other chapters lead nowhere, and some cells assert what does not hold now
    for chapter in chapters:
        before, after = (prose(root, chapter) for root in (built_project, project))
        assert other_numbers(before, after), f"{chapter} says the same as before: {after}"


def prose(project: Path, name: str) -> list[str]:
    """Return the paragraphs of a chapter."""
    html = (project / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")
    article = BeautifulSoup(html, "html.parser").find("article")
    return [" ".join(paragraph.get_text().split()) for paragraph in article.select("section > p, section li > p")]


def other_numbers(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Return the sentences that have the same words around other numbers."""
    known = {NUMBER.sub("#", text): text for text in before}
    return [(known[key], text) for text in after if (key := NUMBER.sub("#", text)) in known and known[key] != text]
