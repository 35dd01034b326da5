"""Where nbgrader finds and puts things in this course. Every `nbgrader …` command run from this folder reads it.

_build/nbgrader/source/A/   assignments as notebooks, made from solutions/A by `course release` (a later issue)
exercises/A/                what learners get; committed
grading/submitted/S/A/      what student S handed in for assignment A
grading/autograded/S/A/     the same, executed and scored
grading/feedback/S/A/       what goes back to the student
grading/gradebook.db        the scores
"""

import os
import sys
from pathlib import Path

c = get_config()

# nbgrader calls alembic by its name alone: let it be found also where the virtual environment is not activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

course = Path(__file__).resolve().parent
grading = course / "grading"  # git-ignored: submissions and scores never enter the repository
(grading / "exchange").mkdir(parents=True, exist_ok=True)  # nbgrader makes the files in it, but not the folder

c.CourseDirectory.course_id = "pooling"
c.CourseDirectory.root = str(course)
c.CourseDirectory.source_directory = "_build/nbgrader/source"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.solution_directory = "grading/solution"
c.CourseDirectory.db_url = f"sqlite:///{grading / 'gradebook.db'}"

# For classes whose students share this machine: a place to hand out and to collect.
c.Exchange.root = str(grading / "exchange")
