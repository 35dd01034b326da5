"""Is every file given to the student whose it is, however a class comes?"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from course.collecting.layouts import CANVAS, FILES, FOLDERS, MOODLE, NBGRADER, Submission, assigned
from course.collecting.opening import File
from tests.course.collecting.downloads import NAME, canvas, moodle

NOTEBOOK = f"{NAME}.ipynb"
# What is downloaded, the layout, and for each student the name, the number and the files.
CLASSES = {
    "moodle, with folders": (
        [moodle("Lena Ott", 11, NOTEBOOK), moodle("Lena Ott", 11, "data/a.csv"), moodle("Max Vega", 12, "x.ipynb")],
        MOODLE,
        {("Lena Ott", "11", NOTEBOOK), ("Lena Ott", "11", "data/a.csv"), ("Max Vega", "12", "x.ipynb")},
    ),
    "moodle, without folders": (
        [moodle("Lena Ott", 11, NOTEBOOK, folders=False), moodle("Max Vega", 12, "x_y_z.ipynb", folders=False)],
        MOODLE,
        {("Lena Ott", "11", NOTEBOOK), ("Max Vega", "12", "x_y_z.ipynb")},
    ),
    "moodle since 4.1": (
        [moodle("Lena Ott", 11, NOTEBOOK, old=False), moodle("Max Vega", 12, NOTEBOOK, folders=False, old=False)],
        MOODLE,
        {("Lena Ott", "11", NOTEBOOK), ("Max Vega", "12", NOTEBOOK)},
    ),
    "moodle, blind, in a folder, with online text": (
        [f"hw/{moodle('Participant', 7, NOTEBOOK)}", "hw/Participant_7_assignsubmission_onlinetext_/onlinetext.html"],
        MOODLE,
        {("Participant", "7", NOTEBOOK), ("Participant", "7", "onlinetext.html")},
    ),
    "canvas": (
        [
            canvas("ottlena", 815, 901, NOTEBOOK),
            canvas("vegamax", 816, 902, "my notebook-1.ipynb", late=True),
            "anon_a1B2c_903_x.ipynb",
            "LATE_anon_zz9_904_y.ipynb",
            "li_1_wei_817_905_z_1.ipynb",
            "noel_818_text.html",
        ],
        CANVAS,
        {
            ("ottlena", "815", NOTEBOOK),
            ("vegamax", "816", "my notebook-1.ipynb"),
            ("anon", "a1B2c", "x.ipynb"),
            ("anon", "zz9", "y.ipynb"),
            ("li_1_wei", "817", "z_1.ipynb"),
            ("noel", "818", "text.html"),
        },
    ),
    "canvas, in a folder": (
        [f"submissions/{canvas('ottlena', 815, 901, NOTEBOOK)}"],
        CANVAS,
        {("ottlena", "815", NOTEBOOK)},
    ),
    "nbgrader": (
        [f"lena/{NAME}/{NOTEBOOK}", f"lena/{NAME}/timestamp.txt", f"max/{NAME}/x.ipynb", "max/01_other/y.ipynb"],
        NBGRADER,
        {("lena", "", NOTEBOOK), ("lena", "", "timestamp.txt"), ("max", "", "x.ipynb")},
    ),
    "nbgrader, one student": ([f"lena/{NAME}/{NOTEBOOK}"], NBGRADER, {("lena", "", NOTEBOOK)}),
    "a folder for each": (
        [f"Lena Ott/{NOTEBOOK}", "Max, Vega/work/x.ipynb", "Émile «Ø»/y.ipynb"],
        FOLDERS,
        {("Lena Ott", "", NOTEBOOK), ("Max, Vega", "", "work/x.ipynb"), ("Émile «Ø»", "", "y.ipynb")},
    ),
    "a folder for each, in a folder": (
        [f"class/sub/lena/{NOTEBOOK}", f"class/sub/max/{NOTEBOOK}"],
        FOLDERS,
        {("lena", "", NOTEBOOK), ("max", "", NOTEBOOK)},
    ),
    "one folder": ([f"lena/{NOTEBOOK}"], FOLDERS, {("lena", "", NOTEBOOK)}),
    "a file for each": (
        ["lena.ipynb", f"{NAME}_max.ipynb", f"Zoë - {NAME} (2).ipynb", "noel.zip", "ann-Copy1.ipynb", "o'neil.tar.gz"],
        FILES,
        {
            ("lena", "", "lena.ipynb"),
            ("max", "", f"{NAME}_max.ipynb"),
            ("Zoë", "", f"Zoë - {NAME} (2).ipynb"),
            ("noel", "", "noel.zip"),
            ("ann", "", "ann-Copy1.ipynb"),
            ("o'neil", "", "o'neil.tar.gz"),
        },
    ),
    "a file for each, in a folder": (
        ["inbox/lena.ipynb", "inbox/max.ipynb", "inbox/zoe.ipynb"],
        FILES,
        {("lena", "", "lena.ipynb"), ("max", "", "max.ipynb"), ("zoe", "", "zoe.ipynb")},
    ),
    "one student, two notebooks": (
        ["lena/draft.ipynb", "lena/final.ipynb"],
        FOLDERS,
        {("lena", "", "draft.ipynb"), ("lena", "", "final.ipynb")},
    ),
    "one student, deep": (["lena/homework/x.ipynb"], FOLDERS, {("lena", "", "homework/x.ipynb")}),
    "somebody hands in the folder": (
        ["ann/x.ipynb", "ben/y.ipynb", "cem/z.ipynb", f"zoe/{NAME}/{NOTEBOOK}"],
        FOLDERS,
        {("ann", "", "x.ipynb"), ("ben", "", "y.ipynb"), ("cem", "", "z.ipynb"), ("zoe", "", f"{NAME}/{NOTEBOOK}")},
    ),
    "somebody uses Moodle's words in Canvas": (
        [canvas("ann", 1, 11, NOTEBOOK), canvas("ben", 2, 12, "Ann_9_assignsubmission_file_x.ipynb")],
        CANVAS,
        {("ann", "1", NOTEBOOK), ("ben", "2", "Ann_9_assignsubmission_file_x.ipynb")},
    ),
    "somebody uses Moodle's words in a folder": (
        ["ann/x.ipynb", f"ben/Ann_1_assignsubmission_file_{NOTEBOOK}"],
        FOLDERS,
        {("ann", "", "x.ipynb"), ("ben", "", f"Ann_1_assignsubmission_file_{NOTEBOOK}")},
    ),
    "a way out behind what Canvas wrote": ([canvas("ann", 1, 11, "..")], CANVAS, {("ann", "1", "nameless")}),
    "a way out behind what Moodle wrote": (
        [moodle("Lena", 2, "..", folders=False)],
        MOODLE,
        {("Lena", "2", "nameless")},
    ),
}


@pytest.mark.parametrize("title", CLASSES)
def test_everybody_gets_their_files(title: str) -> None:
    """Is the layout found out, and every file with its student?"""
    paths, layout, expected = CLASSES[title]
    found, submissions, _ = assigned(list(map(_file, paths)), NAME, others={"01_other"})
    assert found == layout
    assert _flat(submissions) == expected


def test_lateness_and_attachments_of_canvas() -> None:
    """Is LATE read, and which attachment was which?"""
    paths = CLASSES["canvas"][0]
    _, submissions, _ = assigned(list(map(_file, paths)), NAME)
    about = {each.number: each for each in submissions}
    assert {number for number, each in about.items() if each.is_late} == {"816", "zz9"}
    assert about["815"].attachments == {PurePosixPath(NOTEBOOK): "901"}


def test_what_is_nobodys() -> None:
    """Is a file that says no name left to a person?"""
    paths = [NOTEBOOK, "lena.ipynb", "readme.txt"]
    _, submissions, nobodys = assigned(list(map(_file, paths)), NAME)
    assert _flat(submissions) == {("lena", "", "lena.ipynb")}
    assert {str(file.path) for file in nobodys} == {NOTEBOOK, "readme.txt"}


def test_a_student_who_is_named() -> None:
    """Does all of it belong to a student who is named, whatever it is called?"""
    _, submissions, nobodys = assigned([_file("a/b.ipynb"), _file("c.txt")], NAME, student="lena")
    assert {name for name, _, _ in _flat(submissions)} == {"lena"}
    assert nobodys == []


def _file(path: str) -> File:
    return File(PurePosixPath(path), 0, "", lambda most: b"")


def _flat(submissions: list[Submission]) -> set[tuple[str, str, str]]:
    return {(each.name, each.number, str(path)) for each in submissions for path, _ in each.files}
