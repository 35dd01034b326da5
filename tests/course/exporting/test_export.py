"""Does an LMS take what `course export` writes, with everybody's points and nobody else's?"""

from __future__ import annotations

import csv
import errno
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from course import engine
from course.collecting import origins
from course.collecting.origins import CANVAS, MOODLE, Origin
from course.folders import Course
from tests.course.exporting import importers
from tests.course.grading.classes import call, class_of, hand_in, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("exporting")]

NAME = "00_warm_up"
NASTY = '=HYPERLINK("x"), Ott'
#: Who is in the class, with the number that the LMS knows them by.
PEOPLE = {"student 000": "11", "student 001": "12", NASTY: "13", "unreadable": "14", "missing": "15"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Grade a class with somebody in every state."""
    course = class_of(tmp_path_factory.mktemp("exporting"), NAME, 2)
    work = course.submitted / "student 000" / NAME / f"{NAME}.ipynb"
    hand_in(course, NAME, NASTY, json.loads(work.read_text(encoding="utf-8")))
    hand_in(course, NAME, "unreadable", "{")
    code, said = run(course, "grade", NAME)
    assert code == 0, said
    with engine.gradebook(engine.settings(course)) as gradebook:
        gradebook.add_student("missing")
        for student in PEOPLE:
            if student in ("missing", "unreadable"):
                continue
            for grade in gradebook.find_submission_notebook(NAME, NAME, student).grades:
                grade.needs_manual_grade = False
        gradebook.db.commit()
    return course


@pytest.fixture
def scores(course: Course) -> dict[str, float]:
    with engine.gradebook(engine.settings(course)) as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(NAME)}


@pytest.fixture
def most(course: Course) -> float:
    with engine.gradebook(engine.settings(course)) as gradebook:
        return float(gradebook.find_assignment(NAME).max_score)


@pytest.fixture
def from_lms(course: Course, request: pytest.FixtureRequest) -> Iterator[str]:
    """Let everybody have handed in with an LMS."""
    lms = request.param
    origins.write(
        course, NAME, {who: Origin(who, lms, who, number) for who, number in PEOPLE.items() if who != "missing"}
    )
    yield lms
    (course.grading / "collected" / f"{NAME}.json").unlink()


def exported(course: Course, path: Path, *arguments: str) -> bytes:
    code, said = call(course, "export", NAME, "--output", str(path), *arguments)
    assert code == 0, said
    return path.read_bytes()


def test_csv(course: Course, scores: dict[str, float], tmp_path: Path) -> None:
    """Is everybody in it, once, with the columns of nbgrader's own export and the state?"""
    rows = list(csv.DictReader(exported(course, tmp_path / "t.csv").decode("utf-8").splitlines()))
    assert {row["student_id"] for row in rows} == {("'" + NASTY if who == NASTY else who) for who in PEOPLE}
    found = {row["student_id"].lstrip("'"): row for row in rows}
    for who in ("student 000", "student 001", NASTY):
        assert float(found[who]["score"]) == scores[who]
        assert found[who]["state"] == "graded"
    assert (found["unreadable"]["score"], found["unreadable"]["state"]) == ("", "unreadable")
    assert (found["missing"]["score"], found["missing"]["state"]) == ("", "missing")


def test_nbgraders_own_command(course: Course, tmp_path: Path) -> None:
    """Is it a plug-in for `nbgrader export` too?"""
    wanted = exported(course, tmp_path / "ours.csv")
    plugin = "--exporter=course.exporting.plugins.CsvExport"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", plugin, "--to", "theirs.csv", "--assignment", json.dumps([NAME])],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (course.root / "theirs.csv").read_bytes() == wanted


@pytest.mark.parametrize("from_lms", [CANVAS], indirect=True)
def test_canvas(course: Course, from_lms: str, scores: dict[str, float], tmp_path: Path) -> None:
    """Does Canvas take it, for exactly those with a score?"""
    content = exported(course, tmp_path / "t.csv", "--to", "canvas")
    taken = importers.canvas(content, {number: who for who, number in PEOPLE.items()}, {"4711": NAME})
    assert taken == {
        (PEOPLE[who], "4711"): pytest.approx(scores[who], abs=0.01) for who in ("student 000", "student 001", NASTY)
    }


CANVAS_GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,Warm-up (4711),Other (4712),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,{possible},10,(read only)
"000, student",11,s11,l11,A and B,,5,50
"001, student",12,s12,l12,A,,7,70
"Ott, Lena",13,s13,l13,A,,9,90
someone else,99,s99,l99,A,3,9,90
"Student, Test",77,,l77,A,,,
"""


@pytest.mark.parametrize("from_lms", [CANVAS], indirect=True)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_canvas_filled(
    course: Course, from_lms: str, scores: dict[str, float], most: float, tmp_path: Path, delimiter: str
) -> None:
    """Does what Canvas exported come back with points, and nothing else changed?"""
    table = [row.split("|") for row in _with_bars(CANVAS_GRADEBOOK.format(possible=2 * most))]
    with (tmp_path / "gradebook.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(table)
    arguments = ("--to", "canvas", "--fill", str(tmp_path / "gradebook.csv"), "--column", "Warm-up")
    content = exported(course, tmp_path / "t.csv", *arguments)
    taken = importers.canvas(
        content, {"11": "", "12": "", "13": "", "99": "", "77": ""}, {"4711": "Warm-up", "4712": "Other"}
    )
    for number, who in (("11", "student 000"), ("12", "student 001"), ("13", NASTY)):
        assert taken.pop((number, "4711")) == pytest.approx(2 * scores[who], abs=0.01)
    assert taken == {("99", "4711"): 3}


def _with_bars(text: str) -> list[str]:
    return ["|".join(row) for row in csv.reader(text.splitlines())]


HANDED_IN = '"Tuesday, 5 March 2024, 2:30 PM"'
MOODLE_WORKSHEET = "\n".join(
    [
        "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments",
        f"Participant 11,student 000,a@x.edu,Submitted for grading,,{{most}},Yes,{HANDED_IN},-,",
        f"Participant 12,student 001,b@x.edu,Submitted for grading,,{{most}},Yes,{HANDED_IN},-,",
        f'Participant 13,"=cmd(), Ott",c@x.edu,Submitted for grading,1.00,{{most}},Yes,{HANDED_IN},'
        '"Friday, 8 March 2024, 9:00 AM","Well, ""done"""',
        f"Participant 14,unreadable,d@x.edu,Submitted for grading,,{{most}},Yes,{HANDED_IN},-,",
        "Participant 15,missing,e@x.edu,No submission,,{most},Yes,-,-,",
    ]
)


