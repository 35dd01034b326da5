"""Looks for answers in a folder, with nothing of `course.publishing`: lines are compared, as a person would."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.course.building import ASSIGNMENTS, COURSE

BETWEEN = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===\n(.*?)=== END MARK SCHEME ===", re.DOTALL)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", re.DOTALL)


def given_away(folder: Path) -> list[str]:
    """List the files in which two lines of an answer follow one another, or anything else that is withheld stands."""
    pairs, lines = _withheld()
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for name, text in _texts(path.name, path.read_bytes()):
            shown = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
            twos = {f"{one}\n{two}" for one, two in itertools.pairwise(shown)}
            found += [f"{path}, {name}: {pair}" for pair in sorted(twos & pairs)]
            found += [f"{path}, {name}: {line}" for line in sorted(set(shown) & lines)]
            found += [f"{path}, {name}: {word}" for word in ("BEGIN SOLUTION", "HIDDEN TESTS") if word in text]
    return found


def _withheld() -> tuple[set[str], set[str]]:
    """Return pairs of lines of answers, and lines of mark schemes and hidden tests."""
    pairs, lines = set(), set()
    for name in ASSIGNMENTS:
        text = COURSE.source(name).read_text(encoding="utf-8")
        for body in BETWEEN.findall(text):
            answer = [" ".join(line.split()) for line in body.splitlines() if line.strip()]
            pairs |= {f"{one}\n{two}" for one, two in itertools.pairwise(answer) if len(one) + len(two) > 60}
        for part in [*SCHEME.findall(text), *HIDDEN.findall(text)]:
            lines |= {" ".join(line.split()) for line in part.splitlines() if len(line) > 30}
    return pairs, lines


def _texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Return what there is to read in a file: of a page its text, of a notebook its cells, of an archive its files."""
    if name.endswith((".zip", ".whl")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inside in archive.namelist():
                yield from _texts(inside, archive.read(inside))
    elif name.endswith(".ipynb"):
        yield from ((f"{name}, a string", text) for text in _strings(json.loads(content)))
    elif name.endswith(".html"):
        page = _Page()
        page.feed(content.decode())
        yield name, "".join(page.text)
    else:
        yield name, content.decode("utf-8", "ignore")


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list) and all(isinstance(item, str) for item in node):
        yield "".join(node)
    elif isinstance(node, list | dict):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _strings(item)


class _Page(HTMLParser):
    """Keeps the text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)
