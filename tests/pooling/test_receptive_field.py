"""Do receptive fields come out right: calculated, read from a module, and measured?"""

import copy
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import pooling
from pooling import alternatives, torch_layer
from pooling.receptive_field import Layer, Row, from_module, measure, receptive_field

CONV, POOL = ("conv", 3, 1), ("pool", 2, 2)

KNOWN = {
    "conv-pool-conv-pool-conv": ([CONV, POOL, CONV, POOL, CONV], [3, 4, 8, 10, 18]),
    "four blocks": ([CONV, POOL] * 4, [3, 4, 8, 10, 18, 22, 38, 46]),
    "conv-pool-conv": ([CONV, POOL, CONV], [3, 4, 8]),
    "two convolutions see as far as one of 5": ([CONV, CONV], [3, 5]),
    "dilation": ([("conv", 3, 1, 0, 1), ("conv", 3, 1, 0, 2), ("conv", 3, 1, 0, 4)], [3, 7, 15]),
    "AlexNet's features": (
        [("conv", 11, 4, 2), ("pool", 3, 2), ("conv", 5, 1, 2), ("pool", 3, 2)]
        + [("conv", 3, 1, 1)] * 3
        + [("pool", 3, 2)],
        [11, 19, 51, 67, 99, 131, 163, 195],
    ),
    "no layer": ([], []),
}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Keep PyTorch from waiting for threads, which takes minutes on a busy machine and gains nothing here."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize(("layers", "expected"), KNOWN.values(), ids=KNOWN)
def test_known_receptive_fields(layers, expected):
    assert [row.receptive_field for row in receptive_field(layers)] == expected


def test_a_row_says_everything():
    assert receptive_field([CONV, POOL, CONV], size=12) == [
        Row("conv1", 10, 1, 3, 1.5),
        Row("pool", 5, 2, 4, 2.0),
        Row("conv2", 3, 2, 8, 4.0),
    ]


def test_fields_of_a_row_are_in_the_agreed_order():
    assert Row._fields == ("name", "size", "jump", "receptive_field", "start")


def test_only_repeated_types_are_numbered():
    names = [row.name for row in receptive_field([("stem", 7, 2), CONV, POOL, CONV, POOL, ("head", 1, 1)])]
    assert names == ["stem", "conv1", "pool1", "conv2", "pool2", "head"]


def test_size_is_none_until_the_input_has_one():
    assert [row.size for row in receptive_field([CONV, POOL])] == [None, None]


def test_axes_that_differ_give_tuples_and_others_numbers():
    (row,) = receptive_field([("conv", (3, 1), (2, 1), ((0, 1), (0, 0)), (2, 5))], size=(8, 8))
    assert row == Row("conv", (3, 8), (2, 1), (5, 1), (2.5, 0.5))
    assert row.cells((1, 4)) == (range(2, 7), range(4, 5))
    assert row.cells(2, size=8) == (range(4, 8), range(2, 3))


@pytest.mark.parametrize(
    ("layer", "input_size", "size", "start"),
    [
        (("conv", 3, 1, "same"), 7, 7, 0.5),
        (("conv", 4, 1, "same"), 7, 7, 1.0),  # one cell before, two after
        (("pool", 3, 2, "same"), 7, 4, 0.5),  # one cell before, one after
        (("pool", 3, 2, "same"), 8, 4, 1.5),  # nothing before, one cell after
        (("conv", 3, 1, "valid"), 7, 5, 1.5),
        (("pool", 3, None), 7, 2, 1.5),
        (("pool", 2, 2, ((1, 0),)), 7, 4, 0.0),
        (("conv", 1, 1, 2), 7, 11, -1.5),
    ],
)
def test_padding_moves_the_start(layer, input_size, size, start):
    (row,) = receptive_field([layer], input_size)
    assert (row.size, row.start) == (size, start)