@pytest.mark.parametrize("from_lms", [MOODLE], indirect=True)
@pytest.mark.parametrize("factor", [1, 2.5])
def test_moodle_filled(
    course: Course, from_lms: str, scores: dict[str, float], most: float, tmp_path: Path, factor: float
) -> None:
    """Does Moodle's worksheet come back with grades on its own scale, and all else as it was?"""
    (tmp_path / "Grades.csv").write_text(MOODLE_WORKSHEET.format(most=factor * most), encoding="utf-8-sig")
    fill = ("--to", "moodle", "--fill", str(tmp_path / "Grades.csv"))
    code, said = call(course, "export", NAME, *fill, "--output", str(tmp_path / "t.csv"))
    assert code == 0, said
    assert ("they are scaled" in said) == (factor != 1)
    content = (tmp_path / "t.csv").read_bytes()
    taken = importers.moodle(content, {"11": None, "12": None, "13": 1.0, "14": None, "15": None}, factor * most)
    for number, who in (("11", "student 000"), ("12", "student 001"), ("13", NASTY)):
        assert taken.pop(number) == pytest.approx(factor * scores[who], abs=0.01)
    assert taken == {}
    before = [row[:-1] for row in csv.reader(MOODLE_WORKSHEET.format(most=factor * most).splitlines())]
    after = list(csv.reader(content.decode("utf-8").splitlines()))
    for old, new in zip(before, after, strict=True):
        assert [cell.lstrip("'") for cell in new[:4] + new[5:]] == old[:4] + old[5:]


@pytest.mark.parametrize("from_lms", [MOODLE], indirect=True)
def test_moodle(course: Course, from_lms: str, scores: dict[str, float], most: float, tmp_path: Path) -> None:
    """Does Moodle take it without its own worksheet too?"""
    content = exported(course, tmp_path / "t.csv", "--to", "moodle")
    taken = importers.moodle(content, dict.fromkeys(PEOPLE.values()), most)
    assert taken == {PEOPLE[who]: pytest.approx(scores[who]) for who in ("student 000", "student 001", NASTY)}


