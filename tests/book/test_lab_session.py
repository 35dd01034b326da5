"""Does a page say what a notebook says? Its worker runs in Node, with the site's own Pyodide."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import nbformat
import pytest

from course.labs.session import Session
from course.proofs.cells import released_checks
from pooling_book import assignments, labs, pyodide
from tests.book import node
from tests.book.altered import answers, text_of
from tests.book.building import ROOT
from tests.course.building import COURSE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("worker")]

SCRIPT = ROOT / "tests" / "book" / "lab_worker.js"
EXERCISES = ("00_warm_up", "01_python_layer", "02_numpy_layer")
#: Seconds that a cell has.
SECONDS, SHORT = 20, 0.5
#: What runs, in this order: cells with id, source, seconds and role. The last one is what somebody wants to run.
Cells = list[dict[str, Any]]


class Mistake(NamedTuple):
    """What a learner with a misconception writes."""

    exercise: str
    #: Of the answer.
    grade_id: str
    right: str
    wrong: str
    name: str


MISTAKES = [
    Mistake("00_warm_up", "windows", "    4\n", "    5\n", "rounds-up"),
    Mistake("00_warm_up", "means", "[[3.75, 2.25], [4.5, 5]]", "[[15, 9], [18, 20]]", "sum-for-mean"),
    Mistake("00_warm_up", "bordered", "[[-4, -1], [-2, 8]]", "[[0, 0], [0, 8]]", "pads-with-zero"),
    Mistake("01_python_layer", "output-size", " // stride + 1", " // stride", "forgets-plus-one"),
    Mistake("01_python_layer", "max-pool-2x2", "max(", "min(", "minimum"),
    Mistake(
        "01_python_layer", "max-pool2d", "kernel_size if stride is None", "1 if stride is None", "default-stride-one"
    ),
    Mistake("01_python_layer", "max-pool2d-padded", 'float("-inf")', "0", "pads-with-zero"),
    Mistake("01_python_layer", "avg-pool2d", "if count_include_pad", "if not count_include_pad", "flag-inverted"),
    Mistake("02_numpy_layer", "max-pool-2x2", "return blocks", "x[:] = 0\n    return blocks", "changes-its-input"),
    Mistake("02_numpy_layer", "windows", "::row_step, ::column_step", "::1, ::1", "ignores-stride"),
    Mistake("02_numpy_layer", "max-pool2d", "-np.inf", "0", "pads-with-zero"),
    Mistake("02_numpy_layer", "max-pool2d", "axis=(-2, -1))", "axis=(-2, -1)).astype(float)", "wrong-float-width"),
]

#: What else a learner may write, on the page of the pure-Python exercise.
OTHERS = {
    "a figure, which needs NumPy": (
        "from matplotlib import pyplot as plt\nfig, axes = plt.subplots(2, 3)\naxes.shape",
    ),
    "NumPy": ("import numpy as np\nnp.arange(6).reshape(2, 3)",),
    "a check of a loop": (
        "from checks import run",
        "def max_pool2d(x, kernel_size, stride=None):\n    while True:\n        kernel_size += 0",
        'print(run(max_pool2d, ["windows that overlap", "no stride given"], seconds=0.5).text())',
    ),
    "a check of a loop that goes on after errors": (
        "from checks import run",
        "def max_pool2d(*given, **options):\n    for number in iter(int, 1):\n        try:\n            [][number]\n"
        "        except Exception:\n            pass",
        'print(run(max_pool2d, ["windows that overlap"], seconds=0.5).text())',
    ),
    "a generator": ("import itertools", "sum(1 for number in itertools.count() if number < 0)"),
    "a loop": ("while True: pass",),
    "an error in a library": (
        "from checks import check",
        "import statistics\n\ndef max_pool2d(x, kernel_size, stride):\n    return statistics.mean([])",
        'check(max_pool2d, ["windows that overlap"])',
    ),
    "an error of its own": ("def first(x):\n    return x[0]", "first([])"),
    "values and prints": ("import sys\nprint('größe', '−∞')\nprint('other', file=sys.stderr)\n[[0.5] * 3] * 2",),
    "a package that no page has": ("import tensorflow",),
}
#: Those that run until they are stopped.
ENDLESS = ("a generator", "a loop")


class Outcome(NamedTuple):
    """What came of a run: of the cell that was wanted, and of nothing above it."""

    error: str | None
    value: str | None
    report: dict[str, Any] | None
    printed: str


@functools.cache
def released(exercise: str) -> nbformat.NotebookNode:
    return nbformat.reads(text_of(exercise), as_version=4)


def program(exercise: str, texts: dict[str, str], check: str) -> Cells:
    """List what a page runs for a check: what was written and given above it, and the check."""
    roles = {cell["id"]: cell["role"] for cell in assignments.cells(released(exercise))}
    cells: Cells = []
    for cell in released(exercise).cells:
        if cell.id == check or roles.get(cell.id) in ("given", "answer"):
            text = texts.get(cell.id, cell.source)
            cells.append({"id": cell.id, "source": text, "seconds": SECONDS, "role": roles[cell.id]})
        if cell.id == check:
            break
    return cells


def checks(exercise: str) -> list[str]:
    """Return the ids of the visible checks."""
    return [cell["id"] for cell in assignments.cells(released(exercise)) if cell["role"] == "check"]


def mistaken(mistake: Mistake) -> Cells:
    """Return what runs for the check of an answer with a mistake in it."""
    cells = released(mistake.exercise).cells
    ids = {cell.metadata.nbgrader.grade_id: cell.id for cell in cells if "nbgrader" in cell.metadata}
    answer = answers(mistake.exercise)[ids[mistake.grade_id]]
    assert mistake.right in answer
    texts = {**answers(mistake.exercise), ids[mistake.grade_id]: answer.replace(mistake.right, mistake.wrong)}
    return program(mistake.exercise, texts, ids[f"{mistake.grade_id}-check"])


def runs(exercise: str) -> dict[Any, Cells]:
    """Return all that runs on a page, one after the other."""
    found: dict[Any, Cells] = {("blank", check): program(exercise, {}, check) for check in checks(exercise)}
    found |= {("right", check): program(exercise, answers(exercise), check) for check in checks(exercise)}
    found |= {mistake: mistaken(mistake) for mistake in MISTAKES if mistake.exercise == exercise}
    if exercise == "01_python_layer":
        for title, sources in OTHERS.items():
            seconds = SHORT if title in ENDLESS else SECONDS
            cells = enumerate(sources)
            found[title] = [{"id": str(n), "source": text, "seconds": seconds, "role": "own"} for n, text in cells]
    return found


@pytest.fixture(scope="module")
def in_the_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[Any, Outcome]]:
    """Return what runs all of an exercise in its page, once."""
    app = SimpleNamespace(srcdir=ROOT, outdir=tmp_path_factory.mktemp("site"))
    pyodide.copy(app)
    labs.prepare(app)
    folder = app.outdir / labs.FOLDER
    known: dict[str, dict[Any, Outcome]] = {}

    def outcomes(exercise: str) -> dict[Any, Outcome]:
        if exercise not in known:
            known[exercise] = dict(zip(runs(exercise), ran(folder, f"{pyodide.folder(app)}/", exercise), strict=True))
        return known[exercise]

    return outcomes


def ran(folder: Path, python: str, exercise: str) -> Iterator[Outcome]:
    """Let the worker of an exercise's page run everything; yield what came of each run."""
    settings = labs.exercise(released(exercise), exercise)
    start = {"kind": "start", "python": python, "loadable": pyodide.PACKAGES}
    start |= {name: settings[name] for name in ("packages", "folder")}
    start |= {name: [str(folder / archive) for archive in settings[name]] for name in ("packed", "archives")}
    messages = [start, *({"kind": "run", "run": n, "cells": cells} for n, cells in enumerate(runs(exercise).values()))]
    told = node.run(SCRIPT, {"worker": str(folder / "worker.js"), "messages": messages})
    assert not [message for message in told if message["kind"] == "failed"]
    for run in range(len(messages) - 1):
        own = [message for message in told if message.get("run") == run]
        begun = max(place for place, message in enumerate(own) if message["kind"] == "begin")
        *printed, end, finished = own[begun + 1 :]
        assert (end["kind"], finished["kind"]) == ("end", "finished")
        yield outcome(end["result"], "".join(message["text"] for message in printed))


