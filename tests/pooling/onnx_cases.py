"""ONNX's own test cases for pooling, said in our words.

The `onnx` package carries a case for every corner of its operators: a model of one node, its inputs, and the outputs
that a runtime must give. `translate` turns such a case into a call of ours; the differences between the two
vocabularies are all here:

==============================  =======================================================================================
ONNX                            ours
==============================  =======================================================================================
no `strides`: 1                 `stride=None` would be the kernel size, so stride=1 is said
`pads`: befores, then afters    (before, after) for each axis
`auto_pad`: SAME_UPPER          padding="same"
`auto_pad`: SAME_LOWER          `same_padding(..., lower=True)` for each axis
`count_include_pad`: 0          count_include_pad=False (ours is True by default, as in PyTorch)
LpPool: |x|^p, `pads`           |x| is taken, and zeros are padded, before the call: they add nothing to a sum
indices within the whole x      indices within the plane
`storage_order`: 1              indices that count down the columns of a plane
==============================  =======================================================================================
"""

from __future__ import annotations

import functools
import importlib
import math
import pkgutil
import warnings
from typing import Any, NamedTuple

import numpy as np
import onnx
import onnx.backend.test.case.node
from onnx.backend.test.case.test_case import TestCase

from pooling.geometry import same_padding

OPERATIONS = {
    "MaxPool": "max_pool",
    "AveragePool": "avg_pool",
    "LpPool": "lp_pool",
    "GlobalMaxPool": "global_max_pool",
    "GlobalAveragePool": "global_avg_pool",
    "MaxUnpool": "max_unpool",
}

_WIDE = "padding of 2 for a kernel of 3: more than half of it, which PyTorch and we refuse"
_DILATED = "an average with dilation: neither PyTorch nor we have one"

#: Cases that have no translation, because our vocabulary has no word for what they do.
NOT_SAID = {
    "test_averagepool_2d_dilations": _DILATED,
    "test_averagepool_3d_dilations_small": _DILATED,
    "test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_False": _DILATED,
    "test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_True": _DILATED,
    "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_False": _DILATED,
    "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True": _DILATED,
    "test_lppool_2d_dilations": "an Lp norm with dilation: neither PyTorch nor we have one",
}

#: Cases that all layers must refuse, as PyTorch does.
REFUSED = {
    "test_averagepool_2d_pads": _WIDE,
    "test_averagepool_2d_pads_count_include_pad": _WIDE,
    "test_maxpool_2d_pads": _WIDE,
}

#: Cases that all layers must give ONNX's output for: all that are left. None differs, not even in `ceil_mode`.
EQUAL = [
    "test_averagepool_1d_default",
    "test_averagepool_2d_ceil",
    "test_averagepool_2d_ceil_last_window_starts_on_pad",
    "test_averagepool_2d_default",
    "test_averagepool_2d_precomputed_pads",
    "test_averagepool_2d_precomputed_pads_count_include_pad",
    "test_averagepool_2d_precomputed_same_upper",
    "test_averagepool_2d_precomputed_strides",
    "test_averagepool_2d_same_lower",
    "test_averagepool_2d_same_upper",
    "test_averagepool_2d_strides",
    "test_averagepool_3d_default",
    "test_globalaveragepool",
    "test_globalaveragepool_precomputed",
    "test_globalmaxpool",
    "test_globalmaxpool_precomputed",
    "test_lppool_1d_default",
    "test_lppool_2d_default",
    "test_lppool_2d_pads",
    "test_lppool_2d_same_lower",
    "test_lppool_2d_same_upper",
    "test_lppool_2d_strides",
    "test_lppool_3d_default",
    "test_maxpool_1d_default",
    "test_maxpool_2d_ceil",
    "test_maxpool_2d_ceil_output_size_reduce_by_one",
    "test_maxpool_2d_default",
    "test_maxpool_2d_dilations",
    "test_maxpool_2d_precomputed_pads",
    "test_maxpool_2d_precomputed_same_upper",
    "test_maxpool_2d_precomputed_strides",
    "test_maxpool_2d_same_lower",
    "test_maxpool_2d_same_upper",
    "test_maxpool_2d_strides",
    "test_maxpool_2d_uint8",
    "test_maxpool_3d_default",
    "test_maxpool_3d_dilations",
    "test_maxpool_3d_dilations_use_ref_impl",
    "test_maxpool_3d_dilations_use_ref_impl_large",
    "test_maxpool_with_argmax_2d_precomputed_pads",
    "test_maxpool_with_argmax_2d_precomputed_strides",
    "test_maxunpool_export_with_output_shape",
    "test_maxunpool_export_without_output_shape",
]


