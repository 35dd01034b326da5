"""Who takes part. A contender prepares a case, untimed, and returns the call that is timed, or None to sit out."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import torch

from pooling import numpy_layer, torch_layer
from tests.benchmarks import baselines, engines, operators, peers
from tests.benchmarks.cases import WITH_BACKWARD, WITH_INDICES, Case
from tests.benchmarks.inputs import Inputs, traffic

Call = Callable[[], Any]

#: Those that others are divided by.
TORCH, ONNXRUNTIME, COPY = "torch", "onnxruntime", "copy"


class Contender(NamedTuple):
    """A name, and how it pools."""

    name: str
    prepare: Callable[[Case, Inputs], Call | None]
    module: str | None = None  # what must be installed for it
    main_only: bool = False  # whether it takes part in the main cases only

    @property
    def is_installed(self) -> bool:
        return self.module is None or importlib.util.find_spec(self.module) is not None


def with_numpy_layer(case: Case, inputs: Inputs) -> Call:
    x, upstream = inputs
    arguments = case.arguments
    forward = getattr(numpy_layer, case.function)
    if case.passes == WITH_INDICES:
        return lambda: forward(x, **arguments, return_indices=True)
    if case.passes != WITH_BACKWARD:
        return lambda: forward(x, **arguments)

    backward = getattr(numpy_layer, case.function + "_backward")
    if case.operation != "max_pool":
        return lambda: (forward(x, **arguments), backward(upstream, x, **arguments))

    def both() -> tuple[np.ndarray, np.ndarray]:
        output, indices = forward(x, **arguments, return_indices=True)
        return output, backward(upstream, x, **arguments, indices=indices)

    return both


def with_torch_layer(case: Case, inputs: Inputs) -> Call:
    function = getattr(torch_layer, case.function)
    arguments = case.arguments | ({"return_indices": True} if case.passes == WITH_INDICES else {})
    return _on_tensors(case, inputs, lambda x: function(x, **arguments))


def with_torch(case: Case, inputs: Inputs) -> Call:
    return _on_tensors(case, inputs, operators.forward(case))


def _on_tensors(case: Case, inputs: Inputs, forward: Callable[[torch.Tensor], Any]) -> Call:
    """Call a function of tensors; backward goes through autograd."""
    x, upstream = map(torch.from_numpy, inputs)
    if case.passes != WITH_BACKWARD:
        return lambda: forward(x)
    x.requires_grad_()

    def both() -> tuple[torch.Tensor, torch.Tensor]:
        output = forward(x)
        return output, torch.autograd.grad(output, x, upstream)[0]

    return both


def with_copy(case: Case, inputs: Inputs) -> Call:
    """Move as many bytes as the case reads and writes: what it would take if nothing had to be computed.

    A copy reads each of its bytes and writes it, so it moves twice as many as it copies.
    """
    source = np.ones(traffic(case, inputs) // 2, np.uint8)
    target = np.empty_like(source)
    return lambda: np.copyto(target, source)


CONTENDERS = (
    Contender("numpy_layer", with_numpy_layer),
    Contender("torch_layer", with_torch_layer),
    Contender(TORCH, with_torch),
    Contender(ONNXRUNTIME, engines.with_onnxruntime, module="onnxruntime"),
    Contender(COPY, with_copy),
    Contender("output loop", baselines.with_output_loop, main_only=True),
    Contender("sliding windows", baselines.with_sliding_windows, main_only=True),
    Contender("reshape", baselines.with_reshape, main_only=True),
    Contender("scikit-image", peers.with_scikit_image, module="skimage", main_only=True),
    Contender("SciPy", peers.with_scipy, module="scipy", main_only=True),
    Contender("JAX", peers.with_jax, module="jax", main_only=True),
    Contender("numba", peers.with_numba, module="numba", main_only=True),
)


def installed(contenders: Iterable[Contender] = CONTENDERS) -> list[Contender]:
    """List the contenders that can take part on this machine."""
    return [contender for contender in contenders if contender.is_installed]


def not_installed(contenders: Iterable[Contender] = CONTENDERS) -> list[str]:
    """Name the contenders that cannot."""
    return [contender.name for contender in contenders if not contender.is_installed]
