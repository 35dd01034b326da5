"""Are dtypes and memory layouts handled: integers, half precision, byte order, strides, and inputs left alone?"""

from fractions import Fraction

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from pooling import numpy_layer, python_layer
from tests.pooling import inputs, layers, oracle
from tests.pooling.cases import GROUPS, Case, sample
from tests.pooling.compare import same

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
PLANES = [group for group in GROUPS if group.form == "batch" and group.rank == 2]


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("operation", ["max_pool2d", "adaptive_max_pool2d", "global_max_pool2d"])
def test_a_maximum_keeps_its_integer_dtype(operation, dtype):
    """Does padding stay out of it, even where all cells hold the least number there is?"""
    least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
    x = np.full((4, 4), least, dtype)
    x[1, 1] = most
    arguments = {"max_pool2d": {"kernel_size": 2, "padding": 1}, "adaptive_max_pool2d": {"output_size": 3}}
    output = getattr(numpy_layer, operation)(x, **arguments.get(operation, {}))
    expected = {
        "max_pool2d": np.full((3, 3), least, dtype),
        "adaptive_max_pool2d": np.full((3, 3), least, dtype),
        "global_max_pool2d": np.full((1, 1), least, dtype),
    }[operation]
    expected[expected.shape[0] // 2, expected.shape[0] // 2] = most
    if operation == "adaptive_max_pool2d":
        expected[:2, :2] = most
    same(f"{operation} of {dtype}", "output", expected, output)


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize(
    ("operation", "arguments"),
    [("avg_pool2d", (2,)), ("adaptive_avg_pool2d", (1,)), ("global_avg_pool2d", ()), ("lp_pool2d", (1, 2))],
)
def test_an_average_of_integers_is_float64_and_does_not_wrap(operation, arguments, dtype):
    """4 × 100 = 400 does not fit into 8 bits: is the mean still 100?"""
    output = getattr(numpy_layer, operation)(np.full((2, 2), 100, dtype), *arguments)
    same(f"{operation} of {dtype}", "output", np.array([[400.0 if operation == "lp_pool2d" else 100.0]]), output)


def test_python_integers_stay_integers_in_a_maximum():
    output = python_layer.max_pool2d([[1, 2], [3, 10**30]], 2)
    assert output == [[10**30]]
    assert type(output[0][0]) is int


def test_python_returns_the_very_numbers_of_x():
    """Is the maximum the object that was in x, whatever kind of number it is?"""
    third = Fraction(1, 3)
    assert python_layer.max_pool2d([[0, third]], (1, 2))[0][0] is third


@pytest.mark.parametrize("dtype", [*INTEGERS, "float16", "float32", "float64"])
@pytest.mark.parametrize("group", PLANES, ids=str)
def test_the_gradient_has_the_dtype_of_x_or_float64(group, dtype):
    case = sample(group, 997)[0]._replace(dtype=dtype)
    x = np.abs(inputs.values(case))
    arguments = case.arguments
    if case.operation == "max_unpool":
        arguments = {"indices": inputs.places(case)} | arguments
    output = getattr(numpy_layer, case.function)(x, **arguments)
    gradient = getattr(numpy_layer, case.function + "_backward")(np.ones(output.shape), x, **arguments)
    expected = dtype if dtype.startswith("float") else "float64"
    assert (gradient.dtype, gradient.shape) == (expected, x.shape)
    assert output.dtype == (dtype if "max" in case.operation else expected)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.parametrize(("operation", "arguments"), [("avg_pool2d", (64,)), ("adaptive_avg_pool2d", (1,))])
def test_sums_of_many_cells_are_as_exact_as_pytorchs(operation, arguments, dtype):
    """Is float16 added up in float32 and rounded once, and does float32 lose no more than in PyTorch?"""
    tenths = np.full((64, 64), 0.1, dtype)
    theirs = getattr(F, operation)(torch.tensor(tenths)[None], *arguments)[0].numpy()
    ours = getattr(numpy_layer, operation)(tenths, *arguments)
    assert ours.dtype == dtype
    exact = np.float64(tenths[0, 0])
    assert abs(ours.item() - exact) <= max(abs(theirs.item() - exact), 1e-7)


@pytest.mark.parametrize(("operation", "arguments"), [("avg_pool2d", (2,)), ("adaptive_avg_pool2d", (1,))])
def test_the_sum_of_float16_does_not_overflow(operation, arguments):
    x = np.full((2, 2), 40000, np.float16)
    same("2×2 cells of 40000", "output", x[:1, :1], getattr(numpy_layer, operation)(x, *arguments))


LAYOUTS = {
    "Fortran order": np.asfortranarray,
    "every second cell": lambda x: np.repeat(x, 2, -1)[..., ::2],
    "negative strides": lambda x: x[..., ::-1, ::-1].copy()[..., ::-1, ::-1],
    "channels last": lambda x: np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1),
    "other byte order": lambda x: x.astype(x.dtype.newbyteorder()),
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
    "nested lists": lambda x: x.tolist(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("group", PLANES, ids=str)
def test_the_layout_in_memory_does_not_matter(group, layout):
    """Same values in, same values out, and x is as it was, forward and backward?"""
    for case in sample(group, 499):
        laid_out = LAYOUTS[layout](inputs.values(case))
        x = np.array(laid_out, case.dtype, order="C")
        arguments = case.arguments
        if case.operation == "max_unpool":
            arguments = {"indices": LAYOUTS[layout](inputs.places(case))} | arguments
        expected = oracle.pool(case, x)
        forward = getattr(numpy_layer, case.function)
        backward = getattr(numpy_layer, case.function + "_backward")
        output = forward(laid_out, **arguments)
        upstream = inputs.upstream(case, output.shape)
        gradient = backward(LAYOUTS[layout](upstream), laid_out, **arguments)
        same(f"{case}, {layout}", "output", expected.output, output.astype(case.dtype), 1e-12)
        same(f"{case}, {layout}", "gradient", expected.gradient, gradient.astype(case.dtype), 1e-12)
        assert np.array_equal(np.asarray(laid_out), x), f"{case} changes its input"


@pytest.mark.parametrize("layer", layers.names())
@pytest.mark.parametrize("group", PLANES, ids=str)
def test_inputs_are_left_as_they_were_and_share_no_memory_with_outputs(layer, group):
    """Does changing the output leave x alone, even for a kernel of 1, where they are equal?"""
    case = Case("max_pool", 2, (1, 1, 2, 2), "float64", {"kernel_size": 1})
    if group.operation != "max_pool":
        case = next(iter(sample(group, 499)))
    x = inputs.values(case)
    given = layers.to(layer, x)
    arguments = case.arguments
    if case.operation == "max_unpool":
        arguments = {"indices": layers.to(layer, inputs.places(case))} | arguments
    output = getattr(layers.module(layer), case.function)(given, **arguments)
    if layer == "python":
        while isinstance(output[0], list):
            output = output[0]
        output[0] = 99.0
    else:
        output[...] = 99.0
    assert np.array_equal(np.asarray(given), x), f"{layer}_layer.{case}: x and the output share memory"


def test_backward_takes_the_indices_of_the_forward_pass():
    """Do indices spare the search, and is the gradient the same?"""
    for group in PLANES:
        if group.operation != "max_pool":
            continue
        for case in sample(group, 97):
            x = inputs.values(case)
            expected = oracle.pool(case, x)
            upstream = inputs.upstream(case, expected.output.shape)
            for layer in ("python", "numpy"):
                backward = layers.module(layer).max_pool2d_backward
                x_, upstream_, indices = (layers.to(layer, array) for array in (x, upstream, expected.indices))
                gradient = backward(upstream_, x_, **case.arguments, indices=indices)
                same(f"{layer}_layer.{case} with indices", "gradient", expected.gradient, layers.back(gradient))


@pytest.mark.parametrize("dtype", ["uint8", "int32", "uint64", ">i8"])
def test_indices_may_have_any_integer_dtype(dtype):
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 6))
    output, indices = numpy_layer.max_pool2d(x, 3, 1, return_indices=True)
    expected = numpy_layer.max_pool2d_backward(np.ones_like(output), x, 3, 1)
    got = numpy_layer.max_pool2d_backward(np.ones_like(output), x, 3, 1, indices=indices.astype(dtype))
    same(f"indices of dtype {dtype}", "gradient", expected, got)
    restored = numpy_layer.max_unpool2d(output, indices.astype(dtype), 3, 1)
    same(f"indices of dtype {dtype}", "unpooled", numpy_layer.max_unpool2d(output, indices, 3, 1), restored)
