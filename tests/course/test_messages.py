"""Do messages say what a learner needs, in a terminal, in a notebook and as data?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.proofs.cells import released_checks
from pooling import python_layer
from tests.course.building import COURSE

PADDED = [
    "one real cell in every window",
    "a border, and no stride",
    "a border above and below alone",
    "positive and negative numbers",
    "no border at all",
]


@pytest.fixture
def checks() -> Iterator[Any]:
    """Return the checks package of the pure-Python assignment, as its notebook imports it."""
    with released_checks(COURSE.exercises / "01_python_layer") as package:
        yield package


def padded_with(fill: float) -> Any:
    """Return a max pooling whose border is made of some number."""

    def max_pool2d_padded(x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0) -> Any:
        above, left = padding if isinstance(padding, tuple) else (padding, padding)
        border = [[fill] * (len(x[0]) + 2 * left)] * above
        rows = [[fill] * left + row + [fill] * left for row in x]
        return python_layer.max_pool2d(border + rows + border, kernel_size, stride)

    return max_pool2d_padded


def test_a_right_answer_is_told_in_a_line(checks: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Is it short when all is well?"""
    checks.check(padded_with(float("-inf")), PADDED)
    assert capsys.readouterr().out.startswith("max_pool2d_padded: all of 5 cases pass ✓")


def test_the_whole_message(checks: Any) -> None:
    """Does it have case, call, window, both values, the misconception, and something to try?"""
    with pytest.raises(checks.CheckFailed) as caught:
        checks.check(padded_with(0), PADDED)
    assert (
        str(caught.value)
        == """
max_pool2d_padded: 3 of 5 cases pass
  ✗ one real cell in every window
  ✓ a border, and no stride
  ✗ a border above and below alone
  ✓ positive and negative numbers
  ✓ no border at all

one real cell in every window:
max_pool2d_padded(x, kernel_size=2, stride=2, padding=1)

    x
      [ ·][ ·]  ·   ·\x20
      [ ·][-5] -1   ·\x20
        ·  -2  -7   ·\x20
        ·   ·   ·   ·\x20

The result at [0, 0] is 0; expected: -5.
Its window covers this cell of x: -5, and 3 of padding.

→ The border is padded with 0 here, or with a number close to it: it wins
  against negative numbers. Max pooling pads with −∞, so that padding never
  wins.

To try it yourself:
  x = [[-5, -1], [-2, -7]]"""
    )


def test_as_data(checks: Any) -> None:
    """Can a page draw the same from JSON?"""
    data = json.loads(json.dumps(checks.run(padded_with(0), PADDED).data(), allow_nan=False))
    assert not data["passed"]
    assert data["mistakes"] == ["pads-with-zero"]
    assert [case["passed"] for case in data["cases"]] == [False, True, False, True, True]
    (picture,) = data["pictures"]
    assert picture["rows"][1][1] == "-5"
    assert picture["marked"] == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_as_html(checks: Any) -> None:
    """Is the window marked otherwise than by colour, and is nothing of a learner's taken for HTML?"""
    html = checks.run(padded_with(0), PADDED).html()
    assert "<strong>-5</strong>" in html
    assert 'aria-label="one real cell in every window: x"' in html
    assert "<script" not in checks.run(lambda *args, **options: [["<script>"] * 2] * 2, PADDED).html()


def test_unknown_mistakes_are_not_named(checks: Any) -> None:
    """Is a result that no known mistake gives left without a name?"""
    report = checks.run(lambda x, kernel_size, **options: [[7, 7], [7, 7]], PADDED)
    assert report.mistakes == set()
    assert "→" not in report.text()


def test_two_mistakes_at_once(checks: Any) -> None:
    """Are both named?"""

    def twice_wrong(x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0) -> Any:
        stride = 1 if stride is None else stride
        return padded_with(0)(x, kernel_size, stride, padding)

    report = checks.run(twice_wrong, PADDED)
    assert report.mistakes == {"pads-with-zero", "default-stride-one"}
    assert "Two things at once" in report.text()


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (lambda *args, **options: None, "returned None. Is it written already"),
        (..., "returned the dots"),
        ([[1]], "should be a function or a class, and is a value of type list"),
        (lambda *args, **options: (row for row in []), "returned a generator, which has no values yet"),
        (lambda *args, **options: [[1, 2], [3]], "returned lists of different lengths; expected: 2 rows of 2 numbers"),
        (lambda *args, **options: np.zeros((1, 2, 2)), "returned something of shape (1, 2, 2)"),
        (lambda x, *args, **options: x.append(1) or [[1]], "changed its input x: its shape was (2, 2)"),
        (lambda *args, **options: [[True, False], [True, False]], "is True; expected: -5"),
    ],
)
def test_odd_results(checks: Any, subject: Any, said: str) -> None:
    """Does whatever comes back instead of a result get a clear message?"""
    assert said in " ".join(checks.run(subject, PADDED).text().split())


@pytest.mark.parametrize(
    "form", [list, tuple, np.array, lambda rows: np.array(rows, "float32"), lambda rows: [tuple(row) for row in rows]]
)
def test_harmless_forms_lose_nothing(checks: Any, form: Any) -> None:
    """May a result come as list, tuple or array, with prints and warnings on the way?"""
    import warnings

    def noisy(*args: Any, **options: Any) -> Any:
        print("looking at", args)
        warnings.warn("careful", stacklevel=1)
        return form(padded_with(float("-inf"))(*args, **options))

    assert checks.run(noisy, PADDED).passed


def test_an_unknown_title_is_refused(checks: Any) -> None:
    """Is a title that was changed by mistake told from a wrong answer?"""
    with pytest.raises(ValueError, match="There is no case called 'a bordr'"):
        checks.check(padded_with(0), ["a bordr"])


def test_missing_cases_are_explained(tmp_path: Path) -> None:
    """Does a notebook that was copied without its folder say so?"""
    package = tmp_path / "checks"
    package.mkdir()
    for path in (COURSE.exercises / "01_python_layer" / "checks").glob("*.py"):
        (package / path.name).write_bytes(path.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", "import checks; checks.check(1, ['x'])"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "copy the whole folder, not the notebook alone" in done.stderr


def test_torchs_own_pooling_is_refused() -> None:
    """Is the operator that is to be written not taken from torch?"""
    import torch

    def cheat(x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0) -> Any:
        return torch.nn.functional.max_pool2d(x, kernel_size, stride, padding)

    with released_checks(COURSE.exercises / "03_torch_layer") as package:
        titles = list(json.loads((COURSE.exercises / "03_torch_layer/checks/cases.json").read_text("utf-8"))["cases"])
        text = package.run(cheat, titles[:1]).text()
    assert "torch's own max_pool2d was called" in text


def test_a_function_that_leans_on_a_wrong_one(checks: Any) -> None:
    """Is it said where to begin, when the mistake lies in a function that this one uses?"""
    space: dict[str, Any] = {}
    exec(
        "def max_pool2d(x, k, s=None): return [[0]]\n"
        "def max_pool_channels(x, k, s=None): return [max_pool2d(plane, k, s) for plane in x]",
        space,
    )
    for name, title, named in (
        ("max_pool2d", "windows that overlap", set()),
        ("max_pool_channels", "two channels", {"max_pool2d"}),
    ):
        with pytest.raises(checks.CheckFailed) as caught:
            checks.check(space[name], [title])
        assert caught.value.report.leans_on == named
    said = " ".join(str(caught.value).split())
    assert "max_pool_channels uses max_pool2d, which did not pass its own checks: begin there." in said
