"""Does `course collect` take what comes, say what it did not take, and lose nothing?"""

from __future__ import annotations

import errno
import json
import os
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from course.collecting import collection, placing
from course.folders import Course
from tests.course.building import copy_of
from tests.course.collecting import downloads
from tests.course.collecting.downloads import NAME, OTHER, canvas, moodle, tarred, zipped
from tests.course.grading.classes import call

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("collecting")]
NOTEBOOK = f"{NAME}.ipynb"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("answers")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a course with two assignments, known to its gradebook."""
    course = copy_of(tmp_path_factory.mktemp("course"), NAME, OTHER)
    assert call(course, "status", NAME)[0] == 0
    return course


@pytest.fixture
def course(ready: Course, tmp_path: Path) -> Course:
    """Return a copy that is built already."""
    import shutil

    shutil.copytree(ready.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def take(course: Course, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Collect a download that is made of these files."""

    def collect(entries: dict[str, bytes], *arguments: str) -> tuple[int, str]:
        path = tmp_path / "download.zip"
        path.write_bytes(zipped(entries))
        return call(course, "collect", str(path), "--assignment", NAME, *arguments)

    return collect


def handed_in(course: Course) -> dict[str, list[str]]:
    return {student: sorted(_files(course.submitted / student / NAME)) for student in course.students(NAME)}


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


NAMES = ["Lena Ott", "Ott, Lena", 'Max "M" Vega', "O'Neil", "Zoë Ångström", "山田太郎", "=cmd()", "Łukasz (2)", "a🙂b"]


@pytest.mark.parametrize("lms", ["moodle", "folders"])
def test_names(course: Course, take: Callable[..., tuple[int, str]], answers: Path, lms: str) -> None:
    """Does every name come through as it is, and accents in one way?"""
    one = downloads.notebook(answers)
    mac = [unicodedata.normalize("NFD", name) for name in NAMES]
    entries = {
        (moodle(name, number, NOTEBOOK) if lms == "moodle" else f"{name}/{NOTEBOOK}"): one
        for number, name in enumerate(mac)
    }
    code, said = take(entries)
    assert code == 0, said
    assert handed_in(course) == {name: [NOTEBOOK] for name in NAMES}
    assert f"{len(NAMES)} new" in said


