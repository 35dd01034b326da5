"""Assignments for the tests: those of the course, worked out once, and small ones made for a test."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

import nbformat
import pytest

from course.assignments import building, sources
from course.folders import Course
from course.proofs.stock import answered

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)
ASSIGNMENTS = COURSE.assignments
#: The quick ones; `make check` is content with these.
QUICK = ("00_warm_up", "01_python_layer")
#: All of them as parameters: the tests of one stay in one process, so that it is worked out once.
EACH = [
    pytest.param(name, marks=[pytest.mark.xdist_group(name), *([] if name in QUICK else [pytest.mark.slow])])
    for name in ASSIGNMENTS
]

HEADER = """---
course:
  title: A small assignment
  seed: 1
  values: list
  packages: []
jupytext:
  notebook_metadata_filter: course
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A small assignment

One task.

"""


def cell(source: str, grade_id: str, points: float | None = None, solution: bool = False) -> str:
    """Write a code cell with nbgrader's metadata."""
    metadata = f"grade: {str(points is not None).lower()}, grade_id: {grade_id}, locked: {str(not solution).lower()}, "
    metadata += f"schema_version: 3, solution: {str(solution).lower()}, task: false"
    metadata += f", points: {points}" if points is not None else ""
    return f"```{{code-cell}} ipython3\n---\nnbgrader: {{{metadata}}}\n---\n{source}\n```\n\n"


GIVEN = cell("from checks import check", "imports")
PROSE = '+++ {"minutes": 5}\n\n## 1. Windows\n\nWrite `output_size`.\n\n'
ANSWER = cell(
    "def output_size(size, kernel_size, stride=None, padding=0):\n    ### BEGIN SOLUTION\n"
    "    stride = kernel_size if stride is None else stride\n"
    "    return (size + 2 * padding - kernel_size) // stride + 1\n    ### END SOLUTION",
    "answer",
    solution=True,
)
VISIBLE = cell(
    'against(output_size)\ncheck(output_size, "a remainder", size=9, kernel_size=4, stride=2, padding=2)\n'
    'check(output_size, "more than half a remainder", size=11, kernel_size=3)\n'
    'check(output_size, "padding", size=7, kernel_size=3, stride=2, padding=1)\n'
    'check(output_size, "no padding", size=7, kernel_size=3, stride=2)',
    "visible",
    1,
)
HIDDEN = cell(
    "against(output_size)\n### BEGIN HIDDEN TESTS\n"
    'check(output_size, "others", size=between(5, 40), kernel_size=between(2, 6), stride=one_of(None, 1, 2, 3), '
    "padding=between(0, 2))\n### END HIDDEN TESTS",
    "hidden",
    1,
)
SMALL = HEADER + GIVEN + PROSE + ANSWER + VISIBLE + HIDDEN


def course_with(folder: Path, text: str = SMALL, name: str = "small") -> Course:
    """Make a course with one assignment."""
    course = Course(folder)
    course.solutions.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text(encoding="utf-8"), "utf-8")
    course.source(name).write_text(text, encoding="utf-8")
    return course


def copy_of(folder: Path, *names: str) -> Course:
    """Copy the course with some of its assignments, and nothing that a command wrote."""
    course = Course(folder)
    course.solutions.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for name in names:
        shutil.copy(COURSE.source(name), course.solutions)
        shutil.copytree(COURSE.exercises / name, course.exercises / name, ignore=shutil.ignore_patterns("__pycache__"))
    return course


@functools.cache
def built(name: str) -> building.Built:
    """Work out an assignment of the course, once for each process."""
    return building.build(sources.read(COURSE.source(name)))


def solved(name: str, folder: Path) -> Path:
    """Copy a released assignment with the answers filled in, and return the notebook."""
    shutil.copytree(COURSE.exercises / name, folder, dirs_exist_ok=True)
    path = folder / f"{name}.ipynb"
    nbformat.write(answered(built(name), nbformat.read(path, as_version=4)), path)
    return path
