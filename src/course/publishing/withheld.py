"""What learners must not find, each as prints to search for.

A line such as `return x` is in every chapter, so a single line gives nothing away. What counts is a stretch of an
answer, about two lines of it. An answer that is shorter counts as a whole cell, with the name that it defines.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.assignments import sources
from course.assignments.sources import ANSWER, HIDDEN, Cell, Source
from course.folders import Course
from course.publishing import PublishingError
from course.publishing.prints import essence, stretches

SCHEME = re.compile(r"^=== BEGIN MARK SCHEME ===\n(.*?)^=== END MARK SCHEME ===[ \t]*$", re.DOTALL | re.MULTILINE)
MARKER = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*$", re.MULTILINE)
#: A whole cell gives a name its value, which makes also a short one telling; `x = 4` could be anywhere.
SHORTEST_CELL = 10
#: Fewer numbers in a row may be those of another case: a plane of 4×6, say.
SHORTEST_DATA = 40


@dataclass(frozen=True)
class Secret:
    """Something that learners must not find."""

    #: "answer", "hidden test", "hidden case" or "mark scheme"
    kind: str
    #: Assignment and cell.
    where: str
    #: What gives it away, each on its own. Empty where nothing in it could not be there by chance.
    prints: frozenset[bytes]

    def __str__(self) -> str:
        return f"{self.kind} of {self.where}"


def collect(course: Course) -> list[Secret]:
    """List what is withheld in all assignments that have a source, released or not.

    Raises
    ------
    SourceError
        If a source is not in order.
    PublishingError
        If the hidden cases of an assignment are not known.
    """
    notebooks = {name: _built(course, name) for name in course.assignments}
    # Numbers that learners are given anyway are no secret: a small case may come up twice.
    given = b"".join(essence((course.built / name / "checks" / "cases.json").read_text("utf-8")) for name in notebooks)
    found: list[Secret] = []
    for name, notebook in notebooks.items():
        source = sources.read(course.source(name))
        found += [*_answers(source), *_schemes(source), *_tests(source), *_cases(name, notebook, given)]
    return found


def _built(course: Course, name: str) -> dict[str, Any]:
    """Read an assignment as it was built from its source as that is now."""
    path = course.built / name / f"{name}.ipynb"
    if not path.is_file() or not (course.stamps / name).is_file():
        raise PublishingError(
            f"The hidden cases of {name} are not known, so nobody can search for them. See above why it could not be "
            f"built, or run `course prove {name}`."
        )
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def _answers(source: Source) -> Iterator[Secret]:
    for cell in source.cells:
        if not cell.is_answer:
            continue
        text = SCHEME.sub("", cell.node.source)
        is_code = cell.node.cell_type == "code"
        for body in ANSWER.findall(text) or [text]:
            prints = {each for form in _forms(body, is_code) for each in stretches(form)}
            yield _secret("answer", source.name, cell, prints or _whole(MARKER.sub("", text), is_code))


def _schemes(source: Source) -> Iterator[Secret]:
    for cell in source.cells:
        for scheme in SCHEME.findall(cell.node.source):
            yield _secret("mark scheme", source.name, cell, stretches(scheme) or _whole(scheme, False))


def _tests(source: Source) -> Iterator[Secret]:
    """Give the lines from which hidden cases are drawn."""
    for cell in source.cells:
        if cell.hidden is not None:
            yield _secret("hidden test", source.name, cell, stretches(cell.hidden) or _whole(cell.hidden, False))


def _secret(kind: str, name: str, cell: Cell, prints: set[bytes]) -> Secret:
    return Secret(kind, f"{name}, {cell}", frozenset(prints))


def _forms(text: str, is_code: bool) -> Iterator[str]:
    """Return a text as it is, and code also without comments, and without docstrings."""
    yield text
    if is_code:
        with contextlib.suppress(SyntaxError):  # an answer need not be whole statements
            tree = ast.parse(textwrap.dedent(text))
            yield ast.unparse(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) and len(node.body) > 1:
                    del node.body[0]
            yield ast.unparse(tree)


def _whole(text: str, is_code: bool) -> set[bytes]:
    """Return the prints of a cell that has too little in it for a stretch."""
    return {each for each in map(essence, _forms(text, is_code)) if len(each) >= SHORTEST_CELL}


def _cases(name: str, notebook: dict[str, Any], given: bytes) -> Iterator[Secret]:
    for cell in notebook["cells"]:
        for hidden in HIDDEN.findall("".join(cell["source"])):
            where = f"{name}, cell {cell['metadata']['nbgrader']['grade_id']!r}"
            for number, record in enumerate(_records(hidden), start=1):
                prints = {each for each in _prints_of(record) if each not in given}
                yield Secret("hidden case", f"{where}, number {number}", frozenset(prints))


def _records(hidden: str) -> Iterator[dict[str, Any]]:
    """Read the cases of a hidden test as `course.assignments` writes them: `check(subject, [{…}, …])`."""
    for statement in ast.parse(textwrap.dedent(hidden)).body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield from ast.literal_eval(statement.value.args[1])


def _prints_of(record: dict[str, Any]) -> set[bytes]:
    """Return what gives a case away: its opening, its numbers, what is expected, what mistakes would give."""
    parts = [
        {key: record[key] for key in ("title", "subject", "kind", "inputs")},
        {key: record[key] for key in ("signature", "mistakes")},
        *record["inputs"].values(),
        record.get("expected"),
    ]
    forms = {essence(form) for part in parts for form in (repr(part), json.dumps(part, ensure_ascii=False))}
    sealed = {essence(f"sealed{record['sealed']}")} if record.get("sealed") else set()
    return sealed | {form for form in forms if len(form) >= SHORTEST_DATA}
