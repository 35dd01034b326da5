"""Are the modules drop-in for those of torch.nn?"""

import copy
import inspect
import io
import pickle

import pytest
import torch
from torch import nn

from pooling import torch_layer
from tests.pooling.cases import RANKS
from tests.pooling.compare import same

#: Constructor arguments, by position and by name, for x with 7 cells on every spatial axis.
MADE_WITH = {
    "MaxPool": [
        ((3,), {}),
        ((3, 2), {}),
        ((3, 2, 1, 2, True, True), {}),
        ((2,), {"padding": 1, "ceil_mode": True}),
        (("each", "each", "each", "each"), {"return_indices": True}),
    ],
    "AvgPool": [
        ((3,), {}),
        ((3, 2, 1, True, False), {}),
        (("each",), {"count_include_pad": False, "padding": "each"}),
        ((2,), {"stride": 1, "ceil_mode": True}),
    ],
    "LPPool": [((2, 3), {}), ((1.5, 3, 2, True), {}), ((3, 2), {"stride": 1}), ((2, "each", "each"), {})],
    "AdaptiveMaxPool": [((3,), {}), ((5, True), {}), (("each",), {}), (("none",), {"return_indices": True})],
    "AdaptiveAvgPool": [((3,), {}), (("each",), {}), (("none",), {})],
    "MaxUnpool": [((2,), {}), ((3, 2), {}), ((3, 2, 1), {}), (("each",), {"stride": "each"})],
}
NAMES = [f"{name}{rank}d" for name in MADE_WITH for rank in RANKS]
ROWS = [
    (name, rank, arguments, named)
    for name, rows in MADE_WITH.items()
    for rank in RANKS
    for arguments, named in rows
    # In 1d PyTorch's AdaptivePools have no None, and its LPPool no tuple.
    if not (rank == 1 and ("none" in arguments or (name == "LPPool" and "each" in arguments)))
]


def written(value, rank):
    """Write "each" as a tuple with another number for each axis, and "none" as one with None in it."""
    if value == "each":
        return (3, 2, 2)[:rank]
    return (None, 2, 3)[:rank] if value == "none" else value


def both(name, rank, arguments, named):
    """Make the module, ours and PyTorch's."""
    arguments = [written(value, rank) for value in arguments]
    named = {key: written(value, rank) for key, value in named.items()}
    if "padding" in named and isinstance(named["padding"], tuple):
        named["padding"] = (1,) * rank
    if name == "MaxPool" and len(arguments) == 4:
        arguments[2] = (1,) * rank
    return (getattr(library, f"{name}{rank}d")(*arguments, **named) for library in (torch_layer, nn))


