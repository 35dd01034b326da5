"""Enters a marked submission into the gradebook, through nbgrader's own autograder. Only the main process does this."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.utils import parse_utc
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from course import engine
from course.folders import Course
from course.gradebook import prepare
from course.grading import history, records
from course.grading.assignment import Assignment
from course.grading.handed_in import STAMP, contents
from course.grading.marking import NOT_MARKED, Marked
from course.grading.preprocessors.forget_scores import forget
from course.grading.rebuilding import graded
from course.grading.records import Record


def digest(assignment: Assignment, packed: bytes) -> str:
    """Return what a grading depends on: what was handed in, and the assignment with its tests."""
    return hashlib.sha256(_fixed(assignment) + packed).hexdigest()


@functools.lru_cache(8)  # the same for a whole class
def _fixed(assignment: Assignment) -> bytes:
    return json.dumps([assignment.released, assignment.tests, assignment.cases, assignment.packages]).encode()


class Saver:
    """Writes into the gradebook of a course, and into its folders.

    Parameters
    ----------
    course : Course
    assignment : Assignment
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course, self._assignment = course, assignment
        self._config = engine.settings(course)
        prepare(course, self._config.CourseDirectory.db_url)

    def graded_students(self) -> set[str]:
        """List the students whose submissions the gradebook knows."""
        with engine.gradebook(self._config) as gradebook:
            try:
                return {submission.student.id for submission in gradebook.assignment_submissions(self._assignment.name)}
            except MissingEntry:
                return set()

    def save(self, student: str, marked: Marked, packed: bytes) -> Record:
        """Enter a submission. Whenever this is interrupted, the next run finds it not graded, and begins anew."""
        name = self._assignment.name
        isolation = "sandbox" if self._assignment.sandboxed else "process"
        problem = unusable(student)
        if problem:
            return Record(printable(student), NOT_MARKED, [problem], "", isolation)
        try:
            records.remove(self._course, name, student)
            with engine.gradebook(self._config) as gradebook:
                read = self._read_by_hand(gradebook, student)
                forget(gradebook, name, student)
            marked = self._entered(student, marked, packed)
            if read and marked.notebook is not None:
                self._stay_read(student, read, marked.notebook)
            remarks = [printable(remark) for remark in marked.remarks]
            record = Record(student, marked.state, remarks, digest(self._assignment, packed), isolation)
            records.write(self._course, name, record)
            if marked.state != NOT_MARKED:
                made = history.attempt(student, packed, _time(packed), marked.state, marked.notebook)
                history.append(self._course, name, made)
        except (OSError, engine.GradebookError, SQLAlchemyError) as failure:  # such as a full disk
            record = Record(student, NOT_MARKED, [f"it could not be entered: {failure}"], "", isolation)
            with contextlib.suppress(OSError):
                records.write(self._course, name, record)
        return record

    def _entered(self, student: str, marked: Marked, packed: bytes) -> Marked:
        """Enter what was marked, and return it, or why it could not be entered."""
        if marked.notebook is not None:
            try:
                self._autograde(student, marked.notebook, marked, packed)
                return marked
            except engine.EngineError as problem:
                marked = Marked(NOT_MARKED, [f"nbgrader could not enter it: {problem}", *marked.remarks])
        self._enter(student)
        return marked

    def _autograde(self, student: str, notebook: dict[str, Any], marked: Marked, packed: bytes) -> None:
        """Let nbgrader's autograder take the executed notebook from a folder made for it."""
        name = self._assignment.name
        self._course.grading.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".entering-", dir=self._course.grading) as staging:
            folder = Path(staging) / student / name
            for file, content in contents(packed).items():
                if PurePosixPath(file).parts[0] not in (f"{name}.ipynb", STAMP) or (
                    file == STAMP and _is_time(content)
                ):
                    (folder / file).parent.mkdir(parents=True, exist_ok=True)
                    (folder / file).write_bytes(content)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
            config = Config(self._config)
            config.CourseDirectory.submitted_directory = str(Path(staging).relative_to(self._course.root))
            config.CourseDirectory.assignment_id, config.CourseDirectory.student_id = name, student
            # It is rebuilt and clean; a second time, cells of the learner's own would get other ids. What is missing
            # are the hidden tests.
            config.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.OverwriteCells"]
            config.SplitExecution.marked = marked
            engine.convert(_One, config, name, force=True)

    def _read_by_hand(self, gradebook: Gradebook, student: str) -> dict[str, str]:
        """Return the answers that a person has given points to, by grade id, as they were then."""
        name = self._assignment.name
        try:
            grades = gradebook.find_submission_notebook(name, name, student).grades
            done = {each.cell.name for each in grades if each.manual_score is not None and not each.needs_manual_grade}
            path = self._course.grading / "autograded" / student / name / f"{name}.ipynb"
            texts = _texts(json.loads(path.read_text(encoding="utf-8"))) if done else {}
        except (MissingEntry, OSError, ValueError, LookupError, TypeError):
            return {}
        return {grade_id: text for grade_id, text in texts.items() if grade_id in done}

    def _stay_read(self, student: str, read: dict[str, str], notebook: dict[str, Any]) -> None:
        """Let nobody read an answer again that is what it was."""
        name, texts = self._assignment.name, _texts(notebook)
        with engine.gradebook(self._config) as gradebook:
            for grade in gradebook.find_submission_notebook(name, name, student).grades:
                if grade.cell.name in read and texts.get(grade.cell.name) == read[grade.cell.name]:
                    grade.needs_manual_grade = False
            gradebook.db.commit()

    def _enter(self, student: str) -> None:
        """Let the gradebook know of a submission that there is nothing to score in: it waits for a person."""
        with engine.gradebook(self._config) as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(self._assignment.name, student)
            forget(gradebook, self._assignment.name, student)
        # What an earlier submission gave would be taken for this one's.
        shutil.rmtree(self._course.grading / "autograded" / student / self._assignment.name, ignore_errors=True)


def _texts(notebook: dict[str, Any]) -> dict[str, str]:
    """Return what stands in the cells that nbgrader knows."""
    return {graded(cell)["grade_id"]: "".join(cell["source"]) for cell in notebook["cells"] if graded(cell)}


def unusable(student: str) -> str | None:
    """Say why a folder's name can be no student's, or return None.

    nbgrader takes the spaces around a name away: the scores would go to somebody else.
    """
    if student != student.strip() or not student.isprintable():
        return f"the folder {printable(student)!r} has no name that nbgrader keeps as it is; rename it"
    return None


def printable(text: str) -> str:
    """Return a text without what a terminal would act upon, or what is no text."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _is_time(content: bytes) -> bool:
    """Tell whether nbgrader could read a time stamp; a long one would take it hours."""
    if len(content) > 100:
        return False
    try:
        parse_utc(content.decode().strip())
    except (ValueError, OverflowError):
        return False
    return True


def _time(packed: bytes) -> str:
    """Return when a submission was handed in, if it says so, and else the time it is now; in UTC."""
    stamp = contents(packed).get(STAMP, b"")
    handed_in = parse_utc(stamp.decode().strip()) if _is_time(stamp) else datetime.now(UTC)
    return handed_in.replace(tzinfo=None).isoformat(timespec="seconds")


class _One(Autograde):
    """Takes the student's name as it is: nbgrader would read `*` and `[` in it as a pattern."""

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {folder: [str(Path(folder) / f"{self.coursedir.assignment_id}.ipynb")]}
        self.notebooks: list[str] = []
