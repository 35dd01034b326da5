"""Does a page with cells say what is wrong when something cannot be had, and work once it can be?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.laboratory import PYODIDE, Exercise, Laboratory
from tests.browser.reader import Reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("labs in trouble")]

NAME, FIRST, CHECK = "01_python_layer", "output-size", "output-size-check"
NO_PYTHON = "Python could not be loaded. Is there a connection? Try again, or work in the notebook."
NO_EDITOR = "The editor could not be loaded. Is there a connection? Try again."
NO_NOTEBOOK = "This page’s notebook could not be loaded. Is there a connection? Try again."
NOT_MADE = "The notebook could not be made: the released one cannot be loaded. Is there a connection? Try again."
#: What cannot be had, and what is said then.
PLACES = {
    "Pyodide": (PYODIDE, NO_PYTHON),
    "the worker": ("**/labs/worker.js*", NO_PYTHON),
    "what the worker unpacks": ("**/labs/*.zip*", NO_PYTHON),
    "the notebook": (f"**/{NAME}.ipynb*", NO_NOTEBOOK),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_connection_that_breaks(reader: Callable[..., Reader], place: str) -> None:
    """Is it told at the cell, and does another press help once the connection is back?"""
    pattern, says = PLACES[place]
    r = reader()
    exercise = Exercise(r, NAME)
    r.context.route(pattern, lambda route: route.abort("internetdisconnected"))
    check = exercise.cell(CHECK)
    exercise.run(check)
    expect(exercise.status(check)).to_have_text(says)
    assert exercise.has_focus()
    r.context.unroute_all()
    if place != "the worker":  # Chromium does not say that a worker's own script is missing
        r.accept("ERR_INTERNET_DISCONNECTED")
    assert exercise.run(check) == "failed"
    expect(check.locator(".lab-report")).to_contain_text("output_size returned None")


def test_no_editor(reader: Callable[..., Reader]) -> None:
    """Is one told who wants to write, and can they do so later?"""
    r = reader()
    r.context.route(PYODIDE, lambda route: None)
    exercise = Exercise(r, NAME)
    r.context.route("**/labs/editor.js*", lambda route: route.abort("internetdisconnected"))
    exercise.button(exercise.cell(FIRST), "Edit").click()
    expect(exercise.status(exercise.cell(FIRST))).to_have_text(NO_EDITOR)
    r.context.unroute("**/labs/editor.js*")
    r.accept("ERR_INTERNET_DISCONNECTED")
    exercise.button(exercise.cell(FIRST), "Edit").click()
    expect(exercise.cell(FIRST).locator(".cm-content")).to_be_focused()
    r.context.unroute_all()


def test_no_notebook_to_take_along(reader: Callable[..., Reader], tmp_path: Path) -> None:
    """Is it said that the file could not be made, and is it made later?"""
    r = reader()
    exercise = Exercise(r, NAME)
    r.context.route("**/*.ipynb*", lambda route: route.abort("internetdisconnected"))
    exercise.bar.get_by_role("button", name="Download my notebook").click()
    expect(exercise.bar.get_by_role("status")).to_have_text(NOT_MADE)
    r.context.unroute_all()
    r.accept("ERR_INTERNET_DISCONNECTED")
    assert exercise.download(tmp_path).stat().st_size > 10_000


def test_a_page_that_is_a_file(reader: Callable[..., Reader], site: Path) -> None:
    """Is it said why nothing runs, and can one write all the same?"""
    exercise = Exercise(reader(f"{site.as_uri()}/"), NAME)
    check = exercise.cell(CHECK)
    exercise.run(check)
    expect(exercise.status(check)).to_contain_text("this one was opened as a file")
    exercise.essays[0].fill("In words.")
    expect(Exercise(exercise.reader, NAME).essays[0]).to_have_value("In words.")


@pytest.mark.parametrize("path", [f"book/exercises/{NAME}.html", "book/intro.html"])
def test_without_javascript(reader: Callable[..., Reader], path: str) -> None:
    """Is every listing there to be read, and no button that does nothing?"""
    page = reader(java_script_enabled=False).open(path)
    listings = page.locator("article div.highlight pre")
    assert listings.count() > 1
    expect(page.locator("article .lab-bar, article .hand-in button")).to_have_count(0)
    expect(page.get_by_text("pool").first).to_be_visible()


def test_an_exercise_that_no_page_can_run(reader: Callable[..., Reader]) -> None:
    """Has the page of an exercise in PyTorch no button that runs anything, and does it say where to solve it?"""
    page = Laboratory(reader(), "book/exercises/03_torch_layer.html").page
    expect(page.locator(".lab, .lab-bar")).to_have_count(0)
    expect(page.locator(".admonition", has_text="Where to solve it")).to_contain_text("PyTorch")
