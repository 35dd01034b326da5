"""What a learner is told about a submission, as data.

The structure is that of the released notebook, the learner's cells and the tests' reports come from the executed one,
points and comments from the gradebook. Of a hidden test nothing is taken but its points, how many of its cases pass,
and the sentence of a known mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook

from course.feedback import cleaning
from course.grading.assignment import Assignment
from course.grading.executing import reported
from course.grading.rebuilding import graded, is_answer, is_test, task_title

Node = dict[str, Any]

#: So many cells of the learner's own are shown for each task, and so many outputs for each cell.
MOST_CELLS, MOST_OUTPUTS = 12, 6
#: All that the learner's cells hold and printed, in characters; pictures too.
MOST_TEXT, MOST_PICTURES = 400_000, 2_000_000


@dataclass(frozen=True)
class Grade:
    """What the gradebook says about a cell."""

    points: float
    most: float
    #: Whether a person has still to look at it.
    waits: bool = False


@dataclass
class Grades:
    """What the gradebook says about a notebook."""

    cells: dict[str, Grade]
    comments: dict[str, str]
    penalty: float = 0.0

    @classmethod
    def of(cls, notebook: SubmittedNotebook) -> Grades:
        """Take what is needed out of the gradebook."""
        cells = {
            grade.cell.name: Grade(
                float(grade.score), float(grade.max_score), bool(grade.needs_manual_grade) and grade.max_score > 0
            )
            for grade in notebook.grades
        }
        # nbgrader's own "No response." reads as if a person had written it.
        comments = {each.cell.name: each.manual_comment for each in notebook.comments if each.manual_comment}
        return cls(cells, comments, float(notebook.late_submission_penalty or 0))


@dataclass(frozen=True)
class Test:
    """What came of a test cell."""

    points: float
    most: float
    hidden: bool
    summary: str
    #: The title of every visible case, and whether it passes.
    cases: list[tuple[str, bool]] = field(default_factory=list)
    #: The case that the message is about, and the call that was made.
    shown: str = ""
    call: str = ""
    message: str = ""
    #: The sentence of a known mistake.
    reason: str = ""
    leans_on: list[str] = field(default_factory=list)
    printed: str = ""
    pictures: list[dict[str, Any]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return self.points >= self.most


@dataclass(frozen=True)
class Output:
    """Something that a learner's cell showed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell that a learner wrote."""

    kind: str
    source: str
    #: Whether it is an answer, and not a cell of the learner's own.
    is_answer: bool
    outputs: list[Output]
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Task:
    """A task, with all that belongs to it."""

    title: str
    points: float = 0.0
    most: float = 0.0
    cells: list[Cell] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    #: Whether nothing was written into its answers.
    is_blank: bool = True
    #: Points that wait for a person.
    waiting: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether it has all its points."""
        return self.most > 0 and self.points >= self.most

    @property
    def error(self) -> str:
        """What stopped an answer, so that it could not be checked; empty if nothing did."""
        shown = (output for cell in self.cells if cell.is_answer for output in cell.outputs)
        return next((output.text for output in shown if output.kind == "error"), "")

    @property
    def failed(self) -> list[Test]:
        """The tests that did not pass."""
        return [test for test in self.tests if not test.passed]


@dataclass
class Feedback:
    """What a learner is told."""

    title: str
    student: str
    #: What became of the submission, and why; as `course status` says it.
    state: str
    remarks: list[str]
    tasks: list[Task]
    penalty: float = 0.0
    #: Whether there was nothing that could be run.
    is_unreadable: bool = False

    @property
    def points(self) -> float:
        """All points, without those that lateness costs."""
        return max(sum(task.points for task in self.tasks) - self.penalty, 0.0)

    @property
    def most(self) -> float:
        return sum(task.most for task in self.tasks)

    @property
    def waiting(self) -> float:
        """Points that wait for a person."""
        return sum(task.waiting for task in self.tasks)

    @property
    def first(self) -> tuple[Task, Test] | None:
        """What to look at first: a visible test that needs nothing else mended, else a hidden one."""
        failed = [(task, test) for task in self.tasks for test in task.failed if not task.is_blank]
        ranked = sorted(failed, key=lambda found: (found[1].hidden, bool(found[1].leans_on)))
        return ranked[0] if ranked else None


def grades_of(gradebook: Gradebook, name: str, student: str) -> Grades | None:
    """Return what the gradebook says about a submission; None if it was not scored."""
    try:
        return Grades.of(gradebook.find_submission_notebook(name, name, student))
    except MissingEntry:
        return None


def feedback(
    assignment: Assignment, notebook: Node | None, grades: Grades | None, student: str, state: str, remarks: list[str]
) -> Feedback:
    """Bring together what a learner is told.

    Parameters
    ----------
    assignment : Assignment
    notebook : dict or None
        The executed notebook as JSON has it; None if there was nothing to execute.
    grades : Grades or None
    student, state, remarks : str, str, list of str
    """
    grades = grades or Grades({}, {})
    tasks = list(_tasks(assignment, notebook or {"cells": []}, grades))
    title = assignment.released["metadata"].get("course", {}).get("title", assignment.name)
    return Feedback(title, student, state, remarks, tasks, grades.penalty, notebook is None)


def _tasks(assignment: Assignment, notebook: Node, grades: Grades) -> Iterator[Task]:
    """Go through the release task by task: a heading begins one."""
    released = assignment.released["cells"]
    own = _Own(released, notebook["cells"])
    executed = {graded(cell).get("grade_id"): cell for cell in notebook["cells"] if graded(cell)}
    # Before the first heading nothing is asked, but a learner may have written something there.
    task = Task("Before the first task")
    for cell in released:
        source = "".join(cell["source"])
        title = task_title(cell)
        if title is not None:
            if task.most or task.cells:
                yield task
            task = Task(title)
        grade_id = graded(cell).get("grade_id", "")
        if is_answer(cell):
            answer = executed.get(grade_id)
            if answer is not None:
                task.is_blank &= _text(answer).strip() in ("", source.strip())
                task.cells.append(own.shown(answer, is_answer=True))
            if grade_id in grades.comments:
                task.comments.append(grades.comments[grade_id])
        grade = grades.cells.get(grade_id) or _nothing(cell)
        if grade is not None:
            task.points += grade.points
            task.most += grade.most
            if is_test(cell):
                report = reported(executed.get(grade_id, {}))
                task.tests.append(_test(grade, grade_id in assignment.hidden, report))
            elif grade.waits and notebook["cells"]:
                task.waiting += grade.most
        task.cells += own.behind(cell)
    yield task


def _nothing(cell: Node) -> Grade | None:
    """Return no points, for a cell that could have had some."""
    about = graded(cell)
    return Grade(0.0, float(about.get("points", 0))) if about.get("grade") or about.get("task") else None


def _test(grade: Grade, hidden: bool, report: dict[str, Any] | None) -> Test:
    if report is None:
        return Test(grade.points, grade.most, hidden, "" if grade.points else "This check was not run.")
    if hidden:
        cases = report["cases"]
        passing = sum(case["passed"] for case in cases)
        return Test(
            grade.points, grade.most, True, f"{passing} of {len(cases)} hidden cases pass", reason=report["reason"]
        )
    first = next((case for case in report["cases"] if not case["passed"]), None)
    return Test(
        grade.points,
        grade.most,
        False,
        report["summary"],
        [(case["title"], case["passed"]) for case in report["cases"]],
        first["title"] if first else "",
        first["call"] if first else "",
        first["message"] if first else "",
        report["reason"],
        report["leans_on"],
        cleaning.shortened(report["printed"], 2_000, 20),
        report["pictures"],
    )


class _Own:
    """The cells that learners wrote, as far as there is room for them on a page."""

    def __init__(self, released: list[Node], cells: list[Node]) -> None:
        self._text, self._pictures = MOST_TEXT, MOST_PICTURES
        known = {cell["id"] for cell in released} | {graded(cell).get("grade_id") for cell in released} - {None}
        #: The learner's own cells by the released one that they stand behind.
        self._behind: dict[str, list[Node]] = {}
        place = ""
        for cell in cells:
            key = graded(cell).get("grade_id") or cell.get("id", "")
            if key in known:
                place = key
            elif _text(cell).strip():
                self._behind.setdefault(place, []).append(cell)

    def behind(self, released: Node) -> list[Cell]:
        """Return the learner's own cells behind a released one."""
        key = graded(released).get("grade_id") or released["id"]
        return [self.shown(cell) for cell in self._behind.get(key, [])[:MOST_CELLS]]

    def shown(self, cell: Node, is_answer: bool = False) -> Cell:
        """Return what is shown of a cell."""
        source = _text(cell)
        source = source if self._fits(len(source)) else "… left out: the notebook is too long to show it all."
        outputs = [shown for output in cell.get("outputs", [])[:MOST_OUTPUTS] for shown in self._outputs(output)]
        return Cell(cell["cell_type"], source, is_answer, outputs, self._kept(cell.get("attachments") or {}))

    def _outputs(self, output: Node) -> Iterator[Output]:
        data = output.get("data", {})
        text = output.get("text", data.get("text/plain", ""))
        kind = "printed"
        if output["output_type"] == "error":
            text, kind = f"{output.get('ename')}: {output.get('evalue')}", "error"
        picture = next((found for found in map(_picture(data), cleaning.PICTURES) if found), None)
        if picture is not None:
            self._pictures -= len(picture)
            if self._pictures > 0:
                yield Output("picture", picture)
            return
        shown = cleaning.shortened("".join(text), 2_000, 30)
        if shown.strip() and self._fits(len(shown)):
            yield Output(kind, shown)

    def _kept(self, attachments: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        kept = {}
        for name, kinds in attachments.items():
            self._pictures -= sum(len("".join(content)) for content in kinds.values())
            if self._pictures > 0:
                kept[name] = {kind: "".join(content) for kind, content in kinds.items()}
        return kept

    def _fits(self, length: int) -> bool:
        self._text -= min(length, cleaning.LONGEST)
        return self._text > 0


def _picture(data: Node) -> Callable[[str], str | None]:
    return lambda kind: cleaning.picture(kind, "".join(data[kind])) if kind in data else None


def _text(cell: Node) -> str:
    return "".join(cell["source"])
