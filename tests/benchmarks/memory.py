"""What a forward pass of the NumPy layer allocates beyond its output."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

from tests.benchmarks.agreement import as_arrays
from tests.benchmarks.cases import CASES, CHANNELS_FIRST, FORWARD, Case
from tests.benchmarks.contenders import with_numpy_layer
from tests.benchmarks.inputs import draw

#: The main forward cases, and whole planes.
MEASURED = [
    case
    for case in CASES
    if case.passes == FORWARD
    and (case.main or case.operation.startswith("global"))
    and (case.dtype, case.layout) == ("float32", CHANNELS_FIRST)
]


def beyond_output(call: Callable[[], Any]) -> tuple[int, int]:
    """Return the bytes that were allocated at the peak of a call beyond its output, and those of the output.

    NumPy tells tracemalloc what it allocates for arrays and for ufuncs' buffers.
    """
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        output = sum(array.nbytes for array in as_arrays(call()))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - before - output, output


def measure(case: Case) -> dict[str, Any]:
    """Return a row for the results."""
    beyond, output = beyond_output(with_numpy_layer(case, draw(case)))
    return {
        "operation": case.title,
        "shape": list(case.shape),
        "dtype": case.dtype,
        "arguments": case.arguments,
        "output_bytes": output,
        "beyond_output_bytes": beyond,
    }
