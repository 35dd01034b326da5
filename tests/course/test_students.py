"""Are wrong answers of people who had not seen the bank caught, and is none given a name that is not its own?

What each of these people had in mind was written down before their answers were checked. The names beside their answers
were compared with that by hand.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.proofs.cells import released_checks, verdict
from tests.course.building import COURSE, EACH, built

STUDENTS = Path(__file__).parent / "students"
ANSWER = re.compile(r"^## (\S+): ([^\n]*)\n\n```python\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", EACH)
def test_wrong_answers_are_caught_and_never_misnamed(name: str) -> None:
    """Does each fail a visible check that names what it should, and nothing else?"""
    answers = ANSWER.findall((STUDENTS / f"{name}.md").read_text(encoding="utf-8"))
    assert len(answers) >= 8
    assignment = built(name)
    with released_checks(COURSE.exercises / name):
        for grade_id, names, source in answers:
            space: dict = {"__name__": "__main__"}
            found = None
            for cell in assignment.source.cells:
                if cell.node.cell_type == "code" and not cell.is_test:
                    exec(source if cell.grade_id == grade_id else cell.node.source, space)
            for cell in (check.cell for check in assignment.checks if not check.hidden):
                found = found or verdict(assignment, cell, space)
            assert found is not None, f"nobody noticed this {grade_id}:\n{source}"
            report = getattr(found, "report", None)
            told = ", ".join(sorted(report.mistakes)) if report is not None else ""
            assert (told or "nothing") == names, f"{grade_id}:\n{source}\n{found}"
