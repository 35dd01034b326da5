"""Does lateness cost what one line says, and is a line that says nothing refused?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from traitlets import TraitError
from traitlets.config import Config

from course import engine, late
from course.late import LatePenalty
from tests.course.grading.classes import call, class_of

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
RULES = [
    ("none", DAY, None),
    ("10% a day", 1, 3.0),
    ("10% a day", DAY, 3.0),
    ("10% a day", DAY + 1, 6.0),
    ("10% a day", 300 * DAY, 30.0),
    ("10% a day, at most 50%", 300 * DAY, 15.0),
    ("2.5 % a day", 2 * DAY, 1.5),
    ("10% a day, 15 minutes grace", 15 * MINUTE, None),
    ("10% a day, 15 minutes grace", 16 * MINUTE, 3.0),
    ("10% a day, at most 20%, 15 minutes grace", 9 * DAY, 6.0),
    ("deadline", 1, 30.0),
    ("deadline, 60 minutes grace", HOUR, None),
    ("deadline, 60 minutes grace", HOUR + 1, 30.0),
    ("deadline", 0, None),
]


@pytest.mark.parametrize(("rule", "seconds", "costs"), RULES)
def test_rules(rule: str, seconds: float, costs: float | None) -> None:
    """Does each rule take what it says from 30 points?"""
    assert LatePenalty(rule=rule).late_submission_penalty("lena", 30, seconds) == costs


@pytest.mark.parametrize("rule", ["", "10%", "10 percent a day", "110% a day", "-5% a day", "deadline!", "10% a week"])
def test_no_rule(rule: str) -> None:
    """Does a rule that is none get an error with its value and with what is accepted?"""
    with pytest.raises(TraitError, match=r"LatePenalty\.rule is .*10% a day, at most 50%"):
        LatePenalty(rule=rule)


@pytest.mark.slow
@pytest.mark.xdist_group("grading commands")
def test_points_given_by_hand_count_too(tmp_path: Path) -> None:
    """Is the penalty worked out anew when points or the due date have changed since?"""
    course = class_of(tmp_path, "00_warm_up", 1)
    (student,) = course.students("00_warm_up")
    assert call(course, "status", "00_warm_up")[0] == 1
    config = Config({"LatePenalty": {"rule": "50% a day"}})
    with engine.gradebook(engine.settings(course)) as gradebook:
        gradebook.update_or_create_assignment("00_warm_up", duedate=datetime(2026, 1, 1))
        gradebook.add_student(student)
        submission = gradebook.update_or_create_submission("00_warm_up", student, timestamp=datetime(2026, 1, 1, 12))
        grade = submission.notebooks[0].grades[0]
        for points in (0, 1):
            grade.manual_score = points
            gradebook.db.commit()
            late.update(gradebook, config, "00_warm_up")
            assert gradebook.find_submission("00_warm_up", student).late_submission_penalty == points / 2
        gradebook.update_or_create_assignment("00_warm_up", duedate=datetime(2026, 1, 2))
        late.update(gradebook, config, "00_warm_up")
        assert gradebook.find_submission("00_warm_up", student).late_submission_penalty == 0
        late.update(gradebook, config, "05_missing")  # there is nothing to be done
