"""Checks for this assignment: they compare what your code returns with what is expected.

    check(max_pool2d, ["a 4×4 map", "a ragged last column"])

runs your function on each case. Where a result differs, the message shows the first window that differs, and, if the
results are those of a known mistake, says which. Everything here needs Python's standard library alone.

- `checking`: `check` and `run`
- `answering`: what your function or your value gives for a case
- `calling`: calls your function: for a limited time, keeping what it prints, watching its inputs
- `values`: lists, NumPy arrays and tensors as one kind of data
- `comparing`: where two values differ first
- `naming`: which known mistake gives these results
- `reporting`: the message as text, as HTML and as data; `wording` and `drawing` have its sentences and its pictures
"""

from .checking import CheckFailed, check, run

__all__ = ["CheckFailed", "check", "run"]
