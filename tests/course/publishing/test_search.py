"""Is everything that learners must not find refused, wherever in the edition it is?"""

from __future__ import annotations

import ast
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.folders import Course
from course.publishing.search import Search
from course.publishing.withheld import collect
from tests.course.grading.classes import call
from tests.course.publishing import editions
from tests.course.publishing.editions import ANSWER_LINES, HIDDEN_LINE, MODEL_ANSWER, SCHEME, highlighted, notebook

Put = Callable[[str], bytes]


def record(course: Course) -> dict[str, Any]:
    """Return the first hidden case as graders have it."""
    built = json.loads((course.built / "small" / "small.ipynb").read_text(encoding="utf-8"))
    lines = "".join("".join(cell["source"]) + "\n" for cell in built["cells"]).splitlines()
    return ast.literal_eval(next(line.strip().rstrip(",") for line in lines if line.startswith("    {'title'")))


#: What is given away: what the refusal calls it, and how it reads.
SECRETS: dict[str, tuple[str, Callable[[Course], str]]] = {
    "an answer": ("a part of the answer of small, cell 'answer'", lambda course: "\n".join(ANSWER_LINES)),
    "a model answer": ("a part of the answer of small, cell 'remainder'", lambda course: MODEL_ANSWER),
    "a mark scheme": ("a part of the mark scheme of small, cell 'remainder'", lambda course: SCHEME),
    "a hidden case": ("a part of the hidden case of small, cell 'hidden'", lambda course: repr(record(course))),
    "a case as JSON": ("a part of the hidden case of small, cell 'hidden'", lambda course: json.dumps(record(course))),
    "a hidden line": ("a part of the hidden test of small, cell 'hidden'", lambda course: HIDDEN_LINE),
    "a marker": ("the marker BEGIN HIDDEN TESTS", lambda course: "### BEGIN HIDDEN TESTS\n..."),
    "a source": ("it names a file in solutions/", lambda course: "see ../solutions/small.md"),
    "a source elsewhere": ("it names a file in solutions/", lambda course: "https://git.example/solutions/small.md"),
}


