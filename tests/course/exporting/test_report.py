"""Does the class report say what happened, and is its page safe whatever students are called?"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date, datetime
from pathlib import Path

import pytest

from course import engine
from course.exporting import report_page, work
from course.exporting.report import CHANGED, LATE, Report, Scores, report, write
from course.exporting.trends import Day, trends
from course.exporting.work import BLANK, LEANS, MISTAKE, PARTLY, READ, RIGHT, UNKNOWN, WAITING, WRONG
from course.folders import Course
from course.grading import history
from course.grading.history import Attempt
from tests.course.exporting.classroom import NAME, PADDING, ROUNDING, STRIDE, Classroom, small_course
from tests.course.grading.classes import call, class_of, run

BOTH = {"visible": [PADDING], "hidden": [PADDING]}


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return small_course(tmp_path_factory.mktemp("report") / "course")


@pytest.fixture
def room(empty: Course, tmp_path: Path) -> Classroom:
    """Return a course of one's own, in which nobody handed in anything."""
    return Classroom(Course(shutil.copytree(empty.root, tmp_path / "course")))


def report_of(room: Classroom) -> Report:
    found = report(room.course, room.name)
    assert found is not None
    return found


def page_of(room: Classroom) -> str:
    path = room.course.root / "report.html"
    assert write(room.course, room.name, path) > 0
    return path.read_text(encoding="utf-8")


def test_nothing_graded_gives_no_page(room: Classroom) -> None:
    path = room.course.root / "report.html"
    room.record("ada", "unreadable")
    assert write(room.course, NAME, path) == 0
    assert not path.exists()
    code, said = call(room.course, "report", NAME)
    assert code == 1
    assert f"course grade {NAME}" in said


def test_command_writes_a_page(room: Classroom) -> None:
    room.grade("ada")
    path = room.course.root / "page.html"
    code, said = call(room.course, "report", NAME, "--output", str(path))
    assert (code, said.strip()) == (0, f"Written, of 1 student: {path}")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


# Where the points went


def test_points_of_a_class_add_up(room: Classroom) -> None:
    """Is every point that there is either in a score or in a cause?"""
    room.grade("right", text=1.0)
    room.grade("waits")
    room.grade("known", BOTH, text=0.5)
    room.grade("unknown", {"hidden": []}, text=1.0)
    room.grade("leans", {"visible": [], "hidden": []}, leans=True, text=0.0)
    room.grade("blank", {"visible": [], "hidden": []}, blank=True)
    found = report_of(room)
    assert found.causes == {
        MISTAKE: (2.0, 1),
        UNKNOWN: (1.0, 1),
        LEANS: (2.0, 1),
        BLANK: (3.0, 1),
        READ: (1.5, 2),
        WAITING: (1.0, 1),
    }
    lost = sum(points for points, _ in found.causes.values())
    assert sum(found.scores.values) + lost == found.graded * found.scores.most == 18
    assert (found.waiting, found.states) == (1, {"graded": 6})


def test_tasks_say_how_many_stand_how(room: Classroom) -> None:
    room.grade("ada", text=1.0)
    room.grade("bob", {"hidden": [PADDING]})
    room.grade("cem", BOTH, text=0.0)
    room.grade("dan", {"visible": [], "hidden": []}, blank=True)
    windows, text = report_of(room).tasks
    assert windows.title == "1. Windows"
    assert windows.states == {RIGHT: 1, PARTLY: 1, WRONG: 1, BLANK: 1}
    assert windows.share == pytest.approx(1.5 / 4)
    assert windows.lost == {MISTAKE: 3.0, BLANK: 2.0}
    assert text.states == {RIGHT: 1, WAITING: 1, WRONG: 1, BLANK: 1}
    assert text.share == pytest.approx(1 / 3)


