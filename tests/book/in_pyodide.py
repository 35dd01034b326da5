"""Compares the layers with what PyTorch gave. Runs in Pyodide, which has no PyTorch: the answers are carried there."""

import functools
import pickle
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.pooling import layers
from tests.pooling.cases import LAYERS, Case
from tests.pooling.compare import Pooled, same_pooled
from tests.pooling.refusing import CHECKS
from tests.pooling.tiled import tiles_of


class Answer(NamedTuple):
    """What PyTorch gives for one x, and for one gradient of a loss by the output."""

    topic: str  # an operation, or what is special about x
    case: Case
    x: np.ndarray
    upstream: np.ndarray
    expected: Pooled
    remark: str


@functools.cache
def read(answers: str) -> list[Answer]:
    """Read the answers in a file."""
    return pickle.loads(Path(answers).read_bytes())


def compare(answers: str) -> dict[str, dict[str, list[str]]]:
    """Compare with the answers in a file. Return by layer and topic, for each case, where it differs, or nothing."""
    differences = {layer: defaultdict(list) for layer in LAYERS if layer != "torch"}
    for answer in read(answers):
        for layer, topics in differences.items():
            if answer.case.rank in LAYERS[layer]:
                topics[answer.topic].append(difference(layer, answer))
    return differences


def compare_in_tiles(answers: str, every: int) -> list[str]:
    """Send one answer in so many through small tiles. Return, for each, where the NumPy layer differs, or nothing."""
    with tiles_of(1000):
        return [difference("numpy", answer) for answer in read(answers)[::every]]


def difference(layer: str, answer: Answer) -> str:
    """Say where a layer differs from PyTorch; nothing if it agrees."""
    _, case, x, upstream, expected, remark = answer
    try:
        got = layers.pool(layer, case, x, upstream)
        same_pooled(layer, case, expected, got, remark)
    except AssertionError as error:
        return str(error)
    except Exception as error:
        return f"{layer}_layer.{case}{remark}\n  {type(error).__name__}: {error}"
    return ""


def refusals() -> dict[str, str]:
    """Go through the table of refusals. Return by name of the check what is wrong, or nothing."""
    return {name: complaint(*check) for name, check in CHECKS.items() if "torch" not in check[1]}


def complaint(check, call) -> str:
    """Say what a check found; nothing if all is as it should be."""
    try:
        check(*call)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""
