"""Is a class graded to its end, whatever interrupts it, and always alike?"""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path

import pytest
from distributed import LocalCluster

from course import engine
from course.folders import Course
from course.grading import records
from tests.course.grading.classes import call, class_of, gradebook, hand_in, kill, run, start

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("batches")]

NAME, STUDENTS = "00_warm_up", 14


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Grade a class in peace."""
    course = class_of(tmp_path_factory.mktemp("undisturbed"), NAME, STUDENTS)
    code, said = run(course, "grade", NAME, "--jobs", "2")
    assert code == 0, said
    assert f"{STUDENTS} graded" in said
    return course


def test_killed_again_and_again(tmp_path: Path, undisturbed: Course) -> None:
    """Is the gradebook in the end that of a run in peace, wherever the process was killed?"""
    course = class_of(tmp_path, NAME, STUDENTS)
    moments = random.Random(5)
    for _ in range(4):
        process = start(course, "grade", NAME, "--jobs", "2")
        time.sleep(moments.uniform(0.5, 7))
        kill(process)
    code, said = run(course, "grade", NAME, "--jobs", "2")
    assert code == 0, said
    assert gradebook(course, NAME) == gradebook(undisturbed, NAME)
    states = {student: record.state for student, record in records.read(course, NAME).items()}
    assert states == dict.fromkeys(course.students(NAME), "graded")


def test_stopped_with_ctrl_c(tmp_path: Path, undisturbed: Course) -> None:
    """Does Ctrl-C keep what is finished, say so, and let the next run do the rest alone?"""
    course = class_of(tmp_path, NAME, STUDENTS)
    for path in course.submitted.rglob("*.ipynb"):  # slow enough to be stopped in the middle
        notebook = json.loads(path.read_text(encoding="utf-8"))
        sleep = {"cell_type": "code", "id": "sleep", "metadata": {}, "source": "import time; time.sleep(1)"}
        notebook["cells"].append({**sleep, "outputs": [], "execution_count": None})
        path.write_text(json.dumps(notebook), encoding="utf-8")
    process = start(course, "grade", NAME, "--jobs", "1")
    while not (course.grading / "records" / NAME).is_dir() or len(records.read(course, NAME)) < 3:
        assert process.poll() is None
        time.sleep(0.02)
    said = kill(process, signal.SIGINT)
    assert process.returncode == 1
    assert "the same command goes on" in said, said
    done = len(records.read(course, NAME))
    assert 3 <= done < STUDENTS
    code, said = run(course, "grade", NAME, "--jobs", "2")
    assert code == 0, said
    assert f"{STUDENTS - done} graded" in said
    assert f"{done} were graded before" in said
    assert gradebook(course, NAME) == gradebook(undisturbed, NAME)


def test_a_cluster_gives_the_same_grades(tmp_path: Path, undisturbed: Course) -> None:
    """Do two dask workers give what the local processes give?"""
    course = class_of(tmp_path, NAME, STUDENTS)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        code, said = run(course, "grade", NAME, "--scheduler", cluster.scheduler_address)
    assert code == 0, said
    assert gradebook(course, NAME) == gradebook(undisturbed, NAME)


def test_without_a_scheduler(undisturbed: Course) -> None:
    """Is it said how to start one, and is nothing lost?"""
    before = gradebook(undisturbed, NAME)
    code, said = run(undisturbed, "grade", NAME, "--again", "--scheduler", "tcp://127.0.0.1:9")
    assert code == 1
    assert "dask scheduler" in said
    assert "Traceback" not in said
    assert gradebook(undisturbed, NAME) == before


def test_without_a_sandbox_the_same_grades(tmp_path: Path, undisturbed: Course) -> None:
    """Does --isolation process give the same, and do the results say that it was no sandbox?"""
    course = class_of(tmp_path, NAME, 4)
    code, said = run(course, "grade", NAME, "--isolation", "process")
    assert code == 0, said
    assert "Without a sandbox" in said
    whole = gradebook(undisturbed, NAME)
    assert gradebook(course, NAME) == {student: whole[student] for student in course.students(NAME)}
    code, said = call(course, "status", NAME)
    assert said.count("not in a sandbox") == 4


def test_grading_twice_changes_nothing(undisturbed: Course) -> None:
    """Is nothing done when nothing is new, and the same found when all is done again?"""
    before = gradebook(undisturbed, NAME)
    code, said = call(undisturbed, "grade", NAME)
    assert code == 0, said
    assert "nothing new" in said
    code, said = run(undisturbed, "grade", NAME, "--again")
    assert code == 0, said
    assert f"{STUDENTS} graded" in said
    assert gradebook(undisturbed, NAME) == before


def test_what_a_person_gave_stays(tmp_path: Path) -> None:
    """Does a resubmission lose its old automatic scores, and keep manual scores, comments and extra credit?"""
    course = class_of(tmp_path, NAME, 1)
    (student,) = course.students(NAME)
    assert run(course, "grade", NAME)[0] == 0
    tests = list(engine.scores(course, NAME, student))
    with engine.gradebook(engine.settings(course)) as book:
        by_hand = book.find_grade(tests[0], NAME, NAME, student)
        by_hand.manual_score, by_hand.extra_credit = 0.5, 2
        (note, *_) = book.find_submission_notebook(NAME, NAME, student).comments
        note.manual_comment = "well said"
        book.db.commit()
    hand_in(course, NAME, student, "this is no notebook")
    code, said = run(course, "grade", NAME)
    assert code == 0, said
    assert "unreadable" in said
    found = gradebook(course, NAME)[student]
    assert found["grades"][tests[0]] == (None, 0.5, 2, True, 2.5)
    assert all(grade[0] is None for grade in found["grades"].values())
    assert "well said" in [comment for _, comment in found["comments"].values()]
    code, said = call(course, "status", NAME)
    assert code == 1
    assert "unreadable" in said
    assert "1 of 1 need a person" in said


def test_nobody_reads_an_answer_twice(tmp_path: Path) -> None:
    """Does an answer that a person has read stay read when it is graded again, and wait when it has changed?"""
    course = class_of(tmp_path, NAME, 1)
    (student,) = course.students(NAME)
    assert run(course, "grade", NAME)[0] == 0

    def essays(read: bool = False) -> list[bool]:
        with engine.gradebook(engine.settings(course)) as book:
            grades = book.find_submission_notebook(NAME, NAME, student).grades
            found = [grade for grade in grades if grade.cell.cell_type == "markdown"]
            for grade in found if read else []:
                grade.manual_score, grade.needs_manual_grade = 1, False
            book.db.commit()
            return [grade.needs_manual_grade for grade in found]

    assert any(essays())
    assert not any(essays(read=True))
    assert run(course, "grade", NAME, "--again")[0] == 0
    assert not any(essays())
    path = course.submitted / student / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "Something else."
    hand_in(course, NAME, student, notebook)
    assert run(course, "grade", NAME)[0] == 0
    assert any(essays())


def test_a_process_of_the_pool_dies(tmp_path: Path) -> None:
    """Is a submission marked again when the process that marked it is killed from outside?"""
    import psutil

    course = class_of(tmp_path, NAME, STUDENTS)
    process = start(course, "grade", NAME, "--jobs", "2")
    while len(records.read(course, NAME)) < 2:
        assert process.poll() is None
        time.sleep(0.02)
    workers = [
        child
        for child in psutil.Process(process.pid).children()
        if "spawn_main" in " ".join(child.cmdline()) and "resource_tracker" not in " ".join(child.cmdline())
    ]
    workers[0].kill()
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert f"{STUDENTS} graded" in said, said


def test_student_names_of_every_kind(tmp_path: Path) -> None:
    """Are names that mean something to a shell, a pattern or a format graded like any other?"""
    course = class_of(tmp_path, NAME, 1)
    (first,) = course.students(NAME)
    notebook = (course.submitted / first / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    for unusable in (f" {first}", f"{first} ", "two\nlines"):  # nbgrader would take them for somebody else
        hand_in(course, NAME, unusable, notebook)
    names = ["a[1]", "b*", "{student_id}", "O'Brien", "Zoë 💡", "-rf", "x" * 200, 'say "hi"', "a%20b", "<b>", "[bold]"]
    for student in names:
        hand_in(course, NAME, student, notebook)
    code, said = run(course, "grade", NAME)
    assert code == 0, said
    assert set(gradebook(course, NAME)) == {first, *names}
    assert len({str(found["grades"]) for found in gradebook(course, NAME).values()}) == 1
    code, said = call(course, "status", NAME)
    assert code == 1, said
    assert said.count("rename it") == 3
    assert "[bold]" in said
