"""What a learner reads about a check: as text, as HTML for a notebook, as data for a page."""

import textwrap
from dataclasses import dataclass, field
from typing import Any

from . import drawing, wording
from .comparing import Difference
from .values import Plain

#: Sentences are broken into lines of this many characters.
WIDTH = 76
TWO_AT_ONCE = "Two things at once, which may show in different cases:"


@dataclass
class CaseReport:
    """What came of one case."""

    case: dict[str, Any]
    #: Set if a result could be compared and differs.
    difference: Difference | None = None
    result: Plain | None = None
    expected: Plain | None = None
    #: Set if there was nothing to compare.
    problem: str | None = None
    printed: str = ""
    #: The name of a mistake that shows in a single case, whatever the others give.
    mistake: str | None = None

    @property
    def passed(self) -> bool:
        return self.difference is None and self.problem is None

    @property
    def message(self) -> str:
        """What is wrong, in a paragraph or two; empty if nothing is."""
        if self.problem is not None:
            return self.problem
        if self.difference is None or self.result is None:
            return ""
        says = wording.differs(self.case, self.difference, self.result, self.expected)
        return "\n".join([says, *(picture.sentence() for picture in self.pictures())])

    def call(self) -> str:
        """Write the call that was made; arrays by their names."""
        return wording.call(self.case)

    def pictures(self) -> list[drawing.Picture]:
        """Draw the window that belongs to the first difference, where there is such a window."""
        found = self.difference
        if found is None or found.kind != "value" or "windows" not in self.case:
            return []
        return drawing.pictures(self.case, found.path)


@dataclass
class Report:
    """What came of a check."""

    cases: list[CaseReport]
    #: The names of the mistakes that give these results. Several lists cannot be told apart by these cases.
    names: list[list[str]] = field(default_factory=list)
    #: Whether there is more to it than these mistakes.
    partly: bool = False
    #: The sentence of every mistake by its name.
    known: dict[str, str] = field(default_factory=dict)
    #: Other functions that this one uses, and that do not pass their own checks.
    leans_on: set[str] = field(default_factory=set)

    @property
    def subject(self) -> str:
        """The name of what was checked."""
        return str(self.cases[0].case["subject"])

    @property
    def passed(self) -> bool:
        return all(case.passed for case in self.cases)

    @property
    def first_failure(self) -> CaseReport | None:
        return next((case for case in self.cases if not case.passed), None)

    @property
    def mistakes(self) -> set[str]:
        """The names of the mistakes that the message names."""
        failed = self.first_failure
        own = {failed.mistake} if failed is not None and failed.mistake in self.known else set()
        return own | {name for names in self.names for name in names}

    def summary(self) -> str:
        """Say in a line how many cases pass."""
        name, count = self.subject, len(self.cases)
        passing = sum(case.passed for case in self.cases)
        if count == 1:
            return f"{name}: {'right' if passing else 'not yet right'}"
        return f"{name}: {'all' if passing == count else passing if passing else 'none'} of {count} cases pass"

    def text(self, drawing: bool = True) -> str:
        """Write the whole message; in a notebook, the drawing stands above it already."""
        lines = [self.summary() + (" ✓" if self.passed else "")]
        lines += [f"  {'✓' if case.passed else '✗'} {case.case['title']}" for case in self.cases] * (
            len(self.cases) > 1
        )
        failed = self.first_failure
        if failed is None:
            return "\n".join(lines)
        lines += ["", f"{failed.case['title']}:", *_wrapped(failed.call())]
        for picture in failed.pictures() if drawing else []:
            lines += ["", picture.text()]
        lines += ["", *_wrapped(failed.message)]
        if self.reasons():
            lines += ["", *_wrapped(self.reason())]
        if self.leans_on:
            lines += ["", *_wrapped(self.advice())]
        if failed.printed.strip():
            lines += ["", "Your function printed:", *_indented(failed.printed.rstrip())]
        given = wording.inputs(failed.case)
        if given:
            lines += ["", "To try it yourself:", *_indented("\n".join(given))]
        return "\n".join(lines)

    def reasons(self) -> list[list[str]]:
        """Return the sentences of the mistake, or of the mistakes that cannot be told apart; empty if none is known."""
        failed = self.first_failure
        if not self.names and failed is not None and failed.mistake in self.known:
            return [[self.known[failed.mistake]]]
        distinct: list[list[str]] = []
        for names in self.names:
            sentences = list(dict.fromkeys(self.known[name] for name in names))  # two mistakes may share a sentence
            if sentences not in distinct:
                distinct.append(sentences)
        return distinct

    def reason(self) -> str:
        """Name the mistake in words; empty if none is known.

        An answer found by hand is too little to tell how it was found, so there only ways to get it are named.
        """
        reasons = self.reasons()
        if not reasons:
            return ""
        by_hand = self.cases[0].case["kind"] == "value"
        if len(reasons) > 1:
            opening = "Some ways to get this answer:" if by_hand else "One of these, as far as these cases can tell:"
            return f"→ {opening}" + "".join(f"\n– {' And: '.join(sentences)}" for sentences in reasons[:3])
        (sentences,) = reasons
        if len(sentences) > 1:
            opening = "One way to get this answer, two things at once:" if by_hand else TWO_AT_ONCE
            return f"→ {opening}" + "".join(f"\n– {sentence}" for sentence in sentences)
        opening = "Among other things: " if self.partly else "One way to get this answer: " if by_hand else ""
        return f"→ {opening}{sentences[0]}"

    def advice(self) -> str:
        """Say which function to mend first; empty if there is none."""
        names = " and ".join(sorted(self.leans_on))
        return f"{self.subject} uses {names}, which did not pass its own checks: begin there." if names else ""

    def html(self) -> str:
        """Return the drawing for a notebook; empty if there is nothing to draw."""
        if self.passed:
            return drawing.passed(self.summary())
        failed = self.first_failure
        pictures = failed.pictures() if failed is not None else []
        captions = [failed.case["title"] if failed is not None else "", ""]
        return "".join(picture.html(caption) for picture, caption in zip(pictures, captions, strict=False))

    def data(self) -> dict[str, Any]:
        """Return everything as data that JSON can hold."""
        failed = self.first_failure
        pictures = failed.pictures() if failed is not None else []
        return {
            "passed": self.passed,
            "summary": self.summary(),
            "cases": [
                {"title": case.case["title"], "call": case.call(), "passed": case.passed, "message": case.message}
                for case in self.cases
            ],
            "reason": self.reason(),
            "leans_on": sorted(self.leans_on),
            "advice": self.advice(),
            "mistakes": sorted(self.mistakes),
            "printed": failed.printed if failed is not None else "",
            "inputs": wording.inputs(failed.case) if failed is not None else [],
            "pictures": [picture.data() for picture in pictures],
        }


def _wrapped(text: str) -> list[str]:
    """Break long lines, but not lines of code, which are indented."""
    lines: list[str] = []
    for line in text.splitlines():
        lines += (
            [line] if line.startswith(" ") or not line else textwrap.wrap(line, WIDTH, subsequent_indent=_hang(line))
        )
    return lines


def _hang(line: str) -> str:
    return "  " if line.startswith(("→ ", "– ")) else ""


def _indented(text: str) -> list[str]:
    return [f"  {line}" if line else "" for line in text.splitlines()]
