"""onnxruntime: the inference engine that is fastest on a CPU. It pools forward only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import onnx
from onnx import TensorProto, helper

from tests.benchmarks.cases import CHANNELS_LAST, WITH_BACKWARD, WITH_INDICES, Case
from tests.benchmarks.inputs import Inputs

OPERATORS = {
    "max_pool": "MaxPool",
    "avg_pool": "AveragePool",
    "global_max_pool": "GlobalMaxPool",
    "global_avg_pool": "GlobalAveragePool",
}
#: Elsewhere its CPU kernels are for float32 alone.
HAS_FLOAT64 = {"MaxPool"}


def with_onnxruntime(case: Case, inputs: Inputs) -> Callable[[], Any] | None:
    """Run a model of one node, on one thread."""
    operator = OPERATORS.get(case.operation)
    if operator is None or case.passes == WITH_BACKWARD or case.layout == CHANNELS_LAST:
        return None
    if case.dtype != "float32" and operator not in HAS_FLOAT64:
        return None
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    serialized = model(case, operator).SerializeToString()
    session = onnxruntime.InferenceSession(serialized, options, providers=["CPUExecutionProvider"])
    feed = {"x": inputs.x}
    return lambda: session.run(None, feed)


def model(case: Case, operator: str) -> onnx.ModelProto:
    """Write a case as a model of ONNX with a single node."""
    attributes: dict[str, Any] = {}
    if case.arguments:
        names = {"kernel_shape": "kernel_size", "strides": "stride"}
        attributes = {theirs: [case.arguments[ours]] * case.rank for theirs, ours in names.items()}
        attributes["pads"] = [case.arguments["padding"]] * (2 * case.rank)
    if operator == "AveragePool":
        attributes["count_include_pad"] = 1
    outputs = ["y", "indices"] if case.passes == WITH_INDICES else ["y"]
    node = helper.make_node(operator, ["x"], outputs, **attributes)
    element = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE}[case.dtype]
    types = {"y": element, "indices": TensorProto.INT64}
    graph = helper.make_graph(
        [node],
        "pooling",
        [helper.make_tensor_value_info("x", element, case.shape)],
        [helper.make_tensor_value_info(name, types[name], None) for name in outputs],
    )
    # Old enough for every onnxruntime that the course allows.
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
