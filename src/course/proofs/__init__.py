"""Shows that an assignment is sound: its answers pass, its blanks fail, and known mistakes are caught and named.

- `stock`: grades the answers and the blank notebook with nbgrader as it comes
- `ours`: marks them once more as `course grade` does
- `tasks`: leaves one task blank at a time, and runs the examples in the text
- `mistakes`: puts every misconception in place of the answer, and reads what the checks say
- `proof`: all of that for an assignment, and what came of it
"""

from course.proofs.mistakes import Finding
from course.proofs.proof import Proof, prove

__all__ = ["Finding", "Proof", "prove"]