def test_a_mean_waits_until_somebody_was_read(room: Classroom) -> None:
    """Do blank answers, which are nothing to read, not pass for the mean of a task that waits?"""
    room.grade("ada")
    room.grade("bob", blank=True)
    _, text = report_of(room).tasks
    assert text.share is None
    assert ">–</td>" in page_of(room)


def test_lateness_is_taken_off(room: Classroom) -> None:
    settings = room.course.root / "nbgrader_config.py"
    settings.write_text(settings.read_text("utf-8") + '\nget_config().LatePenalty.rule = "deadline"\n', "utf-8")
    room.grade("early", text=1.0, time=datetime(2026, 11, 9))
    room.grade("late", {"hidden": []}, text=1.0, time=datetime(2026, 11, 11))
    with engine.gradebook(engine.settings(room.course)) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-10")
    found = report_of(room)
    assert found.scores.values == [0.0, 3.0]
    assert found.causes[LATE] == (2.0, 1)


# Mistakes


def test_mistakes_come_with_sentence_place_and_cost(room: Classroom) -> None:
    room.grade("ada", BOTH)
    room.grade("bob", {"hidden": [PADDING]})
    room.grade("cem", {"hidden": [ROUNDING]})
    first, second = report_of(room).mistakes
    assert first.sentence == room.assignment.cases["mistakes"][PADDING]
    assert (first.names, first.students, first.cost) == ([PADDING], {"ada", "bob"}, 3.0)
    assert dict(first.tests) == {"hidden": 2, "visible": 1}
    assert dict(first.tasks) == {"1. Windows": 2}
    assert (second.names, second.cost) == ([ROUNDING], 1.0)


def test_mistakes_that_cannot_be_told_apart_share_the_points(room: Classroom) -> None:
    room.grade("ada", {"hidden": [PADDING, STRIDE]})
    for mistake in report_of(room).mistakes:
        assert (mistake.cost, mistake.students, mistake.surely) == (0.5, {"ada"}, set())
    assert "It may be another one in 1 of these students." in page_of(room)


def test_another_test_of_the_task_tells_them_apart(room: Classroom) -> None:
    room.grade("ada", {"visible": [PADDING], "hidden": [PADDING, STRIDE]})
    (mistake,) = report_of(room).mistakes
    assert (mistake.names, mistake.cost, mistake.surely) == ([PADDING], 2.0, {"ada"})


def test_two_mistakes_at_once_are_both_there(room: Classroom) -> None:
    room.grade("ada", {"visible": [PADDING], "hidden": [PADDING, STRIDE]}, at_once=True)
    costs = {mistake.names[0]: (mistake.cost, mistake.surely) for mistake in report_of(room).mistakes}
    assert costs == {PADDING: (1.5, {"ada"}), STRIDE: (0.5, {"ada"})}


def test_a_sentence_is_told_once(room: Classroom) -> None:
    """Are mistakes with the same sentence one mistake, which costs a test's points once?"""
    same = ("overwrites-overlap", "overwrites-overlap-by-place")
    room.grade("ada", {"hidden": same})
    (mistake,) = report_of(room).mistakes
    assert (sorted(mistake.names), mistake.cost) == (sorted(same), 1.0)


def test_names_that_nobody_knows_count_for_nothing(room: Classroom) -> None:
    """Can what a learner's kernel wrote, where nbgrader graded by itself, put words into the report?"""
    room.grade("mallory", {"hidden": ["<script>", "vote for me"]})
    found = report_of(room)
    assert found.mistakes == []
    assert found.causes[UNKNOWN] == (1.0, 1)
    assert "vote for me" not in page_of(room)


@pytest.mark.parametrize("mistakes", [None, "counts-padding-once", {"a": 1}, [["b"]], [None, 3]])
def test_reports_of_any_shape_are_read(mistakes: object) -> None:
    task = work.Task("1. Windows", {"visible": 1.0})
    data = {"application/vnd.pooling.report+json": {"passed": False, "mistakes": mistakes, "reason": 3}}
    cell = {"source": "", "metadata": {}, "outputs": [{"output_type": "display_data", "data": data}]}
    done = work.done(task, {"visible": cell}, work.Grades({}, {}), {PADDING: "a sentence"})
    assert done.losses == [work.Loss("visible", 1.0, UNKNOWN)]


