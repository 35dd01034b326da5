"""Is the edition of this very course free of answers, when somebody else looks for them in another way?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.folders import Course
from tests.course.building import ASSIGNMENTS, COURSE, ROOT, copy_of
from tests.course.grading.classes import call
from tests.course.publishing import editions, looking

#: In one process: the course is worked out once, in half a minute.
ONCE = (pytest.mark.slow, pytest.mark.xdist_group("published"))


@pytest.fixture(scope="session")
def real_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Copy the course, with a site that holds its chapters and exercises as they are."""
    course = copy_of(tmp_path_factory.mktemp("real") / "course", *ASSIGNMENTS)
    for name in editions.COPIED:
        shutil.copy(ROOT / name, course.root)
    for chapter in sorted(Path(ROOT / "book").glob("*.md")):
        editions.write(course.root / "book" / chapter.name, chapter.read_text(encoding="utf-8"))
    editions.build_site(course)
    return course


@pytest.mark.slow
@pytest.mark.xdist_group("published")
def test_no_answer_of_the_course_is_published(real_course: Course, tmp_path: Path) -> None:
    """Is every assignment there, with nothing that its instructor keeps?"""
    code, said = call(real_course, "publish", str(tmp_path / "edition"))
    assert code == 0, said
    assert f"{len(ASSIGNMENTS)} assignments, " in said
    assert "too short" not in said
    assert looking.given_away(tmp_path / "edition") == []
    assert sorted(path.name for path in (tmp_path / "edition" / "exercises").iterdir()) == ASSIGNMENTS


@pytest.mark.parametrize("name", [pytest.param(name, marks=ONCE) for name in ASSIGNMENTS])
def test_a_page_with_a_source_on_it_is_refused(real_course: Course, tmp_path: Path, name: str) -> None:
    """Would each assignment's source be noticed, if somebody built a page from it and took the markers out?"""
    text = real_course.source(name).read_text(encoding="utf-8")
    for marker in ("### BEGIN", "### END", "=== BEGIN", "=== END"):
        text = "\n".join(line for line in text.splitlines() if marker not in line)
    page = real_course.root / "_build" / "html" / "page.html"
    editions.write(page, editions.highlighted(*text.splitlines()))
    try:
        code, said = call(real_course, "publish", str(tmp_path / "edition"))
    finally:
        page.unlink()
    assert code == 1
    assert f"site/page.html: a part of the answer of {name}, cell " in said
    assert not (tmp_path / "edition").exists()


@pytest.mark.parametrize("form", ["page.html", "notebook.ipynb", "archive.zip"])
def test_whoever_looks_would_find_it(tmp_path: Path, form: str) -> None:
    """Is an answer found that was put there, so that to find none means something?"""
    lines = looking.BETWEEN.findall(COURSE.source("01_python_layer").read_text(encoding="utf-8"))[2].splitlines()
    if form == "archive.zip":
        editions.write(tmp_path / "packed" / "answer.py", "\n".join(lines))
        editions.pack(tmp_path / "edition" / form, tmp_path / "packed")
    else:
        shown = editions.highlighted if form == "page.html" else editions.notebook
        editions.write(tmp_path / "edition" / form, shown(*lines))
    assert looking.given_away(tmp_path / "edition")
