"""Is what stands for `pooling.figures` in a page the same to whoever imports it, and does it do without matplotlib?"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pooling import figures
from pooling_book import labs
from tests.course.building import ROOT
from tests.course.labs.conftest import ABSENT

SCRIPT = Path(__file__).with_name("look_at_figures.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack what a chapter unpacks."""
    folder = tmp_path_factory.mktemp("page")
    archives = [labs.pack(ROOT / "src", packages) for packages in labs.PACKED.values()]
    for content in [*archives, labs.pack_photograph()]:
        zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    """Return what a page finds in `pooling.figures`."""
    command = [sys.executable, "-I", SCRIPT, folder, *ABSENT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_names(found: dict[str, Any], folder: Path) -> None:
    """Can a page import what a notebook can import, functions as functions?"""
    assert Path(found["file"]).is_relative_to(folder)
    assert found["names"] == figures.__all__
    assert found["functions"] == [name for name in figures.__all__ if callable(getattr(figures, name))]


def test_constants(found: dict[str, Any]) -> None:
    """Are the colours the same?"""
    constants = {name: getattr(figures, name) for name in figures.__all__ if name.isupper()}
    assert found["colour maps"] == list(constants.pop("COLOUR_MAPS"))
    assert found["constants"] == json.loads(json.dumps(constants))
    assert len(constants) > 3


def test_images(found: dict[str, Any], folder: Path) -> None:
    """Are the photograph and its edges the same, to the last bit?"""
    pages, photograph = np.load(folder / "arrays.npz"), figures.photograph()
    for name, ours in zip(("photograph", "right", "down"), (photograph, *figures.sobel(photograph[0])), strict=True):
        assert pages[name].dtype == ours.dtype
        np.testing.assert_array_equal(pages[name], ours)


def test_drawing_is_noted(found: dict[str, Any]) -> None:
    """Does a canvas have as many axes as it should, and does the page learn of it?"""
    assert found["axes"] == [3, 2]
    assert found["drawn"]
