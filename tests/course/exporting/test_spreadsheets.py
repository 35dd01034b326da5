"""Is a table read as an LMS writes it, and written so that no spreadsheet calculates with a name?"""

from __future__ import annotations

import csv
import io
import re
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
    "\u3000=1",
    "\u200b=1",
    "\ufeff@x",
    "\x0b=1",
    "\x85=1",
    "﹦1",
    "\u22121+2",
    "x;=1+1",
    "x\n=1",
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
    assert cell.startswith("'") or text.startswith("x")
    assert not re.search(r"(^|[;\t\r\n])\s*[=@]", cell)
    assert cell.replace("'=", "=").removeprefix("'") == text


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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100", 100),
        ("1,000.00", 1000),
        ("1.000,5", 1000.5),
        ("85,5", 85.5),
        ("0", None),
        ("-5", None),
        ("nan", None),
        ("", None),
    ],
)
def test_numbers_of_an_lms(text: str, value: float | None) -> None:
    """Are points read as different countries write them, and nothing else taken for points?"""
    assert spreadsheets.number(text) == value


def test_odd_tables(tmp_path: Path) -> None:
    """Are short rows filled, and very long cells read?"""
    (tmp_path / "t.csv").write_text('a,b,c\n1\n"' + "x" * 200_000 + '",2,3\n', encoding="utf-8")
    rows, _ = spreadsheets.read(tmp_path / "t.csv")
    assert rows[1] == ["1", "", ""]
    assert len(rows[2][0]) == 200_000
