"""Leaves one task blank at a time, and runs the examples that the text gives."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from typing import Any

from course.assignments.building import Built, run_answers
from course.proofs.cells import stub, verdict

EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def passing_blanks(built: Built) -> Iterator[str]:
    """Name the test cells that pass although the answer they test is blank, all other answers being right."""
    for task in built.source.tasks:
        blank = {cell.number: stub(cell.node.source) for cell in task.answers if cell.node.cell_type == "code"}
        if not blank:
            continue
        names = run_answers(built.source, blank)
        for cell in task.tests:
            if verdict(built, cell, names) is None:
                yield str(cell)


def failing_answers(built: Built, names: dict[str, Any]) -> Iterator[str]:
    """Name the test cells that do not pass the answers, with the reason."""
    for check in built.checks:
        problem = verdict(built, check.cell, names)
        if problem is not None:
            yield f"{check.cell}: {problem}"


def false_examples(built: Built, names: dict[str, Any]) -> Iterator[str]:
    """Report the examples in the text that the answers do not give."""
    parser = doctest.DocTestParser()
    for cell in built.source.cells:
        if cell.node.cell_type != "markdown":
            continue
        examples = "\n".join(example for example in EXAMPLE.findall(cell.node.source) if ">>>" in example)
        told: list[str] = []
        test = parser.get_doctest(examples, dict(names), str(cell), None, None)
        doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=told.append)
        if told:
            yield f"{cell}: an example in the text is not what the answers give:\n{''.join(told)}"
