"""Do the layers that replace pooling calculate what their formulas say?"""

import math
import pickle
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from pooling import torch_layer
from pooling.alternatives import (
    AttentionPool2d,
    BlurPool2d,
    GeM2d,
    MaxBlurPool2d,
    StochasticPool2d,
    StridedConv2d,
    blur_pool2d,
    gem_pool2d,
    max_blur_pool2d,
    stochastic_pool2d,
)

MODULES = {
    "strided convolution": lambda: StridedConv2d(3),
    "blur": BlurPool2d,
    "max, then blur": MaxBlurPool2d,
    "generalized mean": GeM2d,
    "generalized mean, flat": lambda: GeM2d(keepdims=False),
    "stochastic": lambda: StochasticPool2d(2),
    "attention": lambda: AttentionPool2d(3),
    "attention, flat": lambda: AttentionPool2d(3, keepdims=False),
}
SMALLER = [name for name in MODULES if "mean" not in name and "attention" not in name]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Keep PyTorch from waiting for threads, which takes minutes on a busy machine and gains nothing here."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(params=MODULES)
def module(request):
    torch.manual_seed(0)
    made = MODULES[request.param]()
    if isinstance(made, AttentionPool2d):
        nn.init.normal_(made.query)  # what it starts with, 0, would hide the projection
    return made


