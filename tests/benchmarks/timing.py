"""Interleaved rounds: every contender once a round, in an order shuffled anew.

Another process, a warmer processor or a fuller cache then slows all contenders alike, not the one whose turn it was. A
call that is too short for the clock is repeated within a sample. A case has a budget of seconds, which its contenders
share evenly, so a slow one takes part in fewer rounds, spread over all of them.
"""

from __future__ import annotations

import gc
import itertools
import math
import random
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, NamedTuple

SHORTEST_SAMPLE = 1e-3  # seconds: some ten thousand ticks of the clock


class Limits(NamedTuple):
    """How long to measure a case."""

    seconds: float  # for all contenders together
    rounds: int  # at most
    fewest: int  # rounds for a contender, however slow


def measure(
    calls: Mapping[str, Callable[[], Any]],
    limits: Limits,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, list[float]]:
    """Time each call and return its samples, in seconds for one call; `tick` is told about every round."""
    order = random.Random(0)
    repeats, rounds = {}, {}
    for name, call in calls.items():
        repeats[name], seconds = enough_repeats(call)
        rounds[name] = affordable_rounds(seconds, limits.seconds / len(calls), limits)
    most = max(rounds.values())
    samples: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(most):
        taking_part = [name for name in calls if is_due(number, rounds[name], most)]
        order.shuffle(taking_part)
        for name in taking_part:
            samples[name].append(time(calls[name], repeats[name]) / repeats[name])
        tick(number + 1, most)
    return samples


def enough_repeats(call: Callable[[], Any]) -> tuple[int, float]:
    """Find how often to repeat a call within a sample, and how many seconds that takes."""
    repeats = 1
    # Of two samples the shorter: one that another process held up must not end the search.
    while (seconds := min(time(call, repeats), time(call, repeats))) < SHORTEST_SAMPLE:
        repeats = max(2 * repeats, math.ceil(0.8 * repeats * SHORTEST_SAMPLE / seconds))
    return repeats, seconds


def affordable_rounds(sample: float, seconds: float, limits: Limits) -> int:
    """Say how many samples of that length fit into so many seconds."""
    return min(max(int(seconds / sample), limits.fewest), limits.rounds)


def is_due(number: int, rounds: int, of: int) -> bool:
    """Tell whether a contender that takes part in so many rounds, evenly spread, takes part in this one."""
    return (number + 1) * rounds // of > number * rounds // of


def time(call: Callable[[], Any], repeats: int) -> float:
    """Return the seconds that so many calls take, without pauses to collect garbage."""
    collects = gc.isenabled()
    gc.disable()
    try:
        start = perf_counter()
        for _ in itertools.repeat(None, repeats):
            call()
        return perf_counter() - start
    finally:
        if collects:
            gc.enable()