# Trying again


def test_trying_again_is_followed(room: Classroom) -> None:
    room.grade("ada", text=1.0)
    room.grade("bob", BOTH, text=1.0)
    room.grade("cem", text=1.0)
    room.attempt("ada", 10, 0.0, BOTH)
    room.attempt("ada", 11, 1.0, {"hidden": [ROUNDING]})
    room.attempt("ada", 12, 2.0)
    room.attempt("bob", 10, 0.0, BOTH)
    room.attempt("bob", 12, 0.0, BOTH)
    room.attempt("cem", 11, 2.0)
    tried = report_of(room).trends
    assert (tried.tries, tried.again) == ({1: 1, 2: 1, 3: 1}, 2)
    assert tried.lines == [[0.0, 0.5, 1.0], [0.0, 0.0]]
    assert tried.changes == (1, 1, 0)
    assert [(step.attempt, step.students, step.median) for step in tried.steps] == [
        (1, 2, 0),
        (2, 2, 0.25),
        (3, 1, 0.5),
    ]
    assert [(gone.name, gone.first, gone.still) for gone in tried.gone] == [(PADDING, 2, 1)]
    assert tried.days == [Day(date(2026, 11, 10), 2, 0), Day(date(2026, 11, 11), 1, 1), Day(date(2026, 11, 12), 0, 2)]


def test_what_could_not_be_read_is_no_score(room: Classroom) -> None:
    room.grade("ada")
    room.attempt("ada", 10, -1)
    room.attempt("ada", 11, 2.0)
    tried = report_of(room).trends
    assert (tried.tries, tried.lines, tried.steps, tried.gone) == ({2: 1}, [], [], [])
    assert "handed in more than once" in page_of(room)


def test_first_attempts_too_are_told_apart_by_all_tests_of_a_task(room: Classroom) -> None:
    room.grade("ada")
    room.attempt("ada", 10, 0.0, {"visible": [PADDING], "hidden": [PADDING, STRIDE], "of old": [ROUNDING]})
    room.attempt("ada", 11, 0.0, {"visible": [PADDING], "hidden": [PADDING, STRIDE]})
    gone = {each.name: (each.first, each.still) for each in report_of(room).trends.gone}
    assert gone == {PADDING: (1, 1), ROUNDING: (1, 0)}


def test_old_and_broken_lines_of_history_do_no_harm(room: Classroom) -> None:
    room.grade("ada")
    room.attempt("ada", 10, 1.0)
    (path,) = (room.course.grading / "history" / NAME).glob("*.jsonl")
    old = {"student": "ada", "submission": "x", "time": "some day", "state": "graded", "score": 2.0, "most": 2.0}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(old) + '\n{"student": "ada"}\n{"student": "ad')
    tried = report_of(room).trends
    assert (tried.lines, tried.days) == ([[0.5, 1.0]], [Day(date(2026, 11, 10), 1, 0)])


def test_dates_that_are_far_apart_fit_into_a_plot() -> None:
    made = {
        f"s{day}": [Attempt(f"s{day}", "x", f"{1970 + day}-01-01", "graded", 1, 1), Attempt("", "y", "?", "", 1, 1)]
        for day in range(60)
    }
    days = report_page._together(trends(made, {}, {}, []).days)
    assert len(days) == report_page.MOST_DAYS
    assert sum(day.first for day in days) == 60
    assert days[-1].day == date(2029, 1, 1)


# Classes of every kind


