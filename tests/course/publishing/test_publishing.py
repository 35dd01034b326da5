"""Is what is published whole, and does it take the place of the edition before whole or not at all?"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from course.folders import Course
from course.publishing import placing
from course.publishing.search import Search
from tests.course.building import ROOT
from tests.course.grading.classes import call
from tests.course.publishing import editions


def test_an_edition_is_whole(published_from: Course, tmp_path: Path) -> None:
    """Is everything there that learners need, and nothing else?"""
    code, said = call(published_from, "publish", str(tmp_path / "edition"))
    assert code == 0, said
    edition = editions.files(tmp_path / "edition")
    exercise = editions.files(published_from.exercises / "small")
    site = editions.files(published_from.root / "_build" / "html")
    assert set(edition) == {
        *("README.md", "LICENSE", "LICENSE-CONTENT", "requirements.txt", ".published"),
        *(f"exercises/small/{name}" for name in exercise if "__pycache__" not in name),
        *(f"site/{name}" for name in site),
    }
    assert all(edition[f"site/{name}"] == content for name, content in site.items())
    assert edition["LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert "1 assignment, 2 pages, " in said
    assert "searched for 2 answers, " in said
    assert " hidden cases and 1 mark scheme, and holds none of them." in said


def test_learners_are_told_how_to_begin(published_from: Course, tmp_path: Path) -> None:
    """Does README.md list the assignments and name every system, and does requirements.txt have the lock's pins?"""
    assert call(published_from, "publish", str(tmp_path / "edition"))[0] == 0
    readme = (tmp_path / "edition" / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# Pooling, layer by layer\n")
    assert "| [A small assignment](exercises/small/small.ipynb) | 3 | 10 minutes |" in readme
    assert all(words in readme for words in ("Windows", "macOS", "Linux", "site/index.html", "requirements.txt"))
    assert "CUDA" not in readme, "this course has no use for PyTorch"
    assert 15 <= len(readme.splitlines()) <= 30
    requirements = (tmp_path / "edition" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line.partition("=")[0] for line in requirements] == ["ipykernel", "jupyterlab"]
    assert set(requirements) <= set(lock)


def test_caches_stay_behind(own_course: Course, tmp_path: Path) -> None:
    """Is what opening a notebook leaves no part of an edition?"""
    for cache in ("__pycache__/checks.pyc", ".ipynb_checkpoints/small-checkpoint.ipynb", "checks/__pycache__/x.pyc"):
        editions.write(own_course.exercises / "small" / cache, "\n".join(editions.ANSWER_LINES))
    assert call(own_course, "publish", str(tmp_path / "edition"))[0] == 0
    assert not [name for name in editions.files(tmp_path / "edition") if "cache" in name or "checkpoint" in name]


def test_an_edition_replaces_the_one_before(own_course: Course, tmp_path: Path) -> None:
    """Is the new one whole, and nothing of the old one left, nor beside it?"""
    target = tmp_path / "edition"
    target.mkdir()  # an empty folder is nobody's
    assert call(own_course, "publish", str(target))[0] == 0
    editions.write(target / "site" / "old.html", "old")
    (own_course.root / "_build" / "html" / "new.html").write_text("new")
    beside = set(tmp_path.iterdir())
    assert call(own_course, "publish", str(target))[0] == 0
    assert (target / "site" / "new.html").read_text() == "new"
    assert not (target / "site" / "old.html").exists()
    assert set(tmp_path.iterdir()) == beside


def test_an_edition_can_be_read_by_others(published_from: Course, tmp_path: Path) -> None:
    """Does a web server see it, if the user lets others read what is written?"""
    before = os.umask(0o022)
    try:
        assert call(published_from, "publish", str(tmp_path / "edition"))[0] == 0
    finally:
        os.umask(before)
    paths = [tmp_path / "edition", *(tmp_path / "edition").rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_dir()} == {"0o755"}
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_file()} == {"0o644"}


REFUSED = {
    "the course": (".", "holds the course itself"),
    "a folder around it": ("..", "holds the course itself"),
    "solutions": ("solutions", "the course's own folder solutions"),
    "a folder in exercises": ("exercises/edition", "the course's own folder exercises"),
    "the site": ("_build/html", "the course's own folder _build"),
    "grading, not made yet": ("grading", "the course's own folder grading"),
    "a way around": ("solutions/../src/edition", "the course's own folder src"),
    "a file": ("LICENSE", "is a file"),
    "a folder with files": ("notes", "has files in it that are no edition of “Pooling, layer by layer”"),
    "another course's edition": ("other", "has files in it that are no edition of “Pooling, layer by layer”"),
    "a folder in none": ("nowhere/edition", "There is no folder"),
}


@pytest.mark.parametrize(("place", "why"), REFUSED.values(), ids=REFUSED)
def test_nothing_else_is_replaced(own_course: Course, place: str, why: str) -> None:
    """Is a folder refused in which something else would be lost?"""
    editions.write(own_course.root / "notes" / "mine.txt", "mine")
    editions.write(own_course.root / "other" / placing.MARK, "Cooling, layer by layer\n")
    before = editions.files(own_course.root)
    code, said = call(own_course, "publish", str(own_course.root / place))
    assert code == 1
    assert why in said
    assert {name for name in editions.files(own_course.root) if "__pycache__" not in name} <= {*before}


