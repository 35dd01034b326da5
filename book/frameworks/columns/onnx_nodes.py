"""A wish as an ONNX model of one node."""

import numpy as np
import onnx
from onnx import TensorProto, helper

from book.frameworks.cases import Case

OPSET = 22


def model(case: Case) -> onnx.ModelProto:
    """Say the wish in ONNX's words."""
    case.needs("gradient", "adaptive")
    said: dict[str, object] = {"kernel_shape": [case.kernel] * 2}
    if case.stride is not None:
        said["strides"] = [case.stride] * 2
    if isinstance(case.padding, str):
        said["auto_pad"] = {"same": "SAME_UPPER", "same lower": "SAME_LOWER"}[case.padding]
    elif case.padding:
        said["pads"] = [case.padding] * 4
    if case.ceil:
        said["ceil_mode"] = 1
    if case.dilation > 1:
        said["dilations"] = [case.dilation] * 2
    if case.count_pads is not None:
        said["count_include_pad"] = int(case.count_pads)
    kind = helper.np_dtype_to_tensor_dtype(case.x.dtype)
    outputs = ["y", "places"] if case.want == "indices" else ["y"]
    node = helper.make_node({"max": "MaxPool", "avg": "AveragePool"}[case.operation], ["x"], outputs, **said)
    graph = helper.make_graph(
        [node],
        "pool",
        [helper.make_tensor_value_info("x", kind, case.x.shape)],
        [
            helper.make_tensor_value_info(name, TensorProto.INT64 if name == "places" else kind, [None] * 4)
            for name in outputs
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(made)
    return made


def last(outputs: list[np.ndarray]) -> np.ndarray:
    """Return the places where they were asked for, else the values."""
    return np.asarray(outputs[-1])
