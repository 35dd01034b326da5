"""Calls for the tests that only PyTorch's layer needs: one or two of each operation, on small inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from pooling import torch_layer
from tests.pooling.cases import RANKS


class TorchCall(NamedTuple):
    """An operation with arguments, and what PyTorch calls the same."""

    operation: str
    rank: int
    arguments: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.operation}{self.rank}d"

    def ours(self, x: Tensor, indices: Tensor | None = None) -> Tensor:
        """Call torch_layer; only the values count."""
        return getattr(torch_layer, str(self))(*_inputs(x, indices), **self.arguments)

    def theirs(self, x: Tensor, indices: Tensor | None = None) -> Tensor:
        """Call torch.nn.functional."""
        if self.operation.startswith("global"):
            return getattr(F, f"adaptive_{self.operation[7:]}{self.rank}d")(x, 1)
        arguments = dict(self.arguments)
        if self.operation == "avg_pool" and self.rank == 1:
            arguments.pop("divisor_override", None)
        return getattr(F, str(self))(*_inputs(x, indices), **arguments)

    def x(self, dtype: torch.dtype = torch.float64, device: str = "cpu", seed: int = 0, size: int = 5) -> Tensor:
        """Draw an input without ties, so that a derivative exists: the numbers from 0.1 on, 0.005 apart, shuffled."""
        shape = (2, 3) + (size,) * self.rank
        order = torch.randperm(torch.Size(shape).numel(), generator=torch.Generator().manual_seed(seed))
        return (order.reshape(shape).to(torch.float64) * 0.005 + 0.1).to(dtype).to(device)

    def indices(self, x: Tensor) -> Tensor | None:
        """Return places for an unpooling: each maximum in its window's last cell; None for other operations."""
        if self.operation != "max_unpool":
            return None
        ones = torch.ones((1, 1, *(2 * size for size in x.shape[2:])))
        rising = ones.flatten().cumsum(0).reshape(ones.shape)
        _, places = getattr(F, f"max_pool{self.rank}d")(rising, 2, return_indices=True)
        return places.expand(x.shape).contiguous().to(x.device)


def _inputs(x: Tensor, indices: Tensor | None) -> tuple[Tensor, ...]:
    return (x,) if indices is None else (x, indices)


_ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "max_pool": [{"kernel_size": 2, "stride": 1, "padding": 1, "dilation": 2, "ceil_mode": True}],
    "avg_pool": [
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False},
        {"kernel_size": 2, "stride": 2, "ceil_mode": True},
    ],
    "lp_pool": [{"norm_type": 3, "kernel_size": 2, "ceil_mode": True}, {"norm_type": 1.5, "kernel_size": 3}],
    "adaptive_max_pool": [{"output_size": 3}],
    "adaptive_avg_pool": [{"output_size": 3}],
    "global_max_pool": [{}],
    "global_avg_pool": [{}],
    "max_unpool": [{"kernel_size": 2}],
}

CALLS = [
    TorchCall(operation, rank, arguments)
    for operation, several in _ARGUMENTS.items()
    for arguments in several
    for rank in RANKS
]

#: Names for pytest; operations with two calls are numbered.
IDS = [f"{call}-{[c.arguments for c in CALLS if str(c) == str(call)].index(call.arguments)}" for call in CALLS]

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def gradient(function: Callable[..., Tensor], x: Tensor, *more: Any) -> tuple[Tensor, Tensor]:
    """Return an output and the gradient of the sum of its cells, each weighted with its number."""
    x = x.detach().clone(memory_format=torch.preserve_format).requires_grad_()
    output = function(x, *more)
    weights = torch.linspace(-1, 1, output.numel(), dtype=torch.float64).reshape(output.shape)
    (result,) = torch.autograd.grad(output, x, weights.to(output))
    return output.detach(), result
