"""The arrays of a case."""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np
import torch

from tests.benchmarks import operators
from tests.benchmarks.cases import CHANNELS_LAST, FORWARD, WITH_BACKWARD, WITH_INDICES, Case


class Inputs(NamedTuple):
    """What a contender gets: x, and the upstream gradient in the shape of the output."""

    x: np.ndarray
    upstream: np.ndarray


def draw(case: Case) -> Inputs:
    """Draw from N(0, 1), the same for the same case on every machine."""
    random = np.random.default_rng(zlib.crc32(str(case).encode()))
    dtype = np.dtype(case.dtype).type
    x = random.standard_normal(case.shape, dtype)
    if case.layout == CHANNELS_LAST:
        # The shape stays (N, C, *spatial); in memory the channels of a cell lie side by side.
        x = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)
    return Inputs(x, random.standard_normal(output_shape(case), dtype))


def output_shape(case: Case) -> tuple[int, ...]:
    """Ask PyTorch for the shape of the output, without computing it."""
    pool = operators.forward(case._replace(passes=FORWARD))
    return tuple(pool(torch.empty(case.shape, device="meta")).shape)


def traffic(case: Case, inputs: Inputs) -> int:
    """Count the bytes that a case must read and write at least: x and the output, and what else its passes need."""
    x, output = inputs.x.nbytes, inputs.upstream.nbytes
    indices = inputs.upstream.size * np.dtype(np.int64).itemsize
    return x + output + {WITH_INDICES: indices, WITH_BACKWARD: output + x}.get(case.passes, 0)
