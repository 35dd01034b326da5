"""What takes part in nbgrader's autograding, each with one job; `course.engine.configure_grading` puts them there.

- `forget_scores`: an earlier grading's scores are gone before the new ones are known
- `rebuild`: the released notebook with the learner's answers in it, whatever the learner's copy looks like
- `split_execution`: learners' cells in a process of their own, tests in another
- `fail_closed`: no points without a verdict
"""

from course.grading.preprocessors.fail_closed import FailClosed
from course.grading.preprocessors.forget_scores import ForgetScores
from course.grading.preprocessors.rebuild import Rebuild
from course.grading.preprocessors.split_execution import SplitExecution

__all__ = ["FailClosed", "ForgetScores", "Rebuild", "SplitExecution"]