def inputs(name, rank):
    x = torch.rand((2, 3) + (7,) * rank, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    if name != "MaxUnpool":
        return (x,)
    cells = torch.arange(7**rank).reshape((7,) * rank)
    return x, cells.expand(x.shape).contiguous()


each_row = pytest.mark.parametrize(("name", "rank", "arguments", "named"), ROWS)


@pytest.mark.parametrize("name", NAMES)
def test_the_constructor_takes_the_same_arguments_in_the_same_order(name):
    def signature(library):
        parameters = inspect.signature(getattr(library, name)).parameters.values()
        return [(parameter.name, parameter.default, parameter.kind) for parameter in parameters]

    assert signature(torch_layer) == signature(nn)


@pytest.mark.parametrize("name", NAMES)
def test_forward_takes_the_same_arguments(name):
    ours, theirs = (inspect.signature(getattr(library, name).forward).parameters for library in (torch_layer, nn))
    assert list(ours) == list(theirs)


@each_row
def test_it_prints_as_that_of_torch(name, rank, arguments, named):
    ours, theirs = both(name, rank, arguments, named)
    assert ours.extra_repr() == theirs.extra_repr()
    assert repr(ours) == repr(theirs)
    assert repr(nn.Sequential(ours)) == repr(nn.Sequential(theirs))


@each_row
def test_it_has_the_attributes_of_that_of_torch(name, rank, arguments, named):
    ours, theirs = both(name, rank, arguments, named)
    public = {key: value for key, value in vars(theirs).items() if not key.startswith("_")}
    assert {key: getattr(ours, key) for key in public} == public


@each_row
def test_it_gives_what_that_of_torch_gives(name, rank, arguments, named):
    """Same values, same indices, same gradient; with a batch and without?"""
    ours, theirs = both(name, rank, arguments, named)
    given = inputs(name, rank)
    for x in (given, tuple(tensor[0] for tensor in given)):
        for expected, got in zip(outputs(theirs, x), outputs(ours, x), strict=True):
            same(f"{ours} of {tuple(x[0].shape)}", "output or gradient", expected.numpy(), got.numpy(), 1e-12)


def outputs(module, given):
    """Return all that a module gives, and the gradient of its values."""
    x, *more = given
    x = x.clone().requires_grad_()
    result = module(x, *more)
    result = result if isinstance(result, tuple) else (result,)
    result[0].square().sum().backward()
    return [*(tensor.detach() for tensor in result), x.grad]


@each_row
def test_it_can_be_copied_pickled_and_saved(name, rank, arguments, named):
    ours, _ = both(name, rank, arguments, named)
    given = inputs(name, rank)
    assert ours.state_dict() == {}
    assert list(ours.parameters()) == []
    file = io.BytesIO()
    torch.save(ours, file)
    file.seek(0)
    for again in (copy.deepcopy(ours), pickle.loads(pickle.dumps(ours)), torch.load(file, weights_only=False)):
        assert type(again) is type(ours)
        assert repr(again) == repr(ours)
        for expected, got in zip(outputs(ours, given), outputs(again, given), strict=True):
            assert torch.equal(expected, got)


@pytest.mark.parametrize("rank", RANKS)
def test_unpooling_takes_an_output_size_as_torch_does(rank):
    x = torch.rand((1, 1) + (7,) * rank)
    maxima, indices = getattr(nn, f"MaxPool{rank}d")(2, return_indices=True)(x)
    for size in (x.shape, x.shape[2:], list(x.shape)):
        theirs = getattr(nn, f"MaxUnpool{rank}d")(2)(maxima, indices, output_size=size)
        ours = getattr(torch_layer, f"MaxUnpool{rank}d")(2)(maxima, indices, output_size=size)
        same(f"MaxUnpool{rank}d to {size}", "output", theirs.numpy(), ours.numpy())


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("keepdims", [True, False])
def test_global_pools_are_adaptive_pools_to_size_1(rank, keepdims):
    x = torch.rand((2, 3) + (5,) * rank)
    for name in ("Max", "Avg"):
        module = getattr(torch_layer, f"Global{name}Pool{rank}d")(keepdims)
        assert repr(module) == f"Global{name}Pool{rank}d(keepdims={keepdims})"
        expected = getattr(nn, f"Adaptive{name}Pool{rank}d")(1)(x)
        expected = expected if keepdims else expected.flatten(1)
        same(repr(module), "output", expected.numpy(), module(x).numpy(), 1e-6)


def test_a_network_of_ours_trains_as_one_of_theirs():
    """Swapped in a small network, do all parameters get the same gradient?"""

    def network(library):
        torch.manual_seed(0)
        layers = [nn.Conv2d(1, 4, 3), library.MaxPool2d(2), nn.ReLU(), nn.Conv2d(4, 4, 3), library.AvgPool2d(3, 2, 1)]
        return nn.Sequential(*layers, library.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(16, 3)).double()

    x = torch.rand(2, 1, 20, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    ours, theirs = network(torch_layer), network(nn)
    for model in (ours, theirs):
        model(x).square().sum().backward()
    for (name, expected), got in zip(theirs.named_parameters(), ours.parameters(), strict=True):
        same(f"the gradient of parameter {name}", "gradient", expected.grad.numpy(), got.grad.numpy(), 1e-10)
