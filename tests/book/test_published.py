"""Can the book that was really built be published, and does nobody find an answer in it?"""

from pathlib import Path

import pytest

from course.folders import Course
from tests.course.grading.classes import call
from tests.course.publishing import looking

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]


def test_the_built_book_gives_nothing_away(built_project: Path, tmp_path: Path) -> None:
    """Is every page published, up to date, and free of answers in whatever way they are looked for?"""
    code, said = call(Course(built_project), "publish", str(tmp_path / "edition"))
    assert code == 0, said
    assert "older" not in said
    pages = sorted((built_project / "_build" / "html").rglob("*.html"))
    assert len(sorted((tmp_path / "edition" / "site").rglob("*.html"))) == len(pages)
    assert looking.given_away(tmp_path / "edition") == []