def test_strangers_are_named(course: Course, tmp_path: Path) -> None:
    """Is it said whose points an LMS cannot take?"""
    code, said = call(course, "export", NAME, "--to", "moodle", "--output", str(tmp_path / "t.csv"))
    assert code == 0
    assert "student 000" in said
    assert "not in Moodle's downloads" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--to", "moodle", "--fill", "nowhere.csv"], "There is no nowhere.csv"),
        (["--to", "moodle", "--fill", "WRONG"], "Last modified (grade) is missing"),
        (["--to", "canvas", "--fill", "WRONG"], "is no gradebook of Canvas's"),
        (["--to", "canvas", "--fill", "CANVAS", "--column", "Cold-down"], "has no column 'Cold-down'"),
        (["--to", "csv", "--fill", "WRONG"], "there is nothing to fill in for csv"),
        (["--to", "excel"], "'excel' is not one of"),
        (["--output", "/nowhere/at/all/t.csv"], ""),
    ],
)
def test_mistakes_are_named(course: Course, tmp_path: Path, arguments: list[str], says: str) -> None:
    """Does an error say what is wrong and what there is, and is nothing written?"""
    (tmp_path / "WRONG").write_text("Identifier,Grade\nParticipant 1,3\n")
    (tmp_path / "CANVAS").write_text(CANVAS_GRADEBOOK.format(possible=10))
    arguments = [str(tmp_path / word) if word in ("WRONG", "CANVAS") else word for word in arguments]
    arguments = arguments if "--output" in arguments else [*arguments, "--output", str(tmp_path / "t.csv")]
    if "/nowhere/at/all/t.csv" in arguments:
        arguments[-1] = str(tmp_path / "WRONG" / "t.csv")  # below a file
        says = "WRONG"
    code, said = call(course, "export", NAME, *arguments)
    assert code != 0
    assert says in said.replace("\n", " ")
    assert "Traceback" not in said
    assert not (tmp_path / "t.csv").exists()


