"""An exception in the reader's own lines: those of the page's cells alone, and which cell they are in."""

from __future__ import annotations

import re
import traceback

from course.labs.packages import NAMES

#: What to know about a module that is not there.
THERE = "A page has Python's standard library and NumPy; the rest is for Jupyter."
#: The name of a cell as a file; nothing that can be opened is called that.
_FILE = "<cell {}>"
_CELLS = re.compile(r'File "(<cell [^"]*>)", (line \d+)(?:, in <module>)?')


def file_of(cell: str) -> str:
    """Return what a cell is called where Python names a file."""
    return _FILE.format(cell)


def described(problem: BaseException, cell: str) -> str:
    """Describe an exception that came out of a cell, as Python does, without lines of anybody else's code."""
    told = traceback.TracebackException.from_exception(problem)
    _keep_cells(told)
    text = "".join(told.format()).rstrip("\n")

    def placed(match: re.Match[str]) -> str:
        return f"{'This cell' if match[1] == file_of(cell) else 'A cell above'}, {match[2]}"

    lines = _CELLS.sub(placed, text).splitlines()
    if lines and lines[0].startswith("Traceback") and not told.stack:
        del lines[0]
    if isinstance(problem, ModuleNotFoundError) and problem.name not in NAMES:
        lines.append(THERE)
    # Where it was stopped matters, and not by what.
    return "\n".join(line for line in lines if not line.startswith("course.checks.calling.TookTooLong"))


def _keep_cells(told: traceback.TracebackException) -> None:
    """Leave out the frames of other code, in what led to the exception too."""
    frames = [frame for frame in told.stack if frame.filename.startswith("<cell ")]
    told.stack = traceback.StackSummary.from_list(frames)
    for other in (told.__cause__, told.__context__):
        if other is not None:
            _keep_cells(other)
