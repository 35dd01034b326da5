"""The built project, for the tests in this folder: they share a process."""

import re
import shutil
from pathlib import Path

import pytest

from tests.book import building


@pytest.fixture(scope="session")
def built_project(book_folder: Path) -> Path:
    """Return the copy of the project that the book was built in."""
    return book_folder / "project"


@pytest.fixture(scope="session")
def addressed_project(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the book a second time, from the same outputs, with all its addresses filled in."""
    project = tmp_path_factory.mktemp("addressed") / "project"
    shutil.copytree(built_project, project, symlinks=True)
    config = project / "_config.yml"
    text = config.read_text(encoding="utf-8")
    for key, address in building.ADDRESSES.items():
        text, changes = re.subn(rf'^(  {key}: )""', rf"\g<1>{address}", text, flags=re.MULTILINE)
        assert changes == 1, f"_config.yml has no empty {key} any more"
    config.write_text(text, encoding="utf-8")
    done = building.build(project)
    assert done.returncode == 0, f"the book does not build with addresses:\n{done.stdout[-10_000:]}"
    return project
