"""A learner's notebook in another process, as the grader sees it: cells to be run there, and questions to be asked.

Nothing that comes back is trusted: it is plain data, taken apart and written anew here.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

from course.checks.answering import Answer
from course.checks.values import DEEPEST, MOST_NUMBERS, Odd, Plain, plain
from course.grading.inside.recording import KEPT, MOST_DISPLAYED, MOST_DISPLAYS, MOST_TEXT
from course.grading.inside.wire import Garbled, Gone, Silent
from course.grading.limits import Limits
from course.grading.nursery import Child

#: How much later than it should an answer may come, in seconds: the process itself stops what takes too long.
GRACE = 2.0
#: A cell that was stopped gets so long when it has to run again: what it defined first counts.
AGAIN = 2.0
#: All outputs of a notebook together have so many characters.
MOST_OUTPUT = 20_000_000
#: A cell that is longer, in characters, is not run: nobody wrote it.
LONGEST_CELL = 2_500_000
#: Of a text from there, so much is read.
LONGEST_TEXT = 4000

Node = dict[str, Any]


class Lost(Exception):  # noqa: N818 (what happened to the process)
    """The learner's process is gone, or had to be ended; the text says why."""


class Learner:
    """Runs a learner's cells, and starts anew where they were when the process is lost.

    Parameters
    ----------
    fork : callable
        Makes a new process.
    files : dict of str to bytes
        What lies beside the notebook.
    limits : Limits
    """

    def __init__(self, fork: Callable[[], Child], files: dict[str, bytes], limits: Limits) -> None:
        self._fork, self._limits = fork, limits
        self._files = {name: base64.b64encode(content).decode() for name, content in files.items()}
        self._deadline = time.monotonic() + limits.submission
        self._child: Child | None = None
        #: The cells so far, each with the time that it may take when it runs again.
        self._cells: list[tuple[str, float]] = []
        self._asked, self._room = 0, MOST_OUTPUT
        #: Why the process was lost, each time.
        self.losses: list[str] = []
        #: Whether the time was used up before the hidden tests, and how often the process was lost before them.
        self.was_late = False
        self.losses_before_hidden_tests: int | None = None

    @property
    def is_late(self) -> bool:
        """Whether the time for the whole submission is used up."""
        return time.monotonic() >= self._deadline

    def run(self, source: str) -> list[Node]:
        """Run a cell, and return its outputs."""
        limit = self._limits.cell
        if len(source) > LONGEST_CELL:
            return [_error("NotRun", f"This cell has {len(source):,} characters; up to {LONGEST_CELL:,} are run.")]
        try:
            outputs = self._kept(_outputs(self._ask({"do": "cell", "source": source, "seconds": limit}, limit)))
        except Lost as lost:
            return [_error("NotFinished", f"This cell did not come to its end: {lost}.")]
        stopped = any(output.get("ename") == "TookTooLong" for output in outputs)
        self._cells.append((source, AGAIN if stopped else limit))
        return outputs

    def begin_anew(self, without_cells: bool = False) -> None:
        """Let the next question find a new process, in which nothing but the cells has run, or not even they."""
        self.close()
        if without_cells:
            self._cells.clear()

    def allow_hidden_tests(self) -> None:
        """Give the tests that come last some time, also if the cells have used up all there was."""
        self.losses_before_hidden_tests = len(self.losses)
        if self.is_late:
            self.was_late = True
            self._deadline = time.monotonic() + self._limits.submission / 2

    def _kept(self, outputs: list[Node]) -> list[Node]:
        """Keep outputs as long as there is room for them in the whole notebook."""
        kept = []
        for output in outputs:
            self._room -= len(str(output))
            if self._room > 0:
                kept.append(output)
        return kept

    def answer(self, subject: str, kind: str, inputs: dict[str, Any], seconds: float) -> Answer:
        """Ask what a function or a value gives for a case."""
        seconds = min(seconds, self._limits.call)
        try:
            reply = self._ask(
                {"do": "answer", "subject": subject, "kind": kind, "inputs": inputs, "seconds": seconds}, seconds
            )
        except Lost as lost:
            return Answer(error=f"There is no result: {lost}.")
        return _answer(reply)

    def uses(self, subject: str) -> set[str]:
        """Ask which names a function uses."""
        try:
            reply = self._ask({"do": "uses", "subject": subject}, GRACE)
        except Lost:
            return set()
        return {name for name in reply[:LONGEST_TEXT] if isinstance(name, str)} if isinstance(reply, list) else set()

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ask(self, request: dict[str, Any], seconds: float) -> Any:
        if self.is_late:
            raise Lost(f"the time for a whole submission, {self._limits.submission:g} s, was used up before")
        if self._child is None:
            self._start()
        return self._exchange(request, seconds)

    def _start(self) -> None:
        """Begin, or begin again with the cells so far."""
        self._child = self._fork()
        for name, content in self._files.items():  # one by one: a message has its limits
            self._exchange({"do": "files", "files": {name: content}}, self._limits.cell)
        for source, seconds in self._cells:
            if self.is_late:
                self.close()
                raise Lost(f"the time for a whole submission, {self._limits.submission:g} s, is used up")
            self._exchange({"do": "cell", "source": source, "seconds": seconds}, seconds)

    def _exchange(self, request: dict[str, Any], seconds: float) -> Any:
        child = self._child
        if child is None:
            raise Lost("its process has gone")
        patience = max(min(seconds + GRACE, self._deadline - time.monotonic()), 0.1)
        try:
            self._asked += 1
            child.refuse_pooling(request["do"] == "answer")
            child.channel.send({**request, "number": self._asked}, patience)
            match child.channel.receive(patience):
                case [number, reply] if number == self._asked:
                    return reply
                case _:
                    raise Garbled("it answers what was not asked")
        except Silent:
            self.close()
            problem = f"it took longer than {seconds:g} s, and could not be stopped"
            if self.is_late:
                problem = f"the time for a whole submission, {self._limits.submission:g} s, is used up"
        except Gone:
            self._child = None
            problem = child.lost()
        except ValueError as problem_here:  # too long to be sent
            raise Lost(str(problem_here)) from None
        except Garbled as garbled:
            self.close()
            problem = f"what its process said could not be read ({garbled})"
        self.losses.append(problem)
        raise Lost(problem)


