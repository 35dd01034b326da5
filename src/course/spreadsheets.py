"""Tables as CSV: read as an LMS writes them, and written so that no spreadsheet takes a name for a formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from course import files
from course.errors import CourseError

#: What a spreadsheet may begin to calculate with.
_STARTS = tuple("=+-@\u2212")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*)?%?")
#: Where a spreadsheet may break a cell in two, if it takes another sign than ours for that between cells.
_BREAKS = re.compile(r"([;\t\r\n])")
#: A cell has at most so many characters.
_LONGEST = 1 << 24


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
    csv.field_size_limit(_LONGEST)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as problem:
        raise TableError(f"{path} cannot be read as CSV: {problem}. Download it once more.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise TableError(f"{path} is empty.")
    columns = len(rows[0])
    return [row + [""] * (columns - len(row)) for row in rows], delimiter


def number(text: str) -> float | None:
    """Read a number above zero, as an LMS writes it: the last of its commas and points is that of the decimals."""
    text = re.sub(r"[^\d.,]", "", text) if re.fullmatch(r"[\d.,\s]+", text) else ""
    whole, _, part = text.rpartition(max(".,", key=text.rfind)) if re.search(r"[.,]", text) else (text, "", "")
    try:
        found = float(f"{re.sub('[.,]', '', whole)}.{part or 0}")
    except ValueError:
        return None
    return found if found > 0 else None


def _decoded(content: bytes, path: Path) -> str:
    encodings = ["utf-8-sig", "cp1252"]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in content[:100]:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
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

    The sign that is put in front is the one with which people tell a spreadsheet that what follows is text.
    """
    text = text.replace("\0", "")
    if _NUMBER.fullmatch(text):
        return text
    first, *others = _BREAKS.split(text)
    defused_others = ["'" + part if _may_be_a_formula(part) and not _BREAKS.match(part) else part for part in others]
    return ("'" if _may_be_a_formula(text) else "") + first + "".join(defused_others)


def _may_be_a_formula(text: str) -> bool:
    """Tell whether a text begins with a sign of calculation: also a wide or a small one, behind what cannot be seen."""
    visible = unicodedata.normalize("NFKC", text)
    while visible and (visible[0].isspace() or unicodedata.category(visible[0]) in ("Cf", "Cc")):
        visible = visible[1:]
    return visible.startswith(_STARTS)
