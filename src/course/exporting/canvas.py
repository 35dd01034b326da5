"""Canvas's gradebook as CSV, in the form that its importer reads (canvas-lms, lib/gradebook_importer.rb).

The first columns are Student, ID, SIS User ID, SIS Login ID and Section, then one for each assignment. Rows that do
not begin with a student say how many points there are. A student is found by ID, and an assignment by the
number in brackets behind its title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from course import spreadsheets
from course.collecting.origins import CANVAS
from course.exporting.points import Points
from course.exporting.tables import Filled, numbered, strangers_to
from course.spreadsheets import TableError

STUDENT, ID, SECTION, POSSIBLE = "Student", "ID", "Section", "Points Possible"
BEGINNING = [STUDENT, ID, "SIS User ID", "SIS Login ID", SECTION]
_NUMBERED = re.compile(r"(?P<title>.*)\s\((?P<number>\d+)\)")


def table(found: list[Points]) -> Filled:
    """Make a table of those who handed in with Canvas."""
    # A row that says how many points there are would change them in Canvas.
    rows: list[Sequence[object]] = [[*BEGINNING, found[0].assignment.name]]
    by_number, remarks = numbered(found, CANVAS)
    strangers = [each.student.id for each in found if each.score is not None and not _is_canvas_own(each, by_number)]
    for number, each in by_number.items():
        if each.score is not None and number.isdecimal():
            who = each.origin.name if each.origin else each.student.id
            rows.append([who, int(number), "", "", "", each.score])
    return Filled(rows, remarks + strangers_to(strangers, "Canvas's downloads"))


def _is_canvas_own(each: Points, by_number: dict[str, Points]) -> bool:
    """Tell whether Canvas knows a student by a number; in anonymous downloads it does not."""
    return any(number.isdecimal() and other is each for number, other in by_number.items())


def filled(path: Path, found: list[Points], column: str | None) -> Filled:
    """Fill in a gradebook that Canvas exported, and leave out all columns but those that it finds students by.

    Raises
    ------
    TableError
        If it is no such gradebook, or has no column for the assignment.
    """
    rows, delimiter = spreadsheets.read(path)
    header = rows[0]
    if STUDENT not in header[0] or ID not in header or SECTION not in header:
        raise TableError(
            f"{path} is no gradebook of Canvas's: it begins with {', '.join(header[:5])}, not with "
            f"{', '.join(BEGINNING)}. In Canvas: Grades → Export → Export Current Gradebook View."
        )
    name, most = found[0].assignment.name, float(found[0].assignment.max_score)
    place = _column(header, column or name, path)
    kept = [*range(header.index(SECTION) + 1), place]
    possible = _possible(rows, place)
    scale = possible / most if possible and most else 1.0
    by_number, remarks = numbered(found, CANVAS)
    result: list[Sequence[object]] = [[header[index] for index in kept]]
    unused = set(by_number)
    for row in rows[1:]:
        cells: list[object] = [row[index] if index < len(row) else "" for index in kept]
        each = by_number.get(row[header.index(ID)].strip()) if len(row) > header.index(ID) else None
        if each is not None:
            unused.discard(row[header.index(ID)].strip())
            if each.score is not None:
                cells[-1] = round(each.score * scale, 2)
        result.append(cells)
    strangers = [by_number[number].student.id for number in unused if by_number[number].score is not None]
    strangers += [each.student.id for each in found if each.score is not None and each not in by_number.values()]
    remarks += strangers_to(strangers, str(path))
    if scale != 1.0:
        remarks.append(f"Canvas gives {possible:g} points for {header[place]}, and here are {most:g}: they are scaled.")
    return Filled(result, remarks, delimiter)


def _column(header: list[str], wanted: str, path: Path) -> int:
    """Find the column of an assignment: by its whole heading, its title, or a title that reads alike."""
    titles = [matched["title"] if (matched := _NUMBERED.fullmatch(heading)) else heading for heading in header]
    for names, name in ((header, wanted), (titles, wanted), (list(map(_plain, titles)), _plain(wanted))):
        if names.count(name) == 1:
            return names.index(name)
    numbered = [heading for heading in header if _NUMBERED.fullmatch(heading)]
    raise TableError(
        f"{path} has no column {wanted!r}. Say which one it is, such as --column {numbered[0]!r}. There are: "
        f"{', '.join(numbered)}"
        if numbered
        else f"{path} has no column for an assignment. Add the assignment in Canvas, and export the gradebook again."
    )


def _plain(title: str) -> str:
    return re.sub(r"[\W_]+", "", title).lower()


def _possible(rows: list[list[str]], place: int) -> float | None:
    """Return how many points Canvas gives, if that can be read."""
    cells = [row[place] for row in rows[1:4] if POSSIBLE in row[0]]
    return spreadsheets.number(cells[0]) if cells else None
