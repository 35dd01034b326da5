"""Notebooks of one exercise as they come back: altered by programs, and by people."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from course.assignments import sources
from course.grading.rebuilding import is_answer
from tests.course.building import COURSE

#: Its answers are functions, and an essay.
NAME = "01_python_layer"
Notebook = dict[str, Any]


@functools.cache
def text_of(name: str) -> str:
    """Return a released notebook as it is in its file."""
    return (COURSE.exercises / name / f"{name}.ipynb").read_text(encoding="utf-8")


def released(name: str = NAME) -> Notebook:
    return json.loads(text_of(name))


@functools.cache
def answers(name: str = NAME) -> dict[str, str]:
    """Return the right answers by the ids of their cells."""
    known = {cell.grade_id: cell.node.source for cell in sources.read(COURSE.source(name)).cells if cell.is_answer}
    return {cell["id"]: known[grade_id(cell)] for cell in released(name)["cells"] if is_answer(cell)}


def grade_id(cell: Notebook) -> str:
    return cell["metadata"]["nbgrader"]["grade_id"]


def source(cell: Notebook) -> str:
    return "".join(cell["source"])


MUTATIONS: dict[str, Callable[[Notebook], None]] = {}


def mutation(title: str) -> Callable[[Callable[[Notebook], None]], None]:
    def kept(mutate: Callable[[Notebook], None]) -> None:
        MUTATIONS[title] = mutate

    return kept


def new(text: str, kind: str = "code") -> Notebook:
    return {"cell_type": kind, "id": f"new-{len(text)}", "metadata": {}, "source": text}


def places(notebook: Notebook) -> list[int]:
    """Return where the answers are, but for the essay."""
    return [place for place, cell in enumerate(notebook["cells"]) if is_answer(cell) and cell["cell_type"] == "code"]


def blank(number: int) -> Notebook:
    """Return an answer cell as it was released."""
    cells = released()["cells"]
    return cells[places(released())[number]]


@mutation("as it is")
def _(notebook: Notebook) -> None:
    pass


@mutation("blank")
def _(notebook: Notebook) -> None:
    notebook["cells"] = released()["cells"]


@mutation("what programs add")
def _(notebook: Notebook) -> None:
    notebook["metadata"] |= {"colab": {"provenance": []}, "widgets": {}}
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] |= {"id": f"x{number}", "collapsed": True, "vscode": {"languageId": "python"}}
        if cell["cell_type"] == "code":
            cell |= {"execution_count": number, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["x"]}]}


@mutation("other ends of lines")
def _(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = source(cell).replace("\n", "\r\n")


@mutation("spaces at the ends of lines")
def _(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = source(cell).replace("\n", "  \n") + "\n"


@mutation("sources in one piece")
def _(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = source(cell)


@mutation("other ids")
def _(notebook: Notebook) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"x{number}"


@mutation("no ids")
def _(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        del cell["id"]


@mutation("no metadata")
def _(notebook: Notebook) -> None:
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}


@mutation("neither ids nor metadata")
def _(notebook: Notebook) -> None:
    MUTATIONS["other ids"](notebook)
    MUTATIONS["no metadata"](notebook)


@mutation("neither ids nor metadata, half of the answers, and own cells")
def _(notebook: Notebook) -> None:
    for number, place in enumerate(places(notebook)):
        if number % 2:
            notebook["cells"][place]["source"] = blank(number)["source"]
    MUTATIONS["neither ids nor metadata"](notebook)
    notebook["cells"] = [new("first"), *notebook["cells"][:8], new("a = 1"), *notebook["cells"][8:], new("last")]


@mutation("prose deleted")
def _(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@mutation("a given cell deleted")
def _(notebook: Notebook) -> None:
    del notebook["cells"][1]


@mutation("an answer deleted")
def _(notebook: Notebook) -> None:
    del notebook["cells"][places(notebook)[1]]


@mutation("an answer deleted, and written anew")
def _(notebook: Notebook) -> None:
    place = places(notebook)[1]
    notebook["cells"][place] = new(source(notebook["cells"][place]))


@mutation("an answer in a cell below its own")
def _(notebook: Notebook) -> None:
    place = places(notebook)[1]
    notebook["cells"][place : place + 1] = [blank(1), new(source(notebook["cells"][place]))]


@mutation("an answer emptied")
def _(notebook: Notebook) -> None:
    notebook["cells"][places(notebook)[1]]["source"] = []


@mutation("a blank copy above")
def _(notebook: Notebook) -> None:
    notebook["cells"].insert(places(notebook)[1], blank(1))


@mutation("the answer in a copy at the end")
def _(notebook: Notebook) -> None:
    place = places(notebook)[1]
    notebook["cells"].append(notebook["cells"][place])
    notebook["cells"][place] = blank(1)


@mutation("another text in a copy")
def _(notebook: Notebook) -> None:
    notebook["cells"].insert(places(notebook)[1] + 1, {**blank(1), "source": "other = 1"})


@mutation("another text in a copy at the end")
def _(notebook: Notebook) -> None:
    notebook["cells"].append({**blank(1), "source": "other = 1"})


@mutation("an own cell behind copies at the end")
def _(notebook: Notebook) -> None:
    notebook["cells"] += [*released()["cells"][:2], new("a = 1")]


@mutation("the other way round")
def _(notebook: Notebook) -> None:
    notebook["cells"].reverse()


@mutation("a note in the prose")
def _(notebook: Notebook) -> None:
    notebook["cells"][4]["source"] += ["\n", "Mine."]


@mutation("a given cell changed")
def _(notebook: Notebook) -> None:
    notebook["cells"][1]["source"] = "# mine"


@mutation("an answer in a check")
def _(notebook: Notebook) -> None:
    place = places(notebook)[1]
    notebook["cells"][place + 1]["source"][:0] = [*notebook["cells"][place]["source"], "\n"]
    notebook["cells"][place] = blank(1)


@mutation("own cells")
def _(notebook: Notebook) -> None:
    cells = notebook["cells"]
    notebook["cells"] = [new("first"), *cells[:7], new("one"), new("two, a text", "markdown"), *cells[7:], new("last")]


@mutation("an empty cell")
def _(notebook: Notebook) -> None:
    notebook["cells"].insert(5, new(" \n"))


@mutation("a raw cell")
def _(notebook: Notebook) -> None:
    notebook["cells"].insert(5, new("raw", "raw"))


@mutation("an essay below its cell")
def _(notebook: Notebook) -> None:
    (place,) = (place for place, cell in enumerate(notebook["cells"]) if is_answer(cell) and "code" not in str(cell))
    notebook["cells"][place]["source"] = released()["cells"][place]["source"]
    notebook["cells"].insert(place + 1, new("What I think.", "markdown"))
