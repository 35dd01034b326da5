"""scikit-image's block_reduce: blocks without overlap, padded to a multiple of their size."""

import numpy as np
import skimage
from skimage.measure import block_reduce

from book.frameworks.cases import Case, NoWord

NAME = "scikit-image"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"scikit-image": skimage.__version__}


def answer(case: Case) -> np.ndarray:
    """Say the wish in block_reduce's words: a block and a function."""
    case.needs("padding", "same", "dilation", "indices", "gradient", "adaptive", "pads counted", "pads not counted")
    if case.stride not in (None, case.kernel):
        raise NoWord
    function = {"max": np.max, "avg": np.mean}[case.operation]
    return block_reduce(case.x, (1, 1, case.kernel, case.kernel), function)
