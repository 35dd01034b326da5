"""What must hold for every input? Hypothesis looks for one for which it does not.

In CI (where the environment variable CI is set) the examples are the same every time.
"""

import os
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pooling import numpy_layer, python_layer
from tests.pooling import layers
from tests.pooling.cases import RANKS, Case, Line
from tests.pooling.compare import same

examples = settings(max_examples=50, deadline=None, derandomize="CI" in os.environ)

ARRAY_LAYERS = ("numpy", "torch")
QUARTERS = st.integers(-20, 20).map(lambda number: number / 4)


class Problem(NamedTuple):
    """An input with windows that fit it."""

    x: np.ndarray
    lines: tuple[Line, ...]
    ceil_mode: bool

    @property
    def rank(self) -> int:
        return len(self.lines)

    def arguments(self, *names: str) -> dict[str, Any]:
        """Write the arguments with these names as tuples."""
        names = names or ("kernel_size", "stride", "padding", "dilation")
        windows = {name: tuple(getattr(line, name) for line in self.lines) for name in names}
        return windows | {"ceil_mode": self.ceil_mode}


@st.composite
def one_line(draw, dilation: int = 2, padding: bool = True) -> Line:
    kernel = draw(st.integers(1, 4))
    amount = draw(st.integers(0, kernel // 2)) if padding else 0
    return Line(draw(st.integers(kernel, 9)), kernel, draw(st.integers(1, 4)), amount, draw(st.integers(1, dilation)))


@st.composite
def problems(draw, ranks=RANKS, dilation: int = 2, padding: bool = True) -> Problem:
    """Draw sizes, arguments that fit them, and values: quarters, whose sums and differences are exact."""
    rank = draw(st.sampled_from(ranks))
    lines = tuple(draw(one_line(dilation, padding)) for _ in range(rank))
    ceil_mode = draw(st.booleans())
    assume(all(line.fits(ceil_mode) for line in lines))
    leading = draw(st.sampled_from([(), (2,), (2, 3)]))
    shape = leading + tuple(line.size for line in lines)
    # One short list of values, repeated: Hypothesis shrinks a few numbers well and thousands badly.
    values = draw(st.lists(QUARTERS, min_size=4, max_size=24))
    seed = draw(st.integers(0, 1000))
    return Problem(np.random.default_rng(seed).choice(values, shape), lines, ceil_mode)


def numpy_function(name: str, rank: int, suffix: str = "") -> Any:
    return getattr(numpy_layer, f"{name}{rank}d{suffix}")


def random_like(array: np.ndarray, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-8, 9, array.shape) / 4


AGREEING = ("max_pool", "avg_pool", "adaptive_max_pool", "adaptive_avg_pool", "global_max_pool", "global_avg_pool")


@pytest.mark.parametrize("operation", AGREEING)
@examples
@given(st.data())
def test_the_layers_agree(operation, data):
    """Do all layers that pool so many axes give the same output, indices and gradient?"""
    problem = data.draw(problems(dilation=3 if operation == "max_pool" else 1))
    if operation == "max_pool":
        arguments = problem.arguments()
    elif operation == "avg_pool":
        arguments = problem.arguments("kernel_size", "stride", "padding")
        arguments["count_include_pad"] = data.draw(st.booleans())
        arguments["divisor_override"] = data.draw(st.sampled_from([None, 3, -1]))
    elif operation.startswith("adaptive"):
        arguments = {"output_size": tuple(data.draw(st.integers(1, 6)) for _ in problem.lines)}
    else:
        arguments = {"keepdims": data.draw(st.booleans())}
    case = Case(operation, problem.rank, problem.x.shape, "float64", arguments)
    output = numpy_function(operation, problem.rank)(problem.x, **arguments)
    upstream = random_like(output)
    expected = layers.pool("numpy", case, problem.x, upstream)
    for layer in set(layers.names(problem.rank)) - {"numpy"}:
        got = layers.pool(layer, case, problem.x, upstream)
        for what in ("output", "indices", "gradient"):
            if getattr(got, what) is not None:
                subject = f"{layer}_layer.{case} against numpy_layer"
                same(subject, what, getattr(expected, what), getattr(got, what), 1e-12)


@pytest.mark.parametrize("operation", ["max_pool", "avg_pool"])
@examples
@given(problem=problems(dilation=1, padding=False))
def test_shifting_the_input_by_the_stride_shifts_the_output_by_one(operation, problem):
    arguments = problem.arguments("kernel_size", "stride") | {"ceil_mode": False}
    pool = numpy_function(operation, problem.rank)
    stride = problem.lines[-1].stride
    assume(stride <= problem.x.shape[-1])
    wider = np.concatenate([random_like(problem.x)[..., :stride], problem.x], axis=-1)
    shifted = pool(wider, **arguments)[..., 1:]
    same(f"{operation}{problem.rank}d, shifted by {stride}", "output", pool(problem.x, **arguments), shifted)


@examples
@given(problem=problems(dilation=1), constant=QUARTERS)
def test_the_average_of_a_constant_is_the_constant(problem, constant):
    arguments = problem.arguments("kernel_size", "stride", "padding") | {"count_include_pad": False}
    output = numpy_function("avg_pool", problem.rank)(np.full(problem.x.shape, constant), **arguments)
    same(f"avg_pool{problem.rank}d of {constant} everywhere", "output", np.full(output.shape, constant), output, 1e-12)


@examples
@given(problem=problems())
def test_the_gradient_of_a_maximum_sums_to_the_upstream_gradient(problem):
    """Each output sends its gradient to one cell of its own plane: planes keep their sums."""
    arguments, axes = problem.arguments(), tuple(range(-problem.rank, 0))
    upstream = random_like(numpy_function("max_pool", problem.rank)(problem.x, **arguments))
    gradient = numpy_function("max_pool", problem.rank, "_backward")(upstream, problem.x, **arguments)
    same("max_pool_backward", "sum of the gradient", upstream.sum(axes), gradient.sum(axes))


@examples
@given(problem=problems(dilation=1))
def test_the_gradient_of_an_average_sums_to_the_upstream_gradient(problem):
    """Divided by its real cells, an output spreads all that it got."""
    arguments = problem.arguments("kernel_size", "stride", "padding") | {"count_include_pad": False}
    axes = tuple(range(-problem.rank, 0))
    upstream = random_like(numpy_function("avg_pool", problem.rank)(problem.x, **arguments))
    gradient = numpy_function("avg_pool", problem.rank, "_backward")(upstream, problem.x, **arguments)
    same("avg_pool_backward", "sum of the gradient", upstream.sum(axes), gradient.sum(axes), 1e-12)


@examples
@given(problem=problems(dilation=1), include=st.booleans(), divisor=st.sampled_from([None, 3, -2]))
def test_the_average_and_its_gradient_are_adjoint(problem, include, divisor):
    """An average is linear: ⟨upstream, average(x)⟩ = ⟨backward(upstream), x⟩, whatever divides."""
    arguments = problem.arguments("kernel_size", "stride", "padding")
    arguments |= {"count_include_pad": include, "divisor_override": divisor}
    output = numpy_function("avg_pool", problem.rank)(problem.x, **arguments)
    upstream = random_like(output)
    gradient = numpy_function("avg_pool", problem.rank, "_backward")(upstream, problem.x, **arguments)
    assert np.vdot(upstream, output) == pytest.approx(np.vdot(gradient, problem.x), rel=1e-9, abs=1e-9)


@examples
@given(problem=problems())
def test_indices_point_at_the_maxima(problem):
    output, indices = numpy_function("max_pool", problem.rank)(problem.x, **problem.arguments(), return_indices=True)
    leading = problem.x.shape[: -problem.rank]
    found = np.take_along_axis(problem.x.reshape(*leading, -1), indices.reshape(*leading, -1), -1)
    same("x at the indices", "output", output, found.reshape(output.shape))


@examples
@given(problem=problems(), more=st.integers(0, 8).map(lambda number: number / 4))
def test_a_maximum_never_falls_when_x_rises(problem, more):
    rise = np.abs(random_like(problem.x)) * more
    pool = numpy_function("max_pool", problem.rank)
    assert np.all(pool(problem.x + rise, **problem.arguments()) >= pool(problem.x, **problem.arguments()))


@examples
@given(problem=problems(), more=QUARTERS)
def test_adding_a_constant_adds_it_to_every_maximum(problem, more):
    """Were the padding a 0 instead of −∞, this would fail."""
    pool = numpy_function("max_pool", problem.rank)
    expected = pool(problem.x, **problem.arguments()) + more
    same(f"max of x + {more}", "output", expected, pool(problem.x + more, **problem.arguments()))


@examples
@given(problem=problems(dilation=1))
def test_an_average_lies_between_minimum_and_maximum(problem):
    """The minimum is the maximum of −x, mirrored."""
    arguments = problem.arguments("kernel_size", "stride", "padding")
    largest, average = (numpy_function(name, problem.rank) for name in ("max_pool", "avg_pool"))
    mean = average(problem.x, **arguments, count_include_pad=False)
    assert np.all(mean <= largest(problem.x, **arguments) + 1e-12)
    assert np.all(mean >= -largest(-problem.x, **arguments) - 1e-12)


@pytest.mark.parametrize("layer", layers.names())
@examples
@given(problem=problems(ranks=(2,), dilation=1, padding=False), again=st.integers(1, 3))
def test_two_maxima_in_a_row_are_one_larger_maximum(layer, problem, again):
    """k1, s1 and then k2, s2 see windows of k1 + (k2 − 1)·s1, s1·s2 apart: how receptive fields grow."""
    kernel = tuple(line.kernel_size for line in problem.lines)
    stride = tuple(min(line.kernel_size, line.stride) for line in problem.lines)  # no gaps between windows
    pool = layers.module(layer).max_pool2d
    once = pool(layers.to(layer, problem.x), kernel, stride)
    assume(min(layers.back(once).shape[-2:]) >= again)
    twice = pool(once, again, 2)
    wide = tuple(k + (again - 1) * s for k, s in zip(kernel, stride, strict=True))
    expected = pool(layers.to(layer, problem.x), wide, tuple(2 * s for s in stride))
    same(f"{layer}: max {kernel} then max {again}", "output", layers.back(expected), layers.back(twice))


@examples
@given(problem=problems())
def test_pooling_one_axis_after_the_other_is_pooling_all(problem):
    arguments = problem.arguments()
    result = problem.x
    for axis, line in enumerate(problem.lines):
        position = axis - problem.rank
        lined_up = np.moveaxis(result, position, -1)
        flat = lined_up.reshape(1, -1, lined_up.shape[-1])
        pooled = numpy_layer.max_pool1d(flat, *line[1:], problem.ceil_mode)
        result = np.moveaxis(pooled.reshape(*lined_up.shape[:-1], -1), -1, position)
    same("axis by axis", "output", numpy_function("max_pool", problem.rank)(problem.x, **arguments), result)


@pytest.mark.parametrize("layer", ARRAY_LAYERS)
@examples
@given(problem=problems(dilation=1))
def test_unpooling_puts_every_maximum_back(layer, problem):
    """Does pooling what was unpooled give the maxima again, where they are not below the zeros around them?"""
    x = layers.to(layer, np.abs(problem.x))
    arguments = problem.arguments("kernel_size", "stride", "padding") | {"ceil_mode": False}
    assume(all(line.fits(False) for line in problem.lines))
    pool = getattr(layers.module(layer), f"max_pool{problem.rank}d")
    unpool = getattr(layers.module(layer), f"max_unpool{problem.rank}d")
    maxima, indices = pool(x, **arguments, return_indices=True)
    del arguments["ceil_mode"]
    # A kernel with gaps between its windows may leave out more cells than an unpooling can bring back.
    sizes = tuple(line.size for line in problem.lines)
    restored = unpool(maxima, indices, **arguments, output_size=sizes)
    assert restored.shape == x.shape
    same("pool, unpool, pool", "output", layers.back(maxima), layers.back(pool(restored, **arguments)))


@examples
@given(problem=problems(ranks=(2,)), data=st.data())
def test_transposing_x_transposes_the_output(problem, data):
    """Does nothing prefer rows to columns, except the order of ties?"""
    arguments = problem.arguments()
    swapped = {name: value[::-1] if isinstance(value, tuple) else value for name, value in arguments.items()}
    for pool in (numpy_layer.max_pool2d, lambda x, **given: np.array(python_layer.max_pool2d(x.tolist(), **given))):
        expected = np.swapaxes(pool(problem.x, **arguments), -1, -2)
        same("transposed", "output", expected, pool(np.swapaxes(problem.x, -1, -2), **swapped))


@examples
@given(problem=problems(ranks=(1, 2)), channel=st.integers(0, 2))
def test_planes_do_not_mix(problem, channel):
    """Is a channel pooled alone what it is among others?"""
    assume(problem.x.ndim == problem.rank + 2)
    pool = numpy_function("max_pool", problem.rank)
    together = pool(problem.x, **problem.arguments())
    same("one channel", "output", together[:, channel], pool(problem.x[:, channel], **problem.arguments()))
