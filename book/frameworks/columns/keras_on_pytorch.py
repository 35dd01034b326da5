"""Keras on PyTorch, through keras.ops: what its layers call, without their conversion of dtypes."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

from book.frameworks.cases import Case, NoWord

NAME = "Keras on PyTorch"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"keras": keras.__version__, "torch": torch.__version__.partition("+")[0]}


def answer(case: Case) -> np.ndarray:
    """Say the wish in Keras's words: channels last."""
    case.needs("same lower", "indices", "ceil", "dilation", "padding", "pads counted")
    x = torch.tensor(np.moveaxis(case.x, 1, -1).copy(), requires_grad=case.want == "gradient")
    if case.operation == "adaptive avg":
        if not hasattr(keras.ops, "adaptive_average_pool"):
            raise NoWord
        y = keras.ops.adaptive_average_pool(x, case.kernel, data_format="channels_last")
    else:
        pool = {"max": keras.ops.max_pool, "avg": keras.ops.average_pool}[case.operation]
        padding = case.padding or "valid"
        y = pool(x, case.kernel, strides=case.stride, padding=padding, data_format="channels_last")
    if case.want == "gradient":
        y = torch.autograd.grad(y.sum(), x)[0]
    return np.moveaxis(keras.ops.convert_to_numpy(y), -1, 1)
