"""SciPy's filters: a window around every cell, of which a pool takes every stride-th."""

import numpy as np
import scipy
from scipy import ndimage

from book.frameworks.cases import Case

NAME = "SciPy"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"scipy": scipy.__version__}


def answer(case: Case) -> np.ndarray:
    """Say the wish as a filter, with the places picked where windows would lie."""
    case.needs("ceil", "same", "indices", "gradient", "adaptive", "pads not counted")
    span = case.dilation * (case.kernel - 1) + 1
    count = [size + 2 * case.padding - span + 1 for size in case.x.shape[2:]]
    if case.operation == "max":
        footprint = np.zeros((1, 1, span, span), bool)
        footprint[:, :, :: case.dilation, :: case.dilation] = True
        least = -np.inf if case.x.dtype.kind == "f" else np.iinfo(case.x.dtype).min
        x = np.pad(case.x, [(0, 0), (0, 0), *[(case.padding, case.padding)] * 2], constant_values=least)
        full = ndimage.maximum_filter(x, footprint=footprint, origin=(0, 0, -(span // 2), -(span // 2)))
    else:
        x = np.pad(case.x, [(0, 0), (0, 0), *[(case.padding, case.padding)] * 2])
        full = ndimage.uniform_filter(x, (1, 1, span, span), origin=(0, 0, -(span // 2), -(span // 2)))
    step = case.stride or 1
    return full[:, :, : max(count[0], 0) : step, : max(count[1], 0) : step]
