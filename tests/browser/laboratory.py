"""Pages whose cells run: what a reader does there, and what they see."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.reader import Reader, nothing
from tests.course.building import COURSE, built

#: Python starts within seconds; a busy machine may need many of them.
PATIENCE = 60_000
PYODIDE = "**/labs/pyodide-*/**"
RUN, PROGRESS = re.compile("^(Run|Check)$"), re.compile(r"(\d+) of (\d+) visible checks pass: (\d+) of (\d+) points\.")
MARKS = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
#: Lets every cell run for two seconds. Checks have more, and keep it.
HURRY = """
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message) {
    const cells = message.cells?.map(cell => ({...cell, seconds: cell.seconds > 10 ? cell.seconds : 2}));
    return post.call(this, cells ? {...message, cells} : message);
};"""


class Laboratory:
    """A page with cells, in a reader's window.

    Parameters
    ----------
    reader : Reader
    path : str
        The page's, on the site.
    """

    def __init__(self, reader: Reader, path: str) -> None:
        self.reader, self.path = reader, path
        self.page: Page = reader.open(path)
        # Chromium shows its own dialog until it hears that somebody listens, which can take longer than a key press.
        self.page.on("filechooser", lambda chooser: None)

    def cell(self, name: str) -> Locator:
        return self.page.locator(f"#cell-{name}")

    def button(self, cell: Locator, name: str | re.Pattern[str] = RUN) -> Locator:
        return cell.get_by_role("button", name=name, exact=True)

    def status(self, cell: Locator) -> Locator:
        return cell.get_by_role("status")

    def ended(self, cell: Locator) -> str | None:
        """Wait until a cell no longer runs, and return how it is marked then."""
        expect(self.button(cell)).not_to_have_attribute("aria-disabled", "true", timeout=PATIENCE)
        return cell.get_attribute("data-state")

    def run(self, cell: Locator) -> str | None:
        """Press the first button of a cell; return how it is marked in the end."""
        self.button(cell).click()
        return self.ended(cell)

    def editor(self, cell: Locator) -> Locator:
        """Open a cell's editor, unless it is open."""
        content = cell.locator(".cm-content")
        if not content.is_visible():
            self.button(cell, "Edit").click()
        expect(content).to_be_visible()
        return content

    def write(self, cell: Locator, source: str) -> None:
        """Put a text in the place of a cell's own."""
        self.editor(cell).focus()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(source)

    def lines(self, cell: Locator) -> str:
        """Return what an editor shows; of a long text, the part that is near the window."""
        return "\n".join(line.rstrip("\n") for line in cell.locator(".cm-line").all_inner_texts())

    def error(self, cell: Locator) -> str:
        return cell.locator("pre.error").inner_text()

    def kept(self) -> dict[str, str]:
        """Return what the browser keeps of work, by its entries."""
        kept = self.page.evaluate("() => ({...localStorage})")
        return {entry: text for entry, text in kept.items() if entry.startswith("pooling")}

    def has_focus(self) -> bool:
        """Say whether some element has it: else the next Tab would begin at the top."""
        return self.page.evaluate("document.activeElement !== document.body && document.activeElement !== null")


class Exercise(Laboratory):
    """The page of an exercise, whose cells are called by nbgrader's names for them."""

    def __init__(self, reader: Reader, name: str) -> None:
        super().__init__(reader, f"book/exercises/{name}.html")
        self.name = name

    def cell(self, name: str) -> Locator:
        return super().cell(cell_ids(self.name)[name])

    @property
    def answers(self) -> dict[str, str]:
        """Right answers to what is asked for in code."""
        return {name: source for name, (kind, source) in solved(self.name).items() if kind == "code"}

    @property
    def essays(self) -> list[Locator]:
        return self.page.locator(".cell-essay textarea").all()

    @property
    def checks(self) -> list[Check]:
        """The visible checks, in their order."""
        return visible_checks(self.name)

    @property
    def bar(self) -> Locator:
        return self.page.locator(".hand-in").first

    def points(self) -> tuple[int, ...]:
        """Return what the bar says: checks that pass, of how many; their points, of how many."""
        found = PROGRESS.search(self.bar.inner_text())
        assert found, self.bar.inner_text()
        return tuple(map(int, found.groups()))

    def check_all(self) -> dict[str, str | None]:
        """Run every check; return how each is marked."""
        return {check.name: self.run(self.cell(check.name)) for check in self.checks}

    def download(self, folder: Path) -> Path:
        """Take the notebook along, under its own name."""
        with self.page.expect_download() as download:
            self.bar.get_by_role("button", name="Download my notebook").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def choose(self, path: Path | dict[str, Any]) -> None:
        """Open a notebook, as one does who chooses it from a list of files."""
        with self.page.expect_file_chooser() as chooser:
            self.bar.get_by_role("button", name="Open a notebook").click()
        chooser.value.set_files(path)

    def confirm(self, name: str) -> None:
        """Press a button of the question that is asked."""
        self.page.get_by_role("dialog").get_by_role("button", name=name).click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)


@dataclass(frozen=True)
class Check:
    """A check that learners can run."""

    name: str
    points: float
    source: str


@functools.cache
def released(name: str) -> nbformat.NotebookNode:
    return nbformat.read(COURSE.exercises / name / f"{name}.ipynb", as_version=4)


def about(cell: nbformat.NotebookNode) -> dict[str, Any]:
    """Return what nbgrader knows about a cell."""
    return cell.metadata.get("nbgrader", {})


def cell_ids(name: str) -> dict[str, str]:
    return {about(cell).get("grade_id", ""): cell.id for cell in released(name).cells}


def solved(name: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the source of every answer, without the marks around it."""
    found = {}
    for cell in (cell for cell in built(name).source.cells if cell.is_answer):
        source = cell.node.source.partition("\n=== BEGIN MARK SCHEME")[0]
        found[cell.grade_id] = (cell.node.cell_type, MARKS.sub("", source).rstrip())
    return found


def visible_checks(name: str) -> list[Check]:
    cells = [cell for cell in released(name).cells if about(cell).get("grade") and cell.cell_type == "code"]
    return [
        Check(about(cell)["grade_id"], about(cell)["points"], cell.source)
        for cell in cells
        if cell.source.startswith("check(")
    ]


@contextmanager
def window(browser: Browser, address: str, **settings: object) -> Iterator[Reader]:
    """Open a window that several tests look into; whatever trouble it meets with fails the last of them."""
    reader = Reader(browser, address, **settings)
    yield reader
    reader.close()
    nothing(reader.troubles)


def as_file(notebook: Any, name: str = "work.ipynb") -> dict[str, Any]:
    """Return a file to be chosen: a notebook, or any text."""
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    return {"name": name, "mimeType": "application/x-ipynb+json", "buffer": text.encode()}


def without_python(reader: Reader) -> None:
    """Let Python never arrive, for tests of all else: starting it takes seconds."""
    reader.page.route(PYODIDE, lambda route: None)