class Call(NamedTuple):
    """A case of ONNX's as a call of ours."""

    function: str
    rank: int
    inputs: list[np.ndarray]
    arguments: dict[str, Any]
    outputs: list[np.ndarray]
    tolerance: float


@functools.cache
def onnx_cases() -> dict[str, TestCase]:
    """Load the pooling cases of the installed `onnx`, from its modules that have "pool" in their names."""
    package = onnx.backend.test.case.node
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for found in pkgutil.iter_modules(package.__path__):
            if "pool" in found.name:
                importlib.import_module(f"{package.__name__}.{found.name}")
    return {case.name: case for case in package._NodeTestCases if is_pooling(case)}


def is_pooling(case: TestCase) -> bool:
    """Tell whether a case of ONNX's is about pooling."""
    return any("pool" in node.op_type.lower() for node in case.model.graph.node)


def translate(case: TestCase) -> Call:
    """Say a case of ONNX's in our words."""
    (node,) = case.model.graph.node
    given = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
    ((inputs, outputs),) = case.data_sets
    operation, rank = OPERATIONS[node.op_type], inputs[0].ndim - 2
    inputs, arguments = [np.asarray(array) for array in inputs], {}
    if "kernel_shape" in given:
        arguments = {"kernel_size": tuple(given["kernel_shape"]), "stride": tuple(given.get("strides", (1,) * rank))}
    if operation in ("max_pool", "avg_pool"):
        arguments |= {"padding": _padding(given, inputs[0].shape[2:]), "ceil_mode": bool(given.get("ceil_mode", 0))}
    if operation == "max_pool":
        arguments |= {"dilation": tuple(given.get("dilations", (1,) * rank)), "return_indices": len(outputs) == 2}
    if operation == "avg_pool":
        arguments["count_include_pad"] = bool(given.get("count_include_pad", 0))
    if operation == "lp_pool":
        arguments["norm_type"] = given.get("p", 2)
        inputs = [_with_zeros(np.abs(inputs[0]), _padding(given, inputs[0].shape[2:]))]
    if operation == "max_unpool":
        inputs, arguments["output_size"] = _unpool_inputs(inputs, outputs[0].shape)
    if len(outputs) == 2:
        outputs = [outputs[0], _plane_places(outputs[1], inputs[0].shape, given.get("storage_order", 0))]
    return Call(f"{operation}{rank}d", rank, inputs, arguments, outputs, case.rtol)


def _padding(given: dict[str, Any], sizes: tuple[int, ...]) -> Any:
    auto = given.get("auto_pad", b"NOTSET").decode()
    kernels, rank = given["kernel_shape"], len(sizes)
    if auto == "SAME_UPPER":
        return "same"
    if auto == "SAME_LOWER":
        strides, dilations = given.get("strides", [1] * rank), given.get("dilations", [1] * rank)
        return tuple(same_padding(*axis, lower=True) for axis in zip(sizes, kernels, strides, dilations, strict=True))
    pads = given.get("pads", [0] * (2 * rank))
    return tuple(zip(pads[:rank], pads[rank:], strict=True))


def _with_zeros(x: np.ndarray, padding: Any) -> np.ndarray:
    if padding == "same":
        padding = ((0, 1), (0, 1))  # the one case there is: a 2×2 kernel with stride 1
    return np.pad(x, ((0, 0), (0, 0), *padding))


def _unpool_inputs(inputs: list[np.ndarray], output_shape: tuple[int, ...]) -> tuple[list[np.ndarray], Any]:
    """Turn places within the whole output into places within a plane of it.

    Where ONNX is given an output shape, its indices still count in the plane without it, 4×4 here; the values then lie
    in the upper left corner of the larger plane.
    """
    x, indices, *shape = inputs
    assert x.shape[:2] == (1, 1), "one plane: places within the whole output are places within the plane"
    if shape:
        indices = np.ravel_multi_index(np.unravel_index(indices, (4, 4)), output_shape[2:])
    return [x, indices], tuple(output_shape[2:]) if shape else None


def _plane_places(indices: np.ndarray, shape: tuple[int, ...], storage_order: int) -> np.ndarray:
    """Turn places within the whole x into places within the plane."""
    spatial = shape[2:]
    places = indices % math.prod(spatial)
    if storage_order == 1:  # down the columns: the first axis is the fastest
        places = np.ravel_multi_index(np.unravel_index(places, spatial, order="F"), spatial)
    return places
