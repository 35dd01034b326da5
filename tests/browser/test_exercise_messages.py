"""Does the page of an exercise answer a wrong answer as the notebook does, and end a loop that does not?"""

from __future__ import annotations

import contextlib
import io
import linecache
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from course.proofs.cells import released_checks
from tests.browser.laboratory import Exercise, about, released, visible_checks, window
from tests.course.building import COURSE
from tests.course.test_students import ANSWER, STUDENTS

pytestmark = [pytest.mark.slow]

PYTHON_LAYER = "01_python_layer"
EXERCISES = [
    pytest.param(name, marks=pytest.mark.xdist_group(f"messages of {name}"))
    for name in (PYTHON_LAYER, "02_numpy_layer")
]
#: A report without its pictures.
WORDS = "box => [...box.children].filter(part => !part.matches('.lab-picture')).map(part => part.innerText).join(' ')"
PICTURES = """box => [...box.querySelectorAll('.lab-picture')].map(picture => ({
    title: picture.querySelector('table').getAttribute('aria-label'),
    rows: [...picture.querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.innerText)),
    marked: [...picture.querySelectorAll('tr')].flatMap((row, i) => [...row.cells].flatMap(
        (cell, j) => cell.matches('.marked') && cell.querySelector('strong') ? [[i, j]] : [])),
}))"""


@pytest.fixture(scope="module", params=EXERCISES)
def exercise(chromium_browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Open an exercise in which everything is right."""
    with window(chromium_browser, address) as reader:
        page = Exercise(reader, request.param)
        for name, answer in page.answers.items():
            page.write(page.cell(name), answer)
        yield page


def wrong_answers(name: str) -> list[tuple[str, str]]:
    """Return answers that students gave, and the names of the cells that they gave them in."""
    text = (STUDENTS / f"{name}.md").read_text(encoding="utf-8")
    return [(cell, source) for cell, _, source in ANSWER.findall(text)]


def test_messages_are_those_of_the_notebook(exercise: Exercise) -> None:
    """Is every wrong answer answered in the notebook's words, and with its drawing?"""
    drawn = 0
    for name, source in wrong_answers(exercise.name):
        check, report = failing(exercise, name, source)
        exercise.write(exercise.cell(name), source)
        box = exercise.cell(check)
        assert exercise.run(box) == "failed", source
        shown = box.locator(".lab-report")
        assert together(shown.evaluate(WORDS)) == together(report.text(drawing=False))
        pictures = [{key: each[key] for key in ("title", "rows", "marked")} for each in report.data()["pictures"]]
        assert shown.evaluate(PICTURES) == pictures
        drawn += len(pictures)
        exercise.write(exercise.cell(name), exercise.answers[name])
        assert exercise.run(box) == "passed"
    assert drawn > 3


def together(text: str) -> str:
    """Leave out all space: lines are broken elsewhere."""
    return "".join(text.split())


def failing(exercise: Exercise, wrong: str, source: str) -> tuple[str, Any]:
    """Return the first check that notices a wrong answer in CPython, and its report."""
    sources = exercise.answers | {wrong: source}
    with released_checks(COURSE.exercises / exercise.name), contextlib.redirect_stdout(io.StringIO()):
        space: dict[str, Any] = {"__name__": "__main__"}
        checks = {check.name: check.source for check in visible_checks(exercise.name)}
        for cell in released(exercise.name).cells:
            name = about(cell).get("grade_id")
            if cell.cell_type == "code" and name not in checks:
                execute(cell.id, sources.get(name, cell.source), space)
        for name, check in checks.items():
            try:
                execute(name, check, space)
            except AssertionError as problem:
                return name, problem.report  # type: ignore[attr-defined]
    raise AssertionError(f"nobody noticed this {wrong}:\n{source}")


def execute(cell: str, source: str, space: dict[str, Any]) -> None:
    """Run a cell as a notebook does: Python can show its lines."""
    file = f"<{cell}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), space)
