"""A small course with a small site, ready to publish: whole in a second, so that each test can spoil one of its own."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

from course import engine
from course.folders import Course
from course.gradebook import prepare
from tests.course.building import HIDDEN, ROOT, SMALL, course_with

ANSWER_LINES = [
    "    stride = kernel_size if stride is None else stride",
    "    return (size + 2 * padding - kernel_size) // stride + 1",
]
MODEL_ANSWER = "No window visits a remainder of cells, since one that reached beyond the end would have too few cells."
SCHEME = "1 point: says that the last cells stay out of every window, or draws an axis on which they do so."
#: The line that hidden cases of the small assignment are drawn from.
HIDDEN_LINE = next(line for line in HIDDEN.splitlines() if line.startswith("check("))
TEXT_TASK = f"""+++ {{"minutes": 5}}

## 2. Remainders

What becomes of a remainder?

+++ {{"nbgrader": {{"grade": true, "grade_id": "remainder", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}}}}

{MODEL_ANSWER}

=== BEGIN MARK SCHEME ===

- {SCHEME}

=== END MARK SCHEME ===
"""  # noqa: E501 (jupytext keeps a cell's metadata on one line)
COPIED = ("LICENSE", "LICENSE-CONTENT", "_config.yml", "pyproject.toml", "requirements.lock")
CHAPTER = "# Windows\n\nSay `return x` where there is nothing to do, and `stride = kernel_size` where windows touch.\n"
PAGE = "<!DOCTYPE html><html><body>{}</body></html>"


def released_course(folder: Path) -> Course:
    """Make a course with one assignment, released, and a book of one chapter, built."""
    course = course_with(folder, SMALL + TEXT_TASK)
    for name in COPIED:
        shutil.copy(ROOT / name, folder)
    prepare(course)
    engine.make_release(course, "small")
    (folder / "book").mkdir()
    (folder / "book" / "windows.md").write_text(CHAPTER, encoding="utf-8")
    build_site(course)
    return course


def build_site(course: Course) -> None:
    """Build what Sphinx would, in short: pages, their sources, a search index and an archive of each exercise."""
    site = course.root / "_build" / "html"
    write(site / "index.html", PAGE.format("<a href='book/windows.html'>Begin</a>"))
    for chapter in sorted((course.root / "book").rglob("*.md")):
        name = chapter.relative_to(course.root)
        write(site / "_sources" / name, chapter.read_text(encoding="utf-8"))
        write(site / name.with_suffix(".html"), PAGE.format(chapter.read_text(encoding="utf-8")))
    write(site / "searchindex.js", 'Search.setIndex({"terms": {"stride": [0], "window": [0]}})')
    for path in sorted(course.exercises.glob("*/*.ipynb")):
        pack(site / "_downloads" / f"{path.stem}.zip", path.parent)


def copy(course: Course, folder: Path) -> Course:
    """Copy a course with all that was built in it, and when."""
    shutil.copytree(course.root, folder)
    return Course(folder)


def write(path: Path, text: str) -> None:
    """Write a file and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def pack(target: Path, folder: Path) -> None:
    """Pack a folder as a ZIP."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            archive.write(path, path.relative_to(folder.parent))


def notebook(*lines: str) -> str:
    """Write a notebook with one cell, as JupyterLab does: a JSON string for each line."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": [f"{line}\n" for line in lines]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def highlighted(*lines: str) -> str:
    """Write code as a page shows it: escaped, with a tag around every word."""
    words = [line.replace("&", "&amp;").replace("<", "&lt;").split(" ") for line in lines]
    code = "\n".join(" ".join(f'<span class="n">{word}</span>' for word in line) for line in words)
    return PAGE.format(f'<div class="highlight"><pre><span></span>{code}</pre></div>')


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder with their content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def age(folder: Path, seconds: float) -> None:
    """Let all files below a folder be so much older."""
    for path in folder.rglob("*"):
        if path.is_file():
            then = path.stat().st_mtime - seconds
            os.utime(path, (then, then))
