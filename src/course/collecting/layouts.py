"""Which student a file belongs to: five ways in which classes come.

    moodle    Lena Ott_4711_assignsubmission_file_/A.ipynb      (Moodle; also without folders)
    canvas    ottlena_LATE_815_2342_A.ipynb                     (Canvas)
    nbgrader  lena/A/A.ipynb                                    (nbgrader's own submitted/)
    folders   lena/A.ipynb, lena/whatever/A.ipynb               (a folder for each student)
    files     lena.ipynb, A_lena.ipynb, lena.zip                (a file for each student)

What an LMS writes is in Moodle's mod/assign/classes/downloader.php and in Canvas's lib/content_zipper.rb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from course.collecting.opening import File
from course.collecting.origins import CANVAS, MOODLE

NBGRADER, FOLDERS, FILES = "nbgrader", "folders", "files"
LAYOUTS = (MOODLE, CANVAS, NBGRADER, FOLDERS, FILES)

#: Moodle: the student, the number of the participant, the kind of submission; then, without folders, the file.
_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?")
#: Canvas: the student, whether it came late, the user's and the attachment's number, the file.
_CANVAS = re.compile(r"(?P<name>\w*?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
_CANVAS_ANONYMOUS = re.compile(r"(?P<late>LATE_)?(?P<name>anon)_(?P<number>\w+?)_(?P<attachment>\d+)_(?P<file>.+)")
_CANVAS_TEXT = re.compile(r"(?P<name>\w*?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<file>(text|link)\.html)")


@dataclass
class Submission:
    """What one student handed in."""

    #: What the student is called where it comes from.
    name: str
    lms: str = ""
    number: str = ""
    is_late: bool = False
    files: list[tuple[PurePosixPath, File]] = field(default_factory=list)
    #: Canvas's number of each file.
    attachments: dict[PurePosixPath, str] = field(default_factory=dict)


def assigned(
    files: Iterable[File], assignment: str, layout: str | None = None, student: str | None = None
) -> tuple[str, list[Submission], list[File]]:
    """Find out whose each file is.

    Parameters
    ----------
    files : iterable of File
    assignment : str
    layout : str, optional
        One of `LAYOUTS`; None to find out.
    student : str, optional
        Whose all of it is.

    Returns
    -------
    str
        The layout.
    list of Submission
    list of File
        What is nobody's.
    """
    found = _unwrapped(list(files), assignment)
    if student is not None:
        return FILES, [Submission(student, files=found)], []
    layout = layout or _layout([path for path, _ in found], assignment)
    place = {
        MOODLE: _moodle,
        CANVAS: _canvas,
        NBGRADER: lambda path: _in_own_folder(path, assignment, 2),
        FOLDERS: lambda path: _in_own_folder(path, assignment, 1),
        FILES: lambda path: _alone(path, assignment),
    }[layout]
    submissions: dict[tuple[str, str], Submission] = {}
    nobodys = []
    for path, file in found:
        whose = place(path)
        if whose is None:
            nobodys.append(file)
            continue
        about, inside = whose
        submission = submissions.setdefault((about.name, about.number), about)
        submission.is_late |= about.is_late
        submission.files.append((inside, file))
        submission.attachments |= about.attachments
    return layout, list(submissions.values()), nobodys


def _layout(paths: list[PurePosixPath], assignment: str) -> str:
    """Tell from the paths how a class comes."""
    if any(_MOODLE.fullmatch(part) for path in paths for part in path.parts[:2]):
        return MOODLE
    top = [path.name for path in paths if len(path.parts) == 1]
    canvas = [name for name in top if any(each.fullmatch(name) for each in (_CANVAS, _CANVAS_ANONYMOUS, _CANVAS_TEXT))]
    if canvas and 2 * len(canvas) >= len(paths):
        return CANVAS
    if any(len(path.parts) > 2 and path.parts[1] == assignment for path in paths):
        return NBGRADER
    return FOLDERS if any(len(path.parts) > 1 for path in paths) else FILES


def _unwrapped(files: list[File], assignment: str) -> list[tuple[PurePosixPath, File]]:
    """Take away folders around a whole class: archives often have one."""
    found = [(file.path, file) for file in files]
    while found:
        tops = {path.parts[0] for path, _ in found}
        if len(tops) != 1 or any(len(path.parts) == 1 for path, _ in found) or _MOODLE.fullmatch(tops.pop()):
            break
        below = [path.parts[1:] for path, _ in found]
        names = [parts[0] for parts in below]
        is_class = (
            all(len(parts) > 1 and parts[0] != assignment for parts in below)
            or any(_MOODLE.fullmatch(name) or _CANVAS.fullmatch(name) for name in names)
            or (f"{assignment}.ipynb" not in names and sum(name.endswith((".ipynb", ".zip")) for name in names) > 1)
        )
        if not is_class:
            break
        found = [(PurePosixPath(*path.parts[1:]), file) for path, file in found]
    return found


def _moodle(path: PurePosixPath) -> tuple[Submission, PurePosixPath] | None:
    for depth, part in enumerate(path.parts):
        matched = _MOODLE.fullmatch(part)
        if matched:
            inside = PurePosixPath(*path.parts[depth + 1 :])
            if not inside.parts:
                inside = PurePosixPath(matched["file"] or part)
            return Submission(matched["name"], MOODLE, matched["number"] or ""), inside
    return None


def _canvas(path: PurePosixPath) -> tuple[Submission, PurePosixPath] | None:
    matched = next(
        (found for each in (_CANVAS_ANONYMOUS, _CANVAS, _CANVAS_TEXT) if (found := each.fullmatch(path.name))), None
    )
    if matched is None:
        return None
    inside = PurePosixPath(matched["file"])
    attachment = matched.groupdict().get("attachment") or ""
    about = Submission(matched["name"] or "nameless", CANVAS, matched["number"], bool(matched["late"]))
    if attachment:
        about.attachments[inside] = attachment
    return about, inside


def _in_own_folder(path: PurePosixPath, assignment: str, depth: int) -> tuple[Submission, PurePosixPath] | None:
    """Take the first folder for the student; nbgrader's has one more for each assignment."""
    if len(path.parts) == 1:
        return _alone(path, assignment)
    if depth == 2 and path.parts[1] != assignment:
        return None
    inside = PurePosixPath(*path.parts[depth:])
    return (Submission(path.parts[0]), inside) if inside.parts else None


def _alone(path: PurePosixPath, assignment: str) -> tuple[Submission, PurePosixPath] | None:
    """Take the name of a file for the student's, without what names the assignment."""
    if not path.name.lower().endswith((".ipynb", ".zip", ".tar.gz", ".tgz", ".tar")):
        return None
    name = path.name[: path.name.lower().rindex(".tar.gz" if path.name.lower().endswith(".tar.gz") else ".")]
    name = re.sub(re.escape(assignment), "", name, flags=re.IGNORECASE)
    name = re.sub(r"( ?\(\d+\)|[-_ ]Copy\d*|[-_ ]copy)$", "", name).strip(" -_.+")
    return (Submission(name), PurePosixPath(path.name)) if name else None
