"""Compares a layer with PyTorch on cases of the table."""

import math
from collections.abc import Iterable, Iterator

import numpy as np

from tests.pooling import inputs, layers, oracle
from tests.pooling.cases import GROUPS, Case, sample
from tests.pooling.compare import same_pooled

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
#: Norms whose Lp pooling of zeros and negatives is worth a look.
LP_NORM_TYPES = (1, 2, 3, 2.5, -2, 0.5, INF, -INF)
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
        compare_one(layer, case, inputs.values(case))
    return len(chosen)


def compare_special_values(layer: str, kind: str) -> None:
    """Compare a layer with PyTorch where such values are strewn over x."""
    for case, x in special_values(kind):
        if layer in layers.names(case.rank):
            compare_one(layer, case, x, f", {kind} in x")


def compare_one(layer: str, case: Case, x: np.ndarray, remark: str = "") -> None:
    """Compare a layer with PyTorch, forward and backward."""
    expected = oracle.pool(case, x)
    got = layers.pool(layer, case, x, inputs.upstream(case, expected.output.shape))
    same_pooled(layer, case, expected, got, remark)


def special_values(kind: str) -> Iterator[tuple[Case, np.ndarray]]:
    """Yield a sample of cases, each with an x that such values are strewn over."""
    numbers, share = SPECIAL[kind]
    for group in MAX_AND_AVERAGE:
        for case in sample(group, 211):
            yield case, strewn(case, np.atleast_1d(numbers), share)


def strewn(case: Case, numbers: np.ndarray, share: float) -> np.ndarray:
    """Put some of the numbers in a share of the cells of x."""
    random = np.random.default_rng(len(case.shape))
    x = inputs.values(case)
    chosen = random.random(x.shape) < share
    x[chosen] = random.choice(numbers, chosen.sum())
    return x


def lp_corner(norm_type: float) -> tuple[Case, np.ndarray]:
    """Return an Lp pooling of zeros and negatives, where roots, powers and gradients may not exist."""
    x = np.array([[0.0, 0.0, -1.0, 2.0], [0.0, 0.0, 2.0, 0.0], [-1.0, -1.0, -3.0, 1.0], [-2.0, -1.0, 1.0, 1.0]])
    return Case("lp_pool", 2, x.shape, "float64", {"norm_type": norm_type, "kernel_size": 2}), x
