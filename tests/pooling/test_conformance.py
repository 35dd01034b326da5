"""Do the three layers pool as PyTorch does, forward and backward, in every case of the table?

A test treats one group of the table in one layer. The first case that differs is named in full; to look at it again:

    >>> from tests.pooling import cases, inputs, oracle                                               # doctest: +SKIP
    >>> case = cases.cases(cases.Group("max_pool", 2, "batch", "numbers"))[0]
    >>> oracle.pool(case, inputs.values(case))
"""

import pytest

from tests.pooling import layers
from tests.pooling.agreement import compare
from tests.pooling.cases import GROUPS, Group, cases, sample

#: `make check` compares one case in so many; `make test` compares the others too.
EVERY = 37

LAYER_AND_GROUP = [
    pytest.param(layer, group, id=f"{layer}-{group}") for group in GROUPS for layer in layers.names(group.rank)
]


@pytest.mark.parametrize(("layer", "group"), LAYER_AND_GROUP)
def test_some_cases(layer: str, group: Group, record_property) -> None:
    """Does a sample of the group agree with PyTorch?"""
    record_property("compared", compare(layer, sample(group, EVERY)))


@pytest.mark.slow
@pytest.mark.parametrize(("layer", "group"), LAYER_AND_GROUP)
def test_all_other_cases(layer: str, group: Group, record_property) -> None:
    """Does the rest of the group agree with PyTorch?"""
    some = set(map(str, sample(group, EVERY)))
    record_property("compared", compare(layer, [case for case in cases(group) if str(case) not in some]))
