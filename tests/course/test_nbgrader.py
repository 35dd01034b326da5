"""Do plain nbgrader commands work on the course as it stands, and its exchange too?"""

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
from tests.course.building import COURSE, copy_of, course_with, solved

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("nbgrader")]

NAME = "00_warm_up"


def nbgrader(folder: Path, *arguments: str, user: str | None = None) -> str:
    """Run an nbgrader command as a user would, and return all that it said."""
    environment = {
        **os.environ,
        "NB_USER": user or "instructor",
        "USER": user or "instructor",
        "LOGNAME": user or "instructor",
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"nbgrader {' '.join(arguments)}\n{done.stdout}"
    return done.stdout


def test_on_a_fresh_clone(tmp_path: Path) -> None:
    """Do generate_assignment, validate, autograde and generate_feedback work where nothing was built before?"""
    course = copy_of(tmp_path, NAME)
    release = course.exercises / NAME
    before = {path.relative_to(release): path.read_bytes() for path in release.rglob("*") if path.is_file()}
    # Grading comes first: nobody has built or registered anything yet.
    engine.hand_in(course, NAME, "blank", release)
    solved(NAME, course.grading / "submitted" / "solved" / NAME)
    said = nbgrader(tmp_path, "autograde", NAME)
    assert f"Preparing {NAME} for nbgrader" in said
    for student, share in (("blank", 0), ("solved", 1)):
        for cell, (score, most) in engine.scores(course, NAME, student).items():
            assert score == share * most, cell
    nbgrader(tmp_path, "generate_feedback", NAME)
    assert (course.grading / "feedback" / "solved" / NAME / f"{NAME}.html").is_file()
    nbgrader(tmp_path, "generate_assignment", NAME, "--force")
    assert {path.relative_to(release): path.read_bytes() for path in release.rglob("*") if path.is_file()} == before
    said = nbgrader(tmp_path, "validate", str(release / f"{NAME}.ipynb"))
    assert "windows is still the dots" in said
    said = nbgrader(tmp_path, "validate", str(solved(NAME, tmp_path / "solved") / ".." / f"{NAME}.ipynb"))
    assert "windows is still" not in said


def test_through_the_exchange(tmp_path: Path) -> None:
    """Can a class on one machine fetch, submit, be graded and read its feedback?"""
    course, learner = copy_of(tmp_path / "course", NAME), tmp_path / "learner"
    learner.mkdir()
    exchange = course.grading / "exchange"
    exchange.mkdir(parents=True)
    exchange.chmod(0o777)
    options = (
        f"--Exchange.root={exchange}",
        "--CourseDirectory.course_id=pooling",
        f"--Exchange.cache={tmp_path / 'cache'}",
    )
    nbgrader(course.root, "release_assignment", NAME)
    nbgrader(learner, "fetch_assignment", NAME, *options, user="lena")
    solved(NAME, learner / NAME)
    nbgrader(learner, "submit", NAME, *options, user="lena")
    nbgrader(course.root, "collect", NAME)
    (student,) = [path.name for path in (course.grading / "submitted").iterdir()]
    nbgrader(course.root, "autograde", NAME)
    assert all(score == most for score, most in engine.scores(course, NAME, student).values())
    nbgrader(course.root, "generate_feedback", NAME)
    nbgrader(course.root, "release_feedback", NAME)
    nbgrader(learner, "fetch_feedback", NAME, *options, user="lena")
    assert list((learner / NAME / "feedback").rglob(f"{NAME}.html"))


def test_a_broken_source_stops_no_other(tmp_path: Path) -> None:
    """Can the other assignments be graded while one source is being written?"""
    course = course_with(tmp_path)
    course.source("broken").write_text("nothing yet", encoding="utf-8")
    said = nbgrader(tmp_path, "db", "assignment", "list")
    assert "broken is left out until then" in said
    assert "small" in said.splitlines()[-2:][0] + said.splitlines()[-1]


def test_a_changed_source_is_built_anew(tmp_path: Path) -> None:
    """Does nbgrader grade by the tests that are in solutions/ now?"""
    course = course_with(tmp_path)
    nbgrader(tmp_path, "db", "assignment", "list")
    built = course.built / "small" / "small.ipynb"
    first = built.read_bytes()
    assert "Preparing" not in nbgrader(tmp_path, "db", "assignment", "list")
    text = course.source("small").read_text(encoding="utf-8")
    course.source("small").write_text(text.replace("seed: 1", "seed: 2"), encoding="utf-8")
    assert "Preparing small" in nbgrader(tmp_path, "db", "assignment", "list")
    assert built.read_bytes() != first


def test_learners_without_solutions_are_not_bothered(tmp_path: Path) -> None:
    """Does the configuration work in a copy that has no solutions/?"""
    course = Course(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text((COURSE.root / "nbgrader_config.py").read_text("utf-8"), "utf-8")
    said = nbgrader(tmp_path, "db", "assignment", "list")
    assert "There are 0 assignments" in said
    assert course.assignments == []


def test_formgrader_lists_the_assignments(tmp_path: Path) -> None:
    """Does the page that instructors grade in know the course?"""
    copy_of(tmp_path, NAME)
    program = (
        "import json, asyncio\n"
        "from traitlets.config import Config\n"
        "from nbgrader.apps import NbGrader\n"
        "from nbgrader.apps.api import NbGraderAPI\n"
        "app = NbGrader(); app.load_config_file()\n"
        "api = NbGraderAPI(app.coursedir if hasattr(app, 'coursedir') and app.coursedir else None, config=app.config)\n"
        "print(json.dumps([(a['name'], a['status'], a['max_code_score']) for a in api.get_assignments()]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (assignment,) = json.loads(done.stdout.strip().splitlines()[-1])
    points = nbformat.read(tmp_path / "exercises" / NAME / f"{NAME}.ipynb", as_version=4).metadata.course.points
    assert assignment[0] == NAME
    assert 0 < assignment[2] < points  # the rest is graded by hand