def test_a_class_that_nbgrader_graded_by_itself(room: Classroom) -> None:
    """Is there a report where there are no records and no history?"""
    room.grade("ada", BOTH, recorded=False, time=datetime(2026, 11, 10, 12))
    room.grade("bob", recorded=False)
    found = report_of(room)
    assert (found.states, found.people) == ({"graded": 2}, [])
    assert (found.trends.tries, found.trends.days) == ({}, [Day(date(2026, 11, 10), 1, 0)])
    assert "There is no history" in page_of(room)


def test_states_and_people(room: Classroom) -> None:
    room.grade("ada")
    room.grade("bob", BOTH, state="crashed")
    room.grade("cem")
    (room.course.submitted / "cem" / NAME / f"{NAME}.ipynb").write_text("{}", encoding="utf-8")
    (room.course.submitted / "dan" / NAME).mkdir(parents=True)
    room.grade("eve")
    shutil.rmtree(room.course.submitted / "eve")
    found = report_of(room)
    assert found.states == {"graded": 2, "crashed": 1, CHANGED: 1, "not graded": 1}
    assert [(person.student, person.state) for person in found.people] == [
        ("bob", "crashed"),
        ("cem", CHANGED),
        ("dan", "not graded"),
    ]
    assert found.graded == 4


@pytest.mark.parametrize("failed", [{}, BOTH], ids=["nobody failed", "everybody failed"])
@pytest.mark.parametrize("students", [1, 3])
def test_classes_that_are_all_alike(room: Classroom, failed: dict[str, list[str]], students: int) -> None:
    for number in range(students):
        room.grade(f"s{number}", failed, text=0.0 if failed else 1.0)
    found = report_of(room)
    assert found.scores.values == [0.0 if failed else 3.0] * students
    assert found.scores.quartiles == (found.scores.median,) * 2
    page = page_of(room)
    assert ("No known mistake shows" in page) is (not failed)
    assert ("Where the other points went" in page) is bool(failed)


def test_an_assignment_without_mistakes(room: Classroom) -> None:
    path = room.course.built / NAME / "checks" / "cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"))
    del cases["mistakes"]
    path.write_text(json.dumps(cases), encoding="utf-8")
    room.grade("ada", {"visible": [], "hidden": []})
    assert report_of(room).mistakes == []
    assert "No test that failed named a known mistake" in page_of(room)


def test_a_lost_notebook_leaves_the_scores(room: Classroom) -> None:
    room.grade("ada", BOTH)
    shutil.rmtree(room.course.grading / "autograded")
    assert report_of(room).causes == {UNKNOWN: (2.0, 1), WAITING: (1.0, 1)}


@pytest.mark.parametrize(
    ("values", "most", "bars"),
    [
        ([0.0, 2.0, 3.0], 3.0, 6),
        ([5.0], 39.0, 8),
        ([0.0], 0.0, 10),
        ([12.5, 40.0], 39.0, 8),
        ([100.0] * 3, 100.0, 10),
        ([0.29, 0.3], 0.3, 6),
    ],
)
def test_bars_hold_every_score_once(values: list[float], most: float, bars: int) -> None:
    found = Scores(values, most).bars
    assert len(found) == bars
    assert sum(number for _, _, number in found) == len(values)
    assert found[0][0] == 0
    assert found[-1][1] == pytest.approx(max(most, *values) or 1)
    for value in values:
        assert any(number and start - 1e-9 <= value <= end + 1e-9 for start, end, number in found)


# The page


NAMES = [
    "<script>alert(1)<",
    "&amp;",
    "{{ 7 * 7 }}",
    "x" * 190,
    "'\" onload=alert(1)",
    "Zoë ñ 李 🙂",
    "$x$",
]


def test_names_are_text(room: Classroom) -> None:
    for name in NAMES:
        room.grade(name, BOTH, state="crashed")
    page = page_of(room)
    assert page.count("<script") == 0
    for name in NAMES:
        assert f">{html.escape(name, quote=False)}</th>".replace('"', "&#34;").replace("'", "&#39;") in page


