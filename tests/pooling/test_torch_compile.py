"""Does torch.compile take every operation as one graph, forward and backward, and give the same?

`aot_eager` traces as the default backend does, but needs no C++ compiler.
"""

import pytest
import torch

from tests.pooling.compare import same
from tests.pooling.torch_cases import CALLS, TorchCall, gradient

# PyTorch's compiler does itself what PyTorch warns of.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")]

#: A kernel of 3 on three axes has 27 taps, which take the compiler half a minute; one of 2 shows as much.
COMPILED = [call for call in CALLS if call.arguments.get("kernel_size") != 3]


@pytest.fixture(autouse=True)
def fresh_compiler():
    """Forget what was compiled before: how often a function may be compiled anew is limited."""
    torch.compiler.reset()
    yield
    torch.compiler.reset()


@pytest.mark.parametrize("call", COMPILED, ids=str)
def test_it_compiles_to_one_graph(call: TorchCall) -> None:
    """Is the result the same for one shape, and for another, at which the compiler takes sizes for unknown numbers?"""
    compiled = torch.compile(call.ours, backend="aot_eager", fullgraph=True)
    for size in (5, 6):
        x = call.x(size=size)
        indices = call.indices(x)
        expected, got = gradient(call.ours, x, indices), gradient(compiled, x, indices)
        for what, eager, traced in zip(("output", "gradient"), expected, got, strict=True):
            same(f"compiled {call} of {tuple(x.shape)}", what, eager.numpy(), traced.numpy(), 1e-12)
