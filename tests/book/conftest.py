"""The built project, for the tests in this folder: they share a process."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def built_project(book_folder: Path) -> Path:
    """Return the copy of the project that the book was built in."""
    return book_folder / "project"