def test_once_more(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Is what is unchanged left as it is, and what is replaced kept?"""
    first, second = downloads.notebook(answers, answers=1), downloads.notebook(answers, answers=2)
    lena, max_ = moodle("Lena", 1, NOTEBOOK), moodle("Max", 2, NOTEBOOK)
    assert "2 new" in take({lena: first, max_: first})[1]
    before = (course.submitted / "Max" / NAME / NOTEBOOK).stat().st_mtime_ns
    code, said = take({lena: second, max_: first})
    assert code == 0, said
    assert "1 changed" in said
    assert "1 unchanged" in said
    assert (course.submitted / "Max" / NAME / NOTEBOOK).stat().st_mtime_ns == before
    assert (course.submitted / "Lena" / NAME / NOTEBOOK).read_bytes() == second
    (kept,) = (course.grading / "earlier" / "Lena" / NAME).rglob(NOTEBOOK)
    assert kept.read_bytes() == first
    take({lena: first})
    take({lena: second})
    kept = {path.read_bytes() for path in (course.grading / "earlier" / "Lena" / NAME).rglob(NOTEBOOK)}
    assert kept == {first, second}


# What one student hands in, what is then graded, and what is said about it.
def _v3(notebook: bytes) -> bytes:
    return nbformat.writes(nbformat.convert(nbformat.reads(notebook.decode(), 4), 3), 3).encode()


HANDED_IN: dict[str, tuple[Callable[[bytes], dict[str, bytes]], list[str] | None, list[str]]] = {
    "another name": (lambda one: {"My work (1).ipynb": one}, [NOTEBOOK], ["My work (1).ipynb was taken for"]),
    "no ending": (lambda one: {"00_warm_up": one}, [NOTEBOOK], ["00_warm_up was taken for"]),
    "an ending that Windows added": (lambda one: {f"{NOTEBOOK}.txt": one}, [NOTEBOOK], ["was taken for"]),
    "an archive": (lambda one: {"work.zip": zipped({f"a/{NOTEBOOK}": one})}, [NOTEBOOK], []),
    "a tar archive": (lambda one: {"work.tar.gz": tarred({f"a/{NOTEBOOK}": one})}, [NOTEBOOK], []),
    "an archive in an archive": (
        lambda one: {"w.zip": zipped({"v.zip": zipped({NOTEBOOK: one})})},
        [NOTEBOOK],
        [],
    ),
    "the whole folder": (
        lambda one: {
            f"{NAME}/{NOTEBOOK}": one,
            f"{NAME}/checks/__init__.py": b"check = print",
            f"{NAME}/.ipynb_checkpoints/{NAME}-checkpoint.ipynb": one,
            "__MACOSX/._x": b"",
        },
        [NOTEBOOK],
        [],
    ),
    "two notebooks": (
        lambda one: {NOTEBOOK: json.dumps(downloads.released()).encode(), "final.ipynb": one},
        [NOTEBOOK],
        ["00_warm_up.ipynb is kept aside: final.ipynb was taken"],
    ),
    "a module in place of a package's": (
        lambda one: {
            NOTEBOOK: _with(one, "import torch, json, checks"),
            "torch.py": b"",
            "json.py": b"",
            "conftest.py": b"",
        },
        [NOTEBOOK],
        ["torch.py is dropped: 'torch' is the name of a package", "json.py is dropped", "conftest.py is dropped"],
    ),
    "a module of one's own": (
        lambda one: {
            NOTEBOOK: _with(one, "from helping import pool"),
            "helping.py": b"import deeper",
            "deeper/__init__.py": b"",
            "stray.py": b"",
        },
        [NOTEBOOK, "deeper/__init__.py", "helping.py"],
        ["stray.py is dropped: the notebook does not import it"],
    ),
    "machine code": (
        lambda one: {NOTEBOOK: one, "fast.so": b"\x7fELF", "run.exe": b"MZ", "data.csv": b"1", "a.pth": b""},
        [NOTEBOOK, "data.csv"],
        ["fast.so is dropped", "run.exe is dropped", "a.pth is dropped"],
    ),
    "an archive that cannot be opened": (
        lambda one: {NOTEBOOK: one, "work.rar": b"Rar!", "broken.zip": b"PK\x03\x04nothing"},
        [NOTEBOOK],
        ["work.rar cannot be opened here", "broken.zip is no archive that can be read"],
    ),
    "an older format": (lambda one: {NOTEBOOK: _v3(one)}, [NOTEBOOK], ["is in an older format, and was upgraded"]),
    "nothing but an archive that cannot be opened": (
        lambda one: {"work.rar": b"Rar!"},
        [],
        ["work.rar cannot be opened here", "no notebook was found"],
    ),
    "nothing but a script": (lambda one: {"work.py": b"x = 1"}, [], ["work.py is a script: ask for the notebook"]),
    "no notebook": (lambda one: {"answers.pdf": b"%PDF"}, ["answers.pdf"], ["no notebook was found"]),
    "a damaged notebook": (lambda one: {NOTEBOOK: one[:900]}, [NOTEBOOK], ["not a notebook, or damaged"]),
    "a file where a folder should be": (
        lambda one: {
            "w.zip": zipped({NOTEBOOK: one, "a.csv": b"1", "a.csv/b.csv": b"2", "c.exe": b"3", "c.exe/d.exe": b"4"})
        },
        [NOTEBOOK, "a.csv", "w (2)/a.csv/b.csv"],
        ["c.exe is dropped"],
    ),
    "names that no disk takes": (
        lambda one: {
            NOTEBOOK: one,
            "w.zip": zipped({"ы" * 150 + ".csv": b"1", "/".join("a" * 200 for _ in range(30)) + ".csv": b"2"}),
        },
        None,
        [],
    ),
    "two files of a name": (
        lambda one: {f"hw/{NOTEBOOK}": one, "hw/data.csv": b"inner", "data.csv": b"outer"},
        [NOTEBOOK, "data (2).csv", "data.csv"],
        [],
    ),
    "a time of one's own": (
        lambda one: {NOTEBOOK: one, "timestamp.txt": b"9999-01-01 00:00 UTC", "submission_secret.txt": b"x"},
        [NOTEBOOK],
        ["timestamp.txt is kept aside", "submission_secret.txt is kept aside"],
    ),
    "a protected archive": (
        lambda one: {NOTEBOOK: one, "w.zip": _protected_bytes()},
        [NOTEBOOK],
        ["w.zip is protected with a password, and is kept aside"],
    ),
    "data that looks like a notebook": (
        lambda one: {NOTEBOOK: one, "a.json": b'{"a": 1}', "checks/cases.json": b'{"cases": {}}'},
        [NOTEBOOK, "a.json"],
        [],
    ),
    "a hidden notebook": (lambda one: {f".{NOTEBOOK}": one}, [NOTEBOOK], ["was taken for"]),
    "a mark of byte order": (lambda one: {NOTEBOOK: b"\xef\xbb\xbf" + one}, [NOTEBOOK], []),
}


def _with(notebook: bytes, source: str) -> bytes:
    content = json.loads(notebook)
    content["cells"].append(
        {"cell_type": "code", "id": "mine", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    )
    return json.dumps(content).encode()


@pytest.mark.parametrize("title", HANDED_IN)
def test_triage(course: Course, take: Callable[..., tuple[int, str]], answers: Path, title: str) -> None:
    """Is the right notebook graded, with what belongs to it, and a line for everything else, and is all of it kept?"""
    make, kept, says = HANDED_IN[title]
    files = make(downloads.notebook(answers))
    code, said = take({moodle("Lena", 1, path): content for path, content in files.items()})
    assert code == 0, said
    if kept is not None:
        assert handed_in(course) == {"Lena": kept}
    for words in says:
        assert words in said
    assert "checks/" not in said
    everywhere = set(_files(course.grading).values())
    for path, content in files.items():
        assert (
            content in everywhere
            or path.endswith((".zip", ".tar.gz"))
            or "checks" in path
            or "._x" in path
            or (".ipynb_checkpoints" in path)
        )


def test_an_older_format_is_upgraded(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Is a notebook of 2014 one of today afterwards, the same one each time?"""
    old = _v3(downloads.notebook(answers))
    take({moodle("Lena", 1, NOTEBOOK): old})
    upgraded = nbformat.read(course.submitted / "Lena" / NAME / NOTEBOOK, as_version=4)
    nbformat.validate(upgraded)
    assert "1 unchanged" in take({moodle("Lena", 1, NOTEBOOK): old})[1]


def _link(target: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            entry = zipfile.ZipInfo(f"lena/{NOTEBOOK}")
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, target)

    return write


def _of(entries: dict[str, bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(zipped(entries)) and None


def _protected_bytes() -> bytes:
    packed = bytearray(zipped({f"lena/{NOTEBOOK}": b"{}"}))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def _protected(path: Path) -> None:
    path.write_bytes(_protected_bytes())


HOSTILE = {
    "a link": (_link("/etc/passwd"), "is a link, and links are not followed"),
    "a way out": (_of({f"lena/../../../{NOTEBOOK}": b"{}", "lena/x.txt": b""}), "has a path that leads out"),
    "an absolute path": (_of({f"/lena/{NOTEBOOK}": b"{}", "lena/x.txt": b""}), "has a path that leads out"),
    "a drive": (_of({f"C:\\lena\\{NOTEBOOK}": b"{}", "lena/x.txt": b""}), "has a path that leads out"),
    "a bomb": (_of({f"lena/{NOTEBOOK}": b"0" * (160 << 20)}), "is too large (160 MiB)"),
    "a password": (_protected, "is protected with a password"),
}


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_archives(course: Course, tmp_path: Path, title: str) -> None:
    """Is nothing written where it should not be, nothing unpacked that is a bomb, and a line said?"""
    make, says = HOSTILE[title]
    make(tmp_path / "class.zip")
    outside = {path for path in tmp_path.rglob("*") if not path.is_relative_to(course.root)}
    code, said = call(course, "collect", str(tmp_path / "class.zip"), "--assignment", NAME)
    assert code == 0, said
    assert says in said
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(course.root)} == outside
    assert not (course.submitted / "lena" / NAME / NOTEBOOK).exists()
    assert sum(len(content) for content in _files(course.grading).values()) < 1 << 20


def test_a_folder_with_links(course: Course, tmp_path: Path) -> None:
    """Is no link followed in a folder either, to a file or to a folder?"""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "x.txt").write_text("secret")
    folder = tmp_path / "class" / "lena"
    folder.mkdir(parents=True)
    (folder / NOTEBOOK).symlink_to(secret / "x.txt")
    (folder / "inside").symlink_to(secret)
    (folder.parent / "max").symlink_to(secret)
    code, said = call(course, "collect", str(folder.parent), "--assignment", NAME)
    assert code == 0, said
    assert said.count("links are not followed") == 3
    assert b"secret" not in b"".join(_files(course.grading).values())


@pytest.mark.parametrize(
    ("entries", "arguments", "says"),
    [
        ({}, [], "There are no submissions"),
        ({"readme.txt": b""}, [], "there is readme.txt"),
        ({"lena.ipynb": b"{}"}, ["--layout", "canvas"], "There are no submissions"),
        ({"lena.ipynb": b"{}"}, ["--worksheet", "nowhere.csv"], "There is no nowhere.csv"),
    ],
)
def test_nothing_to_collect(
    course: Course, take: Callable[..., tuple[int, str]], entries: dict[str, bytes], arguments: list[str], says: str
) -> None:
    """Does an error say what was found, and what it could be?"""
    code, said = take(entries, *arguments)
    assert code != 0
    assert says in said
    assert "Traceback" not in said
    assert course.students(NAME) == []


def test_mistakes_are_named(course: Course, tmp_path: Path) -> None:
    """Does an error name what is wrong: no file, no archive, no assignment?"""
    (tmp_path / "page.zip").write_text("<html>Please log in</html>")
    (tmp_path / "empty").mkdir()
    for path, assignment, says in (
        ("nowhere.zip", NAME, "There is no nowhere.zip"),
        (str(tmp_path / "page.zip"), NAME, "is no archive that can be read"),
        (str(tmp_path / "page.zip"), "07_missing", "There is no assignment called '07_missing'"),
        (str(tmp_path / "empty"), NAME, "There are no submissions"),
    ):
        code, said = call(course, "collect", path, "--assignment", assignment)
        assert code != 0
        assert says in said


def test_another_assignments_download(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Is the download of another assignment refused, and one student's mistake not?"""
    wrong, right = downloads.notebook(answers, OTHER), downloads.notebook(answers)
    code, said = take({moodle("Lena", 1, "a.ipynb"): wrong, moodle("Max", 2, "b.ipynb"): wrong})
    assert code != 0
    assert f"Did you mean --assignment {OTHER}?" in said
    assert course.students(NAME) == []
    code, said = take({moodle("Lena", 1, "a.ipynb"): wrong, moodle("Max", 2, "b.ipynb"): right})
    assert code == 0
    assert f"Lena: a.ipynb is not the notebook of {NAME}: it is that of {OTHER}" in said


def test_the_worksheet(course: Course, take: Callable[..., tuple[int, str]], answers: Path, tmp_path: Path) -> None:
    """Does it tell two students of one name apart, and say when they handed in?"""
    worksheet = tmp_path / "Grades.csv"
    worksheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Last modified (submission),Last modified (grade)\n"
        'Participant 1,Li Wei,a@x.edu,Submitted,,"Tuesday, 5 March 2024, 2:30 PM",-\n'
        'Participant 2,Li Wei,b@x.edu,Submitted,,"Wednesday, 6 March 2024, 2:30 PM",-\n'
        "Participant 3,Lena Ott,c@x.edu,No submission,,-,-\n",
        encoding="utf-8-sig",
    )
    one = downloads.notebook(answers)
    entries = {
        moodle("Li Wei", 1, NOTEBOOK): one,
        moodle("Li Wei", 2, NOTEBOOK): one,
        moodle("Lena Ott", 3, NOTEBOOK): one,
    }
    code, said = take(entries, "--worksheet", str(worksheet))
    assert code == 0, said
    assert set(handed_in(course)) == {"Li Wei (a@x.edu)", "Li Wei (b@x.edu)", "Lena Ott"}
    stamp = (course.submitted / "Li Wei (a@x.edu)" / NAME / "timestamp.txt").read_text()
    assert stamp.startswith("2024-03-05 ")
    assert not (course.submitted / "Lena Ott" / NAME / "timestamp.txt").exists()
    # An older one does not take the place of a newer one.
    worksheet.write_text(worksheet.read_text(encoding="utf-8-sig").replace("5 March", "4 March"), encoding="utf-8")
    code, said = take(
        {moodle("Li Wei", 1, NOTEBOOK): downloads.notebook(answers, answers=1)}, "--worksheet", str(worksheet)
    )
    assert "1 older than what is there" in said
    assert (course.submitted / "Li Wei (a@x.edu)" / NAME / NOTEBOOK).read_bytes() == one


def test_one_name_without_a_worksheet(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Do two students of one name stay two?"""
    one = downloads.notebook(answers)
    take({moodle("Li Wei", 1, NOTEBOOK): one, moodle("Li Wei", 2, NOTEBOOK): one})
    assert set(handed_in(course)) == {"Li Wei (1)", "Li Wei (2)"}


def test_canvas_lateness(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Does LATE become a time, once there is a due date, and is a student found again by number?"""
    from datetime import datetime

    from course import engine

    one = downloads.notebook(answers)
    entries = {canvas("ottlena", 815, 901, NOTEBOOK, late=True): one, canvas("vegamax", 816, 902, NOTEBOOK): one}
    code, said = take(entries)
    assert code == 0, said
    assert "set the due date and collect again" in said
    assert set(handed_in(course)) == {"ottlena_815", "vegamax_816"}
    with engine.gradebook(engine.settings(course)) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 1, 1))
    _, said = take(entries)
    assert "it counts as a day" in said
    stamp = course.submitted / "ottlena_815" / NAME / "timestamp.txt"
    assert stamp.read_text() == "2026-01-01 00:01:00 UTC\n"
    stamp.write_text("2026-01-04 10:00:00 UTC\n")  # an instructor knows better
    take(entries)
    assert stamp.read_text() == "2026-01-04 10:00:00 UTC\n"
    take({canvas("ottvegalena", 815, 903, NOTEBOOK): one})  # she married
    assert set(handed_in(course)) == {"ottlena_815", "vegamax_816"}


