"""The three layers behind one call, so that a test can be written once.

PyTorch is imported where a tensor is made. In Pyodide there is none, and the other layers are tested there too.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import numpy as np

from tests.pooling import inputs
from tests.pooling.cases import LAYERS, Case
from tests.pooling.compare import Pooled

#: What the pure-Python layer leaves to the others: the backward passes of these operations.
PYTHON_HAS_NO_BACKWARD = {"lp_pool", "global_max_pool", "global_avg_pool", "max_unpool"}
WITH_INDICES = {"max_pool", "adaptive_max_pool"}


def module(layer: str) -> ModuleType:
    """Import a layer by name: "python", "numpy" or "torch"."""
    return importlib.import_module(f"pooling.{layer}_layer")


def to(layer: str, array: np.ndarray) -> Any:
    """Turn an array into what a layer takes: nested lists, an array, or a tensor."""
    return {"python": np.ndarray.tolist, "numpy": np.asarray, "torch": _tensor}[layer](array)


def back(value: Any, dtype: Any = None) -> np.ndarray:
    """Turn what a layer gives into an array; nested lists have no dtype but float's or int's."""
    if hasattr(value, "detach"):  # a tensor
        return value.detach().numpy()
    array = np.asarray(value, dtype)
    if isinstance(value, list) and array.dtype.kind == "i":
        return array.astype(np.int64)  # by default, NumPy's int has 32 bits in WebAssembly
    return array


def names(rank: int | None = None) -> list[str]:
    """List the layers, or those that pool so many axes."""
    return [layer for layer, ranks in LAYERS.items() if rank is None or rank in ranks]


def pool(layer: str, case: Case, x: np.ndarray, upstream: np.ndarray) -> Pooled:
    """Pool x as the case says, forward and backward."""
    arguments = case.arguments
    if case.operation == "max_unpool":
        arguments = {"indices": to(layer, inputs.places(case))} | arguments
    return (_through_autograd if layer == "torch" else _through_backward)(layer, case, arguments, x, upstream)


def _through_backward(layer: str, case: Case, arguments: dict, x: np.ndarray, upstream: np.ndarray) -> Pooled:
    functions = module(layer)
    array = to(layer, x)
    output, indices = _forward(getattr(functions, case.function), case, array, arguments)
    if layer == "python" and case.operation in PYTHON_HAS_NO_BACKWARD:
        gradient = None
    else:
        gradient = getattr(functions, case.function + "_backward")(to(layer, upstream), array, **arguments)
    # Python's floats are float64: a nested list is compared in the dtype of the case.
    dtype = case.dtype if layer == "python" else None
    return Pooled(back(output, dtype), indices, None if gradient is None else back(gradient, dtype))


def _through_autograd(layer: str, case: Case, arguments: dict, x: np.ndarray, upstream: np.ndarray) -> Pooled:
    tensor = _tensor(x).requires_grad_()
    output, indices = _forward(getattr(module(layer), case.function), case, tensor, arguments)
    output.backward(_tensor(upstream))
    return Pooled(back(output), indices, back(tensor.grad))


def _tensor(array: np.ndarray) -> Any:
    import torch

    return torch.tensor(array)


def _forward(function: Any, case: Case, x: Any, arguments: dict) -> tuple[Any, np.ndarray | None]:
    """Call the forward pass: with indices where there are any, and then without, for the same values."""
    output = function(x, **arguments)
    if case.operation not in WITH_INDICES:
        return output, None
    same_output, indices = function(x, **arguments, return_indices=True)
    np.testing.assert_array_equal(back(output), back(same_output), f"{case}: return_indices=True changes the values")
    return output, back(indices)
