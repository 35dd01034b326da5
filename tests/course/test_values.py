"""Are lists, arrays and tensors taken apart alike, and odd results told by their nature?"""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from course.checks.values import Odd, decode, plain, plain_data
from tests.course.building import ASSIGNMENTS, COURSE


@pytest.mark.parametrize(
    "value",
    [
        [[1, 2], [3, 4]],
        ((1, 2), (3, 4)),
        [np.array([1, 2]), np.array([3, 4])],
        np.array([[1, 2], [3, 4]]),
        np.array([[1.0, 2.0], [3.0, 4.0]], "float32"),
        torch.tensor([[1, 2], [3, 4]]),
        torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True),
        [range(1, 3), range(3, 5)],
        [[np.int64(1), Fraction(2)], [np.float32(3), torch.tensor(4)]],
    ],
)
def test_the_same_numbers_are_the_same_tree(value: object) -> None:
    """Does it not matter what the numbers are kept in?"""
    taken = plain(value)
    assert taken.tree == [[1, 2], [3, 4]]
    assert taken.shape == (2, 2)


def test_kinds_and_dtypes() -> None:
    """Is it known whether an array came, and of what dtype?"""
    assert plain([1.0])[2:] == ("list", None)
    assert plain(np.zeros(1, "float32"))[2:] == ("array", "float32")
    assert plain(np.float64(1))[2:] == ("array", "float64")
    assert plain(torch.zeros(1, dtype=torch.bfloat16))[2:] == ("tensor", "bfloat16")


def test_empty_axes_hide_none_behind_them() -> None:
    """Is the shape of an empty array whole?"""
    assert plain(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert plain(torch.zeros(0, 3)).shape == (0, 3)


class Sly(np.ndarray):
    """An array that says what one wants to hear."""

    def tolist(self) -> list:
        return [42]

    def __eq__(self, other: object) -> bool:
        return True


def test_a_subclass_does_not_answer_for_itself() -> None:
    """Are values read, not asked for?"""
    assert plain(np.array([1, 2]).view(Sly)).tree == [1, 2]


ENDLESS: list = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ((number for number in [1]), "generator"),
        (len, "the function len itself"),
        ({1: 2}, "type dict"),
        ([{1}], "contains a value of type set"),
        (ENDLESS, "nested more than"),
        (1j, "type complex"),
        (np.zeros(2_000_000), "2,000,000 numbers"),
        (object(), "type object"),
    ],
)
def test_odd_results_are_told_by_their_nature(value: object, said: str) -> None:
    """Does the message say what came instead of numbers?"""
    with pytest.raises(Odd, match=said):
        plain(value)


def test_decoding() -> None:
    """Does a case's JSON become what a function is called with?"""
    array = decode({"array": [[1, "nan"], ["inf", "-inf"]], "dtype": "float32"})
    assert array.dtype == np.float32
    assert math.isnan(array[0, 1])
    assert array[1].tolist() == [math.inf, -math.inf]
    assert decode({"tensor": [1, 2], "dtype": "float64"}).dtype == torch.float64
    assert decode([{"tuple": ["conv", 8, 3]}, None, True]) == [("conv", 8, 3), None, True]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_cases_can_be_read_without_numpy_and_torch(name: str) -> None:
    """Is what grading reads from a case's JSON the same as what a notebook makes of it?"""
    cases = json.loads((COURSE.exercises / name / "checks" / "cases.json").read_text(encoding="utf-8"))["cases"]
    for title, case in cases.items():
        for data in (*case["inputs"].values(), *([case["expected"]] if "expected" in case else [])):
            assert repr(plain_data(data)) == repr(plain(decode(data))), title
