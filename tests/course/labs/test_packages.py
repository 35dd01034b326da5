"""Is a package that is not there loaded where that is possible, and explained where it is not?"""

from __future__ import annotations

import sys

import pytest

from course.labs.packages import NAMES
from tests.course.labs.conftest import Page

LOADABLE = "a_package_that_can_be_loaded"


@pytest.mark.parametrize(
    "source",
    [
        f"import {LOADABLE}",
        f"import {LOADABLE}.linalg as linalg",
        f"from {LOADABLE} import linalg",
        f"def load():\n    import {LOADABLE}\nload()",
        f"try:\n    import {LOADABLE}\nexcept ImportError:\n    pass",
    ],
)
def test_a_loadable_package_is_asked_for(source: str) -> None:
    """Does the page learn what to load, however it is imported, and only when that happens?"""
    page = Page(LOADABLE)
    assert page.run(source)["packages"] == [LOADABLE]
    assert page.run(source, "1 + 1")["packages"] == []


def test_a_package_that_is_there_is_not_asked_for() -> None:
    """Is nothing loaded for a package that has no part of some name, such as NumPy, which tries?"""
    page = Page("json")
    assert page.run("import json\ntry:\n    import json.nothing\nexcept ImportError:\n    pass")["packages"] == []


@pytest.mark.usefixtures("without_packages")
@pytest.mark.parametrize("source", ["import torch", "import torch.nn as nn", "from torch.nn import functional"])
def test_pytorch_is_explained(page: Page, source: str) -> None:
    """Does a learner who imports torch read what to do instead?"""
    found = page.run(source)
    assert str(found["error"]).splitlines()[-1] == (
        "ModuleNotFoundError: PyTorch does not run in a page. Download the page as a notebook, and run it on a computer"
        " that has PyTorch."
    )
    assert found["packages"] == []


def test_every_other_package_is_explained(page: Page) -> None:
    """Is it said what a page has, where nothing is known about what it has not?"""
    assert "torch" in NAMES
    lines = str(page.run("import a_package_of_somebodys")["error"]).splitlines()
    assert lines[-2:] == [
        "ModuleNotFoundError: No module named 'a_package_of_somebodys'",
        "A page has Python's standard library and NumPy; the rest is for Jupyter.",
    ]


def test_imports_are_watched_in_cells_alone(page: Page) -> None:
    """Is nothing left where Python looks for modules?"""
    before = list(sys.meta_path)
    page.run("import a_package_of_somebodys")
    assert sys.meta_path == before
