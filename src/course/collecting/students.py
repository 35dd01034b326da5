"""By which name the gradebook is to know a student: always the same one, whatever an LMS calls them next time.

Canvas gives a user one number for good. Moodle gives a participant another one for every assignment, so there it is the
name that stays, with the address behind it where two have one name.
"""

from __future__ import annotations

import difflib
import hashlib
import unicodedata
from collections import Counter
from pathlib import PurePosixPath

from course import engine
from course.collecting import origins
from course.collecting.layouts import Submission
from course.collecting.origins import CANVAS, MOODLE, Origin
from course.collecting.worksheets import Participant
from course.folders import Course

#: Longer names make no entries in every database, in bytes.
LONGEST_NAME = 120


def named(
    course: Course, name: str, submissions: list[Submission], participants: dict[str, Participant]
) -> dict[str, Submission]:
    """Return the submissions by student.

    Parameters
    ----------
    course, name : Course, str
    submissions : list of Submission
    participants : dict of str to Participant
        What Moodle's worksheet knows, by number.
    """
    users = _known_users(course) if any(each.lms == CANVAS for each in submissions) else {}
    known = origins.read(course, name)
    before = {(origin.lms, origin.number): student for student, origin in known.items() if origin.number}
    for each in submissions:
        if each.lms == MOODLE and each.number in participants:
            each.name = participants[each.number].name or each.name
    everyone = [person.name for person in participants.values()] or [each.name for each in submissions]
    shared = {each for each, count in Counter(map(usable, everyone)).items() if count > 1}
    named: dict[str, Submission] = {}
    for each in submissions:
        student = before.get((each.lms, each.number)) if each.number else None
        student = student or _new_name(each, participants.get(each.number), users, shared, known)
        if student in named:  # such as Li and LI, where one cannot be told from the other
            named[student].files += [(PurePosixPath("again") / path, file) for path, file in each.files]
        else:
            named[student] = each
    return named


def _new_name(
    submission: Submission,
    participant: Participant | None,
    users: dict[str, str],
    shared: set[str],
    known: dict[str, Origin],
) -> str:
    """Name a student of whom nothing was collected yet for this assignment."""
    if submission.lms == CANVAS:
        return users.get(submission.number) or usable(f"{submission.name}_{submission.number}")
    name = usable(submission.name)
    is_somebody_elses = name in known and known[name].number not in ("", submission.number)
    if submission.number and (name in shared or is_somebody_elses):
        about = participant.email if participant and participant.email else submission.number
        return usable(f"{submission.name} ({about})")
    return name


def _known_users(course: Course) -> dict[str, str]:
    """Return the students whom the gradebook knows by Canvas's numbers."""
    with engine.gradebook(engine.settings(course)) as gradebook:
        return {student.lms_user_id: student.id for student in gradebook.students if student.lms_user_id}


def usable(name: str) -> str:
    """Make a name that a folder and nbgrader can have: it takes the spaces around one away."""
    name = "".join(sign if sign.isprintable() and sign not in "/\\" else " " for sign in name).strip()
    if len(name.encode()) > LONGEST_NAME:
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        name = f"{name.encode()[: LONGEST_NAME - 10].decode('utf-8', 'ignore')} {digest}"
    return name if name.strip(". ") else f"nameless {name.count('.')}"


def known(course: Course) -> set[str]:
    """Return the students of whom there is something already."""
    with engine.gradebook(engine.settings(course)) as gradebook:
        return {student.id for student in gradebook.students} | {path.name for path in course.submitted.glob("*")}


def alike(student: str, everybody: set[str]) -> list[str]:
    """Ask whether a new student is one whose name is written nearly like that."""
    if not everybody or student in everybody:
        return []
    plain = {_plain(name): name for name in everybody}
    near = difflib.get_close_matches(_plain(student), plain, n=1, cutoff=0.92)
    return [f"new. If this is {plain[near[0]]!r}, collect it once more with --student"] if near else []


def _plain(name: str) -> str:
    """Return a name in small letters without accents."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in letters if not unicodedata.combining(sign))
