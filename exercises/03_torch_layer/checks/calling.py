"""Calls a learner's function: for a limited time, keeping what it prints, and watching what it does to its inputs."""

import contextlib
import ctypes
import io
import itertools
import linecache
import os
import signal
import sys
import sysconfig
import threading
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .values import Odd, decode, is_array, plain

#: How long one call may take, in seconds. The answers need a few milliseconds.
SECONDS = 10
#: How much of what a function prints is kept, in characters.
PRINTED = 2000

#: Whose lines are not the learner's. Where a notebook is graded, packages lie elsewhere. In a browser, the standard
#: library is an archive, and the other folders are said to begin with two slashes.
OTHERS_FOLDERS = [
    os.path.dirname(os.path.abspath(__file__)),
    os.path.dirname(traceback.__file__),
    *(sysconfig.get_path(name).replace("//", "/") for name in ("stdlib", "platstdlib", "purelib", "platlib")),
]


class Outcome(NamedTuple):
    """What came of a call."""

    #: What it returned; None after an error.
    value: Any
    #: What went wrong, in lines to be shown; None if nothing did.
    error: str | None
    #: What it printed, shortened.
    printed: str
    #: The name of an input that is not what it was, with it before and after.
    changed: tuple[str, Any, Any] | None


class TookTooLong(BaseException):
    """The time is over. Not an Exception, so that ``except Exception`` in the function does not swallow it."""


class _Tape(io.TextIOBase):
    """Keeps the beginning of what is printed, and counts the rest: an endless loop may print for ever."""

    def __init__(self) -> None:
        self.text, self.dropped = "", 0

    def write(self, text: str) -> int:
        room = max(PRINTED - len(self.text), 0)
        self.text += text[:room]
        self.dropped += len(text[room:])
        return len(text)

    def __str__(self) -> str:
        return self.text + (f"\n… and {self.dropped} characters more\n" if self.dropped else "")


def call(function: Callable, inputs: dict[str, Any], seconds: float = SECONDS) -> Outcome:
    """Call a function with the inputs of a case: arrays and lists by position, everything else by name.

    Warnings are dropped and both output streams kept, since anything on stderr would cost points in nbgrader.
    """
    given = {name: decode(data) for name, data in inputs.items()}
    before = {name: _picture(value) for name, value in given.items()}
    arrays = leading_arrays(inputs)
    positional = [given[name] for name in arrays]
    named = {name: value for name, value in given.items() if name not in arrays}
    tape = _Tape()
    value = error = None
    with contextlib.redirect_stdout(tape), contextlib.redirect_stderr(tape), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with limited(seconds):
                value = function(*positional, **named)
        except TookTooLong:
            error = (
                f"It did not finish within {seconds:g} seconds. Is there a loop that never ends? Look at what changes "
                "from one round to the next, and at the condition that should stop it."
            )
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            error = own_lines(problem, function)
    after = {name: _picture(value) for name, value in given.items()}
    changed = next(((name, decode(inputs[name]), given[name]) for name in given if before[name] != after[name]), None)
    return Outcome(value, error, str(tape), changed)


def leading_arrays(inputs: dict[str, Any]) -> list[str]:
    """Name the arrays and lists that a call begins with: they go by position, so learners name them as they like."""
    return list(itertools.takewhile(lambda name: is_array(inputs[name]), inputs))


def own_lines(problem: BaseException, subject: Any = None) -> str:
    """Format an exception with the learner's lines alone: none of this package, and none of a library."""
    code = getattr(subject, "__code__", None)
    frames = [
        (frame, number)
        for frame, number in traceback.walk_tb(problem.__traceback__)
        if not os.path.abspath(frame.f_code.co_filename).startswith(tuple(OTHERS_FOLDERS))
        and not (frame.f_code is code and code.co_name == "<lambda>")  # an adapter in a check cell
    ]
    # A comprehension has frames of its own, all on one line; a recursion has many that are alike.
    places = itertools.groupby(frames, key=lambda pair: (pair[0].f_code.co_filename, pair[1]))
    lines = [_line(*next(same)) for _, same in places]
    if len(lines) > 4:
        lines = [*lines[:2], "…", *lines[-2:]]
    says = str(problem) or {"AssertionError": "an assert does not hold"}.get(type(problem).__name__, "")
    lines.append(f"{type(problem).__name__}: {says}" if says else type(problem).__name__)
    return "\n".join(lines)


def _line(frame: types.FrameType, number: int) -> str:
    text = linecache.getline(frame.f_code.co_filename, number).strip()
    where = frame.f_code.co_name
    place = f"line {number} of the cell" + (f", in {where}" if where.isidentifier() else "")
    return f"{place}:\n    {text}" if text else place


def _picture(value: Any) -> str:
    try:
        return repr(plain(value))
    except Odd as odd:
        return str(odd)


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in this thread when the time is over."""
    main = threading.current_thread() is threading.main_thread()
    if sys.platform == "emscripten":
        with _watched(seconds):
            yield
    elif main and hasattr(signal, "setitimer"):
        with _alarm(seconds):
            yield
    else:
        with _raised_from_beside(seconds):
            yield


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: types.FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    # It rings again every tenth of a second: a bare `except:` inside the loop may swallow the first one.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """Do the same in a browser, where there are neither alarms nor threads: look at the clock in the rounds of loops.

    What never comes round, such as `sum` over an endless iterator of C's, goes on; the page stops that in its own way.
    """
    monitoring = sys.monitoring  # type: ignore[attr-defined, unused-ignore]  # Python 3.12, and so is the browser's
    end, rounds = time.monotonic() + seconds, 0

    def look(code: types.CodeType, *places: int) -> None:
        nonlocal rounds
        rounds += 1
        # Only in the learner's own code: raised in a library, it could leave that in disorder.
        if rounds % 64 == 0 and time.monotonic() > end and not code.co_filename.startswith(tuple(OTHERS_FOLDERS)):
            raise TookTooLong

    tool = next(number for number in range(6) if monitoring.get_tool(number) is None)
    monitoring.use_tool_id(tool, "checks")
    monitoring.register_callback(tool, monitoring.events.JUMP, look)
    monitoring.set_events(tool, monitoring.events.JUMP)
    try:
        yield
    finally:
        monitoring.set_events(tool, monitoring.events.NO_EVENTS)
        monitoring.free_tool_id(tool)


@contextlib.contextmanager
def _raised_from_beside(seconds: float) -> Iterator[None]:
    """Do the same where there are no alarms (Windows, other threads): a second thread raises it in this one."""
    this = ctypes.c_ulong(threading.get_ident())

    def ring() -> None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(this, ctypes.py_object(TookTooLong))

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
