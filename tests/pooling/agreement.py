"""Compares a layer with PyTorch on cases of the table."""

import math
from collections.abc import Iterable

import numpy as np

from tests.pooling import layers, oracle
from tests.pooling.cases import GROUPS, Case, sample
from tests.pooling.compare import TOLERANCES, same

NAN, INF = math.nan, math.inf

SPECIAL = {
    "nan": (NAN, 0.1),
    "every cell nan": (NAN, 1.0),
    "minus infinity": (-INF, 0.5),
    "every cell minus infinity": (-INF, 1.0),
    "plus infinity": (INF, 0.1),
    "infinities of both signs": ((INF, -INF), 0.2),
    "all of them": ((INF, -INF, NAN), 0.4),
    "zeros of both signs": ((0.0, -0.0), 1.0),
    "ties": (1.0, 0.7),
}
#: Groups whose x may hold such values. Where the oracle pads by itself, its −∞ could not be told from one in x.
MAX_AND_AVERAGE = [
    group
    for group in GROUPS
    if group.operation in ("max_pool", "avg_pool", "adaptive_max_pool", "adaptive_avg_pool", "global_max_pool")
    and group.style in ("numbers", "tuples")
]


def compare(layer: str, chosen: Iterable[Case]) -> int:
    """Compare a layer with PyTorch on some cases. Return how many."""
    chosen = tuple(chosen)
    for case in chosen:
        compare_one(layer, case, oracle.values(case))
    return len(chosen)


def compare_special_values(layer: str, kind: str) -> None:
    """Compare a layer with PyTorch where such values are strewn over x."""
    numbers, share = SPECIAL[kind]
    for group in MAX_AND_AVERAGE:
        if layer in layers.names(group.rank):
            for case in sample(group, 211):
                compare_one(layer, case, strewn(case, np.atleast_1d(numbers), share), f", {kind} in x")


def compare_one(layer: str, case: Case, x: np.ndarray, remark: str = "") -> None:
    """Compare a layer with PyTorch: shapes, dtypes, values, signs of maxima (of zeros too), indices and gradients."""
    expected = oracle.pool(case, x)
    got = layers.pool(layer, case, x, oracle.upstream(case, expected.output.shape))
    is_max = "max" in case.operation
    tolerance = 0 if is_max else TOLERANCES[case.dtype]
    subject = f"{layer}_layer.{case}{remark}"
    same(subject, "output", expected.output, got.output, tolerance)
    if is_max:
        same(subject, "sign of the output", np.signbit(expected.output), np.signbit(got.output))
    if expected.indices is not None:
        same(subject, "indices", expected.indices, got.indices)
    if got.gradient is not None:
        same(subject, "gradient", expected.gradient, got.gradient, tolerance)


def strewn(case: Case, numbers: np.ndarray, share: float) -> np.ndarray:
    """Put some of the numbers in a share of the cells of x."""
    random = np.random.default_rng(len(case.shape))
    x = oracle.values(case)
    chosen = random.random(x.shape) < share
    x[chosen] = random.choice(numbers, chosen.sum())
    return x