def no_space(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def stopped(*_: Any) -> Any:
    raise KeyboardInterrupt


INTERRUPTIONS = {
    "a full disk": (shutil, "copyfile", no_space, "No space left on device"),
    "Ctrl-C in the search": (Search, "folder", stopped, "Stopped. Nothing was published"),
    "Ctrl-C at the last moment": (placing, "put", stopped, "Stopped. Nothing was published"),
}


@pytest.mark.parametrize(("where", "name", "what", "why"), INTERRUPTIONS.values(), ids=INTERRUPTIONS)
def test_an_interruption_leaves_the_old_edition(
    own_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, what: Any, why: str
) -> None:
    """Is what was there still there, and nothing beside it?"""
    target = tmp_path / "edition"
    assert call(own_course, "publish", str(target))[0] == 0
    (own_course.root / "_build" / "html" / "new.html").write_text("new")
    before, beside = editions.files(target), set(tmp_path.iterdir())
    monkeypatch.setattr(where, name, what)
    code, said = call(own_course, "publish", str(target))
    assert code == 1
    assert why in said
    assert f"{target} is as it was" in said.replace("\n", "")
    assert editions.files(target) == before
    assert set(tmp_path.iterdir()) == beside


@pytest.mark.parametrize("problem", [OSError("in use"), KeyboardInterrupt()], ids=["in use", "Ctrl-C"])
def test_the_old_edition_returns_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    """Is the old one back if something happens between the two renamings?"""
    target, rename = tmp_path / "edition", Path.rename
    editions.write(target / "page.html", "old")

    def failing(path: Path, to: Path) -> Path:
        if path.name == "new":
            raise problem
        return rename(path, to)

    with placing.beside(target) as new, monkeypatch.context() as patch:
        (new / "page.html").write_text("new")
        patch.setattr(Path, "rename", failing)
        with pytest.raises(type(problem)):
            placing.put(new, target)
    assert editions.files(tmp_path) == {"edition/page.html": b"old"}


MISSING = {
    "no book": ("_build/html", "There is no built book in", "make book"),
    "no release": ("exercises/small", "No assignment is released", "course release"),
    "no licence": ("LICENSE-CONTENT", "LICENSE-CONTENT is missing", ""),
}


@pytest.mark.parametrize(("gone", "why", "remedy"), MISSING.values(), ids=MISSING)
def test_what_is_missing_is_named(own_course: Course, tmp_path: Path, gone: str, why: str, remedy: str) -> None:
    """Does the refusal say what to do?"""
    path = own_course.root / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    code, said = call(own_course, "publish", str(tmp_path / "edition"))
    assert code == 1
    assert why in said
    assert remedy in said
    assert not (tmp_path / "edition").exists()


def test_a_package_without_a_pin_is_named(own_course: Course, tmp_path: Path) -> None:
    """Is an edition refused that learners could not install?"""
    (own_course.root / "requirements.lock").write_text("ipykernel==7.0\n", encoding="utf-8")
    code, said = call(own_course, "publish", str(tmp_path / "edition"))
    assert code == 1
    assert "requirements.lock has no pin for jupyterlab. Run: make lock" in said


def test_a_source_that_cannot_be_read_is_named(own_course: Course, tmp_path: Path) -> None:
    """Is nothing published while nobody knows what to search for?"""
    path = own_course.source("small")
    path.write_text(path.read_text(encoding="utf-8").replace("grade_id: visible", "grade_id: answer"), "utf-8")
    code, said = call(own_course, "publish", str(tmp_path / "edition"))
    assert code == 1
    assert "small" in said
    assert "Nothing was published" in said
    assert not (tmp_path / "edition").exists()


def test_an_assignment_without_a_release_is_left_out(own_course: Course, tmp_path: Path) -> None:
    """Is it named? Is it searched for all the same, and is a release without a source left out, too?"""
    text = own_course.source("small").read_text(encoding="utf-8").replace("beyond the end", "past the border")
    own_course.source("later").write_text(text, encoding="utf-8")
    shutil.copytree(own_course.exercises / "small", own_course.exercises / "older")
    (own_course.exercises / "older" / "small.ipynb").rename(own_course.exercises / "older" / "older.ipynb")
    code, said = call(own_course, "publish", str(tmp_path / "edition"))
    assert code == 0, said
    assert "later is not released, and left out. To release it: course release later" in said
    assert "exercises/older has no source" in said
    assert "1 assignment, " in said
    assert "searched for 4 answers, " in said
    assert sorted(path.name for path in (tmp_path / "edition" / "exercises").iterdir()) == ["small"]
    answer = editions.MODEL_ANSWER.replace("beyond the end", "past the border")
    editions.write(own_course.root / "_build" / "html" / "page.html", answer)
    code, said = call(own_course, "publish", str(tmp_path / "edition"))
    assert code == 1
    assert "site/page.html: a part of the answer of later, cell 'remainder'" in said


def test_an_old_site_is_told_of(own_course: Course, tmp_path: Path) -> None:
    """Does an instructor hear that the site is older than a chapter, or shows one that is gone?"""
    target = tmp_path / "edition"
    editions.age(own_course.root, 60)
    assert "older" not in call(own_course, "publish", str(target))[1]
    chapter = own_course.root / "book" / "windows.md"
    chapter.touch()
    code, said = call(own_course, "publish", str(target))
    assert code == 0
    assert "The site is older than book/windows.md. To bring it up to date: make book" in said
    editions.age(chapter.parent, 3600)
    (own_course.exercises / "small" / "small.ipynb").touch()
    assert "older than exercises/small/small.ipynb" in call(own_course, "publish", str(target))[1]
    chapter.unlink()
    assert "a page made from book/windows.md, no longer there" in call(own_course, "publish", str(target))[1]
