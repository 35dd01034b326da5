"""The whole proof of an assignment."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from course.assignments.building import Built, run_answers
from course.proofs import mistakes, ours, stock, tasks
from course.proofs.cells import released_checks
from course.proofs.mistakes import Finding


@dataclass
class Proof:
    """What came of proving an assignment."""

    name: str
    #: What is not as it should be; each names the cell and the remedy.
    problems: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return not self.problems


def prove(built: Built, folder: Path) -> Proof:
    """Prove an assignment.

    Parameters
    ----------
    built : Built
    folder : Path
        An empty folder, which becomes a course with this assignment alone. What would be released is in
        `exercises/NAME` there afterwards.
    """
    started = time.monotonic()
    proof = Proof(built.source.name)
    course = stock.released(built, folder)
    with released_checks(course.exercises / built.source.name):
        names = run_answers(built.source)
        proof.problems += tasks.failing_answers(built, names)
        proof.problems += tasks.false_examples(built, names)
        proof.problems += [
            f"{cell}: it passes while its task is still blank; check something that only an answer gives"
            for cell in tasks.passing_blanks(built)
        ]
        proof.findings += mistakes.study(built, names)
        proof.problems += [_complaint(finding) for finding in proof.findings if not finding.sound]
    proof.problems += stock.unfair_scores(built, course)
    proof.problems += ours.unfair_verdicts(built.source.name, course)
    proof.seconds = time.monotonic() - started
    return proof


def _complaint(finding: Finding) -> str:
    if not finding.named_by:
        return (
            f"{finding.subject}: no visible check names {finding.misconception!r}; add a case that shows it, or say in "
            "against(…, unseen={…}) why it cannot be seen"
        )
    return f"{finding.subject}: no hidden test catches {finding.misconception!r}; draw arguments that show it"
