"""The `course` command: its subcommands are imported when they are called.

Grading starts processes that read this module again, and they have no use for all that releasing needs.
"""

from __future__ import annotations

import errno
import importlib
import sys
from pathlib import Path
from typing import Any

import click

from course.errors import CourseError
from course.folders import Course

#: Where the subcommands are, in the order in which they are used.
COMMANDS = {
    "prove": "course.proofs.commands:prove_command",
    "release": "course.proofs.commands:release",
    "publish": "course.publishing.commands:publish",
    "collect": "course.collecting.commands:collect",
    "grade": "course.grading.commands:grade",
    "status": "course.grading.commands:show_status",
    "feedback": "course.feedback.commands:feedback",
    "export": "course.exporting.commands:export",
    "report": "course.exporting.commands:report",
    "doctor": "course.grading.commands:examine",
}
EPILOG = "Run it from the course folder, the one with nbgrader_config.py, or from any folder inside."


class _Commands(click.Group):
    """Imports a subcommand when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, function = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def invoke(self, context: click.Context) -> Any:
        """Say in a sentence what can go wrong on any machine."""
        try:
            return super().invoke(context)
        except CourseError as problem:
            raise click.ClickException(str(problem)) from problem
        except OSError as problem:
            if problem.errno == errno.EPIPE:
                raise  # whoever read what is said here has heard enough
            where = f"{problem.filename}: " if problem.filename else ""
            raise click.ClickException(
                f"{where}{problem.strerror or problem}. Nothing was left half-written; when that is mended, run the "
                "same command again."
            ) from problem


@click.group(cls=_Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--folder", type=click.Path(path_type=Path), default=".", help="The course folder, if it is not this one."
)
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """Prove, release, collect, grade and return the assignments of the course."""
    try:
        context.obj = Course.around(folder)
    except FileNotFoundError as problem:
        raise click.ClickException(str(problem)) from None


if __name__ == "__main__":
    sys.exit(main())
