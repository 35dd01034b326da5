"""Is a folder read without following links, without trust, and always alike?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from course.grading.handed_in import HandedIn, LearnerCell, Unreadable, contents, pack, read_cells

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": ["a\n", "b"], "metadata": {}}]}).encode()


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """Does neither order nor time matter, and every content?"""
    for folder, names in ((tmp_path / "one", "ab"), (tmp_path / "two", "ba")):
        folder.mkdir()
        for name in names:
            (folder / name).write_text(name)
    os.utime(tmp_path / "one" / "a", (1, 1))
    assert pack(tmp_path / "one") == pack(tmp_path / "two")
    (tmp_path / "two" / "a").write_text("c")
    assert pack(tmp_path / "one") != pack(tmp_path / "two")


def test_links_and_pipes_stay_outside(tmp_path: Path) -> None:
    """Is nothing read that is not a file in the folder, and is it said?"""
    folder = tmp_path / "handed in"
    folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    (folder / "A.ipynb").write_bytes(NOTEBOOK)
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    assert b"secret" not in b"".join(contents(pack(folder)).values())
    submission = HandedIn.open(pack(folder), "A")
    assert submission.cells == [LearnerCell("code", "a\nb", None, None)]
    assert submission.files == {}
    assert [remark.partition(" is ")[2] for remark in submission.remarks] == [
        "a link, and was left out",
        "not a file, and was left out",
    ]


def test_what_is_too_large_is_left_out(tmp_path: Path) -> None:
    """Are other files than the notebook limited?"""
    (tmp_path / "A.ipynb").write_bytes(NOTEBOOK)
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(30 << 20)
    submission = HandedIn.open(pack(tmp_path), "A")
    assert submission.files == {}
    assert submission.remarks == ["film.mp4 is too large (30 MiB), and was left out"]


def test_only_helpers_go_beside_the_code(tmp_path: Path) -> None:
    """Do copies of the checks, time stamps and other notebooks stay away?"""
    for name in ("A.ipynb", "helper.py", "checks/cases.json", "timestamp.txt", "data/x.csv", "__pycache__/x.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(NOTEBOOK)
    assert set(HandedIn.open(pack(tmp_path), "A").files) == {"helper.py", "data/x.csv"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"{", "damaged"),
        (b"[]", "holds a list"),
        (b"[" * 100_000, "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"{}", "has no cells"),
        (b'{"cells": {}}', "has no cells"),
        (b'{"worksheets": [3]}', "has no cells"),
    ],
)
def test_what_is_no_notebook(content: bytes, says: str) -> None:
    """Is it said what is wrong?"""
    with pytest.raises(Unreadable, match=says):
        read_cells(content, "A.ipynb")


def test_odd_cells_are_read_as_far_as_they_go() -> None:
    """Are cells skipped that are none, and types mended?"""
    cells = [
        3,
        None,
        {"source": 5},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": ["f"]}}},
        {"cell_type": "strange", "source": ["y", 4], "id": 7, "metadata": []},
        {"cell_type": "code", "input": "old", "metadata": {"nbgrader": {"grade_id": "f"}}},
        {"cell_type": "markdown", "source": "half \ud83d", "attachments": {"a": {}}},
    ]
    assert read_cells(json.dumps({"cells": cells}).encode(), "A.ipynb") == [
        LearnerCell("code", "x", None, None),
        LearnerCell("markdown", "y", None, None),
        LearnerCell("code", "old", "f", None),
        LearnerCell("markdown", "half ?", None, None, {"a": {}}),
    ]


def test_the_notebook_is_found(tmp_path: Path) -> None:
    """Is the only notebook taken whatever its name, and none guessed among several?"""
    (tmp_path / "A (2).ipynb").write_bytes(NOTEBOOK)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "A-checkpoint.ipynb").write_bytes(NOTEBOOK)
    assert HandedIn.open(pack(tmp_path), "A").remarks == ["the notebook is called A (2).ipynb, not A.ipynb"]
    (tmp_path / "B.ipynb").write_bytes(NOTEBOOK)
    with pytest.raises(Unreadable, match="None of its notebooks"):
        HandedIn.open(pack(tmp_path), "A")
    (tmp_path / "A.ipynb").write_bytes(NOTEBOOK)
    assert HandedIn.open(pack(tmp_path), "A").remarks == []
    with pytest.raises(Unreadable, match="the folder is empty"):
        HandedIn.open(pack(tmp_path / "nothing"), "A")


def test_a_bomb_in_json() -> None:
    """Is JSON refused that would take gigabytes, and long printed lines not?"""
    with pytest.raises(Unreadable, match="more values than any notebook"):
        read_cells(b'{"cells": [], "metadata": {"x": [' + b"{}," * 9_000_000 + b"{}]}}", "x.ipynb")
    printed = (
        b'{"cells": [{"cell_type": "code", "source": "x", "outputs": [{"text": ["' + b'[1, {}, \\"a\\"],' * 2_000_000
    )
    assert [cell.source for cell in read_cells(printed + b'"]}]}]}', "x.ipynb")] == ["x"]
