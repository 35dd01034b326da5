"""What a learner's function or value gives for a case: plain data, which can also come from another process."""

import sys
import types
from collections.abc import Callable
from typing import Any, NamedTuple

from . import wording
from .calling import SECONDS, call
from .values import Odd, Plain, describe, plain


class Answer(NamedTuple):
    """What came of one case: a result, or one reason why there is none."""

    result: Plain | None = None
    #: "None" or "the dots ...", where there is no answer yet.
    blank: str | None = None
    #: What it is, if it can be compared with nothing.
    odd: str | None = None
    #: What stands where a function should.
    uncallable: str | None = None
    #: What went wrong, in lines to be shown.
    error: str | None = None
    #: The name of an input that the call changed, and how.
    changed: tuple[str, str] | None = None
    printed: str = ""


def answer(subject: Any, kind: str, inputs: dict[str, Any], seconds: float = SECONDS) -> Answer:
    """Call a function with the inputs of a case, or take a value as it is.

    Parameters
    ----------
    subject : Any
        What a learner wrote.
    kind : str
        "function" or "value".
    inputs : dict
        The inputs of the case, as JSON has them.
    seconds : float, optional
        How long a call may take.
    """
    if kind == "value":
        return _taken(subject)
    if subject is None or subject is ...:
        return Answer(odd=describe(subject))
    if not callable(subject):
        return Answer(uncallable=describe(subject))
    outcome = call(_quiet(subject), inputs, seconds)
    if outcome.error is not None:
        return Answer(error=outcome.error, printed=outcome.printed)
    if outcome.changed is not None and outcome.value is not None:
        name, before, after = outcome.changed
        return Answer(changed=(name, wording.change(before, after)), printed=outcome.printed)
    return _taken(outcome.value)._replace(printed=outcome.printed)


def _taken(value: Any) -> Answer:
    if value is None or value is ...:
        return Answer(blank=describe(value))
    try:
        return Answer(plain(value))
    except Odd as odd:
        return Answer(odd=str(odd))


def _quiet(subject: Callable) -> Callable:
    """Let torch refuse its own pooling operators during the call, where torch is loaded at all."""
    if "torch" not in sys.modules:
        return subject
    from .operators import without_torch_pooling

    return without_torch_pooling(subject)


def names_in(subject: Any, deep: int = 3) -> set[str]:
    """Return the names that a function uses, also through the functions it calls; of a class, through its methods."""
    parts = [subject, *(vars(subject).values() if isinstance(subject, type) else ())]
    found: set[str] = set()
    for part in parts:
        names = _names_of(getattr(part, "__code__", None))
        found |= names
        around = getattr(part, "__globals__", {})
        for name in names if deep else ():
            found |= names_in(around.get(name), deep - 1)
    return found


def _names_of(code: Any) -> set[str]:
    """Return the names in a function's code; comprehensions and inner functions have code of their own."""
    if not isinstance(code, types.CodeType):
        return set()
    return set(code.co_names).union(*map(_names_of, code.co_consts))