def test_same_padding_without_a_stride_needs_no_size():
    assert receptive_field([("conv", 5, 1, "same", 2)])[0].start == 0.5


def test_ceil_mode_changes_the_size_alone():
    assert receptive_field([("pool", 2, 2)], size=5) == [Row("pool", 2, 2, 2, 1.0)]
    assert receptive_field([Layer("pool", 2, 2, ceil_mode=True)], size=5) == [Row("pool", 3, 2, 2, 1.0)]


def test_cells_count_the_padding_unless_the_size_is_given():
    (row,) = receptive_field([("conv", 5, 2, 2)], size=6)
    assert row.cells(0) == range(-2, 3)
    assert row.cells(0, size=6) == range(3)
    assert row.cells(2, size=6) == range(2, 6)
    assert row.cells((0, 1)) == (range(-2, 3), range(5))


REFUSED = {
    "layers of another type": (
        lambda: receptive_field("conv"),
        TypeError,
        "layers must be a list .* got 'conv' of type str",
    ),
    "a layer too short": (
        lambda: receptive_field([CONV, ("pool", 2)]),
        ValueError,
        r"layers\[1\] must be .* got \('pool', 2\)",
    ),
    "a layer too long": (
        lambda: receptive_field([(*CONV, 0, 1, False, 1)]),
        ValueError,
        r"layers\[0\] must be a tuple",
    ),
    "a layer that is none": (lambda: receptive_field([3]), ValueError, r"layers\[0\] must be a tuple .* got 3"),
    "a type that is no string": (lambda: receptive_field([(3, 1, 1)]), ValueError, "its type a string; got"),
    "kernel of 0": (
        lambda: receptive_field([CONV, ("conv", 0, 1)]),
        ValueError,
        "layer conv2: kernel_size must be an integer of at least 1; got 0",
    ),
    "kernel of a string": (
        lambda: receptive_field([("conv", "3", 1)]),
        TypeError,
        "layer conv: kernel_size .* got '3' of type str",
    ),
    "stride of 0": (lambda: receptive_field([("pool", 2, 0)]), ValueError, "layer pool: stride must be .* got 0"),
    "dilation of 1.5": (
        lambda: receptive_field([(*CONV, 0, 1.5)]),
        TypeError,
        "layer conv: dilation must be .* got 1.5",
    ),
    "negative padding": (lambda: receptive_field([(*CONV, -1)]), ValueError, "layer conv: padding must be .* got -1"),
    "unknown padding": (
        lambda: receptive_field([(*CONV, "full")]),
        TypeError,
        "layer conv: padding must be .* got 'full'",
    ),
    "ceil_mode of 1": (
        lambda: receptive_field([(*CONV, 0, 1, 1)]),
        TypeError,
        "layer conv: ceil_mode must be .* got 1",
    ),
    "axes that disagree": (
        lambda: receptive_field([("conv", (3, 3), 1), ("pool", (2, 2, 2), 2)]),
        ValueError,
        r"layer pool: kernel_size must be .* a tuple of 2, .* got \(2, 2, 2\)",
    ),
    "same without a size": (
        lambda: receptive_field([("pool", 3, 2, "same")]),
        ValueError,
        'layer pool: size must be given: with stride=2, padding="same" depends on it; got None',
    ),
    "a layer that no longer fits": (
        lambda: receptive_field([CONV, POOL, CONV], size=6),
        ValueError,
        r"layer conv2: kernel_size=3 with dilation=1 spans 3 cells, more than the 2 \+ 0 of padding .* larger size",
    ),
    "size of 0": (lambda: receptive_field([CONV], size=0), ValueError, "size must be an integer of at least 1; got 0"),
    "size of a module's other rank": (
        lambda: receptive_field(nn.Conv1d(1, 1, 3), size=(8, 8)),
        ValueError,
        r"size must be .* got \(8, 8\)",
    ),
    "output out of range": (
        lambda: receptive_field([POOL], size=8)[0].cells(4),
        ValueError,
        "output must be less than 4, the size of pool; got 4",
    ),
    "negative output": (lambda: receptive_field([POOL])[0].cells(-1), ValueError, "output must be .* got -1"),
    "limit of 0": (lambda: receptive_field([POOL])[0].cells(0, size=0), ValueError, "size must be .* got 0"),
}


@pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_importing_it_imports_neither_numpy_nor_torch():
    program = "import sys, pooling.receptive_field; print(*{'numpy', 'torch'} & set(sys.modules))"
    environment = os.environ | {"PYTHONPATH": str(Path(pooling.__file__).parents[1])}
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert answer.stdout.split() == []


def pyramid(pool, blocks=4):
    layers = []
    for block in range(blocks):
        layers += [nn.Conv2d(4 if block else 1, 4, 3), nn.ReLU(), pool(2)]
    return nn.Sequential(*layers)


def test_layers_of_a_module():
    module = nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 2, (3, 5), (1, 2), (1, 2)), nn.BatchNorm2d(2), nn.GELU()),
        nn.ModuleDict({"pool": nn.MaxPool2d(3, 2, 1, ceil_mode=True), "drop": nn.Dropout2d()}),
        nn.AvgPool2d(2),
        nn.LPPool2d(2, 3),
        nn.Softmax(dim=1),
    )
    assert from_module(module) == [
        Layer("0.0", (3, 5), (1, 2), (1, 2), 1, False),
        Layer("1.pool", 3, 2, 1, 1, True),
        Layer("2", 2, 2, 0, 1, False),
        Layer("3", 3, 3, 0, 1, False),
    ]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (nn.Conv1d(1, 1, 3, padding="same"), [Layer("Conv1d", 3, 1, "same")]),
        (nn.Conv2d(1, 1, 3, padding="valid", dilation=2), [Layer("Conv2d", 3, 1, "valid", 2)]),
        (nn.LazyConv3d(1, 3, 2), [Layer("LazyConv3d", 3, 2)]),
        (nn.AvgPool1d(2, padding=1), [Layer("AvgPool1d", 2, 2, 1)]),
        (nn.MaxPool3d((1, 2, 2), dilation=2), [Layer("MaxPool3d", (1, 2, 2), (1, 2, 2), 0, 2)]),
        (torch_layer.MaxPool2d(3, 2, 1, 2, ceil_mode=True), [Layer("MaxPool2d", 3, 2, 1, 2, True)]),
        (torch_layer.MaxPool2d(3, 2, ((0, 1), (1, 0))), [Layer("MaxPool2d", 3, 2, ((0, 1), (1, 0)))]),
        (torch_layer.AvgPool2d(2, padding="same"), [Layer("AvgPool2d", 2, 2, "same")]),
        (torch_layer.LPPool1d(2, 3), [Layer("LPPool1d", 3, 3)]),
        (alternatives.StridedConv2d(3), [Layer("StridedConv2d", 2, 2)]),
        (alternatives.StochasticPool2d(3, 2), [Layer("StochasticPool2d", 3, 2)]),
        (alternatives.BlurPool2d(4), [Layer("BlurPool2d", 4, 2, ((1, 2), (1, 2)))]),
        (alternatives.MaxBlurPool2d(), [Layer("0", 2, 1), Layer("1", 3, 2, ((1, 1), (1, 1)))]),
        (nn.utils.parametrizations.weight_norm(nn.Conv2d(1, 1, 3)), [Layer("ParametrizedConv2d", 3, 1)]),
        (nn.Sequential(), []),
        (nn.ReLU(), []),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_a_single_module(module, expected):
    assert from_module(module) == expected


def test_a_module_that_is_used_twice_counts_twice():
    pool = nn.MaxPool2d(2)
    assert [row.receptive_field for row in receptive_field(nn.Sequential(pool, nn.Conv2d(1, 1, 3), pool))] == [2, 6, 8]


