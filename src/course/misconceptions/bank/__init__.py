"""The bank: every known way to get pooling wrong, with the sentence that tells a learner.

- `windows`: where windows lie, and what comes out where
- `values`: maxima and means
- `gradients`: the way back, and measured gradients
- `sizes`: output sizes and the cells of a window
- `networks`: receptive fields, parameters and costs of a stack of layers

A sentence says first what gives the learner's results, so that it is true however the code came to them, and then
what is right. To add a misconception, add an entry to one of these files, and a step to the operation's definition if
there is none yet. `course prove` then says where it is not caught.
"""

from course.misconceptions.bank import gradients, networks, sizes, values, windows
from course.misconceptions.misconception import Misconception
from course.misconceptions.operations import Operation

BANK = [
    *windows.MISCONCEPTIONS,
    *values.MISCONCEPTIONS,
    *gradients.MISCONCEPTIONS,
    *sizes.MISCONCEPTIONS,
    *networks.MISCONCEPTIONS,
]

#: Mistakes that show in a single case, whatever the values are; the comparer finds them itself.
DIRECT = [
    Misconception(
        "changes-its-input",
        "A function must leave its inputs as they are: whoever called it reads them again. Work on a copy.",
    ),
    Misconception(
        "wrong-float-width",
        "A new array or tensor gets its library's own dtype (float64 in NumPy, float32 in PyTorch) unless it is told "
        "otherwise. Make it with dtype=x.dtype.",
    ),
]


def applying(operation: Operation, takes: set[str]) -> list[Misconception]:
    """List the misconceptions about a function for `operation` that takes these arguments."""
    return [misconception for misconception in BANK if misconception.applies_to(operation, takes)]
