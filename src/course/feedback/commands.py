"""`course feedback`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from course import terminal
from course.feedback import writing
from course.folders import Course

EPILOG = """Examples:

\b
  course feedback 03_torch_layer                   grading/feedback/STUDENT/03_torch_layer/03_torch_layer.html
  course feedback 03_torch_layer --student lena
  course feedback 03_torch_layer --zip back.zip    for Moodle's "Upload multiple feedback files in a zip",
                                                   or Canvas's "Upload Submissions"

Grade first; answers that are marked by hand, in formgrader, too. A page that is written again takes the place of the
old one. Every page is one file that opens anywhere, offline too. Nothing in it runs, and no hidden test is in it.
"""


@click.command("feedback", epilog=EPILOG)
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Write the page of this student alone; repeatable.")
@click.option(
    "--zip",
    "archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all pages into an archive too, named as the LMS of `course collect` wants them.",
)
@click.pass_obj
def feedback(course: Course, assignment: str, students: tuple[str, ...], archive: Path | None) -> None:
    """Write a page for every student who handed in ASSIGNMENT: what is right, and what to look at first."""
    console = Console(stderr=True)
    terminal.check_assignment(course, assignment)
    terminal.check_students(course, assignment, students)
    if archive is not None:
        terminal.need_folder(archive)
    handed_in = list(students) or course.students(assignment)
    if not handed_in:
        raise click.ClickException(terminal.nobody(course, assignment))
    done: list[str] = []
    waiting = skipped = 0
    with terminal.progress(console) as progress:
        bar = progress.add_task(f"Writing feedback on {assignment}", total=len(handed_in))
        for written in writing.write(course, assignment, list(students) or None):
            progress.update(bar, advance=1)
            if written.path is None:
                skipped += 1
                terminal.say(progress.console, f"{written.student}: no page. {written.why}")
            else:
                done.append(written.student)
                waiting += written.waits
    folder = course.grading / "feedback"
    terminal.say(console, f"{terminal.count(len(done), 'page')} in {folder}/STUDENT/{assignment}/")
    if waiting:
        terminal.say(
            console,
            f"{terminal.count(waiting, 'page')} with answers that wait to be read by a person: jupyter lab, then "
            "Nbgrader → Formgrader; then write the pages again.",
        )
    if archive is not None and done:
        homeless = writing.archive(course, assignment, done, archive)
        terminal.say(console, f"They are in {archive} too.")
        if homeless:
            terminal.say(console, f"No LMS will know whose these are: {terminal.listed(homeless)}")
    if skipped:
        raise click.ClickException(
            f"{terminal.count(skipped, 'submission')} not graded as they are now. Run: course grade {assignment}"
        )
