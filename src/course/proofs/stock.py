"""Grades the answers and the blank notebook with nbgrader as it comes, in a course folder made for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat

from course import engine
from course.assignments.building import Built
from course.folders import Course


def released(built: Built, folder: Path) -> Course:
    """Make a course of one assignment in an empty folder, and let nbgrader release it there."""
    course = Course(folder)
    built.write(course.built / built.source.name)
    engine.make_release(course, built.source.name)
    return course


def unfair_scores(built: Built, course: Course) -> Iterator[str]:
    """Report test cells that give the answers less than full marks, or the blank notebook more than none."""
    name = built.source.name
    release = course.exercises / name
    engine.hand_in(course, name, "blank", release)
    engine.hand_in(course, name, "answers", release)
    submission = course.grading / "submitted" / "answers" / name / f"{name}.ipynb"
    nbformat.write(answered(built, nbformat.read(submission, as_version=4)), submission)
    engine.autograde(course, name)
    for cell, (score, most) in engine.scores(course, name, "answers").items():
        if score != most:
            yield f"cell {cell!r}: under nbgrader the answers get {score:g} of {most:g} points"
    for cell, (score, _) in engine.scores(course, name, "blank").items():
        if score:
            yield f"cell {cell!r}: under nbgrader the blank notebook gets {score:g} points"


def answered(built: Built, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Fill the answers into a released notebook, as a learner would."""
    known = {cell.grade_id: cell.node.source for cell in built.source.cells if cell.is_answer}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in known:
            cell.source = known[grade_id]
    return notebook
