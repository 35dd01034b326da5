"""Every grading of a submission that was new, in the order in which they came: how a class gets on by trying again.

A file for each student, a line for each grading, and nothing is ever taken out of it. A line that was cut short,
because the machine went down, is not read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.folders import Course
from course.grading.executing import PASSED, reported
from course.grading.handed_in import STAMP, contents
from course.grading.rebuilding import graded, is_test
from course.grading.records import file_name


@dataclass(frozen=True)
class Attempt:
    """What came of one submission of a student."""

    student: str
    #: Which one it was: a digest of what was handed in.
    submission: str
    #: When it was handed in, or else when it was graded first, as ISO 8601 has it.
    time: str
    state: str
    #: The points of the tests that passed, and the most there could be: what is graded by hand is not in it.
    score: float
    most: float
    #: For each test that did not pass, the names of the mistakes that were recognised.
    failed: dict[str, list[str]] = field(default_factory=dict)


def attempt(student: str, packed: bytes, time: str, state: str, notebook: dict[str, Any] | None) -> Attempt:
    """Sum up a marked submission."""
    submission = hashlib.sha256()
    for file, content in contents(packed).items():
        if file != STAMP:  # a time that was put right makes no other submission
            submission.update(f"{file}\0{len(content)}\0".encode() + content)
    score = most = 0.0
    failed: dict[str, list[str]] = {}
    for cell in notebook["cells"] if notebook else []:
        if not is_test(cell) or cell["cell_type"] != "code":
            continue
        points = float(graded(cell)["points"])
        most += points
        if cell["metadata"].get("verdict") == PASSED:
            score += points
        else:
            failed[graded(cell)["grade_id"]] = (reported(cell) or {}).get("mistakes", [])
    return Attempt(student, submission.hexdigest(), time, state, score, most, failed)


def append(course: Course, name: str, made: Attempt) -> None:
    """Add a grading."""
    path = _folder(course, name) / file_name(made.student, ".jsonl")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        # An empty line is no harm; half a line would spoil this one.
        file.write("\n" + json.dumps(dataclasses.asdict(made), ensure_ascii=False) + "\n")


def read(course: Course, name: str) -> dict[str, list[Attempt]]:
    """Return the attempts of every student, the oldest first; of one that was graded again, the last grading."""
    found: dict[str, dict[str, Attempt]] = {}
    for path in sorted(_folder(course, name).glob("*.jsonl")):
        for made in _lines(path):
            attempts = found.setdefault(made.student, {})
            first = attempts.get(made.submission)
            attempts[made.submission] = made if first is None else dataclasses.replace(made, time=first.time)
    return {student: list(attempts.values()) for student, attempts in found.items()}


def _lines(path: Path) -> Iterator[Attempt]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield Attempt(**json.loads(line))
        except (ValueError, TypeError):
            continue


def _folder(course: Course, name: str) -> Path:
    return course.grading / "history" / name