@pytest.mark.parametrize("pool", [nn.MaxPool2d, nn.AvgPool2d, torch_layer.MaxPool2d, torch_layer.AvgPool2d])
def test_the_pyramid_calculated_and_measured(pool):
    module = pyramid(pool)
    last = receptive_field(module, size=64)[-1]
    assert (last.size, last.jump, last.receptive_field) == (2, 16, 46)
    measured = measure(module, (1, 1, 64, 64))
    assert measured.output == (1, 1)
    assert measured.cells == last.cells((1, 1)) == (range(16, 62), range(16, 62))
    assert measured.receptive_field == 46


UNREADABLE = {
    "transposed convolution": (
        nn.ConvTranspose2d(1, 1, 2),
        TypeError,
        "0.0, a ConvTranspose2d, for which there is no rule",
    ),
    "unpooling": (torch_layer.MaxUnpool2d(2), TypeError, "0.0, a MaxUnpool2d, for which"),
    "upsampling": (nn.Upsample(scale_factor=2), TypeError, "0.0, a Upsample, for which"),
    "softmax over positions": (nn.Softmax(dim=-1), TypeError, "0.0, a Softmax, for which"),
    "fractional pooling": (
        nn.FractionalMaxPool2d(2, output_size=3),
        TypeError,
        "0.0, a FractionalMaxPool2d, for which",
    ),
    "adaptive pooling": (
        nn.AdaptiveAvgPool2d(1),
        ValueError,
        "module must end before 0.0, a AdaptiveAvgPool2d, which sees",
    ),
    "global pooling": (torch_layer.GlobalMaxPool2d(), ValueError, "before 0.0, a GlobalMaxPool2d, which"),
    "generalized mean": (alternatives.GeM2d(), ValueError, "before 0.0, a GeM2d, which"),
    "attention": (alternatives.AttentionPool2d(2), ValueError, "before 0.0, a AttentionPool2d, which"),
    "flatten": (nn.Flatten(), ValueError, "before 0.0, a Flatten, which"),
    "linear": (nn.Linear(2, 2), ValueError, "before 0.0, a Linear, which"),
    "another rank": (nn.Conv1d(1, 1, 1), ValueError, "axes in all its layers; got 0.0 with 1, 1 with 2"),
}


