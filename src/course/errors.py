"""What goes wrong and has a sentence for it: the `course` command shows it without a traceback."""

from __future__ import annotations


class CourseError(Exception):
    """Something could not be done; the text says why, and what to do."""
