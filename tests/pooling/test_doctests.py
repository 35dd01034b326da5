"""Do the examples in the docstrings of `pooling` give what they say?"""

import doctest
import importlib
import pkgutil

import pytest

import pooling

FOUND = [found.name for found in pkgutil.walk_packages(pooling.__path__, "pooling.")]
MODULES = ["pooling", *(name for name in FOUND if not name.endswith("__main__"))]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0, f"{result.failed} of {result.attempted} examples in {name} fail: see the output above"


def test_every_function_of_the_layer_to_read_first_shows_an_example():
    from pooling import python_layer

    functions = [name for name in python_layer.__all__ if not name.endswith("_backward")]
    without = [name for name in functions if ">>>" not in getattr(python_layer, name).__doc__]
    assert without == []
