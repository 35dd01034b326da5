"""Is what a reader's code can do to a page understood, and does it leave the page in order?"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.laboratory import HURRY, PATIENCE, Exercise, window

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("errors of exercises")]

FIRST, SECOND, CHECK = "output-size", "max-pool-2x2", "output-size-check"
LABEL = "Your answer (1. How many windows fit?)"
#: What only C goes round in, so that Python cannot stop it.
ENDLESS_IN_C = "import itertools\n\nall(itertools.repeat(True))"
NUMPY = "numpy-"


@pytest.fixture(scope="module")
def opened(chromium_browser: Browser, address: str) -> Iterator[Exercise]:
    """Open an exercise whose cells have two seconds each, and whose checks have as long as ever."""
    with window(chromium_browser, address) as reader:
        reader.page.add_init_script(HURRY)
        yield Exercise(reader, "01_python_layer")


@pytest.fixture
def exercise(opened: Exercise) -> Iterator[Exercise]:
    """Mend afterwards what a test broke, and see that all is well without the page being loaded anew."""
    yield opened
    for name in (FIRST, SECOND):
        opened.write(opened.cell(name), opened.answers[name])
    assert opened.run(opened.cell(CHECK)) == "passed"


def test_a_function_that_never_ends(exercise: Exercise) -> None:
    """Is a loop in what is checked stopped, and told as a notebook tells it?"""
    endless = "def output_size(size, kernel_size, stride=None, padding=0):\n    while size > 0:\n        size += 1"
    exercise.write(exercise.cell(FIRST), endless)
    check = exercise.cell(CHECK)
    assert exercise.run(check) == "failed"
    expect(check.locator(".lab-report")).to_contain_text("It did not finish within 10 seconds. Is there a loop that")
    expect(check.locator(".lab-cases .failed")).to_have_count(4)


def test_a_cell_that_never_ends(exercise: Exercise) -> None:
    """Is a loop outside of all functions stopped, and the line named that it was at?"""
    cell = exercise.cell(FIRST)
    exercise.write(cell, "count = 0\nwhile True:\n    count = max(count, 1)\n")
    assert exercise.run(cell) == "error"
    assert re.search(r"This cell, line [23]\n +(while True:|count = max\(count, 1\))\n", exercise.error(cell))
    assert "It was stopped after 2 seconds. Is there a loop that never ends?" in exercise.error(cell)


def test_what_python_cannot_stop(exercise: Exercise) -> None:
    """Is what never comes back from C ended with its worker, and the cell named that it was in?"""
    cell, check = exercise.cell(FIRST), exercise.cell(CHECK)
    exercise.write(cell, ENDLESS_IN_C)
    exercise.run(check)
    expect(exercise.status(cell)).to_have_text(
        "It did not end in time, and was stopped. Is there a loop that never ends?"
    )
    expect(exercise.status(check)).to_contain_text("A cell above was stopped: Your answer (1. How many windows fit?).")
    assert cell.get_attribute("data-state") == "error"


def test_a_reader_stops_it(exercise: Exercise) -> None:
    """Can what runs be stopped with the keys, and does nobody else run meanwhile?"""
    cell, keyboard = exercise.cell(FIRST), exercise.page.keyboard
    exercise.write(cell, ENDLESS_IN_C)
    exercise.button(cell).focus()
    keyboard.press("Enter")
    expect(exercise.button(cell, "Stop")).to_be_visible()
    expect(exercise.button(cell)).to_be_focused()
    expect(exercise.status(cell)).to_have_text("Running …")
    exercise.button(exercise.cell(CHECK)).click()
    expect(exercise.status(exercise.cell(CHECK))).to_have_text("Another cell is running. Stop it, or wait for it.")
    exercise.button(cell, "Stop").focus()
    keyboard.press("Enter")
    expect(exercise.status(cell)).to_have_text("Stopped.")
    expect(exercise.button(cell)).to_be_focused()


def test_what_is_printed_for_ever(exercise: Exercise) -> None:
    """Is a flood cut off, while the page goes on answering?"""
    cell = exercise.cell(FIRST)
    exercise.write(cell, "while True:\n    print('on and on')")
    assert exercise.run(cell) == "error"
    printed = cell.locator("pre.stdout").inner_text()
    assert printed.startswith("on and on\non and on\n")
    assert printed.endswith("… and more, which is not shown.\n")
    assert len(printed) < 60_000


def test_a_syntax_error_shows_its_place(exercise: Exercise) -> None:
    """Does a reader see their own line with a caret under it, and nothing of what ran it?"""
    cell = exercise.cell(FIRST)
    exercise.write(cell, "def output_size(size):\n    return size +* 2\n")
    assert exercise.run(cell) == "error"
    assert exercise.error(cell).rstrip() == (
        "  This cell, line 2\n    return size +* 2\n                 ^\nSyntaxError: invalid syntax"
    )


def test_the_first_cause_is_named(exercise: Exercise) -> None:
    """Does a check that lacks a name say which cell above failed to make it?"""
    cell, check = exercise.cell(FIRST), exercise.cell(CHECK)
    exercise.write(cell, "del output_size\n")
    assert exercise.run(check) == "error"
    assert "NameError: name 'output_size' is not defined" in exercise.error(check)
    note = check.locator(".lab-note")
    expect(note).to_have_text("A cell above ended in an error: Your answer (1. How many windows fit?). Begin there.")
    note.get_by_role("link").click()
    expect(cell).to_be_in_viewport()
    assert cell.get_attribute("data-state") == "error"
    assert "This cell, line 1\n    del output_size" in exercise.error(cell)


def test_an_error_in_a_cell_above_is_called_one(exercise: Exercise) -> None:
    """Does the trace through a function of another cell say where that is?"""
    exercise.write(exercise.cell(FIRST), "def output_size(size):\n    return size / 0\n")
    below = exercise.cell(SECOND)
    exercise.write(below, "output_size(3)")
    assert exercise.run(below) == "error"
    trace = exercise.error(below)
    assert "This cell, line 1" in trace
    assert "A cell above, line 2, in output_size\n    return size / 0" in trace
    assert trace.rstrip().endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import torch", "ModuleNotFoundError: PyTorch does not run in a page. Download the page as a notebook"),
        ("import torch.nn as nn", "PyTorch does not run in a page."),
        ("input('How many? ')", "A page cannot be asked with input()."),
        ("import scipy", "No module named 'scipy'"),
    ],
)
def test_what_a_page_cannot_do(exercise: Exercise, source: str, says: str) -> None:
    """Is it said, and what to do instead?"""
    cell = exercise.cell(FIRST)
    exercise.write(cell, source)
    assert exercise.run(cell) == "error"
    assert says in exercise.error(cell)


def test_numpy_comes_when_it_is_imported(exercise: Exercise) -> None:
    """Is NumPy loaded in an exercise without it when somebody imports it, and not before?"""
    urls = [response.url for response in exercise.reader.responses]
    assert not any(NUMPY in url for url in urls)
    cell = exercise.cell(FIRST)
    exercise.write(cell, "import numpy as np\n\nnp.arange(6).reshape(2, 3)")
    assert exercise.run(cell) == "done"
    assert cell.locator("pre.value").inner_text() == "array([[0, 1, 2],\n       [3, 4, 5]])"
    assert any(NUMPY in response.url for response in exercise.reader.responses)


def test_a_name_that_is_gone(exercise: Exercise) -> None:
    """Does a check whose function was renamed say what it looks for?"""
    exercise.write(exercise.cell(FIRST), "def output_sise(size):\n    return size\n")
    check = exercise.cell(CHECK)
    assert exercise.run(check) == "error"
    expect(check.locator(".lab-note")).to_have_text(
        "No cell above defines output_size. Your answer has to, under this very name."
    )


def test_a_check_of_ones_own_checks_nothing(exercise: Exercise) -> None:
    """Does a function that a learner calls `check` neither pass nor break the check?"""
    cell, check = exercise.cell(FIRST), exercise.cell(CHECK)
    exercise.write(cell, "def check(*anything):\n    pass\n\ndef output_size(*anything, **more):\n    return 0\n")
    assert exercise.run(check) == "failed"
    exercise.write(cell, f"{exercise.answers[FIRST]}\ncheck = 3\n")
    assert exercise.run(check) == "passed"


def test_all_checks_at_once(exercise: Exercise) -> None:
    """Does one button say of every task how it stands?"""
    exercise.write(exercise.cell(FIRST), exercise.answers[FIRST])
    exercise.bar.get_by_role("button", name="Check all").click()
    ended = exercise.page.locator(".cell-check:is([data-state=passed], [data-state=failed], [data-state=error])")
    expect(ended).to_have_count(len(exercise.checks), timeout=PATIENCE)
    assert exercise.ended(exercise.cell(CHECK)) == "passed"
    assert exercise.points()[0] == exercise.page.locator(".cell-check[data-state=passed]").count()
