"""Is feedback what a learner is glad to read, and nothing that a stranger can use?"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from course import engine
from course.collecting import origins
from course.collecting.origins import CANVAS, MOODLE, Origin
from course.feedback import writing
from course.folders import Course
from course.grading.assignment import Assignment
from tests.browser.reader import Reader, browsing, nothing
from tests.course.feedback import pages
from tests.course.grading.classes import call, class_of, hand_in, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("feedback")]

NAME = "01_python_layer"
NASTY = '<img src=x onerror="alert(1)"> & "Ott", \'Lena\''
WRONG_STRIDE = """
def max_pool2d(x, kernel_size, stride=None):
    rows, columns = pair(kernel_size)
    ends = range(rows, len(x) + 1, rows), range(columns, len(x[0]) + 1, columns)
    return [[max(max(row[j - columns:j]) for row in x[i - rows:i]) for j in ends[1]] for i in ends[0]]
"""
ZEROS_AROUND = """
def max_pool2d_padded(x, kernel_size, stride=None, padding=0):
    rows, columns = pair(padding)
    middle = [[0] * columns + list(row) + [0] * columns for row in x]
    border = [[0] * (len(x[0]) + 2 * columns) for _ in range(rows)]
    return max_pool2d(border + middle + border, kernel_size, stride)
"""
CAPTURES = """
kept = []
def output_size(size, kernel_size, stride=None, padding=0):
    kept.append((size, kernel_size, stride, padding))
    print("captured", size, kernel_size)
    return (size + 2 * padding - kernel_size) // (stride or kernel_size) + 1
"""
#: Ends its process with the size of a hidden case as the exit code.
TELLS = """
def output_size(size, kernel_size, stride=None, padding=0):
    if size > 12:
        import os
        os._exit(size)
    return (size + 2 * padding - kernel_size) // (stride or kernel_size) + 1
"""
#: How what was captured could come out: as text, in an error, under an error's name, as a result, as a picture's text.
LEAKS = {
    "max-pool-2x2": "def max_pool_2x2(x):\n    print('leak', kept)\n    return [[len(kept), *map(sum, [])]]",
    "max-pool2d": "def max_pool2d(x, kernel_size, stride=None):\n    raise ValueError(f'leak {kept}')",
    "max-pool2d-padded": "def max_pool2d_padded(x, kernel_size, stride=None, padding=0):\n    return kept",
    "avg-pool2d": "raise type('Leak' + str(kept), (Exception,), {})()",
    "max-pool-channels": "print(kept)\ndisplay(kept)\nkept",
}


def cells(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Grade a class with somebody of every kind, and write their pages."""
    course = class_of(tmp_path_factory.mktemp("feedback"), NAME, 1)
    (whole,) = (json.loads(path.read_text(encoding="utf-8")) for path in course.submitted.rglob("*.ipynb"))
    hand_in(course, NAME, "all right", whole)

    def somebody(student: str, **answers: str) -> None:
        notebook = json.loads(json.dumps(whole))
        for grade_id, source in answers.items():
            cells(notebook)[grade_id.replace("_", "-")]["source"] = source
        hand_in(course, NAME, student, notebook)

    somebody("wrong stride", **{"max-pool2d": WRONG_STRIDE})
    somebody("typo", **{"max-pool-2x2": "def max_pool_2x2(x)\n    return x"})
    somebody("zeros around", **{"max-pool2d-padded": ZEROS_AROUND})
    somebody("thief", **{"output-size": CAPTURES, **LEAKS})
    somebody(
        NASTY,
        shift=f"Two. <script>alert(1)</script> {NASTY} [x](javascript:alert(1)) <iframe src='https://example.org'>",
        **{
            "output-size": f"# {NASTY}\nfrom IPython.display import display, HTML\n"
            "display(HTML('<script>alert(1)</script>'))\nprint('<script>alert(2)</script>')\n"
            f"class E(Exception): pass\nE.__name__ = {NASTY!r}\nraise E({NASTY!r})",
            "max-pool-2x2": f"def max_pool_2x2(x):\n    print({NASTY!r})\n    return {NASTY!r}",
        },
    )
    somebody("teller", **{"output-size": TELLS})
    somebody("loud", **{"output-size": "print('spam ' * 20_000_000)\nfor i in range(100_000): print(i)"})
    hand_in(course, NAME, "damaged", "{")
    code, said = run(course, "grade", NAME)
    assert code == 0, said
    with engine.gradebook(engine.settings(course)) as gradebook:
        comment = gradebook.find_comment("shift", NAME, NAME, "all right")
        comment.manual_comment = f"Good. {NASTY} [more](https://example.org)"
        grade = gradebook.find_grade("shift", NAME, NAME, "all right")
        grade.manual_score, grade.needs_manual_grade = 4, False
        gradebook.db.commit()
    code, said = call(course, "feedback", NAME)
    assert code == 0, said
    return course


