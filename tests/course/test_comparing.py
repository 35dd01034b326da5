"""Is a difference found where there is one, and nowhere else?"""

import math
import random

import numpy as np
import pytest

from course.checks.comparing import first_difference, same, same_signature, seal, signature
from course.checks.values import plain


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ([[1, 2]], np.array([[1.0, 2.0]])),  # a list for an array
        ([1.0, 2.0], [1, 2]),  # floats for whole numbers
        (np.array([1, 2]), [1.0, 2.0]),  # whole numbers for floats
        ((1, 2), [1, 2]),
        ([math.nan, math.inf, -math.inf], [math.nan, math.inf, -math.inf]),
        (np.float64(3), 3),
        (np.array([0.1 + 0.2], "float32"), np.array([0.3], "float32")),
        (np.array([1.0], "float64"), np.array([1.0], "float64")),
        ([0.30000000000000004], [0.3]),
        ([-0.0], [0.0]),
    ],
)
def test_harmless_differences_are_none(got: object, expected: object) -> None:
    """Does a learner lose nothing over the form of a right result?"""
    assert first_difference(plain(got), plain(expected)) is None


@pytest.mark.parametrize(
    ("got", "expected", "kind", "path"),
    [
        ([[1, 2], [3, 5]], [[1, 2], [3, 4]], "value", (1, 1)),
        ([1, 2, 3], [1, 2], "shape", ()),
        ([[1, 2]], [1, 2], "shape", ()),
        ([[1], [2, 3]], [[1, 2], [3, 4]], "shape", ()),
        (np.array([1.0]), np.array([1.0], "float32"), "dtype", ()),
        ([True, False], [1, 0], "value", (0,)),
        ([math.nan], [1.0], "value", (0,)),
        ([1.0], [math.inf], "value", (0,)),
        (["conv"], ["pool"], "value", (0,)),
        ([None], [1], "value", (0,)),
        ([4_718_593], [4_718_592], "value", (0,)),  # whole numbers agree exactly
        (["1"], [1], "value", (0,)),
        ([10**400], [1.0], "value", (0,)),
    ],
)
def test_differences_are_found(got: object, expected: object, kind: str, path: tuple[int, ...]) -> None:
    """Is what differs first said, and where?"""
    found = first_difference(plain(got), plain(expected))
    assert found is not None
    assert (found.kind, found.path) == (kind, path)


def test_signatures_tell_results_apart() -> None:
    """Do results with a different entry, order or shape have different signatures, and equal ones the same?"""
    draws = random.Random(1)
    for _ in range(300):
        rows = [[draws.randint(-9, 9) for _ in range(3)] for _ in range(3)]
        changed = [list(row) for row in rows]
        changed[draws.randrange(3)][draws.randrange(3)] += draws.choice([-1, 1])
        mine = signature(plain(rows))
        assert same_signature(mine, signature(plain(np.array(rows, "float32"))))
        assert not same_signature(mine, signature(plain(changed)))
        turned = [list(column) for column in zip(*rows, strict=True)]
        assert same_signature(mine, signature(plain(turned))) == (turned == rows)
        assert not same_signature(mine, signature(plain([rows])))


def test_words_do_not_drown_numbers() -> None:
    """Is a change by one seen in a list of layers?"""
    layers = [["conv", 16 * 2**depth, 3, 1, 1] for depth in range(4)] + [["pool", None, 2, 2, 0]] * 4
    changed = [list(layer) for layer in layers]
    changed[2][2] = 4
    assert not same_signature(signature(plain(layers)), signature(plain(changed)))


def test_a_seal_gives_each_entry_away_to_its_own_value_only() -> None:
    """Does an answer by hand pass in every harmless form, entry by entry, and in no other?"""
    sealed = seal("title", plain([[2.5, 1], [6, -3]]))
    assert sealed == seal("title", plain(np.array([[2.5, 1.0], [6.0, -3.0]])))
    other = seal("title", plain([[2.5, 2], [6, -3]]))
    assert [left == right for left, right in zip(sealed, other, strict=True)] == [True, False, True, True]


def test_truth_values_are_no_numbers() -> None:
    """Is a mask told from ones and zeros?"""
    assert same(True, True)
    assert not same(True, 1)
    assert not same(0, False)
