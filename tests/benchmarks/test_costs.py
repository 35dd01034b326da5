"""Does the NumPy layer cost no more memory, and no more time to import, than was promised?"""

import numpy as np
import pytest

from tests.benchmarks import import_time, memory
from tests.benchmarks.cases import typed


def test_memory_counts_what_is_allocated_beyond_the_output():
    def call():
        scratch = np.ones(2**20, np.uint8)
        return np.ones(2**16, np.uint8) + scratch[0]

    beyond, output = memory.beyond_output(call)
    assert output == 2**16
    assert 2**20 <= beyond < 2**20 + 2**17


@pytest.mark.parametrize("case", memory.MEASURED, ids=lambda case: typed(str(case)))
def test_a_forward_pass_needs_its_output_and_little_more(case):
    beyond = memory.measure(case)["beyond_output_bytes"]
    assert beyond <= 2 * 2**20, (
        f"{case} allocates {beyond / 2**20:.2f} MiB beyond its output at the peak; 2 are allowed"
    )


def test_importing_the_layer_costs_little_more_than_importing_numpy():
    beyond = import_time.measure(rounds=5, clock="process_time")["beyond_numpy_s"]
    assert beyond <= 0.030, f"pooling.numpy_layer takes {1e3 * beyond:.0f} ms to import beyond NumPy; 30 are allowed"
