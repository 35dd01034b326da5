"""The text of a task: its points and minutes, and hints that open one after the other."""

from __future__ import annotations

import re

HINTS = re.compile(r"(?:^:::\{hint\}[^\n]*\n.*?\n:::[ \t]*(?:\n+|\Z))+", re.DOTALL | re.MULTILINE)
HINT = re.compile(r"^:::\{hint\}([^\n]*)\n(.*?)\n:::[ \t]*$", re.DOTALL | re.MULTILINE)


def with_line_under_heading(text: str, line: str) -> str:
    """Put a line under the first heading of a text."""
    heading, *rest = text.split("\n", 1)
    return "\n\n".join([heading, line, *(part.lstrip("\n") for part in rest)])


def with_hints(text: str) -> str:
    """Turn ``:::{hint} title`` blocks into folded paragraphs; of several in a row, each opens inside the one before."""
    return HINTS.sub(lambda found: _nested(HINT.findall(found.group(0))) + "\n\n", text).rstrip("\n")


def amount(points: float, minutes: int, tasks: int | None = None) -> str:
    """Say what a task, or an assignment, takes and gives."""
    parts = [] if tasks is None else [f"{tasks} tasks"]
    parts += [in_points(points), f"about {minutes} minutes"]
    return f"**{' · '.join(parts)}**"


def in_points(points: float) -> str:
    """Write a number of points."""
    return "1 point" if points == 1 else f"{points:g} points"


def _nested(hints: list[tuple[str, str]], number: int = 1) -> str:
    (title, text), *rest = hints
    inner = f"\n\n{_nested(rest, number + 1)}" if rest else ""
    label = f"Hint {number}: {title.strip()}" if title.strip() else f"Hint {number}"
    return f"<details><summary>{label}</summary>\n\n{text.strip()}{inner}\n\n</details>"
