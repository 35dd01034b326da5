"""One case: prepare every contender, check them against PyTorch, then time them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from tests.benchmarks import agreement, inputs, timing
from tests.benchmarks.cases import WITH_BACKWARD, Case
from tests.benchmarks.contenders import COPY, TORCH, Contender


def measure_case(
    case: Case,
    contenders: Sequence[Contender],
    limits: timing.Limits,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, list[float]]:
    """Return the samples of every contender that takes part in a case, in seconds for one call.

    Raises
    ------
    WrongContenderError
        If one of them does not give what PyTorch gives; nothing is timed then.
    """
    # No graph is kept for a forward pass, as if the caller had written torch.no_grad(); entered once, not in each call.
    with torch.set_grad_enabled(case.passes == WITH_BACKWARD):
        calls = prepared(case, contenders)
        check(case, calls)
        return timing.measure(calls, limits, tick)


def prepared(case: Case, contenders: Sequence[Contender]) -> dict[str, Callable[[], Any]]:
    """Return the calls of those who take part in a case."""
    drawn = inputs.draw(case)
    calls = {
        contender.name: contender.prepare(case, drawn)
        for contender in contenders
        if case.main or not contender.main_only
    }
    return {name: call for name, call in calls.items() if call is not None}


def check(case: Case, calls: dict[str, Callable[[], Any]]) -> None:
    """Compare every result with PyTorch's.

    This first call warms up as well: JAX and numba compile in it, and memory is slow when it is first written.
    """
    expected = agreement.as_arrays(calls[TORCH]())
    for name, call in calls.items():
        try:
            result = call()
        except Exception as error:
            raise agreement.WrongContenderError(f"{name}: {case}: {type(error).__name__}: {error}") from error
        if name != COPY:
            agreement.check(name, case, result, expected)