def zipped(name: str, content: bytes) -> bytes:
    """Pack one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def inventory(content: bytes) -> bytes:
    """Pack a text as Sphinx packs the names of a site."""
    return b"# Sphinx inventory version 2\n# Project: small\n# Version: \n# zlib\n" + zlib.compress(content)


#: Where it is put, the file in that if it is an archive, and in what form.
PLACES: dict[str, tuple[str, str, Put]] = {
    "a page": ("site/book/windows.html", "", lambda text: highlighted(*text.splitlines()).encode()),
    "the source of a page": ("site/_sources/book/windows.md", "", lambda text: f"# Windows\n\n{text}\n".encode()),
    "the search index": ("site/searchindex.js", "", lambda text: f"setIndex({json.dumps({'all': text})})".encode()),
    "a notebook": ("exercises/small/more.ipynb", "", lambda text: notebook(*text.splitlines()).encode()),
    "an output": (
        "exercises/small/more.ipynb",
        "",
        lambda text: json.dumps({"cells": [{"outputs": [{"data": {"text/html": highlighted(text)}}]}]}).encode(),
    ),
    "an archive": (
        "site/_downloads/small.zip",
        "/small/small.ipynb",
        lambda text: zipped("small/small.ipynb", notebook(*text.splitlines()).encode()),
    ),
    "a wheel in an archive": (
        "site/_downloads/all.zip",
        "/small.whl/small.py",
        lambda text: zipped("small.whl", zipped("small.py", text.encode())),
    ),
    "a packed file": ("site/_static/small.md.gz", "", lambda text: gzip.compress(text.encode())),
    "the inventory": ("site/objects.inv", "", lambda text: inventory(text.encode())),
}


@pytest.mark.parametrize(
    ("place", "secret"),
    [*((place, "an answer") for place in PLACES), *(("a page", secret) for secret in SECRETS if secret != "an answer")],
)
def test_what_gives_something_away_is_refused(own_course: Course, tmp_path: Path, place: str, secret: str) -> None:
    """Is the file named, and what is in it, but not how it reads? And is nothing written?"""
    (file, inside, put), (said, text) = PLACES[place], SECRETS[secret]
    bases = {"site": own_course.root / "_build" / "html", "exercises": own_course.exercises}
    folder, _, name = file.partition("/")
    planted = bases[folder] / name
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_bytes(put(text(own_course)))
    before = set(tmp_path.iterdir())
    code, output = call(own_course, "publish", str(tmp_path / "edition"))
    assert code == 1
    assert f"{file}{inside}: {said}" in output
    assert "Nothing was published" in output
    assert not any(line.strip() in output for line in text(own_course).splitlines() if len(line) > 30)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("secret", SECRETS)
def test_every_secret_is_found_in_every_place(published_from: Course, tmp_path: Path, place: str, secret: str) -> None:
    """Does the search see through every form, for whatever it is?"""
    (file, inside, put), (said, text) = PLACES[place], SECRETS[secret]
    editions.write(tmp_path / file, "")
    (tmp_path / file).write_bytes(put(text(published_from)))
    found = list(Search(collect(published_from), ["small"]).folder(tmp_path))
    assert any(line.startswith(f"{file}{inside}: {said}") for line in found), found


HARMLESS = {
    "the line that everybody writes": "return x",
    "one line of an answer": ANSWER_LINES[0],
    "another order": "\n".join(reversed(ANSWER_LINES)),
    "a case that is not hidden": "output_size(11, kernel_size=3)",
    "the address of another site": "https://example.org/solutions/cooling",
    "a word that ends alike": "two resolutions/scales",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_a_book_may_say_is_let_through(published_from: Course, tmp_path: Path, text: str) -> None:
    """Can a chapter show a line that answers have too?"""
    (tmp_path / "page.html").write_text(highlighted(*text.splitlines()), encoding="utf-8")
    assert list(Search(collect(published_from), ["small"]).folder(tmp_path)) == []


CLOSED = {
    "a damaged archive": b"PK\x03\x04" + b"\0" * 60,
    "an archive cut short": zipped("small.py", b"x" * 1000)[:-30],
    "another kind of archive": b"7z\xbc\xaf\x27\x1c" + b"\0" * 60,
    "a packed file cut short": gzip.compress(b"x" * 1000)[:-10],
}


@pytest.mark.parametrize("content", CLOSED.values(), ids=CLOSED)
def test_what_cannot_be_opened_is_refused(published_from: Course, tmp_path: Path, content: bytes) -> None:
    """Is nothing let through because nobody could look into it?"""
    (tmp_path / "more.bin").write_bytes(content)
    found = list(Search(collect(published_from), ["small"]).folder(tmp_path))
    assert len(found) == 1
    assert found[0].startswith("more.bin: it cannot be opened")


def test_a_folder_of_solutions_is_refused(published_from: Course, tmp_path: Path) -> None:
    """Is a folder of that name seen, whatever is in it?"""
    (tmp_path / "site" / "solutions").mkdir(parents=True)
    (tmp_path / "site" / "solutions" / "page.html").write_text("nothing")
    found = list(Search(collect(published_from), ["small"]).folder(tmp_path))
    assert found == ["site/solutions/page.html: it lies in a folder called solutions"]


def test_every_secret_can_be_searched_for(published_from: Course) -> None:
    """Does each have a print, and are there as many as the assignment has?"""
    secrets = collect(published_from)
    assert all(secret.prints for secret in secrets)
    kinds = [secret.kind for secret in secrets]
    assert {kind: kinds.count(kind) for kind in kinds if kind != "hidden case"} == {
        "answer": 2,
        "mark scheme": 1,
        "hidden test": 1,
    }
    assert kinds.count("hidden case") >= 4
