import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

floats = TensorProto.FLOAT
windows = {"kernel_shape": [2, 2], "strides": [2, 2]}
nodes = [
    helper.make_node("MaxPool", ["x"], ["largest"], **windows),
    helper.make_node("AveragePool", ["x"], ["mean"], **windows),
]
graph = helper.make_graph(
    nodes,
    "two pools",
    [helper.make_tensor_value_info("x", floats, (1, 3, 28, 28))],
    [
        helper.make_tensor_value_info("largest", floats, None),
        helper.make_tensor_value_info("mean", floats, None),
    ],
)
model = helper.make_model(graph)

x = np.zeros((1, 3, 28, 28), "float32")
for y in ReferenceEvaluator(model).run(None, {"x": x}):
    print(y.shape)
