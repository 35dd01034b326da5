"""Classes of students for the tests, graded with the command that instructors use."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from course import engine
from course.cli import main
from course.folders import Course
from tests.course.building import COURSE, copy_of, solved


def class_of(folder: Path, name: str, students: int) -> Course:
    """Make a course with one assignment, handed in by students who solved it to different degrees."""
    course = copy_of(folder, name)
    whole = json.loads(solved(name, folder / "solved" / name).read_text(encoding="utf-8"))
    blank = json.loads((COURSE.exercises / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    about = [cell["metadata"].get("nbgrader", {}) for cell in blank["cells"]]
    answers = [place for place, graded in enumerate(about) if graded.get("solution")]
    for number in range(students):
        notebook = json.loads(json.dumps(whole))
        for place in answers[: number % (len(answers) + 1)]:
            notebook["cells"][place] = blank["cells"][place]
        hand_in(course, name, f"student {number:03}", notebook)
    return course


def hand_in(course: Course, name: str, student: str, notebook: dict[str, Any] | str) -> None:
    """Put a notebook, or any text, where submissions go."""
    folder = course.submitted / student / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    content = notebook if isinstance(notebook, str) else json.dumps(notebook)
    (folder / f"{name}.ipynb").write_text(content, encoding="utf-8")


def start(course: Course, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the `course` command in a course folder, in a group of processes of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "course.cli", *arguments],
        cwd=course.root,
        env={**os.environ, "COLUMNS": "200", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A job in the background has Ctrl-C ignored, and hands that on: here it is what somebody at a terminal presses.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def run(course: Course, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run the `course` command, and return how it ended and all that it said."""
    process = start(course, *arguments, **environment)
    said, _ = process.communicate(timeout=300)
    return process.returncode, said


def call(course: Course, *arguments: str) -> tuple[int, str]:
    """Run the `course` command in this process, which is quicker; for what starts no other processes."""
    done = CliRunner(env={"COLUMNS": "200"}).invoke(main, ["--folder", str(course.root), *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def kill(process: subprocess.Popen[str], signal_number: int = signal.SIGKILL) -> str:
    """End a command from outside, and return what it said until then."""
    os.kill(process.pid, signal_number)
    said, _ = process.communicate(timeout=60)
    return said


def gradebook(course: Course, name: str) -> dict[str, Any]:
    """Return all that the gradebook says about an assignment, without its own ids and times."""
    found: dict[str, Any] = {}
    with engine.gradebook(engine.settings(course)) as book:
        for submission in book.assignment_submissions(name):
            for notebook in submission.notebooks:
                grades = {
                    grade.cell.name: (
                        grade.auto_score,
                        grade.manual_score,
                        grade.extra_credit,
                        grade.needs_manual_grade,
                        grade.score,
                    )
                    for grade in notebook.grades
                }
                comments = {note.cell.name: (note.auto_comment, note.manual_comment) for note in notebook.comments}
                found[submission.student.id] = {"grades": grades, "comments": comments}
    return found
