"""Sizes, single windows, receptive fields and costs by their definition, with the steps that people get wrong.

A network is a list of layers ``(kind, channels, kernel_size, stride, padding)``, kind "conv" or "pool"; a pooling layer
has None for its channels. Shapes are (channels, rows, columns).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from course.misconceptions.windowed import Array

Layer = tuple[str, int | None, int, int, int]


def output_size(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
    *,
    opposite: bool = False,
    adds_one: bool = True,
    sides: int = 2,
    drops: Literal["from the end", "behind it", "from size", "behind size", "never"] = "from the end",
    takes_kernel: bool = True,
    nearest: bool = False,
    every_start: bool = False,
) -> int:
    """Count the windows along an axis."""
    stride = kernel_size if stride is None else stride
    if every_start:
        return -(-(size + padding) // stride)
    if nearest:
        return round((size + sides * padding - kernel_size) / stride) + 1
    room = size + sides * padding - (kernel_size if takes_kernel else 0)
    up = ceil_mode != opposite
    count = (room + stride - 1 if up else room) // stride + (1 if adds_one else 0)
    last_start, end = (count - 1) * stride, size + padding
    behind = {
        "from the end": last_start >= end,
        "behind it": last_start > end,
        "from size": last_start >= size,
        "behind size": last_start > size,
        "never": False,
    }
    return count - 1 if up and adds_one and behind[drops] else count


def window_cells(
    index: int,
    kernel_size: int,
    stride: int,
    *,
    first: int = 0,
    extra: int = 0,
    apart: Literal["stride", "kernel", "one", "gap"] = "stride",
    wide: Literal["kernel", "stride"] = "kernel",
) -> list[int]:
    """List the cells of one window on an axis without padding."""
    start = index * {"stride": stride, "kernel": kernel_size, "one": 1, "gap": kernel_size + stride}[apart] + first
    return list(range(start, start + {"kernel": kernel_size, "stride": stride}[wide] + extra))


def window_mean(
    window: Any,
    *,
    divided: Literal["count", "not", "rows", "rows squared", "sides"] = "count",
    whole: bool = False,
    middle: bool = False,
) -> float:
    """Take the mean of a single window."""
    values = np.asarray(window, np.float64)
    if middle:
        return float(values.min() + values.max()) / 2
    rows = len(values)
    divisors = {"count": values.size, "not": 1, "rows": rows, "rows squared": rows**2, "sides": sum(values.shape)}
    result = float(values.sum()) / divisors[divided]
    return float(np.floor(result)) if whole else result


def layer_shapes(
    layers: list[Layer],
    shape: tuple[int, int, int],
    *,
    rounding: Literal["floor", "ceil"] = "floor",
    adds_one: bool = True,
    sides: int = 2,
    pooled_channels: Literal["kept", "doubled", "one", "none"] = "kept",
    apart: Literal["stride", "one", "kernel"] = "stride",
    chained: bool = True,
) -> list[tuple[int, int, int]]:
    """Follow a shape through the layers."""
    shapes = []
    channels, *sizes = shape
    kept: Any
    for kind, width, kernel, stride, padding in layers:
        step = {"stride": stride, "one": 1, "kernel": kernel if kind == "pool" else stride}[apart]
        if not chained:
            channels, *sizes = shape
        kept = {"kept": channels, "doubled": 2 * (channels or 0), "one": 1, "none": None}[pooled_channels]
        channels = kept if width is None else width
        sizes = [
            output_size(size, kernel, step, padding, rounding == "ceil", adds_one=adds_one, sides=sides)
            for size in sizes
        ]
        shapes.append((channels, sizes[0], sizes[1]))
    return shapes


def receptive_fields(
    layers: list[Layer],
    *,
    pool_doubles: bool = False,
    jump: Literal["kept", "forgotten", "early"] = "kept",
    less_one: bool = True,
    only: Literal["all", "conv"] = "all",
    strides: Literal["multiply", "add", "last", "double"] = "multiply",
) -> list[tuple[int, int]]:
    """Follow (receptive field, jump) through the layers."""
    field, distance = 1, 1
    rows = []
    for kind, _, kernel, stride, _ in layers:
        grown = kernel - 1 if less_one else kernel
        if kind == "pool" and pool_doubles:
            field *= stride
        elif kind == "conv" or only == "all":
            field += grown * {"kept": distance, "forgotten": 1, "early": distance * stride}[jump]
        doubled = distance * (2 if stride > 1 else 1)
        distance = {
            "multiply": distance * stride,
            "add": distance + stride - 1,
            "last": stride,
            "double": doubled,
        }[strides]
        rows.append((field, distance))
    return rows


def seen_cells(
    layers: list[Layer],
    index: int,
    *,
    padding_counts: bool = True,
    jump: Literal["kept", "forgotten"] = "kept",
    end: Literal["last", "behind"] = "last",
    less_one: bool = True,
    backwards: bool = True,
    clipped: bool = False,
    followed: Literal["both", "first"] = "both",
    padding_first: bool = False,
    last_padded: Literal["moved", "left", "pushed"] = "moved",
) -> tuple[int, int]:
    """Return the first and the last cell of the input that an output of the last layer sees, on an axis without end."""
    first = last = index
    for _, _, kernel, stride, padding in reversed(layers) if backwards else layers:
        step = stride if jump == "kept" else 1
        shift = (padding * step if padding_first else padding) if padding_counts else 0
        grown = (kernel - 1 if less_one else kernel) + {"moved": 0, "left": 1, "pushed": 2}[last_padded] * shift
        first, last = first * step - shift, (last if followed == "both" else first) * step - shift + grown
    return max(first, 0) if clipped else first, last + (end == "behind")


def layer_parameters(
    layers: list[Layer],
    channels: int,
    *,
    biases: bool = True,
    bias_each: Literal["filter", "layer"] = "filter",
    pooling: Literal["none", "window", "like conv"] = "none",
    inputs: bool = True,
    squared: bool = True,
    chained: bool = True,
) -> list[int]:
    """Count the weights and biases of every layer."""
    counts = []
    image = channels
    for kind, width, kernel, _, _ in layers:
        if kind == "conv":
            assert width is not None
            window = kernel**2 if squared else kernel
            bias = (width if bias_each == "filter" else 1) if biases else 0
            counts.append(width * window * ((channels if chained else image) if inputs else 1) + bias)
            channels = width
        else:
            counts.append({"none": 0, "window": kernel**2, "like conv": channels**2 * kernel**2 + channels}[pooling])
    return counts


def layer_multiplications(
    layers: list[Layer],
    shape: tuple[int, int, int],
    *,
    positions: Literal["output", "input", "one"] = "output",
    inputs: bool = True,
    channels: Literal["incoming", "own", "image"] = "incoming",
    pooling: bool = False,
    squared: bool = True,
    biases: bool = False,
) -> list[int]:
    """Count the multiplications of every layer."""
    counts = []
    before = shape
    for layer, after in zip(layers, layer_shapes(layers, shape), strict=True):
        kind, _, kernel, _, _ = layer
        place = {"output": after[1] * after[2], "input": before[1] * before[2], "one": 1}[positions]
        read = {"incoming": before[0], "own": after[0], "image": shape[0]}[channels]
        each = (kernel**2 if squared else kernel) * (read if inputs and kind == "conv" else 1) + (1 if biases else 0)
        counts.append(after[0] * place * each if kind == "conv" or pooling else 0)
        before = after
    return counts


def strided_layers(
    layers: list[Layer],
    channels: int,
    *,
    pools: Literal["replaced", "kept", "merged"] = "replaced",
    replaced_channels: Literal["kept", "none", "doubled", "image"] = "kept",
    replaced_kernel: Literal["kept", "three"] = "kept",
    replaced_stride: Literal["kept", "one", "kernel"] = "kept",
    replaced_padding: Literal["kept", "none"] = "kept",
) -> list[Layer]:
    """Put a convolution with the same windows in the place of every pooling."""
    result: list[Layer] = []
    here = channels
    for layer in layers:
        kind, width, kernel, stride, padding = layer
        if kind == "conv":
            assert width is not None
            here = width
            result.append(layer)
        elif pools == "kept":
            result.append(layer)
        elif pools == "merged":
            if result:  # the stride goes to the layer before
                last = result.pop()
                result.append((*last[:3], last[3] * stride, last[4]))
        else:
            here = {"doubled": 2 * here, "image": channels}.get(replaced_channels, here)
            made = None if replaced_channels == "none" else here
            taps = 3 if replaced_kernel == "three" else kernel
            step = {"kept": stride, "one": 1, "kernel": kernel}[replaced_stride]
            result.append(("conv", made, taps, step, 0 if replaced_padding == "none" else padding))
    return result


def head_parameters(
    channels: int,
    height: int,
    width: int,
    classes: int,
    *,
    biases: bool = True,
    bias_each: Literal["class", "layer", "input"] = "class",
    flattened: bool = True,
    averaged: bool = True,
    flat_first: bool = True,
    biases_divided: bool = False,
) -> tuple[int, int]:
    """Count the parameters of a linear classifier after flattening, and after a global average."""
    flat = channels * height * width if flattened else channels
    mean = channels if averaged else channels * height * width
    counted = {"class": (classes, classes), "layer": (1, 1), "input": (flat, mean)}[bias_each] if biases else (0, 0)
    counts = flat * classes + counted[0], mean * classes + counted[1]
    if biases_divided:
        counts = counts[0], counts[0] // (height * width)
    return counts if flat_first else counts[::-1]


#: The functions whose gradient the NumPy assignment measures, as its notebook defines them.
MEASURED: dict[str, Callable[[Array], float]] = {
    "sum of squares": lambda x: float((x**2).sum()),
    "sum of cubes": lambda x: float((x**3).sum()),
    "product of all": lambda x: float(x.prod()),
}


def numerical_gradient(
    name: str,
    x: Array,
    step: float,
    *,
    difference: Literal["central", "forward", "backward"] = "central",
    halved: bool = True,
    divided: bool = True,
    grouped: bool = True,
    restored: Literal["yes", "up", "down"] = "yes",
    together: bool = False,
    relative: bool = False,
    half_steps: bool = False,
) -> Array:
    """Measure the gradient of a function, one entry of x after the other."""
    function, here = MEASURED[name], np.array(x, np.float64)
    result = np.zeros(here.shape)
    for place in np.ndindex(here.shape):
        up, down = here.copy(), here.copy()
        moved = ... if together else place
        distance = (step / 2 if half_steps else step) * (here[place] if relative else 1.0)
        up[moved] += distance if difference != "backward" else 0.0
        down[moved] -= distance if difference != "forward" else 0.0
        width = 2 * distance if difference == "central" and halved else distance
        if not grouped:
            width = 2 / step
        result[place] = (function(up) - function(down)) / (width if divided else 1.0)
        here = {"yes": here, "up": up, "down": down}[restored]
    return result
