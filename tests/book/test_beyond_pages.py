"""Is it known which cells of a chapter cannot run in its page?"""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from pooling_book.beyond_pages import NOT_IN_PAGE, beyond


def needs(*sources: str) -> list[list[str]]:
    """Return what each cell needs that a page has not."""
    cells = [new_code_cell(source, id=f"code-{number}") for number, source in enumerate(sources)]
    found = beyond([new_markdown_cell("import torch", id="text"), *cells])
    return [found.get(cell.id, []) for cell in cells]


@pytest.mark.parametrize(
    "source",
    [
        "import math, numpy as np",
        "import matplotlib.pyplot as plt\nfrom pooling import figures, numpy_layer",
        "from pooling.numpy_layer import max_pool2d",
        "from pooling.receptive_field import receptive_field",
        "torch = 3\nprint(torch)",
        "%pip install --quiet pooling\n!ls\nx = 1",
    ],
)
def test_what_a_page_has(source: str) -> None:
    assert needs(source) == [[]]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import torch", "PyTorch"),
        ("import torch.nn.functional as F", "PyTorch"),
        ("from torch import nn", "PyTorch"),
        ("from pooling import torch_layer", "PyTorch"),
        ("from pooling.alternatives import GeM2d", "PyTorch"),
        ("from pooling import figures, digits", "PyTorch"),
        ("import numpy as np, keras", "Keras"),
        ("from onnx import helper", "onnx"),
        ("def f():\n    import scipy.ndimage", "scipy"),
    ],
)
def test_what_it_has_not(source: str, name: str) -> None:
    assert needs(source) == [[name]]


def test_what_such_a_cell_makes_is_not_there_for_others() -> None:
    """Is a cell known that uses a tensor, a function or a class from a cell with PyTorch, at first or second hand?"""
    cells = [
        "import torch\ndef f(): ...\nclass Layer: ...\na, (b, *c) = 1, (2, 3)",
        "y = f(3)",
        "z = [y for _ in range(3)]",
        "def g(x):\n    return x + z",
        "with open(a) as file: pass",
        "b += 1",
        "x = 5",
    ]
    assert needs(*cells) == [["PyTorch"]] * 6 + [[]]


def test_a_name_that_is_made_again_is_free() -> None:
    assert needs("import torch\nx = torch.ones(3)", "x = [1, 2]\nprint(x)", "print(x)") == [["PyTorch"], [], []]
    assert needs("import torch\nx = 1", "x = x + 1", "print(x)") == [["PyTorch"]] * 3
    assert needs("import torch\nx = 1", "for x in range(3): print(x)", "print(x)") == [["PyTorch"], [], []]


def test_a_functions_own_names_are_its_own() -> None:
    cells = ["import torch\nx = row = 1", "def f(x):\n    row = x\n    return row", "print([x for x in range(3)])"]
    assert needs(*cells) == [["PyTorch"], [], []]


def test_a_cell_that_takes_long() -> None:
    """Is a tagged cell beyond the page, and what it makes, and is both told where PyTorch is missing too?"""
    slow = new_code_cell("t = 3", id="slow", metadata={"tags": [NOT_IN_PAGE]})
    both = new_code_cell("import torch\nprint(t)", id="both")
    assert beyond([slow, both]) == {"slow": ["time"], "both": ["PyTorch", "time"]}