def page(course: Course, student: str) -> str:
    return writing.page_of(course, NAME, student).read_text(encoding="utf-8")


STUDENTS = [
    "all right",
    "wrong stride",
    "zeros around",
    "typo",
    "thief",
    "teller",
    NASTY,
    "loud",
    "damaged",
    "student 000",
]


@pytest.mark.parametrize("student", STUDENTS)
def test_nothing_in_a_page_runs_or_loads(course: Course, student: str) -> None:
    """Is there nothing that a browser would run or fetch, and does the policy forbid it too?"""
    assert pages.problems(page(course, student)) == []


def test_a_browser_shows_them_in_peace(course: Course) -> None:
    """Does a browser ask for nothing but the page and write nothing to its console, and does axe find nothing?"""
    troubles = []
    with browsing() as browser:
        for student in STUDENTS:
            reader = Reader(browser, writing.page_of(course, NAME, student).as_uri())
            reader.open("")
            troubles += [f"{student}: {trouble}" for trouble in reader.violations() + reader.troubles]
            reader.close()
    nothing(troubles)


@pytest.mark.parametrize("student", STUDENTS)
def test_pages_are_small(course: Course, student: str) -> None:
    """Is a page small, whatever was printed?"""
    assert len(page(course, student)) < 300_000


def hidden_inputs(course: Course) -> set[str]:
    """Return the numbers that hidden tests put into `output_size`, as text."""
    assignment = Assignment.load(course, NAME)
    source = assignment.tests["output-size-hidden"]
    assert "'size': " in source
    return {word.split(",")[0] for word in source.split("'size': ")[1:]}


def test_no_hidden_test_is_given_away(course: Course) -> None:
    """Are hidden tests left out, and their inputs, also where learners' code saw them?"""
    assignment = Assignment.load(course, NAME)
    visible_titles = str(list(assignment.cases["cases"]))
    titles = {
        title
        for grade_id in assignment.hidden
        for part in assignment.tests[grade_id].split("'title': ")[1:]
        if (title := part.split("'")[1]) not in visible_titles
    }
    assert titles
    for student in STUDENTS:
        shown = page(course, student)
        assert "HIDDEN" not in shown
        assert "'kind': 'function'" not in shown
        assert not [title for title in titles if title in pages.text(shown)], student
    visible = {"7", "34", "9"}  # of the visible cases, and of the page
    leaked = pages.text(page(course, "thief"))
    sizes = hidden_inputs(course) - visible
    for channel in ("captured", "leak"):
        for place in leaked.split(channel)[1:]:
            assert not {number for number in sizes if f" {number} " in place[:40] or f"({number}," in place[:400]}
    notebook = json.dumps(writing.executed(course, NAME, "thief"))
    cell_outputs = [cell["outputs"] for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]
    seen_by_cells = [
        output for outputs in cell_outputs for output in outputs if "vnd.pooling" not in str(output)
        and output["output_type"] != "error"
    ]  # fmt: skip
    assert not [output for output in seen_by_cells if "captured" in str(output)]


def test_how_a_process_ends_gives_nothing_away(course: Course) -> None:
    """Is there no exit code on the page, of a process that was lost while hidden tests ran?"""
    shown = pages.text(page(course, "teller"))
    assert "was lost while hidden tests ran" in shown
    assert "exit code" not in shown


def test_points_and_mistakes_of_hidden_tests_are_there(course: Course) -> None:
    """Does a learner see what hidden tests cost, and which known mistake they show?"""
    shown = pages.text(page(course, "wrong stride"))
    assert "Hidden checks: 0 of 3 points" in shown
    assert "hidden cases pass" in shown
    assert "stride" in shown.split("Hidden checks: 0 of 3 points")[1].split("Your answer")[0]


def test_what_to_look_at_first(course: Course) -> None:
    """Does the page say what is right, what to look at first, and draw the window?"""
    shown = pages.text(page(course, "wrong stride"))
    first = shown.split("Look at this first")[1].split("Points by task")[0]
    assert "3. Any window, any stride" in first
    assert "max_pool2d(" in first
    assert "The stride that was asked for counts" in first
    assert "1. How many windows fit? 3 of 3 ✓ right" in shown
    assert "3. Any window, any stride 0 of 5 ✗ not all right yet" in shown
    assert "10. In your own words – of 4 to be read by a person" in shown


