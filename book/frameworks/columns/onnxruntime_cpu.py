"""ONNX Runtime on the processor."""

import numpy as np
import onnxruntime

from book.frameworks.cases import Case
from book.frameworks.columns.onnx_nodes import last, model

NAME = "ONNX Runtime"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"onnxruntime": onnxruntime.__version__}


def answer(case: Case) -> np.ndarray:
    """Run the model that says the wish."""
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 4
    quiet.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model(case).SerializeToString(), quiet, providers=["CPUExecutionProvider"])
    return last(session.run(None, {"x": case.x}))
