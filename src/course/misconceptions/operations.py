"""What the tasks ask for: each operation by `pooling` and by its definition, whose steps can be got wrong.

The expected output of a case comes from `pooling`, in the layer that suits the kind of its inputs: `python_layer` for
lists, `numpy_layer` for arrays, `torch_layer` for tensors. The output of a misconception comes from the definition.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.misconceptions import numbers, windowed
from pooling import geometry, receptive_field

Inputs = dict[str, Any]
LAYERS = {"list": "pooling.python_layer", "array": "pooling.numpy_layer", "tensor": "pooling.torch_layer"}


@dataclass(frozen=True)
class Operation:
    """Something that a task asks a learner to compute."""

    name: str
    #: Its definition, on NumPy arrays. Keyword-only parameters are steps.
    definition: Callable[..., Any]
    #: The same by `pooling`, given the kind of the inputs; None where `pooling` has no such thing.
    reference: Callable[[str, Inputs], Any] | None = None
    #: Which cells belong to an output: the input they lie in, what they mean, and the function that lists them.
    drawn: tuple[str, str, Callable[..., Any]] | None = None
    #: Arguments that the task fixes, such as a kernel_size of 2.
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def fixing(self, **fixed: Any) -> Operation:
        """Return the operation with some of its arguments fixed."""
        unknown = set(fixed) - set(self.arguments)
        if unknown:
            raise ValueError(f"{self.name} has no argument {sorted(unknown)[0]!r}; it has {', '.join(self.arguments)}")
        return Operation(self.name, self.definition, self.reference, self.drawn, {**self.fixed, **fixed})

    @functools.cached_property
    def arguments(self) -> list[str]:
        """The names of its arguments, in order."""
        return [name for name, parameter in self._parameters.items() if parameter.kind is not parameter.KEYWORD_ONLY]

    @functools.cached_property
    def steps(self) -> set[str]:
        """The names of the steps that can be got wrong."""
        return {name for name, parameter in self._parameters.items() if parameter.kind is parameter.KEYWORD_ONLY}

    @functools.cached_property
    def _parameters(self) -> Mapping[str, inspect.Parameter]:
        return inspect.signature(self.definition).parameters

    def complete(self, inputs: Inputs) -> Inputs:
        """Add the fixed arguments and the defaults to the inputs of a case."""
        defaults = {
            name: self._parameters[name].default
            for name in self.arguments
            if self._parameters[name].default is not inspect.Parameter.empty
        }
        return {**defaults, **self.fixed, **inputs}

    def expected(self, inputs: Inputs) -> Any:
        """Compute the expected output.

        Raises
        ------
        ValueError, TypeError
            Where `pooling` refuses the arguments.
        """
        if self.reference is None:
            return self.defined(inputs)
        return self.reference(kind_of(inputs), {**self.fixed, **inputs})

    def defined(self, inputs: Inputs, /, **steps: Any) -> Any:
        """Compute the output by the definition, with some steps other than they should be."""
        complete = self.complete(inputs)
        arrays = {name: as_array(value) for name, value in complete.items()}
        return like(self.definition(**arrays, **steps), inputs)

    def windows(self, inputs: Inputs) -> dict[str, Any] | None:
        """Return what a message needs to draw the window that belongs to an output; None where there is none."""
        if self.drawn is None:
            return None
        source, role, cells = self.drawn
        complete = self.complete(inputs)
        shape = np.shape(as_array(complete["x"]))
        options = {name: complete[name] for name in ("kernel_size", "stride", "padding") if name in complete}
        return {"of": source, "role": role, "axes": cells(shape, **options)}


def kind_of(inputs: Inputs) -> str:
    """Tell whether the inputs of a case are lists, arrays or tensors."""
    torch = sys.modules.get("torch")
    for value in inputs.values():
        if isinstance(value, np.ndarray):
            return "array"
        if torch is not None and isinstance(value, torch.Tensor):
            return "tensor"
    return "list"


def as_array(value: Any) -> Any:
    """Return lists of numbers, and tensors, as arrays; everything else as it is."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return value.detach().numpy()
    numeric = isinstance(value, list) and bool(value) and not isinstance(value[0], tuple | str)
    return np.array(value) if numeric else value


