"""Where nbgrader finds and puts things in this course. Every `nbgrader …` command run from this folder reads it.

_build/nbgrader/source/A/   assignments as notebooks, made from solutions/A.md when they are missing or out of date
exercises/A/                what learners get; committed
grading/submitted/S/A/      what student S handed in for assignment A
grading/autograded/S/A/     the same, executed and scored
grading/feedback/S/A/       what goes back to the student
grading/gradebook.db        the scores
grading/records/A/S.json    what became of the submission: graded, crashed, unreadable, and why

The settings themselves are in src/course/engine.py.
"""

from pathlib import Path

from course.engine import configure, configure_grading
from course.folders import Course
from course.gradebook import prepare

course = Course(Path(__file__).resolve().parent)
configure(get_config(), course)
configure_grading(get_config(), course)

# Settings of your own go here, such as
#     get_config().CourseDirectory.db_url = "postgresql://…"
# and, where there is no sandbox and you trust your students,
#     get_config().SplitExecution.isolation = "process"

prepare(course, get_config().CourseDirectory.db_url)