@pytest.mark.parametrize(("part", "error", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read(part, error, message):
    with pytest.raises(error, match=message):
        from_module(nn.Sequential(nn.Sequential(part), nn.Conv2d(1, 1, 3)))


def test_a_module_must_be_one():
    for function in (from_module, lambda module: measure(module, (1, 1, 8, 8)), receptive_field):
        with pytest.raises(TypeError, match=r"(module|layers) must be .*an nn.Module; got <class .*> of type type"):
            function(nn.Sequential)  # the class, not an instance


# What a stack sees, cell by cell, found by walking back through the connections: holes, borders and all.


def seen_by_walking(layers, size, output):
    """Return the set of input cells that an output of a stack depends on along one axis."""
    sizes = [size]
    for _, kernel, stride, padding, dilation in layers:
        sizes.append((sizes[-1] + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1)
    cells = {output}
    for (_, kernel, stride, padding, dilation), below in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        taps = {cell * stride - padding + tap * dilation for cell in cells for tap in range(kernel)}
        cells = taps & set(range(below))
    return cells


MODULES = {"conv": nn.Conv1d, "max": nn.MaxPool1d, "ours": torch_layer.MaxPool1d, "avg": nn.AvgPool1d}


def as_module(layers):
    parts = []
    for kind, kernel, stride, padding, dilation in layers:
        if kind == "conv":
            parts += [nn.Conv1d(2, 2, kernel, stride, padding, dilation), nn.BatchNorm1d(2), nn.Hardtanh()]
        else:
            parts.append(MODULES[kind](kernel, stride, padding, *([dilation] if kind != "avg" else [])))
    return nn.Sequential(*parts)


@st.composite
def stacks(draw):
    layers = []
    for _ in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(list(MODULES)))
        kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
        padding = draw(st.integers(0, 3 if kind == "conv" else kernel // 2))
        # A pooling whose window may hold nothing but padding is refused: dilation and padding exclude each other there.
        dilation = draw(st.integers(1, 3)) if kind == "conv" or (kind != "avg" and not padding) else 1
        layers.append((kind, kernel, stride, padding, dilation))
    return layers


@settings(max_examples=100, deadline=None)
@given(stacks(), st.data())
def test_calculated_measured_and_walked_agree(layers, data):
    roomy = receptive_field(layers)[-1].receptive_field + 20
    size = data.draw(st.integers(max(1, roomy - 60), roomy), label="size")
    try:
        row = receptive_field(layers, size)[-1]
    except ValueError:  # the small sizes do not always fit
        row, size = receptive_field(layers, roomy)[-1], roomy
    output = data.draw(st.integers(0, row.size - 1), label="output")
    walked = seen_by_walking(layers, size, output)
    measured = measure(as_module(layers), (1, 2, size), output)
    assert set(measured.gradient.nonzero().flatten().tolist()) == walked
    assert measured.cells == (range(min(walked), max(walked) + 1) if walked else range(0),)
    calculated = row.cells(output)
    assert set(calculated) >= walked
    if calculated.start >= 0 and calculated.stop <= size and not any(layer[3] for layer in layers):
        assert measured.cells == (calculated,)


@pytest.mark.parametrize("pool", [torch.max_pool2d, torch_layer.max_pool2d, nn.functional.avg_pool2d])
def test_functions_and_branches_are_measured(pool):
    class Branches(nn.Module):
        def __init__(self):
            super().__init__()
            self.narrow, self.wide = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(1, 2, (7, 5), padding=(3, 2))
            self.last = nn.Conv2d(2, 1, 3)

        def forward(self, x):
            both = torch.relu(self.narrow(x)) + torch.sigmoid(self.wide(x))
            return pool(torch.relu(self.last(pool(both, 2))), 3)

    expected = [
        receptive_field([("conv", kernel, 1, "same"), POOL, CONV, ("pool", 3, 3)])[-1].cells(2) for kernel in (7, 5)
    ]
    assert measure(Branches(), (1, 1, 60, 60), 2).cells == tuple(expected)


def test_measuring_ends_at_the_whole_input_behind_a_global_pooling():
    head = nn.Sequential(
        pyramid(nn.MaxPool2d, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3), nn.Softmax(1)
    )
    measured = measure(head, (2, 1, 22, 22))
    assert (measured.output, measured.cells) == ((), (range(22), range(22)))


def test_the_gradient_is_symmetric_and_strongest_in_the_middle():
    gradient = measure(pyramid(nn.MaxPool2d), (1, 1, 46, 46)).gradient
    assert gradient.shape == (46, 46)
    assert gradient.dtype == torch.float64
    torch.testing.assert_close(gradient, gradient.flip(0, 1))
    torch.testing.assert_close(gradient.sum(), torch.tensor(4.0, dtype=torch.float64))  # of 4 channels, each a mean
    assert gradient[22, 22] > 100 * gradient[0, 0] > 0


def test_measuring_max_pooling_shares_the_gradient_among_the_real_cells():
    assert measure(nn.MaxPool1d(3, 1, 1), (1, 1, 4), 0).gradient.tolist() == [0.5, 0.5, 0, 0]
    assert measure(torch_layer.MaxPool1d(2, 2), (1, 1, 4), 1).gradient.tolist() == [0, 0, 0.5, 0.5]


def test_measuring_a_dilated_convolution_shows_its_holes():
    measured = measure(nn.Conv1d(1, 1, 3, dilation=2), (1, 1, 9), 1)
    assert measured.gradient.nonzero().flatten().tolist() == [1, 3, 5]
    assert measured.cells == (range(1, 6),)
    assert measure(nn.Conv2d(1, 1, (1, 3)), (1, 1, 5, 5)).receptive_field == (1, 3)


def test_weights_of_the_module_do_not_matter():
    module = pyramid(nn.MaxPool2d, 2)
    for parameter in module.parameters():
        nn.init.zeros_(parameter)
    assert measure(module, (1, 1, 22, 22)).receptive_field == 10


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_measuring_changes_nothing(context):
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(), alternatives.StochasticPool2d(2))
    module(torch.rand(2, 1, 8, 8)).sum().backward()
    module[0].weight.requires_grad_(False)
    before = copy.deepcopy(module)
    gradients = [parameter.grad.clone() for parameter in module.parameters()]
    state = torch.get_rng_state()

    class Drawing(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = module

        def forward(self, x):
            return self.inner(x) + 0 * torch.rand(1)

    with context():
        assert measure(Drawing(), (1, 1, 12, 12)).receptive_field == 4
    assert torch.equal(torch.get_rng_state(), state)
    assert all(part.training for part in module.modules())
    for old, new, gradient in zip(before.parameters(), module.parameters(), gradients, strict=True):
        assert torch.equal(old, new)
        assert old.requires_grad == new.requires_grad
        assert torch.equal(gradient, new.grad)
    assert all(torch.equal(old, new) for old, new in zip(before.buffers(), module.buffers(), strict=True))
    assert module[2](torch.ones(4, 100)).min() == 0  # dropout drops again: its forward is its own


class Returns(nn.Module):
    def __init__(self, what):
        super().__init__()
        self.what = what

    def forward(self, x):
        return self.what(x)


UNMEASURABLE = {
    "shape of a string": (nn.ReLU(), ("8",), ValueError, r"input_shape must be a tuple \(N, C, \*spatial\); got '8'"),
    "shape without space": (nn.ReLU(), ((1, 2),), ValueError, r"input_shape must be a tuple .* got \(1, 2\)"),
    "size of 0": (nn.ReLU(), ((1, 1, 0),), ValueError, r"input_shape\[2\] must be an integer of at least 1; got 0"),
    "size of 1.5": (nn.ReLU(), ((1, 1, 1.5),), TypeError, r"input_shape\[2\] must be an integer .* got 1.5"),
    "output outside": (
        nn.ReLU(),
        ((1, 1, 4), 4),
        ValueError,
        r"output must lie within the output's shape \(4,\); got 4",
    ),
    "negative output": (nn.ReLU(), ((1, 1, 4), -1), ValueError, "output must be an integer of at least 0; got -1"),
    "output of another rank": (nn.ReLU(), ((1, 1, 4), (1, 2)), ValueError, r"output must be .* got \(1, 2\)"),
    "a pair returned": (Returns(lambda x: (x, x)), ((1, 1, 4),), TypeError, "module must return a tensor .* got tuple"),
    "a number returned": (Returns(torch.sum), ((1, 1, 4),), TypeError, r"module must return a tensor .* got \(\)"),
    "no gradient": (Returns(torch.detach), ((1, 1, 4),), ValueError, "module must pass a gradient .* from Returns"),
    "not the input's gradient": (
        Returns(lambda x: torch.ones(1, 1, 4, requires_grad=True)),
        ((1, 1, 4),),
        ValueError,
        "module must pass a gradient",
    ),
    "lazy": (
        nn.LazyConv1d(1, 3),
        ((1, 1, 4),),
        ValueError,
        "module must be run on an input first, .* got weight without",
    ),
}


@pytest.mark.parametrize(("module", "rest", "error", "message"), UNMEASURABLE.values(), ids=UNMEASURABLE)
def test_what_cannot_be_measured(module, rest, error, message):
    with pytest.raises(error, match=message):
        measure(module, *rest)
