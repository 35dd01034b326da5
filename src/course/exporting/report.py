"""How a class did in an assignment, as data: scores, tasks, mistakes, and what trying again brought."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Assignment as Registered
from nbgrader.api import Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import joinedload, selectinload, undefer

from course import engine, files, late
from course.exporting import work
from course.exporting.points import Points, points
from course.exporting.trends import Trends, trends
from course.exporting.work import BLANK, LEANS, MISTAKE, READ, UNKNOWN, WAITING, Done
from course.feedback.results import Grades
from course.folders import Course
from course.grading import history, records, status
from course.grading.assignment import Assignment
from course.grading.marking import GRADED

LATE = "handed in late"
#: Where points went, in the order in which they are told.
CAUSES = (MISTAKE, UNKNOWN, LEANS, BLANK, READ, LATE, WAITING)
#: Something else was handed in since: the score is the old one's.
CHANGED = "changed since it was graded"
#: So many bars at most show how scores are spread.
MOST_BARS = 12


@dataclass(frozen=True)
class Scores:
    """Final scores, with what lateness cost taken off."""

    values: list[float]
    most: float

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def mean(self) -> float:
        return statistics.fmean(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """A quarter of the scores are not above the first, and a quarter not below the second."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        first, _, third = statistics.quantiles(self.values, n=4, method="inclusive")
        return first, third

    @property
    def bars(self) -> list[tuple[float, float, int]]:
        """Ranges of scores, and how many are in each: its beginning belongs to it; its end, in the last one alone."""
        top = max(self.most, *self.values) or 1.0  # extra credit goes beyond all points
        sizes = (digit * 10.0**power for power in itertools.count(-2) for digit in (1, 2, 5))
        width = next(size for size in sizes if top / size <= MOST_BARS)
        number = math.ceil(top / width)
        places = Counter(min(int(value / width + 1e-9), number - 1) for value in self.values)
        return [(place * width, min((place + 1) * width, top), places[place]) for place in range(number)]


@dataclass(frozen=True)
class TaskResult:
    """How a class did in a task."""

    title: str
    most: float
    #: How many students it stands with how, by `Done.state`.
    states: dict[str, int]
    #: The mean part of the points, without answers that wait to be read; None if nothing is left.
    share: float | None
    #: Points lost by all, by cause.
    lost: dict[str, float]

    @property
    def lost_in_all(self) -> float:
        return sum(self.lost.values())


@dataclass
class Mistake:
    """A known mistake in the work of a class. What has the same sentence is the same mistake to a learner."""

    sentence: str
    names: list[str] = field(default_factory=list)
    students: set[str] = field(default_factory=set)
    #: Those for whom some test names nothing else: for the others, it may have been another mistake.
    surely: set[str] = field(default_factory=set)
    #: How many students failed a test for it, by the title of the task and by the test.
    tasks: Counter[str] = field(default_factory=Counter)
    tests: Counter[str] = field(default_factory=Counter)
    #: Points of the failed tests; those of a test that names several are shared among these.
    cost: float = 0.0


@dataclass(frozen=True)
class Person:
    """A student whose work somebody should look into."""

    student: str
    state: str
    remarks: list[str]


@dataclass(frozen=True)
class Report:
    """How a class did."""

    title: str
    scores: Scores
    tasks: list[TaskResult]
    #: The most expensive first.
    mistakes: list[Mistake]
    #: Points lost by all, and how many students lost some, by cause.
    causes: dict[str, tuple[float, int]]
    #: How many answers wait to be read by a person.
    waiting: int
    trends: Trends
    #: How many submissions ended how.
    states: dict[str, int]
    people: list[Person]

    @property
    def graded(self) -> int:
        """How many students have a score."""
        return len(self.scores.values)


def write(course: Course, name: str, path: Path) -> int:
    """Write the report as a page, and return how many graded students it is about; if 0, nothing is written."""
    about = report(course, name)
    if about is None:
        return 0
    from course.exporting import report_page  # Matplotlib takes a second to come, and nobody else here needs it

    files.write(path, report_page.render(about))
    return about.graded


def report(course: Course, name: str) -> Report | None:
    """Work out how a class did in an assignment; None if nobody has a score."""
    config = engine.settings(course)
    assignment = Assignment.load(course, name)
    tasks = work.tasks(assignment.released)
    known = work.sentences() | assignment.cases.get("mistakes", {})
    with engine.gradebook(config) as gradebook:
        late.update(gradebook, config, name)
        submissions = _submissions(gradebook, name)  # held on to: SQLAlchemy forgets what nobody has
        grades = {each.student.id: Grades.of(notebook) for each in submissions for notebook in each.notebooks}
        found = {each.student.id: each for each in points(course, gradebook, config, [name], with_outdated=True)}
        graded = [each for each in found.values() if each.score is not None]
        if not graded:
            return None
        done = {each.student.id: _done(course, name, each.student.id, tasks, grades, known) for each in graded}
        scores = Scores(sorted(each.score for each in graded if each.score is not None), sum(t.most for t in tasks))
        penalties = {each.student.id: min(each.penalty, each.raw) for each in graded if each.raw and each.penalty}
        waiting = sum(each.waiting for each in graded)
        attempts = {student: made for student, made in history.read(course, name).items() if student in found}
        tried = trends(attempts, {student: each.time for student, each in found.items()}, known, tasks)
        people = _people(course, name, found)
    return Report(
        assignment.released["metadata"].get("course", {}).get("title", name),
        scores,
        [_task(task, [student[place] for student in done.values()]) for place, task in enumerate(tasks)],
        _mistakes(tasks, done, known),
        _causes(done, penalties),
        waiting,
        tried,
        dict(Counter(person.state for person in people).most_common()),
        [person for person in people if person.state not in (GRADED, status.MISSING)],
    )


