"""Do the commands say what happened, what is wrong and what to do, and end as a script expects?"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from course.folders import Course
from course.grading import records
from tests.course.building import course_with
from tests.course.grading.classes import call, class_of, hand_in, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading commands")]

NAME = "00_warm_up"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a class with somebody in every state."""
    course = class_of(tmp_path_factory.mktemp("states"), NAME, 2)
    first, _ = course.students(NAME)
    notebook = json.loads((course.submitted / first / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    whole = json.dumps(notebook)
    answer = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution"))
    answer["source"] = "import os; os._exit(1)"
    hand_in(course, NAME, "crashed", notebook)
    hand_in(course, NAME, "unreadable", "{")
    code, said = run(course, "grade", NAME)
    assert code == 0, said
    for student, reason in (("crashed", "it left Python (exit code 1)"), ("unreadable", "damaged")):
        assert f"{student}: {student}. " in said
        assert reason in said
    hand_in(course, NAME, "late comer", whole)
    shutil.rmtree(course.submitted / "student 001")
    return course


def test_status_tells_states_apart(course: Course) -> None:
    """Is there a line for every student, with the reason, and is the exit status 1?"""
    code, said = call(course, "status", NAME)
    assert code == 1
    lines = {line.split("│")[1].strip(): line for line in said.splitlines() if line.startswith("│")}
    assert set(lines) == {"crashed", "late comer", "student 000", "student 001", "unreadable"}
    for student, says in {
        "crashed": "it left Python",
        "late comer": "not graded",
        "student 000": "graded",
        "student 001": "missing",
        "unreadable": "damaged",
    }.items():
        assert says in lines[student]
    assert "3 of 5 need a person" in said


def test_status_is_fine_when_all_is(tmp_path: Path) -> None:
    """Is the exit status 0 when nobody needs a person?"""
    course = class_of(tmp_path, NAME, 1)
    assert run(course, "grade", NAME)[0] == 0
    code, said = call(course, "status", NAME)
    assert code == 0, said


def test_one_student_again(course: Course) -> None:
    """Is exactly one graded, graded before or not?"""
    before = records.read(course, NAME)
    code, said = run(course, "grade", NAME, "--student", "student 000")
    assert code == 0, said
    assert "1 graded" in said
    assert records.read(course, NAME) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "05_missing"], "There is no assignment called '05_missing'"),
        (["grade", NAME, "--student", "nobody"], "nobody handed in nothing"),
        (["status", "05_missing"], "There are: 00_warm_up"),
        (["grade", NAME, "--jobs", "0"], "0 is not in the range"),
        (["grade", NAME, "--isolation", "none"], "'none' is not one of"),
    ],
)
def test_mistakes_are_named(course: Course, arguments: list[str], says: str) -> None:
    """Does an error name what was wrong, and no traceback?"""
    code, said = call(course, *arguments)
    assert code != 0
    assert says in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["grade", "status", "doctor"])
def test_help_teaches(course: Course, command: str) -> None:
    """Does --help say what it is for, and how?"""
    code, said = call(course, command, "--help")
    assert code == 0
    assert len(said.splitlines()) > 5


def test_doctor(tmp_path: Path) -> None:
    """Does it say what works, and with bubblewrap out of reach the line that installs it?"""
    course = course_with(tmp_path)
    code, said = call(course, "doctor")
    assert "✓ sandbox: a cell ran in it" in said
    assert "✗ small: not released. Run: course release small" in said
    assert code == 1


def test_a_class_with_nothing_handed_in(tmp_path: Path) -> None:
    """Is it said where submissions go?"""
    course = class_of(tmp_path, NAME, 0)
    code, said = call(course, "grade", NAME)
    assert code == 0
    assert "nobody handed in anything yet" in said
    code, said = call(course, "status", NAME)
    assert code == 0, said


def test_another_database(tmp_path: Path) -> None:
    """Are scores written where nbgrader's own setting says?"""
    course = class_of(tmp_path, NAME, 1)
    config = course.root / "nbgrader_config.py"
    elsewhere = tmp_path / "elsewhere.db"
    config.write_text(
        config.read_text("utf-8") + f"\nget_config().CourseDirectory.db_url = 'sqlite:///{elsewhere}'\n", "utf-8"
    )
    code, said = run(course, "grade", NAME, PATH=os.environ["PATH"])
    assert code == 0, said
    assert elsewhere.stat().st_size > 0
    code, said = call(course, "status", NAME)
    assert code == 0, said
    assert "graded" in said
