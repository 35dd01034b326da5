"""`course grade`, `course status` and `course doctor`."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course import engine, terminal
from course.folders import Course
from course.gradebook import prepare
from course.grading import batch, doctor, pools, status
from course.grading.assignment import Assignment
from course.grading.limits import Limits
from course.grading.marking import GRADED
from course.grading.pools import PoolError
from course.grading.sandbox import SandboxError

GRADE = """Examples:

\b
  course grade 03_torch_layer                     what is new or has changed
  course grade 03_torch_layer --student lena      this one, once more
  course grade 03_torch_layer --again             all of them, once more
  course grade 03_torch_layer --scheduler tcp://10.0.0.5:8786

Put submissions into grading/submitted/STUDENT/ASSIGNMENT/ first. Stop it with Ctrl-C whenever you like: what is graded
stays graded, and the same command goes on from there.
"""


@click.command("grade", epilog=GRADE)
@click.argument("assignment")
@click.option(
    "--student", "students", multiple=True, help="Grade this student alone, graded before or not; repeatable."
)
@click.option("--again", is_flag=True, help="Grade everybody, not only what is new or has changed.")
@click.option("--jobs", type=click.IntRange(1), help="Processes on this machine.  [default: one for each core]")
@click.option(
    "--scheduler", metavar="URL", help="Grade on the workers of a dask scheduler, such as tcp://10.0.0.5:8786."
)
@click.option(
    "--isolation",
    type=click.Choice(["sandbox", "process"]),
    default="sandbox",
    show_default=True,
    help="'process' runs submissions without a sandbox: they can do all that you can. For people you trust.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(1),
    default=Limits.submission,
    show_default=True,
    help="Seconds for a whole submission; a cell has at most 30 of them, a call in a check 10.",
)
@click.pass_obj
def grade(
    course: Course,
    assignment: str,
    students: tuple[str, ...],
    again: bool,
    jobs: int | None,
    scheduler: str | None,
    isolation: str,
    timeout: float,
) -> None:
    """Grade what students handed in for ASSIGNMENT."""
    console = Console(stderr=True)
    bundle = _assignment(course, assignment, isolation == "sandbox", timeout)
    terminal.check_students(course, assignment, students)
    if isolation == "process":
        console.print("[bold]Without a sandbox[/]: submissions can read, write and send all that you can.")
    work = batch.plan(course, bundle, list(students) or None, again)
    if not work.waiting:
        console.print(_nothing_to_do(course, assignment, work.done))
        return
    pool = pools.cluster(scheduler) if scheduler else pools.local(jobs or os.cpu_count() or 1)
    started, states = time.monotonic(), Counter[str]()
    try:
        with terminal.progress(console, "rate") as progress:
            bar = progress.add_task(f"Grading {assignment}", total=len(work.waiting), rate="")
            for record in batch.grade(work, pool):
                states[record.state] += 1
                rate = states.total() / (time.monotonic() - started)
                progress.update(bar, advance=1, rate=f"{rate:.1f}/s" if rate >= 1 else f"{60 * rate:.0f}/min")
                if record.state != GRADED:
                    progress.console.print(Text(f"{record.student}: {record.state}. {'; '.join(record.remarks)}"))
    except (SandboxError, PoolError) as problem:
        raise click.ClickException(str(problem)) from None
    except KeyboardInterrupt:
        raise click.ClickException(
            f"Stopped. {states.total()} of {len(work.waiting)} were graded and stay so; the same command goes on."
        ) from None
    seconds = time.monotonic() - started
    told = ", ".join(f"{count} {state}" for state, count in states.most_common())
    console.print(f"{assignment}: {told}, in {seconds:.0f} s.{_unchanged(work.done)} See: course status {assignment}")


STATUS = """States:

\b
  graded       all cells ran; the score says how well
  crashed      the code ended its process; tests that needed it have 0 points
  timed out    the time for a submission was used up; tests after that have 0 points
  unreadable   there is no notebook in it that could be graded
  not marked   the grader failed, not the student
  not graded   handed in, or changed, since the last `course grade`
  missing      nothing was handed in

It ends with 1 when a submission needs a person, or is not graded, so that scripts can tell.
"""


@click.command("status", epilog=STATUS)
@click.argument("assignment")
@click.pass_obj
def show_status(course: Course, assignment: str) -> None:
    """Say what became of each submission for ASSIGNMENT."""
    _assignment(course, assignment)
    table = Table("student", "state", "score", "by hand", "why", title=assignment)
    found = list(status.lines(course, assignment))
    for line in found:
        score = "–" if line.score is None else f"{line.score:g} / {line.most:g}"
        by_hand = f"{line.by_hand} to do" if line.by_hand else ""
        style = "bold" if line.needs_a_person else ""
        table.add_row(*map(Text, (line.student, line.state, score, by_hand, "; ".join(line.remarks))), style=style)
    console = Console()
    console.print(table)
    needing = [line for line in found if line.needs_a_person]
    ungraded = sum(line.state == status.WAITING for line in needing)
    unread = sum(line.by_hand > 0 for line in found)
    if unread:
        console.print(Text(f"{unread} of {len(found)} have answers to be read by a person."))
    if needing:
        grade_first = f", {ungraded} of them to be graded: course grade {assignment}" if ungraded else ""
        console.print(Text(f"{len(needing)} of {len(found)} need a person{grade_first or '.'}"))
        sys.exit(1)


@click.command("doctor")
@click.pass_obj
def examine(course: Course) -> None:
    """Say what this machine can do, and what to install for what it cannot."""
    console = Console()
    prepare(course, engine.settings(course).CourseDirectory.db_url)
    worst = True
    for finding in doctor.examine(course):
        mark = "✓" if finding.is_fine else "✗" if finding.is_needed else "!"
        console.print(Text(f"{mark} {finding.what}: {finding.says}"))
        worst = worst and (finding.is_fine or not finding.is_needed)
    if not worst:
        sys.exit(1)


def _assignment(course: Course, name: str, sandboxed: bool = True, timeout: float = Limits.submission) -> Assignment:
    """Load an assignment, built and registered, or say which ones there are."""
    terminal.check_assignment(course, name)
    try:
        return Assignment.load(course, name, sandboxed, Limits(submission=timeout))
    except FileNotFoundError as problem:
        raise click.ClickException(str(problem)) from None


def _nothing_to_do(course: Course, name: str, done: int) -> str:
    if done:
        return f"{name}: nothing new.{_unchanged(done)} To grade them once more: --again"
    return terminal.nobody(course, name)


def _unchanged(count: int) -> str:
    verb = "was graded before and is" if count == 1 else "were graded before and are"
    return f" {count} {verb} unchanged." if count else ""
