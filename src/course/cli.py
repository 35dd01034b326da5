"""The `course` command: its subcommands are imported when they are called.

Grading starts processes that read this module again, and they have no use for all that releasing needs.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from course.folders import Course

#: Where the subcommands are, in the order in which they are used.
COMMANDS = {
    "prove": "course.proofs.commands:prove_command",
    "release": "course.proofs.commands:release",
    "grade": "course.grading.commands:grade",
    "status": "course.grading.commands:show_status",
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


@click.group(cls=_Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--folder", type=click.Path(path_type=Path), default=".", help="The course folder, if it is not this one."
)
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """Release, prove and grade the assignments of the course."""
    try:
        context.obj = Course.around(folder)
    except FileNotFoundError as problem:
        raise click.ClickException(str(problem)) from None


if __name__ == "__main__":
    sys.exit(main())
