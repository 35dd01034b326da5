"""Do the cells of a page run as those of a notebook that is run from the top?"""

from __future__ import annotations

import builtins
import json
import re
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from course.labs.session import MOST_PRINTED, MOST_SHOWN
from course.proofs.cells import released_checks
from tests.course.building import COURSE
from tests.course.labs.conftest import Page

HELPER, USER, OTHER = "def helper(): return 1", "def user(): return helper()", "def helper(): return 2"


def test_cells_above_run_once(page: Page) -> None:
    """Do cells that are as they were not run again, and the one that is asked for always?"""
    page.run("print('first')", "print('second')")
    assert page.printed() == "first\nsecond\n"
    page.run("print('first')", "print('second')")
    assert page.printed() == "second\n"
    page.run("print('first')", "print('second')", "print('third')")
    assert page.printed() == "third\n"


@pytest.mark.parametrize(
    ("cells", "ran", "value"),
    [
        pytest.param(["a = 1", "b = a + 1", "c = b + 1", "[a, b, c]"], 1, "[1, 2, 3]", id="the same"),
        pytest.param(["a = 1", "b = a + 5", "c = b + 1", "[a, b, c]"], 3, "[1, 6, 7]", id="the second changed"),
        pytest.param(["a = 9", "b = a + 1", "c = b + 1", "[a, b, c]"], 4, "[9, 10, 11]", id="the first changed"),
        pytest.param(["a = 1", "a = 5", "b = a + 1", "[a, b]"], 3, "[5, 6]", id="one put in between"),
        pytest.param(["a = 1", "c = a", "[a, c]"], 2, "[1, 1]", id="one taken out"),
        pytest.param(["a = 1", "sorted({'b', 'c', 'a'} & {*vars()})"], 1, "['a']", id="two at the end taken out"),
    ],
)
def test_a_change_above_runs_all_from_there(page: Page, cells: list[str], ran: int, value: str) -> None:
    """Does what has changed run, with all below it, and nothing above it?"""
    page.run("a = 1", "b = a + 1", "c = b + 1", "[a, b, c]")
    assert page.run(*cells)["value"] == value
    assert page.ran == ran


def test_a_cell_does_not_see_itself(page: Page) -> None:
    """Does a cell that runs again begin with what the cells above it made?"""
    assert page.run("n = 1", "n = n + 1\nn")["value"] == "2"
    assert page.run("n = 1", "n = n + 1\nn")["value"] == "2"


def test_a_name_that_was_renamed_is_gone(page: Page) -> None:
    """Does nothing go on under a name that no cell gives any more?"""
    page.run("size = 3", "size")
    error = page.run("width = 3", "size")["error"]
    assert error is not None
    assert "NameError: name 'size' is not defined" in error


def test_functions_see_what_is_redefined_below(page: Page) -> None:
    """Does a function use the helper that stands last above the call, as in a notebook?"""
    assert page.run(HELPER, USER, OTHER, "user()")["value"] == "2"
    assert page.run(HELPER, USER, "user()")["value"] == "1"


def test_a_cell_that_failed_runs_again(page: Page) -> None:
    """Is a mistake above told every time, and not only the first?"""
    for ran in (3, 2):
        page.run("ready = 1", "broken = nothing", "ready")
        assert page.ran == ran


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 1", "2"),
        ("'text'", "'text'"),
        ("x = 3", None),
        ("x = 3\nx", "3"),
        ("x = 3\nx;", None),
        ("None", None),
        ("", None),
        ("# a remark", None),
        ("for x in range(3):\n    x", None),
        ("0", "0"),
        ("False", "False"),
    ],
)
def test_the_last_expression_is_shown(page: Page, source: str, value: str | None) -> None:
    """Is the value there that a notebook would show, and none where it would show nothing?"""
    found = page.run(source)
    assert found["error"] is None
    assert found["value"] == value


def test_nested_values_are_broken_into_lines(page: Page) -> None:
    """Can a plane be read without scrolling?"""
    value = page.run("plane = [[0.123456789] * 6] * 3\nplane")["value"]
    assert value == repr([[0.123456789] * 6] * 3).replace(", ", ",\n  ").replace("],\n  [", "],\n [")


def test_long_values_are_cut(page: Page) -> None:
    """Does it take no time to show the beginning of a million numbers?"""
    begun = time.monotonic()
    value = page.run("list(range(1_000_000))")["value"]
    assert time.monotonic() - begun < 2
    assert value is not None
    assert value.startswith("[0, 1, 2, 3,")
    assert value.endswith(" …")
    assert len(value) == MOST_SHOWN + 2


