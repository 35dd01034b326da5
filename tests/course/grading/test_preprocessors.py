"""Do nbgrader's own commands and formgrader grade apart too, and never leave an old score standing?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course import engine
from course.folders import Course
from course.grading.executing import PASSED, failure
from course.grading.preprocessors import FailClosed
from tests.course.grading.classes import class_of, hand_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("preprocessors")]

NAME = "00_warm_up"


@pytest.fixture
def one(tmp_path: Path) -> Course:
    """Make a course with one submission, all of it right."""
    return class_of(tmp_path, NAME, 1)


def notebook_of(course: Course) -> dict:
    (student,) = course.students(NAME)
    return json.loads((course.submitted / student / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))


def autograde(course: Course) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", NAME, "--force"],
        cwd=course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def lost(course: Course) -> set[str]:
    (student,) = course.students(NAME)
    return {test for test, (score, most) in engine.scores(course, NAME, student).items() if score < most}


def test_nbgrader_autograde_grades_apart(one: Course) -> None:
    """Is a forged and shuffled notebook rebuilt, and does a crash cost its own points alone?"""
    notebook = notebook_of(one)
    (student,) = one.students(NAME)
    autograde(one)
    assert lost(one) == set()
    tests = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    first = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution"))
    name = first["metadata"]["nbgrader"]["grade_id"]
    first["source"] = "import checks, os\nchecks.check = check = lambda *a: None\nos._exit(0)"
    for cell in tests:
        cell["metadata"]["nbgrader"]["grade_id"] += "-mine"
    notebook["cells"] *= 2
    hand_in(one, NAME, student, notebook)
    said = autograde(one)
    assert lost(one) == {f"{name}-check"}, said
    assert "the learner's process was lost" in said


def test_an_old_score_does_not_outlive_a_failure(one: Course) -> None:
    """Is the score of an earlier submission gone when the next one cannot be graded?"""
    (student,) = one.students(NAME)
    autograde(one)
    assert lost(one) == set()
    notebook = notebook_of(one)
    for cell in notebook["cells"]:
        cell["metadata"], cell["source"], cell["id"] = {}, "x = 1", "x"
    hand_in(one, NAME, student, notebook)
    assert "None of its cells belongs to this assignment" in autograde(one)
    assert lost(one) == set(engine.scores(one, NAME, student))


def test_formgraders_button(one: Course) -> None:
    """Does what formgrader calls give the same scores?"""
    program = (
        "from nbgrader.apps import NbGrader\nfrom nbgrader.apps.api import NbGraderAPI\n"
        "app = NbGrader(); app.load_config_file()\napi = NbGraderAPI(config=app.config)\n"
        f"print(api.autograde({NAME!r}, {one.students(NAME)[0]!r})['success'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=one.root, capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert done.stdout.strip().endswith("True"), done.stdout + done.stderr
    assert lost(one) == set()
    (notebook,) = (one.grading / "autograded").rglob("*.ipynb")
    cells = nbformat.read(notebook, as_version=4).cells
    assert "[autograde]" not in str(cells)
    assert any(
        "all of" in shown or "right" in shown
        for cell in cells
        for output in cell.get("outputs", [])
        for shown in [output.get("text", "") + output.get("data", {}).get("text/plain", "")]
    )


@pytest.mark.parametrize(
    ("verdict", "outputs", "errors"),
    [
        (PASSED, [], 0),
        ("failed", [failure("CheckFailed", "no")], 1),
        ("failed", [], 1),
        ("none", [], 1),
        (None, [], 1),
        (None, [failure("CheckFailed", "no")], 2),
    ],
)
def test_no_points_without_a_verdict(verdict: str | None, outputs: list, errors: int) -> None:
    """Does a test cell that did not run, or says nothing, fail?"""
    about = {"grade": True, "solution": False, "grade_id": "f-check", "points": 1, "locked": True, "schema_version": 3}
    metadata = {"nbgrader": about} | ({"verdict": verdict} if verdict else {})
    cell = nbformat.v4.new_code_cell(
        "check(f, [])", metadata=metadata, outputs=[nbformat.from_dict(each) for each in outputs]
    )
    found, _ = FailClosed().preprocess_cell(cell, {}, 0)
    assert sum(output.output_type == "error" for output in found.outputs) == errors
    assert "verdict" not in found.metadata
