"""Which known mistake gives the results that a learner's code gives.

A mistake is named only if it gives these very results on every case of a check, those that pass included. One that
would have failed a case which passes, or passed one which fails, is not what happened.
"""

from typing import Any, NamedTuple

from .comparing import same_signature, signature
from .values import Plain


class Explained(NamedTuple):
    """What explains the results of a check."""

    #: The explanations that fit, with the fewest mistakes. More than one if these cases cannot tell them apart.
    names: list[list[str]]
    #: Whether there is more to it: several pairs of mistakes fit, and the names are what they have in common.
    partly: bool = False


def explained(cases: list[dict[str, Any]], results: list[Plain | None], known: list[list[str]]) -> Explained:
    """Find what explains the results of a check.

    Parameters
    ----------
    cases : list of dict
        A case's ``mistakes`` gives, for each explanation that changes its result, the number of that explanation and
        the signature of the result, or None where the mistake gives no result at all.
    results : list of Plain or None
        What the learner's code returned for each case; None where it gave nothing that can be compared.
    known : list of list of str
        The explanations: names of mistakes, one or two at once.

    Returns
    -------
    Explained
    """
    signatures = [None if result is None else signature(result) for result in results]
    fitting = [names for number, names in enumerate(known) if _fits(str(number), cases, signatures)]
    fewest = min((len(names) for names in fitting), default=0)
    found = [names for names in fitting if len(names) == fewest]
    if fewest > 1 and len(found) > 1:
        common = [name for name in found[0] if all(name in names for names in found)]
        return Explained([common] if common else [], partly=True)
    return Explained(found)


def _fits(number: str, cases: list[dict[str, Any]], signatures: list[list[Any] | None]) -> bool:
    seen = False
    for case, given in zip(cases, signatures, strict=True):
        if given is None:
            continue
        mistakes = case["mistakes"]
        would_be = mistakes.get(number, case["signature"])
        if would_be is None or not same_signature(given, would_be):
            return False
        seen = seen or number in mistakes
    return seen
