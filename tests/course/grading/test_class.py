"""Does everybody in a class of the hostile, the broken and the unlucky get the score that is honestly theirs?"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from course import engine
from course.folders import Course
from course.gradebook import prepare
from course.grading import batch, pools, records
from course.grading.assignment import Assignment
from course.grading.limits import Limits
from tests.course.building import COURSE, copy_of, solved
from tests.course.grading.papers import CLASS, HONEST, Submission

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile class")]

#: Shorter than in earnest, so that what never ends does not take minutes.
LIMITS = Limits(call=2, cell=3, submission=60, memory=1 << 30)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Grade the whole class at once, as one batch for each assignment."""
    folder = tmp_path_factory.mktemp("class")
    names = sorted({submission.name for submission in CLASS})
    course = copy_of(folder, *names)
    prepare(course)
    for name in names:
        blank = json.loads((COURSE.exercises / name / f"{name}.ipynb").read_text(encoding="utf-8"))
        whole = json.loads(solved(name, folder / "solved" / name).read_text(encoding="utf-8"))
        for submission in CLASS:
            if submission.name == name:
                submission.paper(whole, blank, folder).write(course.submitted / submission.student / name)
        work = batch.plan(course, Assignment.load(course, name, limits=LIMITS))
        done = [record.student for record in batch.grade(work, pools.local(2))]
        assert sorted(done) == sorted(each.student for each in CLASS if each.name == name)
    return course


def test_the_class_is_large_enough() -> None:
    """Are there sixty of them, of every kind, and honest ones among them?"""
    assert len(CLASS) >= 60
    assert len({submission.title for submission in CLASS}) == len(CLASS)
    assert sum(submission.kind == HONEST for submission in CLASS) >= 15


@pytest.mark.parametrize("submission", CLASS, ids=lambda submission: submission.title)
def test_everybody_gets_the_honest_score(graded: Course, submission: Submission) -> None:
    """Are exactly the tests lost that should be, and is the state the right one?"""
    record = records.read(graded, submission.name)[submission.student]
    scores = engine.scores(graded, submission.name, submission.student)
    lost = {test for test, (score, most) in scores.items() if score < most}
    assert lost == _lost(submission, scores), record
    assert all(score in (0, most) for score, most in scores.values())
    assert record.state == submission.state, record


def _lost(submission: Submission, scores: dict[str, Any]) -> set[str]:
    if submission.loses == ("all",):
        return set(scores)
    return {test for test in scores if test.rpartition("-")[0] in submission.loses}


def test_nothing_is_lost(graded: Course) -> None:
    """Is what was handed in still there, and did nothing from outside get in?"""
    for submission in CLASS:
        folder = graded.submitted / submission.student / submission.name
        assert any(folder.iterdir())
        entered = graded.grading / "autograded" / submission.student / submission.name
        assert entered.is_dir() == (submission.state != "unreadable")
        assert not [path for path in entered.rglob("*") if path.is_symlink() or path.name == "solutions"]
    assert not list(Path(graded.grading).glob(".entering-*"))


def test_no_process_is_left(graded: Course) -> None:
    """Has everything ended that a submission started, and that graded it?"""
    deadline = time.monotonic() + 10
    while (found := _orphans()) and time.monotonic() < deadline:
        time.sleep(0.1)  # the kernel is ending them
    assert not found  # other tests grade too, but their processes have parents


def _orphans() -> list[int]:
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if "inside/nursery.py" in " ".join(process.info["cmdline"] or ()) and process.ppid() == 1
    ]