def test_the_window_is_drawn(course: Course) -> None:
    """Is the window that came out wrong drawn on its grid, with padding?"""
    first = page(course, "zeros around").split("Look at this first")[1].split("Points by task")[0]
    assert first.count('<td class="marked"><strong>') >= 4
    assert "·" in first
    assert "4. A border that never wins" in first


def test_an_answer_that_stopped(course: Course) -> None:
    """Is the error shown that kept an answer from being checked, and not only what came of it?"""
    first = pages.text(page(course, "typo")).split("Look at this first")[1].split("Points by task")[0]
    assert "stopped with an error before it could be checked" in first
    assert "SyntaxError: expected ':'" in first


def test_what_nbgrader_says_by_itself_is_no_note(course: Course) -> None:
    """Is "No response." not shown as if a person had written it?"""
    assert not [student for student in STUDENTS if "No response" in page(course, student)]


def test_all_right(course: Course) -> None:
    """Is somebody told who has nothing to mend, and is the comment there?"""
    shown = pages.text(page(course, "all right"))
    assert "39 of 39 points" in shown
    assert "All of it is right" in shown
    assert "Good." in shown
    assert 'href="https://example.org"' in page(course, "all right")


def test_damaged(course: Course) -> None:
    """Does somebody whose file cannot be read learn why, and what to do?"""
    shown = pages.text(page(course, "damaged"))
    assert "could not be graded" in shown
    assert "damaged" in shown
    assert "the file whose name ends in .ipynb" in shown


def test_what_code_printed_is_there(course: Course) -> None:
    """Is what a cell said shown as text, and cut if it is long?"""
    assert "<script>alert(2)</script>" in pages.text(page(course, NASTY))
    assert "characters more" in pages.text(page(course, "loud"))


def test_nbgraders_own_command_writes_the_same(course: Course) -> None:
    """Is `nbgrader generate_feedback` as safe?"""
    before = {student: page(course, student) for student in STUDENTS if student != "damaged"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_feedback", NAME, "--force"],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {student: page(course, student) for student in before} == before


def test_what_is_not_graded_has_no_page(course: Course) -> None:
    """Is there a line for work that came since it was graded, and is the exit status 1?"""
    whole = course.submitted / "all right" / NAME / f"{NAME}.ipynb"
    hand_in(course, NAME, "late comer", whole.read_text(encoding="utf-8"))
    try:
        code, said = call(course, "feedback", NAME)
        assert code == 1
        assert "late comer: no page. handed in, and not graded yet" in said
        assert f"Run: course grade {NAME}" in said
        assert not writing.page_of(course, NAME, "late comer").exists()
    finally:
        import shutil

        shutil.rmtree(course.submitted / "late comer")


def test_the_archive_for_an_lms(course: Course, tmp_path: Path) -> None:
    """Is every page named as Moodle and Canvas look for it?"""
    origins.write(
        course,
        NAME,
        {
            "all right": Origin("all right", MOODLE, "All_Right", "4711"),
            "wrong stride": Origin("wrong stride", CANVAS, "stridewrong", "815", "2342"),
        },
    )
    code, said = call(course, "feedback", NAME, "--zip", str(tmp_path / "back.zip"))
    assert code == 0, said
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        names = set(archive.namelist())
    assert f"All Right_4711_assignsubmission_file_/{NAME}.html" in names
    assert f"stridewrong_815_2342_{NAME}.html" in names
    assert "No LMS will know whose these are" in said
    assert not [name for name in names if name.startswith(("/", "..")) or "\\" in name]


def test_lateness_is_said(course: Course) -> None:
    """Does the page say what lateness cost, points given by hand included?"""
    config = course.root / "nbgrader_config.py"
    before = config.read_text(encoding="utf-8")
    line = 'get_config().LatePenalty.rule = "10% a day, at most 50%"\n\nprepare('
    config.write_text(before.replace("\nprepare(", "\n" + line), encoding="utf-8")
    try:
        with engine.gradebook(engine.settings(course)) as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 1, 1))
            gradebook.update_or_create_submission(NAME, "all right", timestamp=datetime(2026, 1, 2, 12))
        assert call(course, "feedback", NAME, "--student", "all right")[0] == 0
        assert "costs 7.8 points" in pages.text(page(course, "all right"))
        assert "31.2 of 39 points" in pages.text(page(course, "all right"))
    finally:
        config.write_text(before, encoding="utf-8")
        with engine.gradebook(engine.settings(course)) as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=None)
        call(course, "feedback", NAME, "--student", "all right")
