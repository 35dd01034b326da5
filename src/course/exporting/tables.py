"""A table that is on its way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course import terminal


@dataclass(frozen=True)
class Filled:
    """A table, and what should be known about it."""

    rows: Sequence[Sequence[object]]
    remarks: list[str]
    delimiter: str = ","


def strangers_to(strangers: list[str], table: str) -> list[str]:
    """Say whose points cannot go into a table."""
    if not strangers:
        return []
    return [f"{terminal.listed(sorted(strangers))}: not in {table}, so the points are not handed on."]
