"""A table that is on its way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course import terminal
from course.collecting.origins import CANVAS
from course.exporting.points import Points


@dataclass(frozen=True)
class Filled:
    """A table, and what should be known about it."""

    rows: Sequence[Sequence[object]]
    remarks: list[str]
    delimiter: str = ","


def numbered(found: Sequence[Points], lms: str) -> tuple[dict[str, Points], list[str]]:
    """Return whom an LMS knows by a number, and say whose number is not theirs alone: they are left out."""
    by_number: dict[str, list[Points]] = {}
    for each in found:
        number = each.origin.number if each.origin and each.origin.lms == lms else ""
        number = number or (each.student.lms_user_id or "" if lms == CANVAS else "")
        if number:
            by_number.setdefault(number, []).append(each)
    alone = {number: sharing[0] for number, sharing in by_number.items() if len(sharing) == 1}
    shared = [each.student.id for sharing in by_number.values() if len(sharing) > 1 for each in sharing]
    remark = f"{terminal.listed(shared)}: they have one number with another of them, so the points are not handed on."
    return alone, [remark] if shared else []


def strangers_to(strangers: list[str], table: str) -> list[str]:
    """Say whose points cannot go into a table."""
    if not strangers:
        return []
    return [f"{terminal.listed(sorted(strangers))}: not in {table}, so the points are not handed on."]
