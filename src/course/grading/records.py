"""What became of each submission, kept beside the gradebook: a small file for each, written last and whole."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from course import files
from course.folders import Course

#: Longer names of students, in bytes, make no names of files.
LONGEST = 200


@dataclass(frozen=True)
class Record:
    """What became of a submission."""

    student: str
    state: str
    remarks: list[str]
    #: What was graded, and with what: the next run need not do it again.
    digest: str
    isolation: str


def read(course: Course, name: str) -> dict[str, Record]:
    """Read the records of an assignment by student; one that cannot be read is as good as none."""
    found: dict[str, Record] = {}
    for path in _folder(course, name).glob("*.json"):
        try:
            record = Record(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, OSError):
            continue
        found[record.student] = record
    return found


def write(course: Course, name: str, record: Record) -> None:
    """Write a record, in one step."""
    text = json.dumps(dataclasses.asdict(record), ensure_ascii=False, indent=1) + "\n"
    files.write(_path(course, name, record.student), text)


def remove(course: Course, name: str, student: str) -> None:
    """Forget what became of a submission, before it is graded again."""
    _path(course, name, student).unlink(missing_ok=True)


def _folder(course: Course, name: str) -> Path:
    return course.grading / "records" / name


def _path(course: Course, name: str, student: str) -> Path:
    return _folder(course, name) / file_name(student, ".json")


def file_name(student: str, ending: str) -> str:
    """Name a file after a student."""
    if len(student.encode()) > LONGEST:
        return hashlib.sha256(student.encode()).hexdigest() + ending
    return student + ending
