"""Publishes the learners' edition: a folder with the exercises and the built book, and nothing that gives answers away.

    exercises/, _build/html/  →  edition  →  a folder beside DIR  →  search  →  placing  →  DIR
    solutions/                →  withheld  →  prints               ↗

- `withheld`: what learners must not find: answers, hidden tests, mark schemes
- `prints`: reads any file as text, and reduces text to what stays the same in a page, a notebook or a zip
- `search`: looks for what is withheld in every file, archives included
- `edition`: puts the folder together, and says what in it may be out of date
- `beginning`: what learners need first: README.md and requirements.txt
- `placing`: where an edition may go, and how it takes the place of the one before
- `commands`: `course publish`
"""

from course.errors import CourseError


class PublishingError(CourseError):
    """Something stands against an edition; the text says what, and what to do."""
