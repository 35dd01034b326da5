"""The report on a class as one HTML page that runs nothing and loads nothing: plots, and a table for each."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment
from markupsafe import Markup, escape

from course import pages, terminal
from course.exporting import plots
from course.exporting.plots import Picture
from course.exporting.report import Report, Scores, TaskResult
from course.exporting.trends import Day, Gone, Trends
from course.exporting.work import UNKNOWN
from course.pages import number

#: So many mistakes are for the next lecture, so many are drawn; a table has all of them.
MOST_TOPICS, MOST_DRAWN = 3, 10
#: So many days are told apart; what came before them is taken together.
MOST_DAYS = 24
#: So many students are listed who want a person.
MOST_PEOPLE = 200
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Pictures:
    """The plots of a page; None where there is nothing to draw."""

    scores: Picture
    causes: Picture | None
    tasks: Picture | None
    mistakes: Picture | None
    attempts: Picture | None
    gone: Picture | None
    days: Picture | None


def render(about: Report) -> str:
    """Return the page."""
    return pages.render(
        _templates(),
        "report",
        f"{about.title}: how the class did",
        about=about,
        pictures=_pictures(about),
        topics=about.mistakes[:MOST_TOPICS],
        unknown=_most_lost(about.tasks, UNKNOWN),
        days=_together(about.trends.days),
        states=list(plots.STATES),
        most_people=MOST_PEOPLE,
    )


@functools.cache
def _templates() -> Environment:
    templates = pages.environment("course.exporting")
    templates.filters |= {"points": plots.points, "percent": percent, "prose": prose, "count": terminal.count}
    templates.filters["day"] = _day
    return templates


def percent(part: float | None) -> str:
    """Write a part of a whole."""
    return "–" if part is None else f"{100 * part:.0f}%"


def prose(text: str) -> Markup:
    """Return a sentence as HTML: what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _most_lost(tasks: Sequence[TaskResult], cause: str) -> TaskResult | None:
    """Return the task in which most was lost for a reason."""
    found = max(tasks, key=lambda task: task.lost.get(cause, 0.0), default=None)
    return found if found is not None and found.lost.get(cause) else None


def _together(days: Sequence[Day]) -> list[Day]:
    """Take the first days together where there are too many: a date from long ago is a clock that was wrong."""
    if len(days) <= MOST_DAYS:
        return list(days)
    early, late = days[: 1 - MOST_DAYS], days[1 - MOST_DAYS :]
    return [Day(early[-1].day, sum(day.first for day in early), sum(day.again for day in early)), *late]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _pictures(about: Report) -> Pictures:
    tried = about.trends
    gone = tried.gone[:MOST_DRAWN]
    days = _together(tried.days)
    lost = [(cause, value, _lost(value, students)) for cause, (value, students) in about.causes.items()]
    mistakes = [
        (", ".join(each.names), each.cost, _lost(each.cost, len(each.students))) for each in about.mistakes[:MOST_DRAWN]
    ]
    return Pictures(
        plots.spread(about.scores.bars, about.scores.median, _scores_in_words(about.scores)),
        plots.bars(lost, _bars_in_words("Points that the class did not get", lost)) if lost else None,
        plots.shares([(task.title, task.states) for task in about.tasks], _tasks_in_words(about.tasks))
        if about.tasks
        else None,
        plots.bars(mistakes, _bars_in_words("What mistakes cost", mistakes)) if mistakes else None,
        plots.attempts(tried, _attempts_in_words(tried)) if tried.steps else None,
        plots.remaining([(each.name, each.first, each.still) for each in gone], _gone_in_words(gone)) if gone else None,
        plots.days(days, _days_in_words(days)) if days else None,
    )


def _lost(value: float, students: int) -> str:
    return f"{plots.points(value)}, {terminal.count(students, 'student')}"


def _scores_in_words(scores: Scores) -> str:
    start, end, most = max(scores.bars, key=lambda bar: bar[2])
    return (
        f"Histogram of {terminal.count(len(scores.values), 'score')} from {number(scores.values[0])} to "
        f"{number(scores.values[-1])} of {number(scores.most)} points. The median is {number(scores.median)}. Most of "
        f"them, {most}, are between {number(start)} and {number(end)}."
    )


def _bars_in_words(what: str, rows: Sequence[tuple[str, float, str]]) -> str:
    return f"{what}, as bars. " + " ".join(f"{name}: {words}." for name, _, words in rows)


def _tasks_in_words(tasks: Sequence[TaskResult]) -> str:
    rows = (
        f"{task.title}: " + ", ".join(f"{task.states[state]} {state}" for state in plots.STATES if state in task.states)
        for task in tasks
    )
    return f"A bar for each task, with how many students stand how. {'; '.join(rows)}."


def _attempts_in_words(about: Trends) -> str:
    medians = ", ".join(percent(step.median) for step in about.steps)
    return (
        f"A line for each of {terminal.count(len(about.lines), 'student')} who tried again, from attempt to attempt. "
        f"Their median goes: {medians}."
    )


def _gone_in_words(found: Sequence[Gone]) -> str:
    rows = (f"{each.name}: {each.first} at first, {each.still} at last." for each in found)
    return f"A bar for each mistake of first attempts, with how many are left. {' '.join(rows)}"


def _days_in_words(days: Sequence[Day]) -> str:
    busiest = max(days, key=lambda day: day.first + day.again)
    return (
        f"A bar for each of {terminal.count(len(days), 'day')} from {_day(days[0].day)} to {_day(days[-1].day)}. Most "
        f"came on {_day(busiest.day)}: {busiest.first + busiest.again}."
    )
