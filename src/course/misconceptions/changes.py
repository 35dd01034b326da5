"""Changes of arguments and results that misconceptions are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.misconceptions.misconception import Change
from course.misconceptions.operations import Inputs, as_array, like
from course.misconceptions.windowed import pair

#: Operations that the same mistakes are about.
FORWARD = ("max_pool2d", "avg_pool2d")
BACKWARD = ("max_pool2d_backward", "avg_pool2d_backward")
STRIDED = (*FORWARD, *BACKWARD, "output_size", "sliding_windows")


def setting(**values: Any) -> Change:
    """Set arguments to these values, whatever they were."""
    return lambda inputs: values


def swapped(*names: str) -> Change:
    """Exchange rows and columns in these arguments."""
    return lambda inputs: {name: inputs[name][::-1] for name in names if isinstance(inputs.get(name), tuple)}


def square(name: str) -> Change:
    """Use the rows' number for the columns too."""

    def change(inputs: Inputs) -> Inputs:
        value = inputs[name]
        if name == "stride" and value is None:
            value = inputs["kernel_size"]
        return {name: (value[0],) * 2} if isinstance(value, tuple) else {}

    return change


def stride_one_by_default(inputs: Inputs) -> Inputs:
    """Take a stride of 1 where none is given."""
    return {"stride": 1} if inputs["stride"] is None else {}


def always_2x2(inputs: Inputs) -> Inputs:
    """Take 2×2 windows, side by side, without padding."""
    return {"kernel_size": 2, "stride": 2, "padding": 0} if "padding" in inputs else {"kernel_size": 2, "stride": 2}


def opposite_flag(inputs: Inputs) -> Inputs:
    """Exchange the two cases of count_include_pad."""
    return {"count_include_pad": not inputs["count_include_pad"]}


def over_channels(inputs: Inputs) -> Inputs:
    """Take the maximum over the channels first."""
    x = as_array(inputs["x"])
    return {"x": like(x.max(-3, keepdims=True), inputs)} if x.ndim > 2 else {}


def first_channel(inputs: Inputs) -> Inputs:
    """Put the first channel in place of every other one."""
    x = as_array(inputs["x"])
    return {"x": like(np.broadcast_to(x[..., :1, :, :], x.shape).copy(), inputs)} if x.ndim > 2 else {}


def transposed(result: Any, inputs: Inputs) -> Any:
    """Exchange the rows and columns of the result."""
    array = as_array(result)
    return like(np.swapaxes(array, -1, -2), inputs) if np.ndim(array) >= 2 else result


def without_single_channel(result: Any, inputs: Inputs) -> Any:
    """Lose the channel axis if there is one channel."""
    array = as_array(result)
    return like(array[..., 0, :, :], inputs) if np.ndim(array) > 2 and array.shape[-3] == 1 else result


def squeezed(result: Any, inputs: Inputs) -> Any:
    """Lose every axis of size 1."""
    return like(np.squeeze(as_array(result)), inputs)


def without_last_windows(result: Any, inputs: Inputs) -> Any:
    """Leave out the last row and the last column of the result."""
    array = as_array(result)
    return like(array[..., : max(array.shape[-2] - 1, 0), : max(array.shape[-1] - 1, 0)], inputs)


def one_row(result: Any, inputs: Inputs) -> Any:
    """Let all rows of the result be one list, which keeps what was written to it last, or adds up in it."""
    array = as_array(result)
    if np.ndim(array) < 2:
        return result
    row = array.sum(-2, keepdims=True) if "grad_output" in inputs else array[..., -1:, :]
    return like(np.broadcast_to(row, array.shape).copy(), inputs)


def stride_as_gap(inputs: Inputs) -> Inputs:
    """Leave `stride` cells between a window and the next."""
    kernel, stride = inputs["kernel_size"], inputs["stride"]
    if stride is None:
        return {}
    if isinstance(kernel, int) and isinstance(stride, int):
        return {"stride": kernel + stride}
    return {"stride": tuple(map(sum, zip(pair(kernel), pair(stride), strict=True)))}


def one_axis_of_padding(axis: int) -> Change:
    """Pad the rows alone (0), or the columns alone (1)."""

    def change(inputs: Inputs) -> Inputs:
        rows, columns = pair(inputs["padding"])
        return {"padding": (0, columns) if axis else (rows, 0)}

    return change


def probabilities(result: Any, inputs: Inputs) -> Any:
    """Send the result through a softmax."""
    scores = np.exp(as_array(result) - np.max(as_array(result), -1, keepdims=True))
    return like(scores / scores.sum(-1, keepdims=True), inputs)
