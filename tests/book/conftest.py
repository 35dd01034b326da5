"""The built site that the tests in this folder share."""

from pathlib import Path

import pytest

from tests.book import building


@pytest.fixture(scope="session")
def built_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a copy of the whole book once, with an empty cache."""
    project = building.copy_project(tmp_path_factory.mktemp("book") / "project")
    done = building.build(project)
    assert done.returncode == 0, f"the book does not build:\n{done.stdout[-10_000:]}"
    return project


@pytest.fixture(scope="session")
def site(built_project: Path) -> Path:
    """Return the folder of the built pages."""
    return built_project / "_build" / "html"
