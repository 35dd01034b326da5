"""Do the three layers give what ONNX's own pooling cases ask for?"""

import numpy as np
import pytest
from onnx.backend.test.case.node import collect_testcases

from tests.pooling import layers
from tests.pooling.compare import same
from tests.pooling.onnx_cases import EQUAL, NOT_SAID, REFUSED, Call, is_pooling, onnx_cases, translate


def by_layer(names):
    """List each case with each layer that pools so many axes."""
    ranks = {name: translate(onnx_cases()[name]).rank for name in names}
    return [(layer, name) for name in names for layer in layers.names(ranks[name])]


def result(layer: str, call: Call) -> list[np.ndarray]:
    """Make the call in a layer."""
    function = getattr(layers.module(layer), call.function)
    output = function(*(layers.to(layer, array) for array in call.inputs), **call.arguments)
    return [layers.back(array) for array in (output if isinstance(output, tuple) else (output,))]


@pytest.mark.parametrize(("layer", "name"), by_layer(EQUAL))
def test_the_output_is_the_one_that_onnx_expects(layer, name):
    call = translate(onnx_cases()[name])
    results = zip(("output", "indices"), call.outputs, result(layer, call), strict=False)  # not all have indices
    for what, expected, got in results:
        if layer == "python":
            got = got.astype(expected.dtype)
        same(f"onnx {name}: {layer}_layer.{call.function}({call.arguments})", what, expected, got, call.tolerance)


@pytest.mark.parametrize(("layer", "name"), by_layer(REFUSED))
def test_what_pytorch_refuses_is_refused(layer, name):
    with pytest.raises(ValueError, match="padding"):
        result(layer, translate(onnx_cases()[name]))


@pytest.mark.parametrize("name", NOT_SAID)
def test_what_has_no_translation_uses_a_word_we_lack(name):
    (node,) = onnx_cases()[name].model.graph.node
    assert node.op_type in ("AveragePool", "LpPool")
    assert "dilations" in [attribute.name for attribute in node.attribute], NOT_SAID[name]


def test_every_case_is_in_one_table():
    """Is every pooling case of the installed onnx equal, refused or without translation, with a reason?"""
    tables = [*EQUAL, *REFUSED, *NOT_SAID]
    assert sorted(tables) == sorted(onnx_cases()), "a new case belongs into one of the tables in onnx_cases.py"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_no_case_hides_in_another_module():
    """Do the modules with "pool" in their names hold all cases about pooling?"""
    assert {case.name for case in collect_testcases() if is_pooling(case)} == set(onnx_cases())