def like(result: Any, inputs: Inputs) -> Any:
    """Return a result in the kind and dtype of the inputs it came from."""
    if not isinstance(result, np.ndarray | np.generic):
        return result
    kind = kind_of(inputs)
    if kind == "list":
        return result.tolist()
    dtypes = [array.dtype for array in map(as_array, inputs.values()) if isinstance(array, np.ndarray)]
    floats = [dtype for dtype in dtypes if dtype.kind == "f"]
    result = np.asarray(result, floats[0] if floats else None)
    return importlib.import_module("torch").from_numpy(result.copy()) if kind == "tensor" else result


def _pooling(function: str) -> Callable[[str, Inputs], Any]:
    def reference(kind: str, inputs: Inputs) -> Any:
        return getattr(importlib.import_module(LAYERS[kind]), function)(**inputs)

    return reference


def _backward(function: str) -> Callable[[str, Inputs], Any]:
    """Return the backward pass by `pooling`; for tensors, what autograd gets out of its forward pass."""

    def reference(kind: str, inputs: Inputs) -> Any:
        if kind != "tensor":
            return getattr(importlib.import_module(LAYERS[kind]), f"{function}_backward")(**inputs)
        grad_output, x, *_ = inputs.values()
        x = x.clone().requires_grad_()
        options = {name: value for name, value in inputs.items() if name not in ("grad_output", "x")}
        getattr(importlib.import_module(LAYERS[kind]), function)(x, **options).backward(grad_output)
        return x.grad

    return reference


def _global_average(kind: str, inputs: Inputs) -> Any:
    layer = importlib.import_module(LAYERS[kind])
    return layer.global_avg_pool2d(**{"keepdims": False, **inputs})


def _shapes(kind: str, inputs: Inputs) -> list[tuple[int, int, int]]:
    channels, *sizes = inputs["shape"]
    shapes = []
    for _, width, kernel, stride, padding in inputs["layers"]:
        # A convolution may pad by more than half of its kernel, which one-sided pairs allow in pooling's own words.
        sizes = [geometry.output_size(size, kernel, stride, ((padding, padding),)) for size in sizes]
        channels = channels if width is None else width
        shapes.append((channels, *sizes))
    return shapes


def _rows(layers: list[numbers.Layer]) -> list[receptive_field.Row]:
    return receptive_field.receptive_field(
        [(kind, kernel, stride, padding) for kind, _, kernel, stride, padding in layers]
    )


def _fields(kind: str, inputs: Inputs) -> list[tuple[int, int]]:
    return [(row.receptive_field, row.jump) for row in _rows(inputs["layers"])]


def _seen(kind: str, inputs: Inputs) -> tuple[int, int]:
    cells = _rows(inputs["layers"])[-1].cells(inputs["index"])
    return cells[0], cells[-1]


def _whole_plane(shape: tuple[int, ...]) -> list[list[list[int]]]:
    return [[list(range(size))] for size in shape[-2:]]


_FORWARD = ("x", "window", windowed.covered)
_BACKWARD = ("grad_output", "gradient", windowed.receiving)

OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("max_pool2d", windowed.max_pool2d, _pooling("max_pool2d"), _FORWARD),
        Operation("avg_pool2d", windowed.avg_pool2d, _pooling("avg_pool2d"), _FORWARD),
        Operation("global_avg_pool2d", windowed.global_avg_pool2d, _global_average, ("x", "plane", _whole_plane)),
        Operation("sliding_windows", windowed.sliding_windows),
        Operation("max_pool2d_backward", windowed.max_pool2d_backward, _backward("max_pool2d"), _BACKWARD),
        Operation("avg_pool2d_backward", windowed.avg_pool2d_backward, _backward("avg_pool2d"), _BACKWARD),
        Operation("output_size", numbers.output_size, lambda kind, inputs: geometry.output_size(**inputs)),
        Operation("window_cells", numbers.window_cells),
        Operation("window_mean", numbers.window_mean),
        Operation("layer_shapes", numbers.layer_shapes, _shapes),
        Operation("receptive_fields", numbers.receptive_fields, _fields),
        Operation("seen_cells", numbers.seen_cells, _seen),
        Operation("layer_parameters", numbers.layer_parameters),
        Operation("layer_multiplications", numbers.layer_multiplications),
        Operation("strided_layers", numbers.strided_layers),
        Operation("head_parameters", numbers.head_parameters),
        Operation("numerical_gradient", numbers.numerical_gradient),
    )
}
