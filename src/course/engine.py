"""nbgrader, set up for this course and called from Python.

What is called from here is stock nbgrader: its converters, preprocessors and gradebook with this course's folders.
`configure_grading` alone puts some of the course's own preprocessors in place of nbgrader's.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course.errors import CourseError
from course.folders import Course

#: What learners find where their answer goes. A bare `...` is an expression and a statement, so a blank notebook runs.
STUB = "...  # replace the dots with your answer"


class EngineError(CourseError):
    """nbgrader could not do something; the text has what it logged."""


class GradebookError(EngineError):
    """The gradebook could not be read or written."""


def configure(config: Any, course: Course) -> None:
    """Tell nbgrader where things are in a course, and what a blank answer looks like.

    Parameters
    ----------
    config : traitlets.config.Config
        In `nbgrader_config.py`, what ``get_config()`` returns.
    course : Course
    """
    # nbgrader calls alembic by its name alone: let it be found also where the virtual environment is not activated.
    own = str(Path(sys.executable).parent)
    if own not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = own + os.pathsep + os.environ.get("PATH", "")
    # nbgrader makes the files in it, but not the folder.
    (course.grading / "exchange").mkdir(parents=True, exist_ok=True)
    config.CourseDirectory.course_id = "pooling"
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.source_directory = str(course.built.relative_to(course.root))
    config.CourseDirectory.release_directory = str(course.exercises.relative_to(course.root))
    for kind in ("submitted", "autograded", "feedback", "solution"):
        config.CourseDirectory[f"{kind}_directory"] = f"{course.grading.relative_to(course.root)}/{kind}"
    config.CourseDirectory.db_url = own_gradebook(course)
    # For classes whose students share this machine: a place to hand out and to collect.
    config.Exchange.root = str(course.grading / "exchange")
    config.ClearSolutions.code_stub = {"python": STUB}
    # A kernel has nothing to save; waiting until it has said goodbye takes longer than most notebooks.
    config.Execute.shutdown_kernel = "immediate"


def own_gradebook(course: Course) -> str:
    """Return where scores go unless somebody says otherwise."""
    return f"sqlite:///{course.grading / 'gradebook.db'}"


def configure_grading(config: Any, course: Course) -> None:
    """Let nbgrader rebuild what was handed in, and run learners' code apart from the tests.

    Parameters
    ----------
    config : traitlets.config.Config
    course : Course
    """
    # By their names: not every nbgrader command needs them. Nothing of nbgrader's that checks metadata is among them:
    # a rebuilt notebook has the release's.
    ours, theirs = "course.grading.preprocessors", "nbgrader.preprocessors"
    config.Autograde.sanitize_preprocessors = [
        f"{ours}.ForgetScores",
        f"{ours}.Rebuild",
        f"{theirs}.ClearOutput",
        f"{theirs}.DeduplicateIds",
        f"{theirs}.OverwriteKernelspec",
        f"{theirs}.OverwriteCells",
    ]
    config.Autograde.autograde_preprocessors = [
        f"{ours}.SplitExecution",
        f"{ours}.FailClosed",
        f"{theirs}.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        f"{theirs}.LimitOutput",
        f"{theirs}.SaveAutoGrades",
        f"{theirs}.AssignLatePenalties",
    ]
    config.CoursePreprocessor.root = str(course.root)
    config.AssignLatePenalties.plugin_class = "course.late.LatePenalty"
    # A page of the course's own: nbgrader's runs what learners wrote, and shows hidden tests.
    config.GenerateFeedback.exporter_class = "course.feedback.exporter.FeedbackExporter"
    config.GenerateFeedback.preprocessors = []
    config.FeedbackExporter.root = str(course.root)


def settings(course: Course) -> Config:
    """Read `nbgrader_config.py`, as nbgrader does: somebody may have set another database there."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()


