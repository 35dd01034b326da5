"""`pooling.numpy_layer`: what the others are compared with."""

import numpy as np

from book.frameworks.cases import Case
from pooling import numpy_layer
from pooling.geometry import same_padding

NAME = "this book"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"numpy": np.__version__}


def answer(case: Case) -> np.ndarray:
    """Say the wish in our words."""
    if case.operation == "adaptive avg":
        return numpy_layer.adaptive_avg_pool2d(case.x, case.kernel)
    padding: object = case.padding
    if padding == "same lower":
        axes = [same_padding(size, case.kernel, case.stride, lower=True) for size in case.x.shape[2:]]
        padding = tuple(axes)
    said = {"stride": case.stride, "padding": padding, "ceil_mode": case.ceil}
    if case.operation == "avg":
        if case.count_pads is not None:
            said["count_include_pad"] = case.count_pads
        return numpy_layer.avg_pool2d(case.x, case.kernel, **said)
    said["dilation"] = case.dilation
    if case.want == "indices":
        return numpy_layer.max_pool2d(case.x, case.kernel, **said, return_indices=True)[1]
    y = numpy_layer.max_pool2d(case.x, case.kernel, **said)
    if case.want == "gradient":
        return numpy_layer.max_pool2d_backward(np.ones_like(y), case.x, case.kernel, **said)
    return y
