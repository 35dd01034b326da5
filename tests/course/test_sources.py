"""Is every mistake in a source reported with file, cell and remedy?"""

from pathlib import Path

import jupytext
import pytest

from course.assignments import building, prose, sources
from tests.course.building import ANSWER, ASSIGNMENTS, COURSE, GIVEN, HEADER, HIDDEN, PROSE, SMALL, VISIBLE, cell

BROKEN = {
    "no header": (SMALL.replace("course:\n  title: A small assignment\n", "course:\n"), "no complete `course` entry"),
    "unknown kind of values": (SMALL.replace("values: list", "values: matrix"), "values is 'matrix'"),
    "missing kernel": (SMALL.replace("name: python3\n---", "name: julia-9\n---"), "kernel 'julia-9' is not installed"),
    "no metadata": (
        SMALL.replace(GIVEN, "```{code-cell} ipython3\nfrom checks import check\n```\n\n"),
        "a code cell without nbgrader",
    ),
    "half the metadata": (
        SMALL.replace("locked: true, schema_version: 3, ", "", 1),
        "its nbgrader metadata has schema_version: None",
    ),
    "an old schema": (SMALL.replace("schema_version: 3", "schema_version: 2", 1), "schema_version is 2"),
    "two cells of one id": (
        SMALL.replace("grade_id: hidden", "grade_id: visible"),
        "'visible' occurs twice, in cells 5 and 6",
    ),
    "an id with a blank": (
        SMALL.replace("grade_id: hidden", "grade_id: my tests"),
        "its grade_id has other characters",
    ),
    "no points": (SMALL.replace(", points: 1", "", 1), "a graded cell with points: None"),
    "points of nothing": (SMALL.replace("points: 1", "points: 0", 1), "a graded cell with points: 0"),
    "no marked answer": (SMALL.replace("    ### BEGIN SOLUTION\n", ""), "without a marked answer"),
    "an answer elsewhere": (
        SMALL.replace("from checks import check", "### BEGIN SOLUTION\nfrom checks import check\n### END SOLUTION"),
        "it marks an answer, but is no answer cell",
    ),
    "an empty test": (SMALL.replace(VISIBLE, cell("", "visible", 1)), "cell 'visible': a test cell without a check"),
    "a test without a check": (
        SMALL.replace(VISIBLE, cell("assert True", "visible", 1)),
        "a test cell without a check",
    ),
    "a test with other code": (
        SMALL.replace("against(output_size)\ncheck", "import os\nagainst(output_size)\ncheck", 1),
        "line 1 is neither against(…) nor check(…): import os",
    ),
    "a test that is no Python": (SMALL.replace("check(output_size, ", "check(output_size ", 1), "line 2 is no Python"),
    "nothing to compare with": (
        SMALL.replace("against(output_size)\ncheck", "check", 1),
        "what the results are compared with",
    ),
    "an unknown operation": (SMALL.replace("against(output_size)", "against(outputsize)"), "no operation outputsize"),
    "an unknown argument": (SMALL.replace("size=9", "length=9"), "output_size takes no length"),
    "an argument that is no draw": (SMALL.replace("size=9", "size=randint(3)"), "name 'randint' is not defined"),
    "arguments that do not fit": (SMALL.replace("kernel_size=4", "kernel_size=40"), "kernel_size=40"),
    "an unknown subject": (SMALL.replace("check(output_size,", "check(outputsize,"), "no answer defines outputsize"),
    "two subjects": (SMALL.replace('check(output_size, "more', 'check(check, "more'), "check several things"),
    "two cases of one title": (
        SMALL.replace("more than half a remainder", "a remainder"),
        "'a remainder' occurs twice",
    ),
    "no title": (SMALL.replace('check(output_size, "a remainder", ', "check(output_size, "), 'check(function, "title"'),
    "an answer that does not run": (
        SMALL.replace("return (size", "return size)"),
        "does not run: SyntaxError",
    ),
    "no hidden test": (SMALL.replace(HIDDEN, ""), "output_size has no hidden test"),
    "hidden tests alone": (SMALL.replace(VISIBLE, ""), "all tests of this task are hidden"),
    "no task": (SMALL.replace(' {"minutes": 5}', ""), "it has no task"),
    "an answer before the first task": (
        HEADER + GIVEN + ANSWER + PROSE + ANSWER.replace("answer", "second") + VISIBLE,
        "before the first task",
    ),
    "a task without an answer": (SMALL.replace(ANSWER, ""), "a task without an answer cell"),
    "an answer without points": (HEADER + GIVEN + PROSE + ANSWER, "nothing gives points for this answer"),
    "a task without a heading": (SMALL.replace("## 1. Windows\n\n", ""), "a task without a heading"),
    "hidden lines in an answer": (
        SMALL.replace(
            "    ### BEGIN SOLUTION", "    ### BEGIN HIDDEN TESTS\n    ### END HIDDEN TESTS\n    ### BEGIN SOLUTION"
        ),
        "hidden tests in a cell that is no test",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_mistakes_are_reported_with_their_place_and_a_remedy(what: str, tmp_path: Path) -> None:
    """Does an instructor learn what is wrong, where, and what to do?"""
    text, said = BROKEN[what]
    assert text != SMALL
    path = tmp_path / "broken.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(sources.SourceError) as caught:
        building.build(sources.read(path))
    message = str(caught.value)
    assert said in message
    assert str(path) in message
    assert message.splitlines()[-1].startswith("  "), "no remedy"


def test_a_small_source_is_in_order(tmp_path: Path) -> None:
    """Does the source that the broken ones are made from pass?"""
    path = tmp_path / "small.md"
    path.write_text(SMALL, encoding="utf-8")
    built = building.build(sources.read(path))
    assert [check.hidden for check in built.checks] == [False, True]
    assert built.source.tasks[0].points == 2


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_jupyterlab_saves_a_source_as_it_is(name: str) -> None:
    """Does opening a source in JupyterLab and saving it change nothing but what was edited?"""
    text = COURSE.source(name).read_text(encoding="utf-8")
    assert jupytext.writes(jupytext.reads(text, fmt="md:myst"), fmt="md:myst") == text


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_assignments_are_as_designed(name: str) -> None:
    """Are there six to twelve tasks, each with minutes and hints, and one question to be graded by hand?"""
    source = sources.read(COURSE.source(name))
    assert 6 <= len(source.tasks) <= 12
    by_hand = [task for task in source.tasks if any(cell.is_manual for cell in task.answers)]
    assert len(by_hand) == 1
    for task in source.tasks:
        assert task.minutes > 0
        if task not in by_hand:
            assert any(":::{hint}" in cell.node.source for cell in task.cells), task.title


def test_hints_open_one_after_the_other() -> None:
    """Is the second hint inside the first?"""
    text = "Do it.\n\n:::{hint} you are lost\nLook.\n:::\n\n:::{hint} it is late\nSleep.\n:::\n"
    assert prose.with_hints(text) == (
        "Do it.\n\n<details><summary>Hint 1: you are lost</summary>\n\nLook.\n\n"
        "<details><summary>Hint 2: it is late</summary>\n\nSleep.\n\n</details>\n\n</details>"
    )


def test_points_and_minutes_are_written_into_the_text() -> None:
    """Is there one place for them, the metadata?"""
    assert prose.with_line_under_heading("## 1. Task\n\nDo it.", prose.amount(3, 10)) == (
        "## 1. Task\n\n**3 points · about 10 minutes**\n\nDo it."
    )
    assert prose.amount(1, 5, tasks=2) == "**2 tasks · 1 point · about 5 minutes**"