def test_a_full_disk(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do tables, pages and reports of before stay whole when the disk is full, and is there a sentence about it?"""
    from course import files

    table, report = tmp_path / "t.csv", tmp_path / "r.html"
    commands = [
        ("export", NAME, "--output", str(table)),
        ("report", NAME, "--output", str(report)),
        ("feedback", NAME, "--student", "student 000"),
    ]
    for command in commands:
        assert call(course, *command)[0] == 0
    page = course.grading / "feedback" / "student 000" / NAME / f"{NAME}.html"
    before = [path.read_bytes() for path in (table, report, page)]

    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(files.os, "replace", full)
    for command in commands:
        code, said = call(course, *command)
        assert code != 0
        assert "No space left on device. Nothing was left half-written" in said.replace("\n", " ")
    assert [path.read_bytes() for path in (table, report, page)] == before
    assert not [path for folder in (tmp_path, course.grading) for path in folder.rglob(".writing-*")]


@pytest.mark.parametrize("command", ["collect", "grade", "status", "feedback", "export", "report"])
def test_what_is_not_released(course: Course, tmp_path: Path, command: str) -> None:
    """Does every command say that an assignment was not released, and with which command it is?"""
    release = course.exercises / NAME
    release.rename(tmp_path / NAME)
    try:
        arguments = (str(tmp_path), "--assignment", NAME) if command == "collect" else (NAME,)
        code, said = call(course, command, *arguments)
        assert code != 0
        assert f"Run: course release {NAME}" in said
    finally:
        (tmp_path / NAME).rename(release)


def test_lateness_is_subtracted(course: Course, scores: dict[str, float], tmp_path: Path) -> None:
    """Are the points those that count?"""
    config = course.root / "nbgrader_config.py"
    before = config.read_text(encoding="utf-8")
    config.write_text(before.replace("\nprepare(", '\nget_config().LatePenalty.rule = "deadline"\n\nprepare('), "utf-8")
    try:
        with engine.gradebook(engine.settings(course)) as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 1, 1))
            gradebook.update_or_create_submission(NAME, "student 000", timestamp=datetime(2026, 1, 2))
        rows = csv.DictReader(exported(course, tmp_path / "t.csv").decode("utf-8").splitlines())
        found = {row["student_id"]: row for row in rows}
        assert float(found["student 000"]["raw_score"]) == scores["student 000"]
        assert float(found["student 000"]["score"]) == 0
        assert float(found["student 001"]["score"]) == scores["student 001"]
    finally:
        config.write_text(before, encoding="utf-8")
        with engine.gradebook(engine.settings(course)) as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=None)
        exported(course, tmp_path / "t.csv")


def test_what_is_outdated_is_not_handed_on(course: Course, scores: dict[str, float], tmp_path: Path) -> None:
    """Does work that came since it was graded have no points, no page in the archive, and a line?"""
    work = course.submitted / "student 001" / NAME / f"{NAME}.ipynb"
    before = work.read_bytes()
    try:
        work.write_bytes(before + b" ")
        code, said = call(course, "export", NAME, "--output", str(tmp_path / "t.csv"))
        assert code == 0
        assert "student 001: not graded yet, so nothing is handed on" in said
        rows = csv.DictReader((tmp_path / "t.csv").read_text(encoding="utf-8").splitlines())
        found = {row["student_id"]: row for row in rows}
        assert (found["student 001"]["score"], found["student 001"]["state"]) == ("", "not graded")
        code, said = call(course, "feedback", NAME, "--zip", str(tmp_path / "back.zip"))
        assert code == 1
        with zipfile.ZipFile(tmp_path / "back.zip") as archive:
            assert not [name for name in archive.namelist() if "student 001" in name]
    finally:
        work.write_bytes(before)


@pytest.mark.parametrize("lms", [MOODLE, CANVAS])
def test_one_number_for_two(course: Course, tmp_path: Path, lms: str) -> None:
    """Is nobody given the points of somebody else with the same number, or a number that is none?"""
    everybody = {
        "student 000": Origin("student 000", lms, "a", "11"),
        "student 001": Origin("student 001", lms, "b", "11"),
        NASTY: Origin(NASTY, lms, "anon", "Zz9" if lms == CANVAS else "13"),
    }
    origins.write(course, NAME, everybody)
    try:
        code, said = call(course, "export", NAME, "--to", lms, "--output", str(tmp_path / "t.csv"))
        assert code == 0, said
        assert "student 000, student 001: they have one number with another of them" in said
        rows = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
        assert len(rows) == (2 if lms == MOODLE else 1)
    finally:
        (course.grading / "collected" / f"{NAME}.json").unlink()


@pytest.mark.parametrize("possible", ["nan", "inf", "-5", "0", "", "ten"])
def test_points_that_are_none(course: Course, tmp_path: Path, possible: str, scores: dict[str, float]) -> None:
    """Is nothing scaled by what is no number of points?"""
    origins.write(course, NAME, {"student 000": Origin("student 000", CANVAS, "a", "11")})
    try:
        (tmp_path / "g.csv").write_text(CANVAS_GRADEBOOK.format(possible=possible), encoding="utf-8")
        fill = ("--to", "canvas", "--fill", str(tmp_path / "g.csv"), "--column", "Warm-up")
        content = exported(course, tmp_path / "t.csv", *fill)
        row = next(row for row in csv.reader(content.decode("utf-8").splitlines()) if row[1] == "11")
        assert float(row[-1]) == scores["student 000"]
    finally:
        (course.grading / "collected" / f"{NAME}.json").unlink()


def test_a_rule_for_lateness_that_is_none(course: Course, tmp_path: Path) -> None:
    """Is a rule that is none named before anything is graded or written?"""
    config = course.root / "nbgrader_config.py"
    before = config.read_text(encoding="utf-8")
    config.write_text(before.replace("\nprepare(", '\nget_config().LatePenalty.rule = "a lot"\n\nprepare('), "utf-8")
    try:
        for command in ("export", "feedback", "grade", "status"):
            code, said = call(course, command, NAME)
            assert code != 0
            assert "LatePenalty.rule is 'a lot'" in said
    finally:
        config.write_text(before, encoding="utf-8")


def test_a_gradebook_of_another_version(course: Course, tmp_path: Path) -> None:
    """Does a gradebook that cannot be read say what to do, and stay as it is?"""
    book = course.grading / "gradebook.db"
    whole = book.read_bytes()
    try:
        for content in (b"not a database at all, but text " * 50, _without_a_table(whole, tmp_path)):
            book.write_bytes(content)
            for command in (["export", NAME], ["feedback", NAME], ["status", NAME]):
                code, said = call(course, *command)
                assert code != 0
                assert "nbgrader db upgrade" in said
                assert "Traceback" not in said
            assert book.read_bytes() == content
    finally:
        book.write_bytes(whole)


def _without_a_table(whole: bytes, folder: Path) -> bytes:
    import sqlite3

    path = folder / "old.db"
    path.write_bytes(whole)
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE submitted_notebook DROP COLUMN late_submission_penalty")
    database.close()
    return path.read_bytes()