def _error(name: str, value: str, lines: list[str] | None = None) -> Node:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines or [f"{name}: {value}"]}


def _text(value: Any, longest: int = LONGEST_TEXT) -> str | None:
    """Take a text, shortened and without halves of characters; None for anything else."""
    return value[:longest].encode("utf-8", "replace").decode() if isinstance(value, str) else None


def _outputs(reply: Any) -> list[Node]:
    """Write the outputs of a cell anew: streams, errors, text and pictures, and nothing that a browser would run."""
    said = reply.get("outputs") if isinstance(reply, dict) else None
    found: list[Node] = []
    room = MOST_TEXT + 200
    for output in said[: 20 * MOST_DISPLAYS] if isinstance(said, list) else []:
        if not isinstance(output, dict):
            continue
        kind = output.get("output_type")
        if kind == "stream" and room > 0:
            text = _text(output.get("text"), room) or ""
            room -= len(text)
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            found.append({"output_type": "stream", "name": name, "text": text})
        elif kind == "display_data" and isinstance(output.get("data"), dict):
            data = {kind: _text(output["data"].get(kind), MOST_DISPLAYED) for kind in KEPT}
            kept = {kind: content for kind, content in data.items() if content and _fits(kind, content)}
            if kept:
                found.append({"output_type": "display_data", "data": kept, "metadata": {}})
        elif kind == "error":
            lines = output.get("traceback")
            lines = [_text(line) or "" for line in lines[:20]] if isinstance(lines, list) else []
            found.append(_error(_text(output.get("ename"), 100) or "Error", _text(output.get("evalue")) or "", lines))
    return found


def _fits(kind: str, content: str) -> bool:
    """Tell whether a picture is what it claims to be."""
    if kind != "image/png":
        return True
    try:
        return base64.b64decode(content, validate=False).startswith(b"\x89PNG")
    except ValueError:
        return False


def _answer(reply: Any) -> Answer:
    """Write an answer anew."""
    if not isinstance(reply, dict):
        return Answer(error="There is no result: what its process said is no answer.")
    texts = {name: _text(reply.get(name)) for name in ("blank", "odd", "uncallable", "error")}
    printed = _text(reply.get("printed")) or ""
    changed = reply.get("changed")
    how = tuple(_text(part) or "" for part in changed) if isinstance(changed, list) and len(changed) == 2 else None
    result = None
    if reply.get("result") is not None:
        try:
            result = _plain(reply["result"])
        except Odd as odd:
            texts["odd"] = str(odd)
    if result is None and how is None and not any(texts.values()):
        texts["error"] = "There is no result: its process gave none."
    if result is not None and (how or any(texts.values())):
        result = None  # an answer is one thing
    return Answer(result, **texts, changed=how, printed=printed)  # type: ignore[arg-type]


def _plain(said: Any) -> Plain:
    """Take apart what is claimed to be a value, and build it anew."""
    if not isinstance(said, list) or len(said) != 4:
        raise Odd("something that is no value")
    tree, claimed, kind, dtype = said
    count = _Count()
    tree = count.copied(tree, 0)
    shape = plain(tree).shape
    if count.numbers == 0 and isinstance(claimed, list) and all(type(size) is int and size >= 0 for size in claimed):
        shape = tuple(claimed) if 0 in claimed and len(claimed) <= DEEPEST else shape
    return Plain(tree, shape, kind if kind in ("array", "tensor") else "list", _text(dtype, 40))


class _Count:
    """Copies nested lists, and counts what is in them."""

    def __init__(self) -> None:
        self.numbers = self._all = 0

    def _count(self, more: int) -> None:
        """Count lists too: empty ones also take time."""
        self._all += more
        if self.numbers > MOST_NUMBERS or self._all > 2 * MOST_NUMBERS:
            raise Odd(f"more than {MOST_NUMBERS:,} numbers")

    def copied(self, value: Any, depth: int) -> Any:
        if isinstance(value, list):
            if depth == DEEPEST:
                raise Odd(f"lists nested more than {DEEPEST} deep")
            self._count(1)
            return [self.copied(item, depth + 1) for item in value]
        self.numbers += 1
        self._count(1)
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return _text(value, 200)
        raise Odd("something that is no number")
