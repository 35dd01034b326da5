"""The small course that the tests in this folder share."""

from pathlib import Path

import pytest

from course.folders import Course
from tests.course.publishing import editions


@pytest.fixture(scope="session")
def published_from(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a course that can be published. It is for everybody: spoil a copy."""
    return editions.released_course(tmp_path_factory.mktemp("publishing") / "course")


@pytest.fixture
def own_course(published_from: Course, tmp_path: Path) -> Course:
    """Return a copy of the course for one test."""
    return editions.copy(published_from, tmp_path / "course")
