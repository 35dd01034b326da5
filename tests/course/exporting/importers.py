"""Reads tables as Canvas and Moodle do: by the rules of their importers, and refusing what they refuse.

Canvas: lib/gradebook_importer.rb. Moodle: mod/assign/feedback/offline/importgradeslib.php and lib/csvlib.class.php.
"""

from __future__ import annotations

import csv
import io
import re


def _rows(content: bytes, delimiter: str) -> list[list[str]]:
    text = content.decode("utf-8").removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    assert len({len(row) for row in rows}) == 1, "a row has another number of columns"
    return rows


def _counts(lines: list[str], sign: str) -> set[int]:
    """Return how many cells the lines have; none if they are no table with this sign between the cells."""
    try:
        return {len(row) for row in csv.reader(lines, delimiter=sign, strict=True)}
    except csv.Error:
        return set()


def canvas(content: bytes, roster: dict[str, str], assignments: dict[str, str]) -> dict[tuple[str, str], float]:
    """Import a gradebook into a course with these students and assignments, by their numbers.

    Returns
    -------
    dict
        The new score for each number of a student and of an assignment; what is empty changes nothing.
    """
    lines = content.decode("utf-8").splitlines()[:3]
    counts = {sign: _counts(lines, sign) for sign in ",;"}
    semicolons = len(counts[";"]) == 1 and (len(counts[","]) != 1 or max(counts[";"]) > max(counts[","]))
    rows = _rows(content, ";" if semicolons else ",")
    header = rows[0]
    assert len(header) >= 4
    assert "Student" in header[0]
    assert "ID" in header[1]
    place = 2
    if header[place] == "SIS User ID":
        assert header[place + 1] == "SIS Login ID"
        place += 2
    elif header[place] == "SIS Login ID":
        place += 1
    for optional in ("Integration ID", "Root Account"):
        place += header[place] == optional
    assert "Section" in header[place], "Invalid header row"
    columns = {}
    for index, heading in enumerate(header[place + 1 :], place + 1):
        if re.search(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)", heading):
            continue
        matched = re.fullmatch(r"(.*)\s\((\d+)\)", heading)
        number = matched[2] if matched and matched[2] in assignments else None
        number = number or next((key for key, title in assignments.items() if title == heading), None)
        assert number is not None, f"{heading!r} would become a new assignment"
        columns[index] = number
    scores: dict[tuple[str, str], float] = {}
    for row in rows[1:]:
        if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in row):
            continue
        assert row[1] in roster, f"{row[0]!r} with the number {row[1]!r} would become a new student"
        for index, number in columns.items():
            cell = row[index].strip()
            if cell not in ("", "-", "N/A") and cell.upper() != "EX":
                assert re.fullmatch(r"-?[0-9.,]+%?", cell), f"{cell!r} is no score"
                whole, _, part = re.sub(r"[,.](?=.*[,.])", "", cell).replace(",", ".").partition(".")
                scores[row[1], number] = round(float(f"{whole}.{part or 0}"), 2)
    return scores


def moodle(content: bytes, participants: dict[str, float | None], most: float) -> dict[str, float]:
    """Import a worksheet into an assignment with these participants and their grades until now.

    Returns
    -------
    dict
        The new grade of each participant that has one.
    """
    rows = _rows(content, ",")
    header = rows[0]
    for needed in ("Identifier", "Grade", "Last modified (grade)"):
        assert needed in header, f"invalidgradeimport: {needed}"
    grades = {}
    for row in rows[1:]:
        number = row[header.index("Identifier")][len("Participant ") :]
        if number not in participants:
            continue
        cell = row[header.index("Grade")].strip().replace(" ", "")
        if cell == "":
            continue
        grade = float(cell)
        assert 0 <= grade <= most, f"{grade} is not between 0 and {most}, and would be skipped"
        stale = participants[number] is not None and row[header.index("Last modified (grade)")] == "-"
        if not stale:
            grades[number] = grade
    return grades
