"""Can an exercise be solved in its page, from the first click to the points in the gradebook?"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser

from course import engine
from course.folders import Course
from course.proofs import stock
from tests.browser.laboratory import Exercise, about, released, solved, visible_checks, window
from tests.course.building import built, copy_of
from tests.course.grading.classes import call, run

pytestmark = [pytest.mark.slow]

#: The exercises that pages can run, with a change that makes one of the answers wrong.
WRONG = {
    "00_warm_up": ("largest", "[8, 4]", "[8, 5]"),
    "01_python_layer": ("max-pool2d", "kernel_size if stride is None else stride", "kernel_size"),
    "02_numpy_layer": ("global-avg-pool2d", ".mean(", ".max("),
}
WARM_UP, PYTHON_LAYER, NUMPY_LAYER = (
    pytest.param(name, marks=pytest.mark.xdist_group(f"page of {name}")) for name in WRONG
)
#: What a reader may wait for on a busy machine, in seconds: for the first result, and for another one.
FIRST, LATER = 30, 1.5
NUMPY = "numpy-"
#: Notes all that the first check says while it waits.
LISTEN = """box => {
    window.said = [];
    const note = () => said.push(box.querySelector('.lab-loading').textContent);
    new MutationObserver(note).observe(box, {childList: true, subtree: true, characterData: true});
}"""


@dataclass
class Work:
    """What somebody did on the page of an exercise."""

    name: str
    first: float = 0
    later: float = 0
    said: list[str] = field(default_factory=list)
    #: By its name as a student: how every check was marked, what the bar said, and the file.
    handed_in: dict[str, tuple[dict[str, str | None], tuple[int, ...], Path]] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=[WARM_UP, PYTHON_LAYER, NUMPY_LAYER])
def work(chromium_browser: Browser, address: str, request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Work]:
    """Solve an exercise, at first with a mistake."""
    work = Work(request.param)
    with window(chromium_browser, address) as reader:
        page = Exercise(reader, work.name)
        first = page.cell(page.checks[0].name)
        first.evaluate(LISTEN)
        begun = time.monotonic()
        page.run(first)
        work.first = time.monotonic() - begun
        work.said = page.page.evaluate("said")
        for name, answer in page.answers.items():
            page.write(page.cell(name), answer)
        page.essays[0].fill(essay(work.name))
        name, right, wrong = WRONG[work.name]
        answer = page.answers[name]
        assert right in answer
        page.write(page.cell(name), answer.replace(right, wrong))
        for student, source in {"partly": answer.replace(right, wrong), "solved": answer}.items():
            page.write(page.cell(name), source)
            marks = page.check_all()
            folder = tmp_path_factory.mktemp(student)
            work.handed_in[student] = (marks, page.points(), page.download(folder))
        times = []
        for _ in range(7):
            begun = time.monotonic()
            page.run(first)
            times.append(time.monotonic() - begun)
        work.later = statistics.median(times)
        work.asked_for = [response.url for response in reader.responses]
        yield work


def essay(name: str) -> str:
    (text,) = [source for kind, source in solved(name).values() if kind == "markdown"]
    return text


def test_python_loads_where_somebody_waits(work: Work) -> None:
    """Does the first click show how many megabytes have arrived, up to all of them?"""
    numbers = [re.fullmatch(r"([\d.]+) of ([\d.]+) MB ", words) for words in work.said]
    done = [float(found[1]) for found in numbers if found]
    (size,) = {float(found[2]) for found in numbers if found}
    assert done == sorted(done)
    assert done[0] == 0
    assert 0.9 * size < done[-1] <= size


def test_every_check_passes(work: Work) -> None:
    """Does the page give all points for the right answers, and say so?"""
    marks, (passing, checks, points, most), _ = work.handed_in["solved"]
    assert set(marks.values()) == {"passed"}
    assert passing == checks == len(marks)
    assert points == most


def test_a_wrong_answer_costs_its_points(work: Work) -> None:
    """Does a check fail, and is what it is worth missing in the bar?"""
    marks, (passing, checks, points, most), _ = work.handed_in["partly"]
    worth = {check.name: check.points for check in visible_checks(work.name)}
    assert marks[f"{WRONG[work.name][0]}-check"] == "failed"
    assert passing == sum(mark == "passed" for mark in marks.values()) < checks
    assert points == sum(worth[name] for name, mark in marks.items() if mark == "passed") < most


@pytest.mark.parametrize("work", [PYTHON_LAYER, NUMPY_LAYER], indirect=True)
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap works on Linux alone")
def test_grading_agrees(work: Work, tmp_path: Path) -> None:
    """Is what is downloaded collected and graded as it is, with the points that the page showed?"""
    course = copy_of(tmp_path / "course", work.name)
    for student, (_, _, path) in work.handed_in.items():
        code, said = call(course, "collect", str(path), "--assignment", work.name, "--student", student)
        assert code == 0, said
        assert "1 new" in said
    code, said = run(course, "grade", work.name)
    assert code == 0, said
    compare(work, course)


@pytest.mark.parametrize("work", [PYTHON_LAYER], indirect=True)
def test_stock_nbgrader_agrees(work: Work, tmp_path: Path) -> None:
    """Does nbgrader as it comes take the notebook, and give the same points?"""
    course = stock.released(built(work.name), tmp_path)
    for student, (_, _, path) in work.handed_in.items():
        engine.hand_in(course, work.name, student, course.exercises / work.name)
        shutil.copy(path, course.grading / "submitted" / student / work.name)
    engine.autograde(course, work.name)
    compare(work, course)


def compare(work: Work, course: Course) -> None:
    """Compare the points in the gradebook with those that the page showed."""
    for student, (marks, (_, _, points, _), _) in work.handed_in.items():
        scores = engine.scores(course, work.name, student)
        visible = {name: scores.pop(name) for name in marks}
        assert {name: score == most for name, (score, most) in visible.items()} == {
            name: mark == "passed" for name, mark in marks.items()
        }
        assert sum(score for score, _ in visible.values()) == points
        if student == "solved":
            assert all(score == most for score, most in scores.values())  # the hidden checks


def test_the_notebook_is_the_released_one_with_answers(work: Work) -> None:
    """Has the file nothing but answers in the places of the stubs, as Jupyter writes it?"""
    path = work.handed_in["solved"][2]
    assert path.name == f"{work.name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    answers = solved(work.name)
    for cell, before in zip(notebook.cells, released(work.name).cells, strict=True):
        name = about(cell).get("grade_id")
        assert cell.source == (answers[name][1] if name in answers else before.source)
        assert {**cell, "source": ""} == {**before, "source": ""}


def test_no_more_is_loaded_than_needed(work: Work) -> None:
    """Does the page ask for NumPy where the exercise uses it, and nowhere else?"""
    assert any(NUMPY in url for url in work.asked_for) == (work.name == "02_numpy_layer")


def test_results_come_soon(work: Work) -> None:
    """Does a reader see something happen before wondering?"""
    print(f"{work.name}: first result after {work.first:.2f} s, another one after {1000 * work.later:.0f} ms")
    assert work.first < FIRST
    assert work.later < LATER
