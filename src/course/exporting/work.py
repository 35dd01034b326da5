"""What a class handed in, task by task: each executed notebook is read once."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.checks.reporting import TWO_AT_ONCE
from course.feedback.results import Grade, Grades
from course.grading.executing import reported
from course.grading.rebuilding import graded, is_answer, is_test, task_title

Node = dict[str, Any]

#: Why points were lost. A function that leans on another one fails with it.
MISTAKE, UNKNOWN, LEANS, BLANK = "a known mistake", "no known mistake", "leans on another task", "no answer"
READ = "read by a person"
#: How a task stands.
RIGHT, PARTLY, WRONG, WAITING = "right", "partly right", "not right", "to be read"


@dataclass(frozen=True)
class Task:
    """A task as it was released."""

    title: str
    #: The points of its tests, and of the answers that a person reads, by grade id.
    tests: dict[str, float] = field(default_factory=dict)
    by_hand: dict[str, float] = field(default_factory=dict)
    #: What stands in its answer cells, by grade id.
    blanks: dict[str, str] = field(default_factory=dict)

    @property
    def most(self) -> float:
        return sum(self.tests.values()) + sum(self.by_hand.values())


@dataclass(frozen=True)
class Loss:
    """A cell that did not get all its points."""

    cell: str
    points: float
    cause: str
    #: The names of the known mistakes that give these results.
    mistakes: tuple[str, ...] = ()
    #: Whether several were made at once; else several cannot be told apart.
    at_once: bool = False


@dataclass(frozen=True)
class Done:
    """What a student did in a task."""

    points: float
    most: float
    is_blank: bool
    #: Points that a person has still to give.
    waiting: float
    losses: list[Loss]

    @property
    def state(self) -> str:
        """How it stands, in a word or two."""
        if self.waiting:
            return WAITING
        if self.points >= self.most:
            return RIGHT
        if self.points > 0:
            return PARTLY
        return BLANK if self.is_blank else WRONG


def tasks(released: Node) -> list[Task]:
    """Read the tasks of a released notebook: a heading begins one."""
    found = [Task("Before the first task")]
    for cell in released["cells"]:
        about, title = graded(cell), task_title(cell)
        if title is not None:
            found.append(Task(title))
        if is_answer(cell):
            found[-1].blanks[about["grade_id"]] = _text(cell).strip()
        if is_test(cell):
            found[-1].tests[about["grade_id"]] = float(about["points"])
        elif about.get("grade"):
            found[-1].by_hand[about["grade_id"]] = float(about["points"])
    return [task for task in found if task.most]


def executed(path: Path) -> dict[str, Node]:
    """Read the cells of an executed notebook by grade id; none if it is not there, or no notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return {graded(cell)["grade_id"]: cell for cell in cells if graded(cell).get("grade_id")}
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}


def done(task: Task, cells: Mapping[str, Node], grades: Grades, known: Mapping[str, str]) -> Done:
    """Bring together what a student did in a task.

    Parameters
    ----------
    task : Task
    cells : mapping
        The executed cells by grade id.
    grades : Grades
    known : mapping
        The sentence of every known mistake by its name. Other names are somebody's own: where nbgrader graded by
        itself, learners' code can write what stands here.
    """
    answers = task.blanks.items()
    is_blank = bool(answers) and all(name in cells and _text(cells[name]).strip() in ("", was) for name, was in answers)
    points = most = waiting = 0.0
    losses = []
    for name, worth in [*task.tests.items(), *task.by_hand.items()]:
        grade = grades.cells.get(name, Grade(0.0, worth))
        points, most = points + grade.points, most + grade.most
        lost = max(grade.most - grade.points, 0.0)
        if name in task.tests:
            losses += _loss(name, lost, is_blank, reported(cells.get(name, {})), known)
        elif grade.waits:
            waiting += lost
        elif lost:
            losses.append(Loss(name, lost, BLANK if is_blank else READ))
    return Done(points, most, is_blank, waiting, _narrowed(losses))


def _narrowed(losses: list[Loss]) -> list[Loss]:
    all_names = [loss.mistakes for loss in losses]
    return [
        loss if loss.at_once else dataclasses.replace(loss, mistakes=narrowed(loss.mistakes, all_names))
        for loss in losses
    ]


def narrowed(names: Sequence[str], others: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Of mistakes that a test cannot tell apart, keep those that other tests of the task name too, if there are any."""
    for other in others:
        names = [name for name in names if name in other] or names
    return tuple(names)


def _loss(name: str, lost: float, is_blank: bool, report: Node | None, known: Mapping[str, str]) -> list[Loss]:
    """Say what a test cost and why; a person may have given its points all the same."""
    report = report or {}
    named = report.get("mistakes")
    mistakes = (
        tuple(each for each in named if isinstance(each, str) and each in known) if isinstance(named, list) else ()
    )
    if not lost and not (mistakes and report.get("passed") is False):
        return []
    cause = MISTAKE if mistakes else BLANK if is_blank else LEANS if report.get("leans_on") else UNKNOWN
    return [Loss(name, lost, cause, mistakes, TWO_AT_ONCE in str(report.get("reason")))]


@functools.cache
def sentences() -> dict[str, str]:
    """Return the sentence of every misconception of the bank by its name."""
    from course.misconceptions import BANK, DIRECT  # NumPy and all operations come with it

    return {each.name: each.sentence for each in [*BANK, *DIRECT]}


def _text(cell: Node) -> str:
    return "".join(cell["source"])
