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
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from course.collecting.opening import ARCHIVES, File
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
    #: Whether nbgrader collected it, and says in files of its own when.
    is_nbgraders: bool = False
    files: list[tuple[PurePosixPath, File]] = field(default_factory=list)
    #: Canvas's number of each file.
    attachments: dict[PurePosixPath, str] = field(default_factory=dict)


def assigned(
    files: Iterable[File],
    assignment: str,
    layout: str | None = None,
    student: str | None = None,
    others: Collection[str] = (),
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
    others : collection of str, optional
        Other assignments, which have folders of their own with nbgrader.

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
        NBGRADER: lambda path: _in_own_folder(path, assignment, nbgraders=True),
        FOLDERS: lambda path: _in_own_folder(path, assignment, nbgraders=False),
        FILES: lambda path: _alone(path, assignment),
    }[layout]
    submissions: dict[tuple[str, str], Submission] = {}
    nobodys = []
    for path, file in found:
        if layout == NBGRADER and len(path.parts) > 2 and path.parts[1] in others:
            continue
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
    """Tell from the paths how a class comes: by most of what lies on top, for one student can call a file anything."""
    tops = {path.parts[0] for path in paths}
    files = {path.name for path in paths if len(path.parts) == 1}
    folders = tops - files
    in_nbgraders = {path.parts[0] for path in paths if len(path.parts) > 2 and path.parts[1] == assignment}
    moodle, canvas = sum(bool(_MOODLE.fullmatch(top)) for top in tops), sum(map(_is_canvas, files))
    if 2 * max(moodle, canvas) >= len(tops):
        return MOODLE if moodle >= canvas else CANVAS
    if folders and 2 * len(in_nbgraders) >= len(folders):
        return NBGRADER
    return FOLDERS if folders else FILES


def _is_canvas(name: str) -> bool:
    return any(each.fullmatch(name) for each in (_CANVAS, _CANVAS_ANONYMOUS, _CANVAS_TEXT))


def _unwrapped(files: list[File], assignment: str) -> list[tuple[PurePosixPath, File]]:
    """Take away folders around a whole class: archives often have one. A folder around one student's work stays."""
    paths = [file.path for file in files]
    around = []
    for level in zip(*(path.parts[:-1] for path in paths), strict=False):
        if len(set(level)) > 1:
            break
        around.append(level[0])
    depth = len(around)
    below = {path.parts[depth] for path in paths}
    with_work = {path.parts[depth] for path in paths if len(path.parts) > depth + 1 and _may_be_work(path)}
    alone = {path.name for path in paths if len(path.parts) == depth + 1 and _may_be_work(path)}
    is_class = (
        any(_MOODLE.fullmatch(name) or _is_canvas(name) for name in below)
        or len(with_work) > 1
        or (len(alone) > 2 and f"{assignment}.ipynb" not in alone)
    )
    if not is_class or any(_MOODLE.fullmatch(part) for part in around):
        return [(file.path, file) for file in files]
    return [(PurePosixPath(*file.path.parts[depth:]), file) for file in files]


def _may_be_work(path: PurePosixPath) -> bool:
    return path.name.lower().endswith((".ipynb", *ARCHIVES))


def _moodle(path: PurePosixPath) -> tuple[Submission, PurePosixPath] | None:
    matched = _MOODLE.fullmatch(path.parts[0])
    if matched is None:
        return None
    inside = PurePosixPath(*path.parts[1:])
    if not inside.parts:
        inside = _inside(matched["file"])
    return Submission(matched["name"], MOODLE, matched["number"] or ""), inside


def _inside(name: str | None) -> PurePosixPath:
    """Return the name of a file behind what an LMS writes in front of it: it could be a way out of the folder."""
    return PurePosixPath(name if name and name.strip(". ") else "nameless")


def _canvas(path: PurePosixPath) -> tuple[Submission, PurePosixPath] | None:
    matched = next(
        (found for each in (_CANVAS_ANONYMOUS, _CANVAS, _CANVAS_TEXT) if (found := each.fullmatch(path.name))), None
    )
    if matched is None:
        return None
    inside = _inside(matched["file"])
    attachment = matched.groupdict().get("attachment") or ""
    about = Submission(matched["name"] or "nameless", CANVAS, matched["number"], bool(matched["late"]))
    if attachment:
        about.attachments[inside] = attachment
    return about, inside


def _in_own_folder(path: PurePosixPath, assignment: str, nbgraders: bool) -> tuple[Submission, PurePosixPath] | None:
    """Take the first folder for the student; nbgrader's has one more for each assignment."""
    if len(path.parts) == 1:
        return _alone(path, assignment)
    depth = 2 if nbgraders and len(path.parts) > 2 and path.parts[1] == assignment else 1
    return Submission(path.parts[0], is_nbgraders=nbgraders), PurePosixPath(*path.parts[depth:])


def _alone(path: PurePosixPath, assignment: str) -> tuple[Submission, PurePosixPath] | None:
    """Take the name of a file for the student's, without what names the assignment."""
    if not _may_be_work(path):
        return None
    name = path.name[: path.name.lower().rindex(".tar.gz" if path.name.lower().endswith(".tar.gz") else ".")]
    name = re.sub(re.escape(assignment), "", name, flags=re.IGNORECASE)
    name = re.sub(r"( ?\(\d+\)|[-_ ]Copy\d*|[-_ ]copy)$", "", name).strip(" -_.+")
    return (Submission(name), PurePosixPath(path.name)) if name else None
