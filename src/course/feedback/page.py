"""Feedback as one HTML page that runs nothing and loads nothing, whatever a learner wrote.

`course.pages` escapes every text; the few that become HTML come from `cleaning`.
"""

from __future__ import annotations

import functools

from jinja2 import Environment

from course import pages
from course.checks.drawing import LEGENDS
from course.feedback import cleaning
from course.feedback.results import Feedback, Task


def render(about: Feedback) -> str:
    """Return the page."""
    return pages.render(_templates(), "page", f"{about.title}: {about.student}", about=about, legends=LEGENDS)


@functools.cache
def _templates() -> Environment:
    templates = pages.environment("course.feedback")
    templates.filters |= {
        "code": cleaning.code,
        "markdown": cleaning.markdown,
        "paragraphs": cleaning.paragraphs,
        "state": lambda task: _state(task)[0],
        "state_class": lambda task: _state(task)[1],
    }
    return templates


def _state(task: Task) -> tuple[str, str]:
    """Say in a few words how a task stands, and how that is coloured."""
    if task.waiting:
        return "to be read by a person", "is-open"
    if task.is_right:
        return "✓ right", "is-right"
    if not task.tests and not task.is_blank:
        return "read by a person", "is-open"
    if task.is_blank:
        return "no answer", "is-open"
    return "✗ not all right yet", "is-wrong"
