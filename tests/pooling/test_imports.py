"""Does each part of `pooling` import only what it needs? Each question is asked in a fresh Python."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pooling

FREE_OF = {
    "pooling": ("numpy", "torch", "matplotlib"),
    "pooling.arguments": ("numpy", "torch", "matplotlib"),
    "pooling.geometry": ("numpy", "torch", "matplotlib"),
    "pooling.python_layer": ("numpy", "torch", "matplotlib"),
    "pooling.numpy_layer": ("torch", "matplotlib"),
}


#: Where this Python found `pooling`, for the fresh one.
SRC = str(Path(pooling.__file__).parents[1])


@pytest.mark.parametrize(("name", "unwanted"), FREE_OF.items(), ids=FREE_OF)
def test_importing_it_does_not_import(name, unwanted):
    program = f"import sys, {name}; print(*sorted(set({unwanted!r}) & set(sys.modules)))"
    command, environment = [sys.executable, "-c", program], os.environ | {"PYTHONPATH": SRC}
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert answer.stdout.split() == []
