"""PyTorch's own operators, which every contender is checked against and divided by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch.nn.functional as F

from tests.benchmarks.cases import WITH_INDICES, Case


def forward(case: Case) -> Callable[[Any], Any]:
    """Return the operator as a function of x alone; PyTorch's global pooling is adaptive pooling to size 1."""
    function, arguments = case.function, dict(case.arguments)
    if case.operation.startswith("global"):
        function, arguments = function.replace("global", "adaptive"), {"output_size": 1}
    if case.passes == WITH_INDICES:
        arguments["return_indices"] = True
    operator = getattr(F, function)
    return lambda x: operator(x, **arguments)
