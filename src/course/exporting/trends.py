"""What trying again brought a class, from the history of its gradings."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from course.exporting.work import Task, narrowed
from course.grading.history import Attempt

#: Later attempts are left out of the picture; the last score of every student is in the others.
MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Step:
    """How those who tried again stood after so many attempts."""

    attempt: int
    #: How many handed in that often.
    students: int
    #: Of all who tried again: who stopped stays where they were. A part of the points.
    median: float


@dataclass(frozen=True)
class Gone:
    """A mistake in the first attempts of those who tried again."""

    sentence: str
    names: list[str]
    first: int
    #: In how many of these last attempts it is still there.
    still: int

    @property
    def name(self) -> str:
        return ", ".join(self.names)


@dataclass(frozen=True)
class Day:
    """What was handed in on a day."""

    day: date
    first: int
    again: int


@dataclass(frozen=True)
class Trends:
    """What trying again brought."""

    #: How many students handed in how often.
    tries: dict[int, int]
    #: The scores of every student who tried again, attempt by attempt, as parts of the points.
    lines: list[list[float]]
    steps: list[Step]
    gone: list[Gone]
    days: list[Day]

    @property
    def again(self) -> int:
        """How many tried again."""
        return sum(students for times, students in self.tries.items() if times > 1)

    @property
    def changes(self) -> tuple[int, int, int]:
        """How many ended better than they began, the same, and worse."""
        better = sum(line[-1] > line[0] for line in self.lines)
        worse = sum(line[-1] < line[0] for line in self.lines)
        return better, len(self.lines) - better - worse, worse


def trends(
    history: Mapping[str, Sequence[Attempt]],
    times: Mapping[str, datetime | None],
    known: Mapping[str, str],
    tasks: Sequence[Task],
) -> Trends:
    """Work out what trying again brought.

    Parameters
    ----------
    history : mapping
        The attempts of every student, the oldest first.
    times : mapping
        When every student handed in, for those who have no history.
    known : mapping
        The sentence of every known mistake by its name.
    tasks : sequence of Task
    """
    tries = Counter(len(attempts) for attempts in history.values() if attempts)
    lines = []
    for attempts in history.values():
        # What could not be read has no score, and is no first try to compare with.
        scored = [made.score / made.most for made in attempts if made.most]
        if len(scored) > 1:
            lines.append(scored)
    days = [[_day(made.time) for made in attempts] for attempts in history.values()]
    days += [[time.date()] for student, time in times.items() if time and not history.get(student)]
    return Trends(dict(sorted(tries.items())), lines, _steps(lines), _gone(history.values(), known, tasks), _days(days))


def _steps(lines: list[list[float]]) -> list[Step]:
    most = min(max(map(len, lines), default=0), MOST_ATTEMPTS)
    return [
        Step(
            number,
            sum(len(line) >= number for line in lines),
            statistics.median(line[min(number, len(line)) - 1] for line in lines),
        )
        for number in range(1, most + 1)
    ]


def _gone(history: Iterable[Sequence[Attempt]], known: Mapping[str, str], tasks: Sequence[Task]) -> list[Gone]:
    """Count the mistakes of first attempts, and how many are in the last ones too; the most frequent first."""
    first: Counter[str] = Counter()
    still: Counter[str] = Counter()
    names: defaultdict[str, set[str]] = defaultdict(set)
    for attempts in history:
        readable = [made for made in attempts if made.most]
        if len(readable) > 1:
            before, after = _named(readable[0], known, tasks), _named(readable[-1], known, tasks)
            first.update(before.keys())
            still.update(before.keys() & after.keys())
            for sentence, each in before.items():
                names[sentence] |= each
    return [Gone(each, sorted(names[each]), number, still[each]) for each, number in first.most_common()]


def _named(made: Attempt, known: Mapping[str, str], tasks: Sequence[Task]) -> dict[str, set[str]]:
    """Return the sentences of the mistakes in an attempt, with the names: some mistakes share a sentence."""
    task_of = {test: task.title for task in tasks for test in task.tests}
    found: dict[str, set[str]] = {}
    for test, names in made.failed.items():
        beside = [
            each for other, each in made.failed.items() if test in task_of and task_of.get(other) == task_of[test]
        ]
        for name in narrowed(names, beside):
            if name in known:
                found.setdefault(known[name], set()).add(name)
    return found


def _days(days: Iterable[Sequence[date | None]]) -> list[Day]:
    first: Counter[date] = Counter()
    again: Counter[date] = Counter()
    for place, day in ((place, day) for handed_in in days for place, day in enumerate(handed_in)):
        if day is not None:
            (again if place else first)[day] += 1
    return [Day(day, first[day], again[day]) for day in sorted({*first, *again})]


def _day(time: str) -> date | None:
    try:
        return datetime.fromisoformat(time).date()
    except (ValueError, TypeError):
        return None
