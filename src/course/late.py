"""What lateness costs, as nbgrader's plug-in: one line in `nbgrader_config.py`.

get_config().LatePenalty.rule = "10% a day, at most 50%"
"""

from __future__ import annotations

import math
import re
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from traitlets import TraitError, Unicode, validate
from traitlets.config import Config

from course.errors import CourseError

_DAY = 24 * 60 * 60
_PERCENT = re.compile(
    r"(?P<each>\d+(\.\d+)?) ?% a day(, ?at most (?P<most>\d+(\.\d+)?) ?%)?(, ?(?P<grace>\d+) minutes? grace)?"
)
_DEADLINE = re.compile(r"deadline(, ?(?P<grace>\d+) minutes? grace)?")
ACCEPTED = (
    "'none'; 'deadline', which lets nothing count that comes later; or a part of the points for every day begun, such "
    "as '10% a day' or '10% a day, at most 50%'. The last two may end with ', 15 minutes grace'."
)


class LatePenalty(LateSubmissionPlugin):
    """Takes a part of the points, all of them, or none.

    Examples
    --------
    >>> LatePenalty(rule="10% a day").late_submission_penalty("lena", score=30, total_seconds_late=26 * 60 * 60)
    6.0
    """

    rule = Unicode("none", help=f"What lateness costs: {ACCEPTED}").tag(config=True)

    @validate("rule")
    def _is_a_rule(self, proposal: Any) -> str:
        rule = proposal["value"].strip()
        matched = _PERCENT.fullmatch(rule)
        numbers = [float(matched[name]) for name in ("each", "most") if matched[name]] if matched else []
        if rule != "none" and not _DEADLINE.fullmatch(rule) and (not matched or max(numbers) > 100):
            raise TraitError(f"LatePenalty.rule is {rule!r}. It can be {ACCEPTED}")
        return rule

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return how many points a submission loses; None if it loses none.

        Parameters
        ----------
        student_id : str
            Anybody: the rule is the same for all. Extensions for one student are nbgrader's own.
        score : float
            The points of the submission.
        total_seconds_late : float
            Seconds after the due date.
        """
        score = max(score, 0.0)
        matched = _PERCENT.fullmatch(self.rule) or _DEADLINE.fullmatch(self.rule)
        if matched is None or total_seconds_late <= 60 * int(matched["grace"] or 0):
            return None
        if matched.re is _DEADLINE:
            return score
        percent = min(float(matched["each"]) * math.ceil(total_seconds_late / _DAY), float(matched["most"] or 100))
        return score * percent / 100


def plugin(config: Config) -> LatePenalty:
    """Return the plug-in with the rule that a configuration has.

    Raises
    ------
    CourseError
        If the rule is none.
    """
    try:
        return LatePenalty(config=config)
    except TraitError as problem:
        raise CourseError(f"In nbgrader_config.py: {problem}") from None


def update(gradebook: Gradebook, config: Config, name: str) -> None:
    """Work out anew what lateness costs: points may have been given by hand since, or the due date moved."""
    rule = plugin(config)
    try:
        submissions = gradebook.assignment_submissions(name)
    except MissingEntry:
        return
    for submission in submissions:
        late = submission.total_seconds_late
        for notebook in submission.notebooks:
            penalty = rule.late_submission_penalty(submission.student.id, notebook.score, late) if late else None
            notebook.late_submission_penalty = penalty
    gradebook.db.commit()