def test_the_page_asks_for_nothing_and_runs_nothing(room: Classroom) -> None:
    room.grade("ada", BOTH)
    room.grade("bob", {"hidden": [ROUNDING, STRIDE]})
    for day, score in ((10, 0.0), (11, 2.0)):
        room.attempt("ada", day, score, BOTH if not score else None)
    page = page_of(room)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', page)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert html.unescape(policy).startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert not re.search(r"<(script|link|iframe|object|embed|form|base|svg)\b|\bon\w+=|\bstyle=|url\(", page)
    assert set(re.findall(r'(?:src|href)="([a-z#]+)', page)) <= {"data", "#people", "#"}
    addresses = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert len(addresses) == page.count("<img ") == 7
    for address in addresses:
        svg = base64.b64decode(address).decode()
        ET.fromstring(svg)
        assert not re.search(r"<style|style=|<script|(?:href|src)=\"(?!#)", svg)


def test_plots_say_in_words_what_they_show(room: Classroom) -> None:
    room.grade("ada", BOTH, text=1.0)
    room.grade("bob", text=1.0)
    room.attempt("ada", 10, 0.0, BOTH)
    room.attempt("ada", 11, 0.0, BOTH)
    said = [html.unescape(alt) for alt in re.findall(r'alt="([^"]*)"', page_of(room))]
    assert said == [
        f"What mistakes cost, as bars. {PADDING}: 2 points, 1 student.",
        "A bar for each task, with how many students stand how. "
        "1. Windows: 1 right, 1 not right; 2. Remainders: 2 right.",
        "Histogram of 2 scores from 1 to 3 of 3 points. The median is 2. Most of them, 1, are between 1 and 1.5.",
        "Points that the class did not get, as bars. a known mistake: 2 points, 1 student.",
        "A line for each of 1 student who tried again, from attempt to attempt. Their median goes: 0%, 0%.",
        f"A bar for each mistake of first attempts, with how many are left. {PADDING}: 1 at first, 1 at last.",
        "A bar for each of 2 days from 10 November 2026 to 11 November 2026. Most came on 10 November 2026: 1.",
    ]


def test_titles_are_no_formulas(room: Classroom) -> None:
    """Do titles with dollars, backticks and letters that no font has come through?"""
    path = room.course.exercises / NAME / f"{NAME}.ipynb"
    text = path.read_text(encoding="utf-8").replace("## 1. Windows", "## 1. $\\\\frac$ `x<y` 李 " + "very " * 30)
    path.write_text(text, encoding="utf-8")
    room.assignment = Classroom(room.course).assignment
    room.grade("ada", BOTH)
    assert "1. $\\frac$ <code>x&lt;y</code> 李 very" in page_of(room)


def test_the_same_class_gives_the_same_page(room: Classroom) -> None:
    for name in ("ada", "bob"):
        room.grade(name, {"hidden": [PADDING, STRIDE]})
    assert page_of(room) == page_of(room)


@pytest.mark.slow
def test_matplotlib_comes_with_the_report_alone() -> None:
    code = "import sys; import course.exporting.commands; sys.exit({'matplotlib', 'numpy'} & set(sys.modules) != set())"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.slow
def test_a_class_that_was_graded(tmp_path: Path) -> None:
    """Does the report agree with what `course grade` says of a real class?"""
    course = class_of(tmp_path / "course", "00_warm_up", 3)
    code, said = run(course, "grade", "00_warm_up")
    assert code == 0, said
    room = Classroom(course, "00_warm_up")
    found = report_of(room)
    assert found.graded == len(history.read(course, "00_warm_up")) == 3
    lost = sum(points for points, _ in found.causes.values())
    assert sum(found.scores.values) + lost == 3 * found.scores.most
    assert found.causes[BLANK][1] == 2
    assert "For the next lecture" in page_of(room)
