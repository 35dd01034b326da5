"""Is a learner's function called safely, whatever it does?"""

import sys
import threading
import time
import warnings
from typing import Any

import numpy as np
import pytest

from course.checks.calling import PRINTED, call

INPUTS = {"x": [[1, 2], [3, 4]], "kernel_size": 2}


def test_arrays_go_by_position_and_options_by_name() -> None:
    """May a learner name the input as they like?"""
    assert call(lambda image, kernel_size: (image, kernel_size), INPUTS).value == ([[1, 2], [3, 4]], 2)
    named_first = {"name": "squares", "x": {"array": [1, 2], "dtype": "float64"}, "step": 0.5}
    assert call(lambda name, x, step: name, named_first).value == "squares"


def loud(x: Any, kernel_size: int) -> str:
    """Print, warn and write to stderr."""
    print("a line")
    print("an error", file=sys.stderr)
    warnings.warn("a warning", stacklevel=1)
    return "done"


def test_prints_and_warnings_cost_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Does nothing reach stderr, which nbgrader takes for a failure?"""
    outcome = call(loud, INPUTS)
    assert outcome.value == "done"
    assert outcome.printed == "a line\nan error\n"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == ""


def test_endless_printing_is_cut() -> None:
    """Is only the beginning kept of what fills a screen?"""
    outcome = call(lambda x, kernel_size: [print("x" * 1000) for _ in range(1000)], INPUTS)
    assert len(outcome.printed) < PRINTED + 100
    assert "characters more" in outcome.printed


def loop(x: Any, kernel_size: int) -> None:
    """Never end, and swallow what one throws at it."""
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


@pytest.mark.parametrize("in_main_thread", [True, False])
def test_a_loop_is_stopped(in_main_thread: bool) -> None:
    """Does an endless loop end, with alarms and without?"""
    outcomes = []
    if in_main_thread:
        outcomes.append(call(loop, INPUTS, seconds=0.2))
    else:
        thread = threading.Thread(target=lambda: outcomes.append(call(loop, INPUTS, seconds=0.2)))
        thread.start()
        thread.join(20)
    assert outcomes[0].error.startswith("It did not finish within 0.2 seconds")


def test_the_users_own_interrupt_gets_through() -> None:
    """Can one still stop a check by hand?"""

    def interrupted(x: Any, kernel_size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted, INPUTS)


def outer(x: Any, kernel_size: int) -> None:
    """Fail inside a library."""
    np.zeros((2, 2)).reshape(3, 3)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (outer, ["in outer:", "np.zeros((2, 2)).reshape(3, 3)", "ValueError: cannot reshape"]),
        (lambda x, kernel_size: sys.exit(3), ["SystemExit: 3"]),
        (lambda x: x, ["TypeError: ", "unexpected keyword argument 'kernel_size'"]),
    ],
)
def test_errors_show_the_learners_own_lines(function: Any, said: list[str]) -> None:
    """Is the line shown that failed, and none of ours?"""
    error = call(function, INPUTS).error
    assert error is not None
    assert all(part in error for part in said), error
    assert "calling.py" not in error
    assert "site-packages" not in error


def deep(x: Any, kernel_size: int) -> Any:
    """Call itself for ever."""
    return deep(x, kernel_size)


def test_a_recursion_is_told_in_a_few_lines() -> None:
    """Does a recursion not fill the screen?"""
    error = call(deep, INPUTS).error
    assert error is not None
    assert "RecursionError" in error
    assert len(error.splitlines()) < 12


def spoil(x: Any, kernel_size: int) -> int:
    """Write into the input."""
    x[0][1] = 99
    return 1


@pytest.mark.parametrize(
    "x", [INPUTS["x"], {"array": INPUTS["x"], "dtype": "float32"}, {"tensor": INPUTS["x"], "dtype": "float32"}]
)
def test_a_changed_input_is_noticed(x: Any) -> None:
    """Is it said which input is no longer what it was, and do the next cases get a fresh one?"""
    outcome = call(spoil, {"x": x, "kernel_size": 2})
    assert outcome.changed is not None
    assert outcome.changed[0] == "x"
    assert call(lambda x, kernel_size: float(x[0][1]), {"x": x, "kernel_size": 2}).value == 2