@pytest.mark.filterwarnings("default")
def test_prints_arrive_in_order(page: Page) -> None:
    """Do both streams and warnings come as they were written, each with its name?"""
    page.run(
        "import sys, warnings\nprint('out')\nprint('err', file=sys.stderr)\nwarnings.warn('careful')\nprint('end')"
    )
    assert page.printed() == "out\nerr\nUserWarning: careful\nend\n"
    assert page.printed("stderr") == "err\nUserWarning: careful\n"


@pytest.mark.parametrize(("count", "cut"), [(MOST_PRINTED, False), (MOST_PRINTED + 1, True)])
def test_what_is_printed_has_an_end(page: Page, count: int, cut: bool) -> None:
    """Is what is too much left out, and only that, with a word about it?"""
    page.run(f"print('x' * {count}, end='')\n" + "print(end='')\n" * 3)
    assert page.printed() == "x" * MOST_PRINTED + "\n… and more, which is not shown.\n" * cut


def test_endless_printing_is_cut_and_stopped(page: Page) -> None:
    """Does a loop that prints for ever fill neither the page nor the memory?"""
    error = page.run("while True:\n    print('again')", seconds=0.2)["error"]
    assert error is not None
    assert "It was stopped after 0.2 seconds" in error
    assert len(page.printed()) < MOST_PRINTED + 50


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        pytest.param(
            ["1 / 0"],
            "Traceback (most recent call last):\n  This cell, line 1\n    1 / 0\nZeroDivisionError: division by zero",
            id="here",
        ),
        pytest.param(
            ["import statistics\ndef f():\n    return statistics.mean([])\n", "\nf()"],
            "Traceback (most recent call last):\n  This cell, line 2\n    f()\n  A cell above, line 3, in f\n"
            "    return statistics.mean([])\n"
            "statistics.StatisticsError: mean requires at least one data point",
            id="in a function above, and in a library",
        ),
        pytest.param(
            ["x = 1\nwindow = x[0:2"],
            "  This cell, line 2\n    window = x[0:2\nSyntaxError: '[' was never closed",
            id="a bracket left open",
        ),
        pytest.param(
            ["def f():\nreturn 1"],
            "  This cell, line 2\n    return 1\n"
            "IndentationError: expected an indented block after function definition on line 1",
            id="no indentation",
        ),
        pytest.param(
            ["try:\n    1 / 0\nexcept ZeroDivisionError as problem:\n    raise ValueError('no') from problem"],
            "Traceback (most recent call last):\n  This cell, line 2\n    1 / 0\n"
            "ZeroDivisionError: division by zero\n\n"
            "The above exception was the direct cause of the following exception:\n\n"
            "Traceback (most recent call last):\n  This cell, line 4\n    raise ValueError('no') from problem\n"
            "ValueError: no",
            id="one because of another",
        ),
        pytest.param(
            ["class Odd:\n    def __repr__(self): return 3\nOdd()"],
            "TypeError: __repr__ returned non-string (type int)",
            id="while its value is written",
        ),
        pytest.param(
            ["class Own(Exception):\n    report = 'mine'\nraise Own('no check')"],
            "Traceback (most recent call last):\n  This cell, line 3\n    raise Own('no check')\nOwn: no check",
            id="a class of the reader's own",
        ),
        pytest.param(
            ["raise SystemExit('enough')"],
            "Traceback (most recent call last):\n  This cell, line 1\n    raise SystemExit('enough')\n"
            "SystemExit: enough",
            id="an exit",
        ),
        pytest.param(
            ["input('size: ')"],
            "Traceback (most recent call last):\n  This cell, line 1\n    input('size: ')\n"
            "RuntimeError: A page cannot be asked with input(). Write the value into the cell instead.",
            id="a question",
        ),
    ],
)
def test_errors_show_the_readers_lines(page: Page, cells: list[str], error: str) -> None:
    """Does an error name the cell and the line, and nothing of what runs the cell?"""
    found = page.run(*cells)
    assert re.sub(r"\n *[~^]+(?=\n)", "", str(found["error"])) == error  # each Python marks other parts of a line
    assert found["value"] is None


@pytest.mark.parametrize(
    ("source", "marked"), [("1 / 0", "~~^~~"), ("x = [1, 2\n", "    ^"), ("if True:\n    1 / 0", "~~^~~")]
)
def test_the_place_in_a_line_is_marked(page: Page, source: str, marked: str) -> None:
    """Do carets stand below what they mark, on a last line too?"""
    error = page.run(source)["error"]
    assert error is not None
    assert error.splitlines()[-2] == f"    {marked}"


def test_a_recursion_is_told_in_a_few_lines(page: Page) -> None:
    """Does a recursion not fill the page?"""
    error = page.run("def f():\n    return f()\nf()")["error"]
    assert error is not None
    assert "RecursionError" in error
    assert len(error.splitlines()) < 16


