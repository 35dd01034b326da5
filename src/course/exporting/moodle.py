"""Moodle's grading worksheet, in the form that its importer reads (mod/assign/feedback/offline/importgradeslib.php).

It looks for three columns, Identifier, Grade and Last modified (grade). A participant is found by the number behind the
word Participant. The last column is compared with Moodle's own, and must come back as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from course import spreadsheets
from course.collecting.origins import MOODLE
from course.collecting.worksheets import GRADE, IDENTIFIER, MOST, PARTICIPANT
from course.exporting.points import Points
from course.exporting.tables import Filled, numbered, strangers_to
from course.spreadsheets import TableError

GRADED, COMMENTS = "Last modified (grade)", "Feedback comments"


def table(found: list[Points]) -> Filled:
    """Make a worksheet of those who handed in with Moodle."""
    rows: list[Sequence[object]] = [[IDENTIFIER, "Full name", GRADE, MOST, GRADED]]
    by_number, remarks = numbered(found, MOODLE)
    for number, each in by_number.items():
        if each.score is not None:
            who = each.origin.name if each.origin else each.student.id
            rows.append([PARTICIPANT + number, who, each.score, float(each.assignment.max_score), "-"])
    others = [each.student.id for each in found if each.score is not None and not _is_moodles(each)]
    return Filled(rows, remarks + strangers_to(others, "Moodle's downloads"))


def filled(path: Path, found: list[Points]) -> Filled:
    """Fill in a worksheet that Moodle made, and leave all else as it is.

    Raises
    ------
    TableError
        If it is no such worksheet.
    """
    rows, delimiter = spreadsheets.read(path)
    header = rows[0]
    missing = [name for name in (IDENTIFIER, GRADE, GRADED) if name not in header]
    if missing:
        raise TableError(
            f"{path} is no grading worksheet of Moodle's: {', '.join(missing)} is missing. In Moodle, set the language "
            "to English, allow 'Offline grading worksheet' in the assignment's settings, and download it under "
            "Submissions."
        )
    identifier, grade = header.index(IDENTIFIER), header.index(GRADE)
    most = next((place for place, name in enumerate(header) if name.lower() == MOST.lower()), None)
    by_number, remarks = numbered(found, MOODLE)
    unused, scaled = set(by_number), set[float]()
    # A comment that is changed on the way would take the place of the one in Moodle: what begins like a formula is.
    kept = [place for place, name in enumerate(header) if name != COMMENTS]
    result: list[Sequence[object]] = [[header[place] for place in kept]]
    for row in rows[1:]:
        cells: list[object] = list(row)
        number = row[identifier].removeprefix(PARTICIPANT).strip()
        each = by_number.get(number)
        if each is not None:
            unused.discard(number)
            if each.score is not None:
                own = float(each.assignment.max_score)
                theirs = spreadsheets.number(row[most]) if most is not None else None
                if theirs and theirs != own:
                    scaled.add(theirs)
                cells[grade] = round(each.score * (theirs / own if theirs and own else 1.0), 2)
        result.append([cells[place] for place in kept])
    if by_number and unused == set(by_number):
        raise TableError(f"{path} has none of the participants who handed in: it belongs to another assignment.")
    remarks += strangers_to([by_number[n].student.id for n in unused if by_number[n].score is not None], str(path))
    others = [each.student.id for each in found if each.score is not None and not _is_moodles(each)]
    remarks += strangers_to(others, "Moodle's downloads")
    if scaled:
        own = float(found[0].assignment.max_score)
        remarks.append(f"Moodle gives {max(scaled):g} points, and here are {own:g}: they are scaled.")
    return Filled(result, remarks, delimiter)


def _is_moodles(each: Points) -> bool:
    """Tell whether it was handed in with Moodle, and by whom."""
    return each.origin is not None and each.origin.lms == MOODLE and bool(each.origin.number)