@contextlib.contextmanager
def gradebook(config: Config) -> Iterator[Gradebook]:
    """Open the gradebook that a configuration names."""
    folders = CourseDirectory(config=config)
    with _opened(folders.db_url, folders.course_id) as opened:
        yield opened


@contextlib.contextmanager
def _opened(db_url: str, course_id: str = "pooling") -> Iterator[Gradebook]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, about its use of SQLAlchemy
            with Gradebook(db_url, course_id) as opened:
                yield opened
    except SQLAlchemyError as problem:
        reason = str(getattr(problem, "orig", None) or problem).splitlines()[0]
        raise GradebookError(
            f"The gradebook {db_url} cannot be used: {reason}.\n"
            "Is the disk full, or another program writing to it? Then mend that, and run the same command again.\n"
            "Is it from another version of nbgrader? Then keep a copy of it, and run: nbgrader db upgrade"
        ) from problem


def make_release(course: Course, name: str, directory: Path | None = None, db_url: str | None = None) -> None:
    """Let nbgrader make `exercises/NAME` from the built assignment, and enter it in the gradebook.

    Parameters
    ----------
    course, name : Course, str
    directory : Path, optional
        Another folder than `exercises/`, relative to the course.
    db_url : str, optional
        Another gradebook than `grading/gradebook.db`.
    """
    settings = {} if directory is None else {"release_directory": str(directory)}
    settings |= {} if db_url is None else {"db_url": db_url}
    _run(GenerateAssignment, course, name, settings=settings, force=True)


def autograde(course: Course, name: str, student: str = "*") -> None:
    """Let nbgrader grade what students handed in, with no preprocessor of ours."""
    _run(Autograde, course, name, student, force=True)


def registered(course: Course, name: str, db_url: str | None = None) -> bool:
    """Tell whether an assignment is in the gradebook."""
    with _opened(db_url or own_gradebook(course)) as gradebook:
        try:
            return len(gradebook.find_assignment(name).notebooks) > 0
        except MissingEntry:
            return False


def scores(course: Course, name: str, student: str) -> dict[str, tuple[float, float]]:
    """Return the score that nbgrader gave each test cell, and the most it could give."""
    with _opened(own_gradebook(course)) as gradebook:
        notebook = gradebook.find_submission_notebook(name, name, student)
        return {
            grade.cell.name: (grade.auto_score or 0.0, grade.cell.max_score)
            for grade in notebook.grades
            if grade.cell.cell_type == "code"
        }


def hand_in(course: Course, name: str, student: str, folder: Path) -> None:
    """Put a folder with a solved notebook where nbgrader looks for submissions."""
    shutil.copytree(folder, course.grading / "submitted" / student / name, dirs_exist_ok=True)


def _run(
    converter: Any,
    course: Course,
    name: str,
    student: str = "*",
    settings: dict[str, str] | None = None,
    **options: Any,
) -> None:
    config = Config()
    configure(config, course)
    config.CourseDirectory.update(settings or {})
    config.CourseDirectory.assignment_id = name
    config.CourseDirectory.student_id = student
    # A new kernel warns of its own accord that it listens on TCP.
    config.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--log-level=40"]
    convert(converter, config, name, **options)


def convert(converter: Any, config: Config, name: str, **options: Any) -> None:
    """Run one of nbgrader's converters quietly.

    Raises
    ------
    EngineError
        If it fails; the text has what it logged.
    """
    log = logging.getLogger(f"course.engine.{name}")
    log.propagate = False
    log.setLevel(logging.WARNING)
    heard = _Heard()
    log.handlers = [heard]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, about its use of SQLAlchemy
            converter(coursedir=CourseDirectory(config=config, log=log), config=config, log=log, **options).start()
    except SystemExit:
        raise EngineError(heard.text()) from None
    except Exception as problem:
        raise EngineError(f"{problem}\n{heard.text()}") from problem


class _Heard(logging.Handler):
    """Keeps what nbgrader logs, for an error message."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())

    def text(self) -> str:
        return "\n".join(self.records[-20:])
