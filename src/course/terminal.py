"""What the commands that go through a class have in common: which students there are, and how they talk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from course import engine, late
from course.folders import Course
from course.gradebook import prepare


def check_assignment(course: Course, name: str) -> None:
    """Make sure that an assignment exists and is known to the gradebook, or say which ones there are."""
    if name not in course.assignments:
        known = ", ".join(course.assignments) or "none"
        raise click.ClickException(f"There is no assignment called {name!r} in {course.solutions}. There are: {known}.")
    config = engine.settings(course)
    late.plugin(config)  # a rule that is none would cost every submission its grading
    prepare(course, config.CourseDirectory.db_url)
    if not (course.exercises / name / f"{name}.ipynb").is_file():
        raise click.ClickException(f"{name} was not released. Run: course release {name}")


def check_students(course: Course, name: str, students: Iterable[str]) -> None:
    """Make sure that these students handed something in."""
    there = course.students(name)
    missing = [student for student in students if student not in there]
    if missing:
        raise click.ClickException(
            f"{', '.join(missing)} handed in nothing: there is no {course.submitted / missing[0] / name}."
        )


def need_folder(path: Path) -> None:
    """Make sure that there is a folder for a file that somebody asks for: a name may be mistyped."""
    if not path.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {path.absolute().parent} for {path.name}.")


def nobody(course: Course, name: str) -> str:
    """Say that there are no submissions, and where they go."""
    return (
        f"{name}: nobody handed in anything yet. Submissions go to {course.submitted}/STUDENT/{name}/: course collect "
        "puts them there."
    )


def progress(console: Console, *columns: str) -> Progress:
    """Return a bar that shows how many are done, and what else is asked for."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *(TextColumn("{task.fields[" + column + "]}") for column in columns),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def say(console: Console, text: str) -> None:
    """Print a line as it is: names of students may look like rich's markup."""
    console.print(Text(text), soft_wrap=True)


def count(number: int, thing: str) -> str:
    """Write how many there are."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: Iterable[str], most: int = 10) -> str:
    """Write names one after the other, but not all of a large class."""
    all_of_them = list(names)
    more = len(all_of_them) - most
    return ", ".join(all_of_them[:most]) + (f" and {more} more" if more > 0 else "")
