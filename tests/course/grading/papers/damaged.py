"""Notebooks that are none, and notebooks that lost something."""

from __future__ import annotations

import copy
import json
import os

from tests.course.grading.papers.paper import NUMPY, Paper, about, hands_in

DAMAGED = "damaged file"


@hands_in(DAMAGED, loses="all", state="unreadable")
def an_empty_file(paper: Paper) -> None:
    paper.notebooks = {f"{NUMPY}.ipynb": b""}


@hands_in(DAMAGED, loses="all", state="unreadable")
def half_a_notebook(paper: Paper) -> None:
    whole = json.dumps(paper.notebook).encode()
    paper.notebooks = {f"{NUMPY}.ipynb": whole[: len(whole) // 2]}


@hands_in(DAMAGED, loses="all", state="unreadable")
def a_picture(paper: Paper) -> None:
    paper.notebooks = {f"{NUMPY}.ipynb": b"\x89PNG\r\n\x1a\n" + bytes(range(256))}


@hands_in(DAMAGED, loses="all", state="unreadable")
def a_list(paper: Paper) -> None:
    paper.notebooks = {f"{NUMPY}.ipynb": b"[1, 2, 3]"}


@hands_in(DAMAGED, loses="all", state="unreadable")
def brackets_without_end(paper: Paper) -> None:
    paper.notebooks = {f"{NUMPY}.ipynb": b"[" * 200_000}


@hands_in(DAMAGED, loses="all", state="unreadable")
def cells_that_are_none(paper: Paper) -> None:
    paper.notebooks = {f"{NUMPY}.ipynb": b'{"cells": [1, null, {"cell_type": 5}, {"source": {"a": 1}}], "metadata": 3}'}


@hands_in(DAMAGED, loses="all", state="unreadable")
def another_assignment(paper: Paper) -> None:
    for cell in paper.cells:
        cell["id"], cell["metadata"], cell["source"] = "other", {}, "x = 1"


@hands_in(DAMAGED, loses="all", state="unreadable")
def a_link_instead_of_a_notebook(paper: Paper) -> None:
    paper.notebooks = {}
    paper.meddle = lambda folder: os.symlink("/etc/passwd", folder / f"{NUMPY}.ipynb")


@hands_in(DAMAGED, loses="all", state="unreadable")
def a_pipe_instead_of_a_notebook(paper: Paper) -> None:
    paper.notebooks = {}
    paper.meddle = lambda folder: os.mkfifo(folder / f"{NUMPY}.ipynb")


@hands_in(DAMAGED, loses="all", state="unreadable")
def two_notebooks_of_other_names(paper: Paper) -> None:
    whole = json.dumps(paper.notebook).encode()
    paper.notebooks = {"first.ipynb": whole, "second.ipynb": whole}


@hands_in(DAMAGED)
def a_notebook_of_another_name(paper: Paper) -> None:
    paper.notebooks = {"02_numpy_layer (1).ipynb": json.dumps(paper.notebook).encode()}


@hands_in(DAMAGED)
def a_byte_order_mark(paper: Paper) -> None:
    paper.notebooks = {f"{NUMPY}.ipynb": b"\xef\xbb\xbf" + json.dumps(paper.notebook).encode()}


@hands_in(DAMAGED)
def the_third_version_of_the_format(paper: Paper) -> None:
    for cell in paper.cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    sheets = [{"cells": paper.cells, "metadata": {}}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets}
    paper.notebooks = {f"{NUMPY}.ipynb": json.dumps(old).encode()}


@hands_in(DAMAGED)
def a_hundred_megabytes_of_output(paper: Paper) -> None:
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * (100 << 20)}]
    paper.cell("max-pool-2x2")["outputs"] = outputs


@hands_in(DAMAGED)
def half_a_character(paper: Paper) -> None:
    paper.add("\ud83d is half a smile", kind="markdown")
    paper.append("max-pool-2x2", "# \udc00")


@hands_in(DAMAGED)
def metadata_of_other_kinds(paper: Paper) -> None:
    for number, cell in enumerate(paper.cells):
        cell["metadata"] = [None, [], "nbgrader", {"nbgrader": "x"}, {"nbgrader": {"grade_id": 7}}][number % 5]


@hands_in(DAMAGED)
def a_schema_of_the_future(paper: Paper) -> None:
    for cell in paper.cells:
        if about(cell):
            about(cell)["schema_version"] = 99


@hands_in(DAMAGED)
def every_cell_twice(paper: Paper) -> None:
    paper.notebook["cells"] = [copy.deepcopy(cell) for cell in paper.cells for _ in range(2)]


@hands_in(DAMAGED)
def a_time_that_is_none(paper: Paper) -> None:
    paper.files["timestamp.txt"] = b"yesterday, or so \xff"
