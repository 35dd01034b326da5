"""Tables as CSV: read as an LMS writes them, and written so that no spreadsheet takes a name for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from course import files
from course.errors import CourseError

#: What a spreadsheet may begin to calculate with; also written wide, as some of them read it.
_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*)?%?")


class TableError(CourseError):
    """A file is no table, or not the one that was asked for; the text says why."""


def read(path: Path) -> tuple[list[list[str]], str]:
    """Read a table, and return its rows and what stands between its columns.

    Raises
    ------
    TableError
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"There is no {path}.") from None
    if content.startswith(b"PK"):
        raise TableError(f"{path} is a spreadsheet program's own file. Save it as CSV, or download it as CSV.")
    text = _decoded(content, path)
    delimiter = _delimiter(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise TableError(f"{path} is empty.")
    return rows, delimiter


def _decoded(content: bytes, path: Path) -> str:
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise TableError(f"{path} is no text. Is it a CSV file?")


def _delimiter(text: str) -> str:
    """Take what the first line has most of, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    return max(",;\t", key=first.count)


def write(path: Path, rows: Iterable[Sequence[object]], delimiter: str = ",") -> None:
    """Write a table in one step, quoted where it must be, each text defused."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell if isinstance(cell, int | float) else defused(str(cell)) for cell in row])
    files.write(path, text.getvalue())


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers.

    A formula may stand behind spaces too. The sign in front is the one that spreadsheets themselves use for text.
    """
    text = text.replace("\0", "")
    if _NUMBER.fullmatch(text) or not text.lstrip(" \u00a0").startswith(_STARTS):
        return text
    return "'" + text