@pytest.mark.parametrize("body", ["pass", "try: time.sleep(0.01)\n    except Exception: continue"])
def test_an_endless_loop_is_stopped(page: Page, body: str) -> None:
    """Does it end in time, and is it said in which line it was?"""
    begun = time.monotonic()
    error = page.run(f"import time\ndef wait():\n  while True:\n    {body}", "wait()", seconds=0.2)["error"]
    assert time.monotonic() - begun < 5
    assert error is not None
    assert "This cell, line 1\n    wait()\n  A cell above, line " in error
    assert ", in wait\n" in error
    assert error.splitlines()[-1].startswith("It was stopped after 0.2 seconds. Is there a loop that never ends?")
    assert "TookTooLong" not in error


def test_what_was_stopped_outside_the_readers_code(page: Page) -> None:
    """Is an endless job of a library's told without an empty line?"""
    slow = "import threading\nclass Slow:\n    __repr__ = threading.Event().wait\nSlow()"
    error = page.run(slow, seconds=0.2)["error"]
    assert error is not None
    assert error.startswith("It was stopped after 0.2 seconds.")


def test_a_failing_check_gives_its_report(page: Page) -> None:
    """Does a page get what the notebook's message is made of, as data, and no error?"""
    answer = "def max_pool2d(x, kernel_size, stride=None): return [[0]]"
    with released_checks(COURSE.exercises / "01_python_layer") as checks:
        found = page.run("from checks import check", answer, 'check(max_pool2d, ["windows that overlap"])')
        space: dict[str, Any] = {}
        exec(answer, space)
        assert found["report"] == checks.run(space["max_pool2d"], ["windows that overlap"]).data()
        assert found["error"] is None
        passing = page.run(
            "from checks import check",
            "def max_pool2d(x, k, s): return [[max(map(max, zip(*(r[j:j+2] for r in x[i:i+2])))) for j in (0, 1, 2)] "
            "for i in (0, 1, 2)]",
            "def named(x, kernel_size, stride): return max_pool2d(x, kernel_size, stride)\n"
            'check(named, ["windows that overlap"])',
        )
    assert passing["report"] is None
    assert passing["error"] is None
    assert page.printed() == "max_pool2d: right ✓\n"


def test_a_case_of_ones_own(page: Page) -> None:
    """Can a case come with the cell, as those of hidden checks do?"""
    with released_checks(COURSE.exercises / "01_python_layer") as checks:
        stored = json.loads(Path(checks.__file__).with_name("cases.json").read_text(encoding="utf-8"))["cases"]
        case = {**stored["windows that overlap"], "title": "mine"}
        report = page.run("from checks import check", f"check(lambda *args, **options: [[0]], [{case}])")["report"]
    assert report is not None
    assert [each["title"] for each in report["cases"]] == ["mine"]


def test_cells_are_the_main_program(page: Page) -> None:
    """Do dataclasses, pickles and doctests find their module, only while cells run?"""
    main, ask, out = sys.modules["__main__"], builtins.input, sys.stdout
    dataclass = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Layer:\n    kernel_size: int\n    stride: int | None = None"
    )
    found = page.run(dataclass, "import pickle\n[__name__, pickle.loads(pickle.dumps(Layer(2)))]")
    assert found["error"] is None
    assert found["value"] == "['__main__', Layer(kernel_size=2, stride=None)]"
    assert (sys.modules["__main__"], builtins.input, sys.stdout) == (main, ask, out)
    page.run("raise SystemExit")
    assert (sys.modules["__main__"], builtins.input, sys.stdout) == (main, ask, out)


@pytest.mark.filterwarnings("default")
def test_a_warning_is_told_each_time(page: Page) -> None:
    """Is a warning there again when its cell runs again, and are the rules for warnings as they were?"""
    before = list(warnings.filters)
    for _ in range(2):
        page.run("import warnings", "warnings.warn('careful')\nwarnings.simplefilter('ignore')")
        assert page.printed("stderr") == "UserWarning: careful\n"
    assert warnings.filters == before


def test_what_a_check_is_given_stays_what_it_was(page: Page) -> None:
    """Does a check use the `check` it was given, whatever the reader called by that name, and do answers use theirs?"""
    given = ("given", "def check(value): return f'checked {value}'")
    answer = ("answer", "check, value = len, 3")
    page.session.run(*given, 10, "given")
    page.session.run(*answer, 10, "answer")
    assert page.session.run("check", "check(value)", 10, "check")["value"] == "'checked 3'"
    assert page.session.rewind([given, answer, ("below", "")]) == 2
    assert page.session.run("below", "check('ab')", 10, "answer")["value"] == "2"


@pytest.mark.parametrize(
    ("source", "missing"), [("nothing", "nothing"), ("1 / 0", None), ("[].nothing", None), ("1 + 1", None)]
)
def test_a_name_that_is_missing(page: Page, source: str, missing: str | None) -> None:
    """Does the page learn which name nobody has defined, and of nothing else?"""
    assert page.run(source)["missing"] == missing