def test_a_single_file(course: Course, answers: Path, tmp_path: Path) -> None:
    """Can a notebook that came by mail be handed in for a student?"""
    (tmp_path / "attachment").write_bytes(downloads.notebook(answers))
    code, said = call(course, "collect", str(tmp_path / "attachment"), "--assignment", NAME, "--student", "Lena Ott")
    assert code == 0, said
    assert handed_in(course) == {"Lena Ott": [NOTEBOOK]}


@pytest.mark.parametrize("failing", ["rename", "put_aside", "write"])
def test_a_full_disk(
    course: Course,
    take: Callable[..., tuple[int, str]],
    answers: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
) -> None:
    """Is nothing half-written when writing fails in the middle, and does the same command go on from there?"""
    first, second = downloads.notebook(answers, answers=1), downloads.notebook(answers)
    entries = {moodle(name, n, NOTEBOOK): first for n, name in enumerate(["Ann", "Ben", "Cem"])}
    assert take(entries)[0] == 0
    changed = {moodle(name, n, NOTEBOOK): second for n, name in enumerate(["Ann", "Ben", "Cem"])}
    changed[moodle("Ben", 1, "stray.so")] = b"\x7fELF"
    place, calls = (
        {"rename": (os, "rename"), "put_aside": (placing, "put_aside"), "write": (Path, "write_bytes")}[failing],
        [],
    )
    honest = getattr(*place)

    def full(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == (1 if failing == "put_aside" else 4):
            raise OSError(errno.ENOSPC, "No space left on device", "somewhere")
        return honest(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(*place, full)
        path = course.root / "download.zip"
        zip_content = zipped(changed)
        with path.open("wb") as file:
            file.write(zip_content)
        code, said = call(course, "collect", str(path), "--assignment", NAME)
    assert code != 0
    assert "No space left on device" in said
    kept = {
        path.read_bytes() for folder in ("submitted", "earlier") for path in (course.grading / folder).rglob(NOTEBOOK)
    }
    assert kept <= {first, second}
    for student in ("Ann", "Ben", "Cem"):
        owned = {
            path.read_bytes()
            for folder in ("submitted", "earlier")
            for path in (course.grading / folder / student).rglob(NOTEBOOK)
        }
        assert owned & {first, second}
    assert not list(course.grading.glob(".collecting-*"))
    code, said = call(course, "collect", str(path), "--assignment", NAME)
    assert code == 0, said
    assert {(course.submitted / s / NAME / NOTEBOOK).read_bytes() for s in ("Ann", "Ben", "Cem")} == {second}


def test_ctrl_c(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does Ctrl-C leave what is done, and say how far it came?"""
    one = downloads.notebook(answers)
    honest, calls = placing.place, []

    def interrupted(*arguments: object) -> str:
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return honest(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(collection.placing, "place", interrupted)
    code, said = take({f"{name}.ipynb": one for name in ("ann", "ben", "cem")})
    assert code != 0
    assert "Stopped after 1 of 3. Nothing is lost" in said
    assert len(course.students(NAME)) == 1
    monkeypatch.undo()
    assert "2 new, 1 unchanged" in take({f"{name}.ipynb": one for name in ("ann", "ben", "cem")})[1]


def test_who_sends_a_mail_is_still_known_to_the_lms(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path, tmp_path: Path
) -> None:
    """Does a notebook that came by mail not cut the way back to the LMS, and is it said what time it counts as?"""
    from course.collecting import origins

    (tmp_path / "Grades.csv").write_text(
        'Identifier,Full name,Last modified (submission)\nParticipant 1,Jürgen Ott,"Tuesday, 5 March 2024, 2:30 PM"\n',
        encoding="utf-8",
    )
    worksheet = ("--worksheet", str(tmp_path / "Grades.csv"))
    take({moodle("Jürgen Ott", 1, NOTEBOOK): downloads.notebook(answers, answers=1)}, *worksheet)
    (tmp_path / "mail.ipynb").write_bytes(downloads.notebook(answers, answers=2))
    mail = ("collect", str(tmp_path / "mail.ipynb"), "--assignment", NAME, "--student")
    code, said = call(course, *mail, "Jürgen Ott")
    assert code == 0, said
    assert "when it was handed in is not known: it counts as in time" in said
    assert origins.read(course, NAME)["Jürgen Ott"].number == "1"
    _, said = call(course, *mail, "Jurgen Ott")
    assert "If this is 'Jürgen Ott', collect it once more with --student" in said
    # The old worksheet with new work would make it too early.
    entries = {moodle("Jürgen Ott", 1, NOTEBOOK): downloads.notebook(answers, answers=1)}
    take(entries, *worksheet)
    _, said = take({moodle("Jürgen Ott", 1, NOTEBOOK): downloads.notebook(answers, answers=3)}, *worksheet)
    assert "Is the worksheet as new as the download?" in said


def test_the_worksheet_of_another_assignment(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path, tmp_path: Path
) -> None:
    """Is a worksheet refused that knows nobody, and somebody named whom it does not know?"""
    (tmp_path / "Grades.csv").write_text("Identifier,Full name\nParticipant 7,Zoe\n", encoding="utf-8")
    worksheet = ("--worksheet", str(tmp_path / "Grades.csv"))
    one = downloads.notebook(answers)
    code, said = take({moodle("Lena", 1, NOTEBOOK): one}, *worksheet)
    assert code != 0
    assert "it belongs to another assignment" in said
    assert course.students(NAME) == []
    _, said = take({moodle("Lena", 1, NOTEBOOK): one, moodle("Zoe", 7, NOTEBOOK): one}, *worksheet)
    assert "Lena: not in the worksheet" in said


def test_a_participant_stays_one_student(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path, tmp_path: Path
) -> None:
    """Is a participant's number the same student, whether the worksheet comes first, later or not at all?"""
    one, two = downloads.notebook(answers), downloads.notebook(answers, answers=1)
    take({moodle("Group 1-Ben", 12, NOTEBOOK): one, moodle("Lena Ott", 11, NOTEBOOK): one})
    worksheet = tmp_path / "Grades.csv"
    rows = ["Identifier,Full name,Grade,Last modified (submission),Last modified (grade)"]
    rows += [f"Participant {number},{name},,-,-" for number, name in ((11, "Lena Ott"), (12, "Ben"), (13, "Lena Ott"))]
    worksheet.write_text("\n".join(rows), encoding="utf-8")
    again = {moodle("Group 1-Ben", 12, NOTEBOOK): two, moodle("Lena Ott", 13, NOTEBOOK): one}
    code, said = take(again, "--worksheet", str(worksheet))
    assert code == 0, said
    assert set(handed_in(course)) == {"Group 1-Ben", "Lena Ott", "Lena Ott (13)"}
    assert (course.submitted / "Group 1-Ben" / NAME / NOTEBOOK).read_bytes() == two


def test_another_student_of_the_same_name_later(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path
) -> None:
    """Does nobody's work take the place of a namesake's, in whatever order downloads come?"""
    first, second = downloads.notebook(answers, answers=1), downloads.notebook(answers, answers=2)
    take({moodle("Lena Ott", 4711, NOTEBOOK): first})
    take({moodle("Lena Ott", 4712, NOTEBOOK): second})
    assert set(handed_in(course)) == {"Lena Ott", "Lena Ott (4712)"}
    _, said = take({moodle("Lena Ott", 4711, NOTEBOOK): first, moodle("Lena Ott", 4712, NOTEBOOK): second})
    assert "2 unchanged" in said


def test_a_layout_that_is_not_understood(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Is a class refused, before anything is written, if most of it would be nobody's?"""
    one = downloads.notebook(answers)
    code, said = take({f"{who}.ipynb": one for who in ("ann", "ben", "cem")}, "--layout", "moodle")
    assert code != 0
    assert "There are no submissions" in said or "--layout" in said
    code, said = take({moodle("Zoe", 1, NOTEBOOK): one} | {f"{who}.ipynb": one for who in "abc"}, "--layout", "moodle")
    assert code != 0
    assert "nobody can tell whose they are" in said
    assert "--layout" in said
    assert course.students(NAME) == []


def test_one_student_stops_nobody(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path, tmp_path: Path
) -> None:
    """Are all others collected if one submission cannot be put in its place, and is that one named?"""
    (tmp_path / "elsewhere").mkdir()
    course.submitted.mkdir(parents=True)
    (course.submitted / "ben").symlink_to(tmp_path / "elsewhere")
    one = downloads.notebook(answers)
    code, said = take({f"{who}.ipynb": one for who in ("ann", "ben", "cem")})
    assert code != 0
    assert "ben: it could not be put in its place: its folder is a link" in said
    assert "2 new, 1 not collected" in said
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_students_with_names_of_folders(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Is nobody left out for being called as programs call their folders?"""
    one = downloads.notebook(answers)
    take({f"{who}/{NOTEBOOK}": one for who in ("env", "venv", ".lena", "max")})
    assert set(handed_in(course)) == {"env", "venv", ".lena", "max"}


def test_damaged_origins(course: Course, take: Callable[..., tuple[int, str]], answers: Path) -> None:
    """Does a file of ours that is damaged have a message that says what to do?"""
    entries = {moodle("Lena", 1, NOTEBOOK): downloads.notebook(answers)}
    take(entries)
    path = course.grading / "collected" / f"{NAME}.json"
    for content in ("{", "[1]", '[{"student": "Lena"}]', '{"a": 1}'):
        path.write_text(content, encoding="utf-8")
        code, said = take(entries)
        assert code != 0
        assert "Move it away, and collect the same download again" in said
    path.unlink()
    assert "1 unchanged" in take(entries)[1]


@pytest.mark.parametrize("arguments", [["--student", ""], ["--student", " . "]])
def test_no_name(course: Course, take: Callable[..., tuple[int, str]], answers: Path, arguments: list[str]) -> None:
    """Is a student without a name refused?"""
    code, said = take({NOTEBOOK: downloads.notebook(answers)}, *arguments)
    assert code != 0
    assert "--student is empty" in said


def test_a_time_that_cannot_be_read(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path, tmp_path: Path
) -> None:
    """Is it said that a time in another language was not understood?"""
    (tmp_path / "Grades.csv").write_text(
        'Identifier,Full name,Last modified (submission)\nParticipant 1,Lena,"Dienstag, 5. März 2024, 14:30"\n',
        encoding="utf-8",
    )
    entries = {moodle("Lena", 1, NOTEBOOK): downloads.notebook(answers)}
    _, said = take(entries, "--worksheet", str(tmp_path / "Grades.csv"))
    assert "Lena: when it was handed in cannot be read: 'Dienstag" in said


@pytest.mark.parametrize("title", ["notebooks", "archives"])
def test_no_submission_takes_minutes(
    course: Course, take: Callable[..., tuple[int, str]], answers: Path, title: str
) -> None:
    """Is a submission of hundreds of notebooks or of archives that swell not looked into for minutes?"""
    import bz2
    import time

    one = downloads.notebook(answers)
    if title == "notebooks":
        cell = {"cell_type": "code", "metadata": {}, "source": "x", "outputs": []}
        long = json.dumps({"cells": [cell] * 15_000, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
        files = {f"{number}.ipynb": long for number in range(60)}
    else:
        files = {f"{number}.tar.bz2": bz2.compress(b"0" * (180 << 20)) for number in range(8)}
    started = time.monotonic()
    code, said = take({f"lena/{name}": content for name, content in files.items()} | {f"lena/{NOTEBOOK}": one})
    assert code == 0, said
    assert time.monotonic() - started < 40
    assert (course.submitted / "lena" / NAME / NOTEBOOK).read_bytes() == one
