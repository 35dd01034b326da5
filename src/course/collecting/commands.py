"""`course collect`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from rich.console import Console

from course import terminal
from course.collecting.collection import FAILED, Collection
from course.collecting.layouts import LAYOUTS
from course.collecting.placing import CHANGED, NEW, OLDER, UNCHANGED
from course.folders import Course

EPILOG = """Examples:

\b
  course collect downloads.zip --assignment 01_python_layer       from Moodle or Canvas, as it was downloaded
  course collect downloads.zip --assignment 01_python_layer --worksheet Grades.csv
  course collect inbox/ --assignment 01_python_layer              a folder or a file for each student
  course collect lena.ipynb --assignment 01_python_layer --student lena

Moodle's grading worksheet says when each submission was handed in, and tells students of the same name apart.

Do it again whenever there is something new: what is unchanged stays as it is, and what is replaced is kept in
grading/earlier/. What cannot be used is kept in grading/aside/, and there is a line for it.
"""


@click.command("collect", epilog=EPILOG)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--assignment", required=True, metavar="NAME", help="What was handed in.")
@click.option("--student", help="All of it is this student's.")
@click.option("--layout", type=click.Choice(LAYOUTS), help="How PATH is arranged.  [default: found out]")
@click.option(
    "--worksheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Moodle's grading worksheet, as CSV, in English.",
)
@click.pass_obj
def collect(
    course: Course, path: Path, assignment: str, student: str | None, layout: str | None, worksheet: Path | None
) -> None:
    """Take what learners handed in, from PATH to grading/submitted/STUDENT/NAME/."""
    console = Console(stderr=True)
    terminal.check_assignment(course, assignment)
    if student is not None and not student.strip(". "):
        raise click.UsageError("--student is empty. Name the student whose work it is.")
    with Collection.open(course, assignment, path, layout, student, worksheet) as collection:
        outcomes = _place(collection, console)
    terminal.say(console, _summary(course, collection, outcomes))
    if outcomes[NEW] or outcomes[CHANGED]:
        terminal.say(console, f"Next: course grade {assignment}")
    if outcomes[FAILED]:
        raise click.ClickException(f"{terminal.count(outcomes[FAILED], 'submission')} could not be collected.")


def _place(collection: Collection, console: Console) -> Counter[str]:
    """Put everything in its place, and say what there is to be said of it."""
    outcomes: Counter[str] = Counter()
    total = len(collection.submissions) + len(collection.nobodys)
    try:
        with terminal.progress(console) as progress:
            bar = progress.add_task(f"Collecting {collection.name}", total=total)
            for collected in collection.place():
                outcomes[collected.outcome] += 1
                progress.update(bar, advance=1)
                for remark in collected.remarks:
                    terminal.say(progress.console, f"{collected.student}: {remark}")
    except KeyboardInterrupt:
        raise click.ClickException(
            f"Stopped after {outcomes.total()} of {total}. Nothing is lost; the same command goes on."
        ) from None
    return outcomes


def _summary(course: Course, collection: Collection, outcomes: Counter[str]) -> str:
    parts = [
        f"{outcomes[outcome]} {says}"
        for outcome, says in (
            (NEW, "new"),
            (CHANGED, f"changed (what was there before is in {course.grading / 'earlier'})"),
            (UNCHANGED, "unchanged"),
            (OLDER, "older than what is there, and not used"),
            (FAILED, "not collected"),
            ("", f"nobody's (in {course.grading / 'aside' / collection.name / 'nobody'})"),
        )
        if outcomes[outcome]
    ]
    how = "" if collection.layout == "files" else f", as {collection.layout} has them"
    return f"{terminal.count(len(collection.submissions), 'student')}{how}: {', '.join(parts)}."
