"""Are the cells of several pages executed at once, only those that may be, and is what they print kept as it is?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book import building

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]

PAGE = """\
---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{display_name: Python 3, language: python, name: python3}}
---

# Page {number}

```{{code-cell}} python
:tags: [{tags}]

{source}
```
"""
AHEAD = re.compile(r"executing cells, (\d+) pages? at once")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project whose book has four pages."""
    project = building.copy_project(tmp_path_factory.mktemp("ahead") / "project")
    toc = "format: jb-book\nroot: book/p0\nchapters:\n" + "".join(f"  - file: book/p{n}\n" for n in (1, 2, 3))
    (project / "_toc.yml").write_text(toc, encoding="utf-8")
    return project


def write(project: Path, number: int, source: str, tags: str = "") -> None:
    text = PAGE.format(number=number, source=source, tags=tags)
    (project / "book" / f"p{number}.md").write_text(text, encoding="utf-8")


def shown(project: Path, number: int) -> str:
    return (project / "_build" / "html" / "book" / f"p{number}.html").read_text(encoding="utf-8")


def test_pages_are_executed_once_and_those_that_measure_alone(project: Path, tmp_path: Path) -> None:
    """Is each page executed once, those tagged `alone` later than all others, and nothing again in a second build?"""
    log = tmp_path / "log"
    noting = f"from pathlib import Path\nwith Path({str(log)!r}).open('a') as f: f.write('{{}} ')\nprint('page', {{}})"
    for number in range(4):
        write(project, number, noting.format(number, number * 11), "alone" if number == 2 else "")
    done = building.build(project)
    assert done.returncode == 0, done.stdout
    order = log.read_text(encoding="utf-8").split()
    assert sorted(order) == ["0", "1", "2", "3"]
    assert order[-1] == "2"
    assert AHEAD.findall(done.stdout)[-1] == "1"
    for number in range(4):
        assert f"page {number * 11}" in shown(project, number)

    write(project, 1, "print('another page')")
    done = building.build(project)
    assert done.returncode == 0, done.stdout
    assert len(log.read_text(encoding="utf-8").split()) == 4
    assert AHEAD.findall(done.stdout) == ["1"]
    assert "another page" in shown(project, 1)


def test_an_error_is_reported_as_always(project: Path) -> None:
    """Does a build fail that executes a failing page beside others, and name the page and the error?"""
    write(project, 0, "print('fine again')")
    write(project, 1, "1 / 0")
    write(project, 2, "print('also fine')")
    done = building.build(project)
    assert done.returncode != 0
    assert AHEAD.search(done.stdout)
    assert "ZeroDivisionError" in done.stdout
    assert "p1.md" in done.stdout
    assert "also fine" in shown(project, 2)


@pytest.mark.parametrize("tags", ["", "alone"])
def test_what_arrives_in_pieces_is_shown_in_one(project: Path, tags: str) -> None:
    """Are cuts within lines, before their ends and between them invisible on the page?"""
    pieces = ["first", " line", "\n", "second line\n", "\n", "after an empty ", "line\n"]
    source = f"import sys\nfor piece in {pieces!r}:\n    sys.stdout.write(piece)\n    sys.stdout.flush()"
    for number in range(4):
        write(project, number, source if number == 3 else f"print({number}, {tags!r})", tags if number == 3 else "")
    done = building.build(project)
    assert done.returncode == 0, done.stdout
    output = BeautifulSoup(shown(project, 3), "html.parser").select(".cell_output .stream pre")
    assert [pre.get_text().rstrip("\n") for pre in output] == ["first line\nsecond line\n\nafter an empty line"]
