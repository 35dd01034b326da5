"""ONNX's own evaluator, which says what a node means."""

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

from book.frameworks.cases import Case
from book.frameworks.columns.onnx_nodes import last, model

NAME = "ONNX reference"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"onnx": onnx.__version__}


def answer(case: Case) -> np.ndarray:
    """Evaluate the model that says the wish."""
    return last(ReferenceEvaluator(model(case)).run(None, {"x": case.x}))