def values(*shape, dtype=torch.float64):
    return torch.rand(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(dtype) + 0.1


# What all of them share


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_dtype_is_kept_and_values_are_near_those_of_float64(module, dtype):
    x = values(2, 3, 7, 6, dtype=dtype)
    expected = module.eval().double()(x.double())
    got = module.to(dtype)(x)
    assert got.dtype == dtype
    torch.testing.assert_close(got.double(), expected, rtol=8 * torch.finfo(dtype).eps, atol=8 * torch.finfo(dtype).eps)


def test_a_batch_without_items_and_an_item_without_a_batch(module):
    module.double().eval()
    x = values(2, 3, 7, 6)
    full = module(x)
    assert module(x[:0]).shape == (0, *full.shape[1:])
    torch.testing.assert_close(module(x[1]), full[1], rtol=1e-12, atol=0)


def test_layout_in_memory_does_not_matter(module):
    module.double().eval()
    x = values(2, 3, 7, 6)
    for other in (x.to(memory_format=torch.channels_last), x.transpose(2, 3).contiguous().transpose(2, 3)):
        assert not other.is_contiguous()
        torch.testing.assert_close(module(other), module(x), rtol=1e-12, atol=0)


def test_gradcheck(module):
    module.double().eval()
    x = values(1, 3, 4, 3).requires_grad_()
    assert torch.autograd.gradcheck(lambda x, *_: module(x), (x, *module.parameters()))


def test_gradient_of_the_draw_goes_to_the_cell_that_was_drawn():
    x = values(2, 3, 5, 4).requires_grad_()
    y = stochastic_pool2d(x, 2, generator=torch.Generator().manual_seed(0))
    (gradient,) = torch.autograd.grad(y.sum(), x)
    assert set(gradient.unique().tolist()) == {0.0, 1.0}
    assert sorted(x[gradient == 1].tolist()) == sorted(y.flatten().tolist())


def test_pickled_and_saved(module):
    module.double().eval()
    again = pickle.loads(pickle.dumps(module))
    again.load_state_dict(module.state_dict())
    assert torch.equal(again(values(1, 3, 6, 6)), module(values(1, 3, 6, 6)))


@pytest.mark.parametrize("name", SMALLER)
@pytest.mark.parametrize("size", [(6, 8), (7, 5), (3, 4)])
def test_they_halve_as_a_pooling_does(name, size):
    x = torch.rand(1, 3, *size)
    pooled = F.max_pool2d(x, 2, ceil_mode=name == "blur")
    assert MODULES[name]()(x).shape == pooled.shape


REPR = {
    "strided convolution": "StridedConv2d(3, 3, kernel_size=(2, 2), stride=(2, 2))",
    "blur": "BlurPool2d(kernel_size=(3, 3), stride=(2, 2))",
    "generalized mean": "GeM2d(p=3, eps=1e-06, keepdims=True)",
    "stochastic": "StochasticPool2d(kernel_size=2, stride=2)",
}


@pytest.mark.parametrize(("name", "expected"), REPR.items(), ids=REPR)
def test_repr(name, expected):
    assert repr(MODULES[name]()) == expected


def test_repr_of_attention():
    assert repr(AttentionPool2d(3)).startswith("AttentionPool2d(\n  3, hidden=2, keepdims=True\n")


# Strided convolution


def test_strided_convolution_with_fixed_weights_is_average_pooling():
    module = StridedConv2d(3, kernel_size=(2, 3)).double()
    nn.init.zeros_(module.bias)
    nn.init.zeros_(module.weight)
    for channel in range(3):
        nn.init.constant_(module.weight[channel, channel], 1 / 6)
    x = values(2, 3, 7, 8)
    torch.testing.assert_close(module(x), F.avg_pool2d(x, (2, 3)))


def test_strided_convolution_counts_its_parameters_as_it_says():
    count = sum(parameter.numel() for parameter in StridedConv2d(4, 6, kernel_size=3, stride=2, padding=1).parameters())
    assert count == 6 * 4 * 3**2 + 6
    assert StridedConv2d(4, 6, 3, 2, 1)(torch.rand(1, 4, 9, 8)).shape == (1, 6, 5, 4)
    assert StridedConv2d(4, 6, 3, 2, 1, 2, False)(torch.rand(1, 4, 9, 8)).shape == (1, 6, 4, 3)
    assert StridedConv2d(4, bias=False).bias is None


# Blur


def reflected(place, size):
    return -place if place < 0 else 2 * (size - 1) - place if place >= size else place


def blur_by_hand(x, kernels, strides):
    """Add up the definition, cell by cell, in one plane."""
    height, width = len(x), len(x[0])

    def weights(kernel):
        return [math.comb(kernel - 1, tap) / 2 ** (kernel - 1) for tap in range(kernel)]

    def blurred(row, column):
        return sum(
            u
            * v
            * x[reflected(row + a - (kernels[0] - 1) // 2, height)][
                reflected(column + b - (kernels[1] - 1) // 2, width)
            ]
            for a, u in enumerate(weights(kernels[0]))
            for b, v in enumerate(weights(kernels[1]))
        )

    return [[blurred(row, column) for column in range(0, width, strides[1])] for row in range(0, height, strides[0])]


@pytest.mark.parametrize("kernels", [(1, 1), (2, 3), (3, 3), (4, 5), (7, 6)])
@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (3, 2)])
@pytest.mark.parametrize("size", [(4, 5), (7, 6)])
def test_blur_is_its_definition(kernels, strides, size):
    x = values(2, 3, *size)
    expected = [[blur_by_hand(plane.tolist(), kernels, strides) for plane in item] for item in x]
    for got in (blur_pool2d(x, kernels, strides), BlurPool2d(kernels, strides)(x)):
        torch.testing.assert_close(got, torch.tensor(expected, dtype=torch.float64), rtol=1e-12, atol=0)


def test_blur_of_a_checkerboard_is_flat_where_a_stride_alone_keeps_its_ones():
    board = (torch.arange(8)[:, None] + torch.arange(8)).remainder(2).double()[None]
    assert board[..., ::2, ::2].unique().tolist() == [0]
    assert blur_pool2d(board).unique().tolist() == [0.5]


@pytest.mark.parametrize("sizes", [(2, 2, 3), (3, 2, 4), ((2, 3), (1, 2), (1, 3))])
def test_max_blur_is_a_maximum_at_every_position_and_a_blur(sizes):
    kernel_size, stride, blur_size = sizes
    x = values(2, 3, 8, 7)
    expected = blur_pool2d(F.max_pool2d(x, kernel_size, 1), blur_size, stride)
    assert torch.equal(max_blur_pool2d(x, *sizes), expected)
    assert torch.equal(MaxBlurPool2d(*sizes)(x), expected)


def test_max_blur_without_a_blur_is_max_pooling():
    x = values(2, 3, 8, 7)
    assert torch.equal(max_blur_pool2d(x, 3, 2, blur_size=1), torch_layer.max_pool2d(x, 3, 2))


def test_max_blur_moves_less_under_a_shift_than_max_pooling():
    x = values(1, 4, 32, 32)

    def difference(pool):
        return (pool(x[..., :-1]) - pool(x[..., 1:])).abs().mean()

    assert difference(max_blur_pool2d) < 0.6 * difference(lambda x: F.max_pool2d(x, 2))


# Generalized mean


@pytest.mark.parametrize("p", [0.5, 1, 2, 3.0, torch.tensor(2.5), torch.tensor([2.5])])
def test_generalized_mean_is_its_definition(p):
    x = values(2, 3, 5, 4)
    exponent = float(p)
    expected = [
        [(sum(v**exponent for v in plane) / 20) ** (1 / exponent) for plane in x_n.flatten(1).tolist()] for x_n in x
    ]
    got = gem_pool2d(x, p)
    assert got.shape == (2, 3, 1, 1)
    torch.testing.assert_close(
        got.flatten(1), torch.tensor(expected, dtype=torch.float64), rtol=1e-6 if p is not exponent else 1e-12, atol=0
    )
    assert torch.equal(gem_pool2d(x, p, keepdims=False), got.flatten(1))


def test_generalized_mean_goes_from_average_to_maximum():
    x = values(2, 3, 5, 4)
    means = [gem_pool2d(x, p, keepdims=False) for p in (1, 2, 5, 20, 1000)]
    torch.testing.assert_close(means[0], x.mean((2, 3)))
    assert all((less < more).all() for less, more in pairwise(means))
    torch.testing.assert_close(means[-1], x.amax((2, 3)), rtol=0.005, atol=0)


@pytest.mark.parametrize("p", [2, 3])
def test_generalized_mean_is_a_scaled_lp_pooling_of_the_plane(p):
    x = values(2, 3, 5, 4)
    torch.testing.assert_close(gem_pool2d(x, p), F.lp_pool2d(x, p, (5, 4)) / 20 ** (1 / p))
    torch.testing.assert_close(gem_pool2d(x, p), torch_layer.lp_pool2d(x, p, (5, 4)) / 20 ** (1 / p))


def test_generalized_mean_counts_small_values_as_eps():
    x = torch.tensor([[[[-5.0, 0.01]]]], dtype=torch.float64)
    torch.testing.assert_close(gem_pool2d(x, 1, eps=0.1).item(), 0.1)
    torch.testing.assert_close(gem_pool2d(x, 1, eps=1e-6).item(), 0.0050005)


def test_generalized_mean_of_large_values_does_not_overflow():
    assert gem_pool2d(torch.full((1, 1, 4, 4), 1e30), p=20.0).item() == pytest.approx(1e30)
    assert gem_pool2d(torch.full((1, 1, 4, 4), 60000.0, dtype=torch.float16)).item() == pytest.approx(60000, rel=1e-3)


def test_generalized_mean_of_16_bit_values_is_rounded_once():
    x = values(1, 8, 9, 9, dtype=torch.float16)
    assert torch.equal(gem_pool2d(x, p=0.05), gem_pool2d(x.float(), p=0.05).half())


def test_generalized_mean_learns_its_exponent():
    module, x = GeM2d(p=1.0), torch.rand(8, 3, 6, 6, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(module.parameters(), lr=0.1)
    for _ in range(300):
        loss = (module(x) - gem_pool2d(x, 4.0)).square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert module.p.item() == pytest.approx(4, abs=0.05)


# Stochastic pooling


def test_draws_come_as_often_as_their_values_say():
    window = torch.tensor([[1.0, 2.0], [0.0, 5.0]])
    x = window.repeat(1, 1, 200, 200)
    drawn = stochastic_pool2d(x, 2, generator=torch.Generator().manual_seed(0))
    found, counts = drawn.unique(return_counts=True)
    assert found.tolist() == [1, 2, 5]  # 0 never
    for count, share in zip(counts.tolist(), (1 / 8, 2 / 8, 5 / 8), strict=True):
        deviation = math.sqrt(40_000 * share * (1 - share))
        assert abs(count - 40_000 * share) < 4 * deviation


def test_windows_of_one_input_are_drawn_apart():
    drawn = stochastic_pool2d(torch.tensor([[1.0, 2.0]]).repeat(1, 1, 1, 64), (1, 2), generator=torch.Generator())
    assert set(drawn.flatten().tolist()) == {1, 2}


@pytest.mark.parametrize(("kernel_size", "stride"), [(2, None), (3, 2), ((2, 3), (3, 1))])
def test_evaluation_takes_the_weighted_mean(kernel_size, stride):
    x = values(2, 3, 7, 8) - 0.4
    module = StochasticPool2d(kernel_size, stride).eval()
    windows = F.unfold(x.reshape(6, 1, 7, 8), kernel_size, stride=stride or kernel_size)
    weights = windows.relu()
    expected = (windows * weights).sum(1) / weights.sum(1)
    got = module(x)
    assert got.shape == F.max_pool2d(x, kernel_size, stride).shape
    assert (x < 0).any()
    torch.testing.assert_close(got.flatten(), expected.flatten())


def test_a_draw_is_a_value_of_its_window():
    x = values(2, 3, 7, 8)
    drawn = StochasticPool2d(3, 2)(x)
    windows = F.unfold(x.reshape(6, 1, 7, 8), 3, stride=2)
    assert (windows == drawn.reshape(6, 1, -1)).sum(1).unique().tolist() == [1]


def test_windows_without_a_positive_value_have_equal_probabilities():
    assert stochastic_pool2d(torch.zeros(1, 1, 2, 2), 2).item() == 0
    negative = torch.tensor([[[[-1.0, -3.0]]]])
    assert stochastic_pool2d(negative, (1, 2), training=False).item() == -2
    drawn = stochastic_pool2d(negative.repeat(1, 1, 1, 64), (1, 2), generator=torch.Generator())
    assert set(drawn.flatten().tolist()) == {-1, -3}


def test_nan_is_seen_in_training_and_evaluation():
    x = torch.tensor([[[[1.0, math.nan]]]])
    assert all(stochastic_pool2d(x, (1, 2), training=training).isnan().all() for training in (True, False))


def test_evaluation_of_large_16_bit_values_does_not_overflow():
    x = torch.full((1, 1, 2, 2), 40000.0, dtype=torch.float16)
    assert stochastic_pool2d(x, 2, training=False).item() == 40000


def test_the_generator_decides_and_the_global_one_by_default():
    x = values(1, 1, 16, 16)
    first, second = (StochasticPool2d(2, generator=torch.Generator().manual_seed(7))(x) for _ in range(2))
    assert torch.equal(first, second)
    state = torch.get_rng_state()
    StochasticPool2d(2, generator=torch.Generator())(x)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(3)
    first = StochasticPool2d(2)(x)
    torch.manual_seed(3)
    assert torch.equal(StochasticPool2d(2)(x), first)


# Attention


def test_attention_is_its_definition():
    torch.manual_seed(0)
    module, x = AttentionPool2d(3, hidden=4).double(), values(2, 3, 5, 4)
    nn.init.normal_(module.query)
    matrix, query = module.project.weight, module.query
    for item, weights, mean in zip(x, module.weights(x), module(x), strict=True):
        columns = item.flatten(1)
        scores = [torch.exp(query @ torch.tanh(matrix @ column)) for column in columns.T]
        shares = torch.stack(scores) / sum(scores)
        torch.testing.assert_close(weights.flatten(), shares)
        torch.testing.assert_close(mean.flatten(), columns @ shares)


def test_attention_without_keepdims_drops_two_axes():
    x = values(2, 3, 5, 4)
    assert AttentionPool2d(3).double()(x).shape == (2, 3, 1, 1)
    assert AttentionPool2d(3, keepdims=False).double()(x).shape == (2, 3)
    assert AttentionPool2d(3, keepdims=False).double()(x[0]).shape == (3,)


def test_attention_begins_as_the_average():
    x = values(2, 3, 5, 4)
    module = AttentionPool2d(3).double()
    torch.testing.assert_close(module(x), x.mean((2, 3), keepdim=True))
    module(x).square().sum().backward()
    assert module.query.grad.abs().sum() > 0  # and can leave it


# Refusals

X = torch.rand(1, 3, 4, 4)
REFUSED = {
    "x of integers": (lambda: blur_pool2d(X.int()), TypeError, "x must be .* floating-point numbers; got torch.int32"),
    "x of lists": (lambda: gem_pool2d([[1.0]]), TypeError, "x must be a torch.Tensor .* got list"),
    "x without channels": (lambda: stochastic_pool2d(X[0, 0], 2), ValueError, r"x must have shape .* got \(4, 4\)"),
    "x without width": (lambda: max_blur_pool2d(X[..., :0]), ValueError, r"x must .* got shape \(1, 3, 4, 0\)"),
    "x of other channels": (
        lambda: AttentionPool2d(2)(X),
        ValueError,
        r"x must have 2 channels; got shape \(1, 3, 4, 4\)",
    ),
    "filter of 0": (lambda: BlurPool2d(0), ValueError, "kernel_size must be an integer of at least 1; got 0"),
    "filter too large": (
        lambda: blur_pool2d(X, (3, 8)),
        ValueError,
        r"kernel_size must be at most \(7, 7\) to reflect the borders of a plane of \(4, 4\); got \(3, 8\)",
    ),
    "filter too high": (lambda: blur_pool2d(X, (9, 3)), ValueError, r"kernel_size must be at most .* got \(9, 3\)"),
    "blur's stride": (lambda: BlurPool2d(stride="2"), TypeError, "stride must be .* got '2' of type str"),
    "blur_size": (lambda: MaxBlurPool2d(blur_size=0), ValueError, "blur_size must be .* got 0"),
    "blur_size of the function": (lambda: max_blur_pool2d(X, blur_size=0), ValueError, "blur_size must be .* got 0"),
    "blur_size too large": (
        lambda: max_blur_pool2d(X, blur_size=6),
        ValueError,
        r"blur_size must be at most \(5, 5\) .* got 6",
    ),
    "maximum of 0": (lambda: MaxBlurPool2d(0), ValueError, "kernel_size must be .* got 0"),
    "p of 0": (lambda: GeM2d(0), ValueError, "p must be a finite number greater than 0; got 0"),
    "p of infinity": (lambda: gem_pool2d(X, math.inf), ValueError, "p must be .* got inf"),
    "p of a string": (lambda: gem_pool2d(X, "3"), TypeError, "p must be a number greater than 0; got '3' of type str"),
    "p of two": (lambda: gem_pool2d(X, torch.ones(2)), ValueError, r"p must be .* a tensor of one; got shape \(2,\)"),
    "eps of 0": (lambda: GeM2d(eps=0.0), ValueError, "eps must be .* got 0.0"),
    "negative eps": (lambda: gem_pool2d(X, eps=-1), ValueError, "eps must be .* got -1"),
    "keepdims": (lambda: GeM2d(keepdims=1), TypeError, "keepdims must be True or False; got 1"),
    "keepdims of attention": (lambda: AttentionPool2d(3, keepdims=0), TypeError, "keepdims must be .* got 0"),
    "window too large": (lambda: stochastic_pool2d(X, 5), ValueError, "kernel_size=5 .* spans 5 cells"),
    "window of 0": (lambda: StochasticPool2d(0), ValueError, "kernel_size must be .* got 0"),
    "stride of 0": (lambda: StochasticPool2d(2, 0), ValueError, "stride must be .* got 0"),
    "training": (lambda: stochastic_pool2d(X, 2, training=1), TypeError, "training must be True or False; got 1"),
    "generator": (lambda: StochasticPool2d(2, generator=3), TypeError, "generator must be .* got 3 of type int"),
    "generator of the function": (
        lambda: stochastic_pool2d(X, 2, generator=3),
        TypeError,
        "generator must be a torch.Generator or None; got 3 of type int",
    ),
    "in_channels": (lambda: StridedConv2d(0), ValueError, "in_channels must be .* got 0"),
    "out_channels": (lambda: StridedConv2d(1, 1.5), TypeError, "out_channels must be .* got 1.5"),
    "convolution's kernel": (
        lambda: StridedConv2d(1, 1, (2, 2, 2)),
        ValueError,
        r"kernel_size must be .* got \(2, 2, 2\)",
    ),
    "convolution's stride": (lambda: StridedConv2d(1, stride=0), ValueError, "stride must be .* got 0"),
    "convolution's padding": (lambda: StridedConv2d(1, padding=-1), ValueError, "padding must be .* got -1"),
    "convolution's dilation": (lambda: StridedConv2d(1, dilation=0), ValueError, "dilation must be .* got 0"),
    "convolution's bias": (lambda: StridedConv2d(1, bias=1), TypeError, "bias must be True or False; got 1"),
    "channels": (lambda: AttentionPool2d(0), ValueError, "channels must be .* got 0"),
    "hidden": (lambda: AttentionPool2d(3, hidden=0), ValueError, "hidden must be .* got 0"),
}


@pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_no_pooling_operator_of_torch_is_called(module):
    from torch.utils._python_dispatch import TorchDispatchMode

    called = []

    class Listen(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            called.append(str(function))
            return function(*args, **(kwargs or {}))

    with Listen():
        module(torch.rand(1, 3, 6, 6, requires_grad=True)).sum().backward()
    assert called
    assert [name for name in called if "pool" in name] == []
