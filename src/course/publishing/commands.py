"""`course publish`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from course import engine
from course.assignments.sources import SourceError
from course.folders import Course
from course.gradebook import prepare
from course.publishing import PublishingError, placing
from course.publishing.beginning import title_of
from course.publishing.edition import Edition, write
from course.publishing.search import Search
from course.publishing.withheld import Secret, collect
from course.terminal import count, say

#: Findings that are shown; a whole solution on a page gives one for each cell.
SHOWN = 20
PUBLISH = """Example: course publish ~/pooling

DIR is made anew each time, and what was added to it goes. Nothing changes if anything is in the way: the edition is put
together beside DIR, searched, and takes its place in the end.
"""


@click.command("publish", epilog=PUBLISH)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def publish(course: Course, folder: Path) -> None:
    """Make the learners' edition in DIR: exercises, the built book, and how to begin.

    It is a folder for a web server, a drive or a stick. Every file of it is searched for answers, hidden tests and mark
    schemes, also inside archives. If there are any, DIR stays as it is.
    """
    target = folder.resolve()
    placed = False
    try:
        title = title_of(course)
        placing.refuse(course, target, title)
        with placing.beside(target) as new:
            edition = write(course, new)
            (new / placing.MARK).write_text(f"{title}\n", encoding="utf-8")
            prepare(course, engine.settings(course).CourseDirectory.db_url)
            secrets = collect(course)
            _search(course, secrets, new)
            placing.put(new, target)
            placed = True
    except (PublishingError, SourceError) as problem:
        raise click.ClickException(f"{problem}\nNothing was published.") from None
    except OSError as problem:
        raise click.ClickException(f"{problem}\nNothing was published; {target} is as it was.") from None
    except KeyboardInterrupt:
        if not placed:
            raise click.ClickException(f"Stopped. Nothing was published; {target} is as it was.") from None
    _report(target, edition, secrets)


def _search(course: Course, secrets: Sequence[Secret], folder: Path) -> None:
    """Refuse a folder that gives something away.

    Raises
    ------
    PublishingError
        With a line for each finding, which names the file.
    """
    found = list(Search(secrets, course.assignments).folder(folder))
    if found:
        more = [f"… and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise PublishingError("\n".join(["Learners would find what they should not:", *found[:SHOWN], *more]))


def _report(target: Path, edition: Edition, secrets: Sequence[Secret]) -> None:
    console = Console()
    for remark in edition.remarks:
        say(console, remark)
    for secret in secrets:
        if not secret.prints:
            say(console, f"The {secret} is too short: it could not be searched for.")
    # The lines from which hidden cases are drawn were searched for too; to tell would only confuse.
    kinds = Counter(secret.kind for secret in secrets if secret.prints)
    sought = [count(kinds[kind], kind) for kind in ("answer", "hidden case", "mark scheme")]
    assignments, pages = count(len(edition.assignments), "assignment"), count(edition.pages, "page")
    say(console, f"{target}: {assignments}, {pages}, {edition.size / 1e6:.1f} MB")
    say(console, f"Every file was searched for {sought[0]}, {sought[1]} and {sought[2]}, and holds none of them.")
