"""How far a run is, on standard error: one line, written anew, or a line for each case in a file."""

from __future__ import annotations

import shutil
from time import monotonic
from typing import TextIO


class Progress:
    """Count cases and rounds, and estimate the time left from the cases that are done."""

    def __init__(self, stream: TextIO, cases: int) -> None:
        self.stream = stream
        self.cases = cases
        self.case = 0
        self.name = ""
        self.start = 0.0
        self.is_terminal = stream.isatty()

    def begin(self, name: str) -> None:
        """Say that the next case begins."""
        if self.case == 0:
            self.start = monotonic()
        self.case += 1
        self.name = name
        self._show("")
        if not self.is_terminal:
            self.stream.write(self._line("") + "\n")
            self.stream.flush()

    def tick(self, done: int, of: int) -> None:
        """Say how many rounds of it are done."""
        self._show(f", round {done} of {of}")

    def note(self, what: str) -> None:
        """Say what is done before or after the cases."""
        if self.is_terminal:
            self._rewrite(what)
        else:
            self.stream.write(what + "\n")
            self.stream.flush()

    def close(self) -> None:
        """Remove the line."""
        if self.is_terminal:
            self._rewrite("")

    def _show(self, more: str) -> None:
        if self.is_terminal:
            self._rewrite(self._line(more))

    def _line(self, more: str) -> str:
        return f"[{self.case}/{self.cases}] {self.time_left()}{self.name}{more}"

    def _rewrite(self, line: str) -> None:
        columns = shutil.get_terminal_size().columns
        self.stream.write("\r\x1b[K" + line[: columns - 1])
        self.stream.flush()

    def time_left(self) -> str:
        """Estimate, once there is something to go by."""
        done = self.case - 1
        if done == 0:
            return ""
        seconds = (monotonic() - self.start) / done * (self.cases - done)
        return f"about {seconds / 60:.0f} min left: " if seconds > 90 else f"about {seconds:.0f} s left: "
