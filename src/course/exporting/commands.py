"""`course export` and `course report`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from traitlets.config import Config

from course import engine, terminal
from course.exporting import report as class_report
from course.exporting.plugins import CanvasExport, CourseExport, CsvExport, MoodleExport
from course.folders import Course

PLUGINS: dict[str, type[CourseExport]] = {"csv": CsvExport, "canvas": CanvasExport, "moodle": MoodleExport}
EXPORT = """Examples:

\b
  course export 01_python_layer --to csv
  course export 01_python_layer --to moodle --fill Grades.csv
  course export 01_python_layer --to canvas --fill gradebook.csv --column "Python layer (4711)"

--fill takes what the LMS exports, Moodle's grading worksheet or Canvas's gradebook, and fills in the points. Without
it, the table holds those who handed in with that LMS. If the LMS gives another number of points, they are scaled. What
was not graded stays as it is.
"""


@click.command("export", epilog=EXPORT)
@click.argument("assignment")
@click.option("--to", "shape", type=click.Choice(list(PLUGINS)), default="csv", show_default=True, help="For whom.")
@click.option("--fill", type=click.Path(dir_okay=False, path_type=Path), help="A table from the LMS, to be filled in.")
@click.option("--column", default="", help="In Canvas's table, the heading of the assignment, if it is not its name.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it.  [default: grading/ASSIGNMENT-TO.csv]",
)
@click.pass_obj
def export(course: Course, assignment: str, shape: str, fill: Path | None, column: str, output: Path | None) -> None:
    """Write the points of ASSIGNMENT as a table for a spreadsheet or an LMS."""
    console = Console(stderr=True)
    terminal.check_assignment(course, assignment)
    if fill is not None and shape == "csv":
        raise click.UsageError("--fill is for --to canvas and --to moodle: there is nothing to fill in for csv.")
    path = output or course.grading / f"{assignment}-{shape}.csv"
    terminal.need_folder(path)
    config = Config(engine.settings(course))
    plugin = PLUGINS[shape](
        config=config,
        root=str(course.root),
        to=str(path),
        assignment=[assignment],
        fill=str(fill or ""),
        column=column,
    )
    plugin.log.disabled = True  # what it has to say is said here
    with engine.gradebook(config) as gradebook:
        plugin.export(gradebook)
    for remark in plugin.remarks:
        terminal.say(console, remark)
    terminal.say(console, f"Written: {path}")


@click.command(
    "report", epilog="Example: course report 01_python_layer\n\nIt has names of students in it: it is for you."
)
@click.argument("assignment")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it.  [default: grading/ASSIGNMENT-report.html]",
)
@click.pass_obj
def report(course: Course, assignment: str, output: Path | None) -> None:
    """Write a page on how a class did in ASSIGNMENT: scores, tasks, mistakes, and what trying again brought."""
    console = Console(stderr=True)
    terminal.check_assignment(course, assignment)
    path = output or course.grading / f"{assignment}-report.html"
    terminal.need_folder(path)
    count = class_report.write(course, assignment, path)
    if not count:
        raise click.ClickException(f"Nobody's work for {assignment} is graded yet. Run: course grade {assignment}")
    terminal.say(console, f"Written, of {terminal.count(count, 'student')}: {path}")
