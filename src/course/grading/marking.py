"""Marks one submission: a function of bytes to bytes, the same wherever it runs."""

from __future__ import annotations

import atexit
import dataclasses
import functools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from course.grading.assignment import Assignment
from course.grading.executing import execute
from course.grading.handed_in import HandedIn, Unreadable
from course.grading.learner import Learner
from course.grading.nursery import Nursery, Plan
from course.grading.rebuilding import rebuild

#: How a submission ended. Those in the second line want a person's eye.
GRADED = "graded"
CRASHED, LATE, UNREADABLE, NOT_MARKED = "crashed", "timed out", "unreadable", "not marked"


@dataclass(frozen=True)
class Marked:
    """What came of a submission."""

    state: str
    #: Why it is in that state, and what else an instructor should know.
    remarks: list[str] = field(default_factory=list)
    #: The notebook, rebuilt and executed; None if there was nothing to execute.
    notebook: dict[str, Any] | None = None

    def to_bytes(self) -> bytes:
        return json.dumps(dataclasses.asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Marked:
        return cls(**json.loads(data))


def mark(assignment: bytes, handed_in: bytes) -> bytes:
    """Mark a submission.

    Parameters
    ----------
    assignment : bytes
        From `Assignment.to_bytes`.
    handed_in : bytes
        From `handed_in.pack`.

    Returns
    -------
    bytes
        For `Marked.from_bytes`.

    Raises
    ------
    SandboxError, NurseryError
        If this machine cannot run submissions; that says nothing about this one.
    """
    return mark_opened(_opened(assignment), handed_in).to_bytes()


@functools.lru_cache(4)
def _opened(assignment: bytes) -> Assignment:
    return Assignment.from_bytes(assignment)


def mark_opened(assignment: Assignment, handed_in: bytes) -> Marked:
    """Do the same for an assignment that is at hand."""
    try:
        submission = HandedIn.open(handed_in, assignment.name)
        notebook, remarks = rebuild(assignment.released, submission.cells)
    except Unreadable as problem:
        return Marked(UNREADABLE, [str(problem)])
    return run(assignment, notebook, submission.files, submission.remarks + remarks)


def run(assignment: Assignment, notebook: dict[str, Any], files: dict[str, bytes], remarks: list[str]) -> Marked:
    """Execute a rebuilt notebook, tests included."""
    plan = Plan(assignment.packages, assignment.sandboxed, assignment.limits)
    with _nursery(plan) as nursery:
        learner = Learner(nursery.fork, files, assignment.limits)
        try:
            execute(notebook, assignment.tests, assignment.cases, learner, assignment.hidden)
        finally:
            learner.close()
    is_late = learner.was_late or learner.is_late
    state = LATE if is_late else CRASHED if learner.losses else GRADED
    before = learner.losses[: learner.losses_before_hidden_tests]
    reasons = [f"the learner's process was lost: {loss}" for loss in dict.fromkeys(before)]
    if len(learner.losses) > len(before):
        # Nothing more: learners read this, and how a process ends could say what a hidden test has put in.
        reasons.append("the learner's process was lost while hidden tests ran")
    if is_late:
        reasons.append(f"the time for a whole submission, {assignment.limits.submission:g} s, was used up")
    return Marked(state, reasons + remarks, notebook)


#: Nurseries that no submission uses now. A process that marks several submissions at a time has several of them.
_idle: dict[Plan, list[Nursery]] = {}
_lock = threading.Lock()


@contextmanager
def _nursery(plan: Plan) -> Iterator[Nursery]:
    """Lend a nursery for a submission; one that fails is not used again."""
    with _lock:
        waiting = _idle.setdefault(plan, [])
        nursery = waiting.pop() if waiting else None
    nursery = nursery or Nursery(plan)
    try:
        yield nursery
    except BaseException:
        nursery.close()
        raise
    with _lock:
        _idle[plan].append(nursery)


@atexit.register
def close_nurseries() -> None:
    """End the processes that wait for submissions."""
    with _lock:
        for nursery in [each for waiting in _idle.values() for each in waiting]:
            nursery.close()
        _idle.clear()
