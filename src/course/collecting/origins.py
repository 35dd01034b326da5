"""Where each submission came from: what the LMS calls its student, so that points and feedback find the way back."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from course import files
from course.errors import CourseError
from course.folders import Course

MOODLE, CANVAS = "moodle", "canvas"


@dataclass(frozen=True)
class Origin:
    """What an LMS said about a submission."""

    student: str
    #: "moodle", "canvas" or "" for any other way.
    lms: str
    #: The name that the LMS gives the student.
    name: str
    #: Moodle's number of the participant, or Canvas's of the user.
    number: str
    #: Canvas's number of the attachment that was taken.
    attachment: str = ""
    is_late: bool = False


def read(course: Course, name: str) -> dict[str, Origin]:
    """Return what is known, by student."""
    path = _path(course, name)
    if not path.is_file():
        return {}
    try:
        return {each["student"]: Origin(**each) for each in json.loads(path.read_text(encoding="utf-8"))}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CourseError(
            f"{path} is damaged: it says what the LMS calls each student. Move it away, and collect the same download "
            "again, which changes nothing else."
        ) from None


def write(course: Course, name: str, found: dict[str, Origin]) -> None:
    """Keep what is known: what came before stays for those of whom there is nothing new."""
    known = read(course, name)
    # What came by mail, for once, is still somebody whom the LMS knows.
    known |= {student: origin for student, origin in found.items() if origin.lms or student not in known}
    entries = [dataclasses.asdict(known[student]) for student in sorted(known)]
    files.write(_path(course, name), json.dumps(entries, ensure_ascii=False, indent=1) + "\n")


def _path(course: Course, name: str) -> Path:
    return course.grading / "collected" / f"{name}.json"
