"""Are cases drawn as an instructor would want them?"""

from __future__ import annotations

import ast
import itertools
import json
from pathlib import Path

import pytest

from course.assignments import building, sources
from course.checks import values
from course.misconceptions import applying
from tests.course.building import EACH, SMALL, built


def build(tmp_path: Path, text: str) -> building.Built:
    path = tmp_path / "small.md"
    path.write_text(text, encoding="utf-8")
    return building.build(sources.read(path))


@pytest.mark.parametrize("name", EACH)
def test_every_mistake_is_seen_in_visible_and_in_hidden_cases(name: str) -> None:
    """Do the cases of each test cell between them show every mistake that one can make there?"""
    for check in built(name).checks:
        if check.kind == "function":
            assert not check.unshown, f"{check.cell}: {check.unshown}"


@pytest.mark.parametrize("name", EACH)
def test_visible_cases_tell_mistakes_apart(name: str) -> None:
    """Is each mistake about a function named alone, never as one of two?"""
    for check in built(name).checks:
        if check.hidden or check.kind == "value":
            continue
        rows = {
            misconception.name: [case.mistakes.get((misconception.name,), "right") for case in check.cases]
            for misconception in applying(check.operation, check.takes | check.features)
        }
        alike = [pair for pair in itertools.combinations(rows, 2) if rows[pair[0]] == rows[pair[1]]]
        assert not alike, f"{check.cell}: {alike}"


@pytest.mark.parametrize("name", EACH)
def test_hidden_tests_have_several_cases(name: str) -> None:
    """Are there enough of them, and are they literals?"""
    for check in built(name).checks:
        if check.hidden:
            assert len(check.cases) >= 4
            source = built(name).notebook.cells[check.cell.number - 1].source
            call = ast.parse(source).body[-1].value
            assert len(ast.literal_eval(call.args[1])) == len(check.cases)


def test_a_seed_changes_hidden_cases_and_nothing_stated(tmp_path: Path) -> None:
    """Does another seed give other hidden tests, and the same seed the same?"""
    first, again = (build(tmp_path, SMALL) for _ in range(2))
    other = build(tmp_path, SMALL.replace("seed: 1", "seed: 2"))
    assert first.notebook == again.notebook
    assert first.cases == again.cases == other.cases
    assert first.notebook.cells[-1].source != other.notebook.cells[-1].source


def test_another_cell_changes_no_case(tmp_path: Path) -> None:
    """Do the draws of a cell depend on that cell alone?"""
    first = build(tmp_path, SMALL)
    longer = build(
        tmp_path,
        SMALL.replace(
            'check(output_size, "a', 'check(output_size, "new", size=7, kernel_size=2, stride=1)\ncheck(output_size, "a'
        ),
    )
    assert [case.inputs for case in first.checks[1].cases] == [case.inputs for case in longer.checks[1].cases]


@pytest.mark.parametrize("name", EACH)
def test_cases_are_plain_json(name: str) -> None:
    """Can a page read them, NaN and infinity included?"""
    text = json.dumps(built(name).cases, allow_nan=False)
    for case in json.loads(text)["cases"].values():
        for data in case["inputs"].values():
            values.plain(values.decode(data))


@pytest.mark.parametrize("name", EACH)
def test_answers_by_hand_are_not_given_away(name: str) -> None:
    """Is what is to be found by hand nowhere in the cases?"""
    for check in built(name).checks:
        if check.kind == "value":
            for case in check.cases:
                assert "expected" not in built(name).cases["cases"][case.title]
