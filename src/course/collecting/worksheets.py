"""Moodle's grading worksheet: what it knows of each participant beyond the name of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser, tz

from course import spreadsheets
from course.spreadsheets import TableError

IDENTIFIER, GRADE, MOST, CHANGED = "Identifier", "Grade", "Maximum grade", "Last modified (submission)"
PARTICIPANT = "Participant "


@dataclass(frozen=True)
class Participant:
    """A row of the worksheet."""

    number: str
    name: str
    email: str
    #: When the submission was changed last, in UTC; None if that cannot be read.
    time: datetime | None
    #: What stands there.
    says: str


def read(path: Path) -> dict[str, Participant]:
    """Return the participants by their numbers.

    Raises
    ------
    TableError
        If it is not a worksheet in English.
    """
    (header, *rows), _ = spreadsheets.read(path)
    if IDENTIFIER not in header:
        raise TableError(
            f"{path} is no grading worksheet of Moodle's: it has no column {IDENTIFIER!r}. It has: "
            f"{', '.join(header[:6])}. In Moodle, set the language to English, and download it under Assignment → "
            "Submissions → Actions."
        )
    found = {}
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        number = cells[IDENTIFIER].removeprefix(PARTICIPANT).strip()
        says = cells.get(CHANGED, "")
        name = cells.get("Full name", "").replace("_", " ")
        found[number] = Participant(number, name, cells.get("Email address", ""), _time(says), says)
    return found


def _time(text: str) -> datetime | None:
    """Read a time as Moodle writes it, without a zone: it is this machine's."""
    try:
        read = parser.parse(text)
    except (ValueError, OverflowError):
        return None
    return read.replace(tzinfo=read.tzinfo or tz.tzlocal()).astimezone(UTC)