def _submissions(gradebook: Gradebook, name: str) -> list[SubmittedAssignment]:
    """Read what the gradebook has of an assignment in a few queries; asked one by one, a class takes thousands."""
    gradebook.db().expire_on_commit = False  # what is read here stays read, also for `points`
    cells = selectinload(SubmittedNotebook.grades).options(joinedload(Grade.cell), undefer(Grade.max_score))
    comments = selectinload(SubmittedNotebook.comments).joinedload(Comment.cell)
    notebooks = selectinload(SubmittedAssignment.notebooks).options(cells, comments)
    asked = gradebook.db.query(SubmittedAssignment).join(Registered).filter(Registered.name == name)
    found: list[SubmittedAssignment] = asked.options(joinedload(SubmittedAssignment.student), notebooks).all()
    return found


def _done(
    course: Course,
    name: str,
    student: str,
    tasks: list[work.Task],
    grades: Mapping[str, Grades],
    known: Mapping[str, str],
) -> list[Done]:
    """Return what a student did, task by task."""
    cells = work.executed(course.grading / "autograded" / student / name / f"{name}.ipynb")
    return [work.done(task, cells, grades.get(student, Grades({}, {})), known) for task in tasks]


def _task(task: work.Task, done: list[Done]) -> TaskResult:
    read = [each for each in done if not each.waiting and each.most]
    lost: defaultdict[str, float] = defaultdict(float)
    for loss in (loss for each in done for loss in each.losses):
        lost[loss.cause] += loss.points
    states = dict(Counter(each.state for each in done))
    # Where the answers that somebody wrote all wait to be read, the blank ones would be the mean.
    is_known = len(read) == len(done) or any(not each.is_blank for each in read)
    share = statistics.fmean(each.points / each.most for each in read) if read and is_known else None
    return TaskResult(task.title, task.most, states, share, dict(lost))


def _mistakes(tasks: list[work.Task], done: Mapping[str, list[Done]], known: Mapping[str, str]) -> list[Mistake]:
    """Count known mistakes; the most expensive come first."""
    found: dict[str, Mistake] = {}
    told: set[tuple[str, str, str]] = set()
    for student, each in done.items():
        for task, loss in ((task, loss) for task, one in zip(tasks, each, strict=True) for loss in one.losses):
            sentences = {known[name]: name for name in loss.mistakes}
            for name in loss.mistakes:
                mistake = found.setdefault(known[name], Mistake(known[name]))
                if name not in mistake.names:
                    mistake.names.append(name)
            for sentence in sentences:
                mistake = found[sentence]
                mistake.cost += loss.points / len(sentences)
                mistake.students.add(student)
                mistake.tests[loss.cell] += 1
                if len(sentences) == 1 or loss.at_once:
                    mistake.surely.add(student)
                if (student, task.title, sentence) not in told:
                    told.add((student, task.title, sentence))
                    mistake.tasks[task.title] += 1
    return sorted(found.values(), key=lambda each: (-each.cost, -len(each.students), each.sentence))


def _causes(done: Mapping[str, list[Done]], penalties: Mapping[str, float]) -> dict[str, tuple[float, int]]:
    """Add up where points went, and count the students who lost some."""
    lost: defaultdict[str, float] = defaultdict(float)
    who: defaultdict[str, set[str]] = defaultdict(set)
    entries = [
        *((loss.cause, student, loss.points) for student, each in done.items() for one in each for loss in one.losses),
        *((WAITING, student, one.waiting) for student, each in done.items() for one in each),
        *((LATE, student, penalty) for student, penalty in penalties.items()),
    ]
    for cause, student, number in entries:
        if number:
            lost[cause] += number
            who[cause].add(student)
    return {cause: (lost[cause], len(who[cause])) for cause in CAUSES if cause in lost}


def _people(course: Course, name: str, found: Mapping[str, Points]) -> list[Person]:
    """Say of every student how their submission ended."""
    return list(_states(status.lines(course, name), records.read(course, name), found))


def _states(
    lines: Iterable[status.Line], known: Mapping[str, records.Record], found: Mapping[str, Points]
) -> Iterable[Person]:
    for line in lines:
        each = found.get(line.student)
        if each is None:
            yield Person(line.student, line.state, line.remarks)
        elif line.state != status.WAITING:
            yield Person(line.student, each.state, line.remarks)
        elif line.student in known and each.raw is not None:
            yield Person(line.student, CHANGED, known[line.student].remarks)
        else:  # nbgrader graded it by itself, or nobody did
            yield Person(line.student, each.state, [])
