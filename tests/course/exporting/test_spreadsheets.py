"""Is a table read as an LMS writes it, and written so that no spreadsheet calculates with a name?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from course import spreadsheets
from course.spreadsheets import TableError

FORMULAS = [
    "=cmd()",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    '="a"',
    "-cmd()",
]
TEXTS = [
    "Doe, Jr",
    'Max "M"',
    "O'Neil",
    "",
    "-",
    "-3.5",
    "+4",
    "85%",
    "1,234.5",
    "a=b",
    "two\nlines",
    "山田",
    "1-2",
    "3",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_defused(text: str, tmp_path: Path) -> None:
    """Does no cell begin with what starts a formula?"""
    spreadsheets.write(tmp_path / "t.csv", [["name"], [text]])
    content = (tmp_path / "t.csv").read_bytes().decode("utf-8")
    (_, (cell,)) = csv.reader(io.StringIO(content, newline=""))
    assert cell == "'" + text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_there_and_back(delimiter: str, tmp_path: Path) -> None:
    """Does every other text come back as it was, and a number as a number?"""
    rows = [["a", "b"], *([text, 1.5] for text in TEXTS)]
    spreadsheets.write(tmp_path / "t.csv", rows, delimiter)
    read, found = spreadsheets.read(tmp_path / "t.csv")
    assert found == delimiter
    assert read == [["a", "b"], *([text, "1.5"] for text in TEXTS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    """Are the encodings read that LMSs and spreadsheet programs write?"""
    (tmp_path / "t.csv").write_bytes('"name";"points"\r\n"Zoë; Ø";3\r\n\r\n'.encode(encoding))
    assert spreadsheets.read(tmp_path / "t.csv") == ([["name", "points"], ["Zoë; Ø", "3"]], ";")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"\n\n", "is empty"), (b"PK\x03\x04", "Save it as CSV"), (None, "There is no")],
)
def test_no_table(content: bytes | None, says: str, tmp_path: Path) -> None:
    """Does an error name the file, and say what to do?"""
    if content is not None:
        (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(TableError, match=says):
        spreadsheets.read(tmp_path / "t.csv")
