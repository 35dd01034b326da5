"""The bank of misconceptions: known ways to get pooling wrong, each with the sentence that sets it right.

- `windowed`, `numbers`: the operations by their definition, with every step that people get wrong as a keyword
- `operations`: which operations there are, and what `pooling` says to each
- `misconception`: what a misconception is, and an operation as someone who holds it would write it
- `changes`: changes of arguments and results that misconceptions are made of
- `bank`: the misconceptions themselves
"""

from course.misconceptions.bank import BANK, DIRECT, applying
from course.misconceptions.misconception import Misconception, Variant, features
from course.misconceptions.operations import OPERATIONS, Operation

__all__ = ["BANK", "DIRECT", "OPERATIONS", "Misconception", "Operation", "Variant", "applying", "features"]