def outcome(result: dict[str, Any], printed: str) -> Outcome:
    error = result.get("error")
    marks = re.compile(r"\n *[~^]+(?=\n)")  # each Python marks other parts of a line
    return Outcome(error and marks.sub("", error), result.get("value"), result.get("report"), printed)


def in_this_python(exercise: str) -> Iterator[Outcome]:
    """Yield what comes of each run in the Python that a notebook has."""
    said: list[str] = []
    session = Session(lambda stream, text: said.append(text))
    with released_checks(COURSE.exercises / exercise):
        for cells in runs(exercise).values():
            first = session.rewind([(cell["id"], cell["source"]) for cell in cells])
            for cell in cells[first:]:
                said.clear()
                result = session.run(cell["id"], cell["source"], cell["seconds"], cell["role"])
            yield outcome(dict(result), "".join(said))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_blank_notebooks_pass_nothing(in_the_page: Callable, exercise: str) -> None:
    """Does every visible check fail as long as nothing is written, and say so as a check?"""
    for check in checks(exercise):
        report = in_the_page(exercise)["blank", check].report
        assert report is not None
        assert not any(case["passed"] for case in report["cases"])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_right_answers_pass_everything(in_the_page: Callable, exercise: str) -> None:
    """Does every visible check pass?"""
    for check in checks(exercise):
        found = in_the_page(exercise)["right", check]
        assert (found.error, found.report) == (None, None)
        assert found.printed.rstrip().splitlines()[0].endswith("✓")


@pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: f"{mistake.exercise}-{mistake.grade_id}-{mistake.name}"
)
def test_misconceptions_are_named(in_the_page: Callable, mistake: Mistake) -> None:
    """Is a learner told in the page what they misunderstood?"""
    report = in_the_page(mistake.exercise)[mistake].report
    assert report is not None
    assert mistake.name in report["mistakes"]
    assert report["reason"].startswith("→") or report["cases"][0]["message"]


def test_loops_are_stopped(in_the_page: Callable) -> None:
    """Is a loop stopped within its time wherever it is, and is the learner told what to look at?"""
    outcomes = in_the_page("01_python_layer")
    for title in ENDLESS:
        assert "It was stopped after 0.5 seconds. Is there a loop that never ends?" in outcomes[title].error
    for title in ("a check of a loop", "a check of a loop that goes on after errors"):
        assert "It did not finish within 0.5 seconds. Is there a loop" in outcomes[title].printed


@pytest.mark.parametrize("exercise", EXERCISES)
def test_all_is_as_in_a_notebook(in_the_page: Callable, exercise: str) -> None:
    """Are reports, values, errors and prints the same in the browser's Python and in this one, word for word?"""
    for (title, page), notebook in zip(in_the_page(exercise).items(), in_this_python(exercise), strict=True):
        assert page == notebook, title
