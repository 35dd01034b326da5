"""Does the torch layer find the same whether or not it may look at the values, and however it cuts up tensors?"""

import math

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from pooling import torch_layer
from pooling.torch_layer import bins, max_search, tiles
from tests.pooling.compare import same
from tests.pooling.torch_cases import TorchCall

NAN, INF = math.nan, math.inf

CALLS = [
    TorchCall("max_pool", 1, {"kernel_size": 3, "stride": 2, "padding": 1}),
    TorchCall("max_pool", 2, {"kernel_size": 2}),
    TorchCall("max_pool", 2, {"kernel_size": (3, 5), "stride": (1, 3), "padding": (1, 2), "dilation": (2, 1)}),
    TorchCall("max_pool", 2, {"kernel_size": 7, "stride": 1, "padding": 3}),
    TorchCall("max_pool", 3, {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    TorchCall("adaptive_max_pool", 2, {"output_size": (3, 2)}),
    TorchCall("adaptive_max_pool", 3, {"output_size": (2, 1, 4)}),
    TorchCall("adaptive_max_pool", 2, {"output_size": 1}),
]
each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call}-{CALLS.index(call)}")

#: What is strewn over the planes of x, and over how much of it. Some planes get nothing.
STREWN = {
    "nothing": ([1.0], 0.0),
    "ties": ([3.0], 0.7),
    "nan": ([NAN], 0.2),
    "zeros of both signs, the largest": ([0.0, -0.0], 1.0),
    "minus infinity": ([-INF], 0.9),
    "all of them": ([NAN, INF, -INF, 0.0, -0.0], 0.5),
}


def sample(call: TorchCall, kind: str, dtype: torch.dtype = torch.float32) -> Tensor:
    """Draw x, (3, 4, *spatial), and strew numbers over the last plane and one in the middle."""
    random = torch.Generator().manual_seed(call.rank)
    x = torch.randn((3, 4, *(9, 8, 7)[: call.rank]), generator=random)
    numbers, share = STREWN[kind]
    drawn = torch.tensor(numbers)[torch.randint(len(numbers), x.shape, generator=random)]
    chosen = torch.rand(x.shape, generator=random) < share
    chosen[torch.tensor([0, 2])] = False
    chosen[1, 1] &= chosen[1, 2]
    return torch.where(chosen, drawn, x).to(dtype)


def everything(call: TorchCall, x: Tensor) -> dict[str, Tensor]:
    """Return the values, found with the places and without, their signs, the places, and a gradient."""
    with_places = call._replace(arguments=call.arguments | {"return_indices": True})
    values, places = with_places.ours(x)
    alone = call.ours(x)
    leaf = x.detach().requires_grad_()
    output = call.ours(leaf)
    (gradient,) = torch.autograd.grad(output, leaf, torch.arange(output.numel()).reshape(output.shape).to(x))
    return {
        "values": values.double(),
        "signs": values.signbit() & ~values.isnan(),
        "values alone": alone.double(),
        "signs alone": alone.signbit() & ~alone.isnan(),
        "places": places,
        "gradient": gradient.double(),
    }


def agree(subject: str, expected: dict[str, Tensor], got: dict[str, Tensor]) -> None:
    for what, wanted in expected.items():
        same(subject, what, wanted.numpy(), got[what].numpy())


@pytest.fixture
def never_look(monkeypatch):
    """Take from the layer what lets it look at values, as a compiler or a GPU does."""

    def forbid() -> None:
        for module in (tiles, max_search, bins):
            monkeypatch.setattr(module, "values_may_decide", lambda x: False)

    return forbid


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("kind", STREWN)
@each_call
def test_a_look_at_the_values_changes_nothing(call, kind, dtype, never_look):
    x = sample(call, kind, dtype)
    looking = everything(call, x)
    never_look()
    agree(f"torch_layer.{call} with {kind} in x, {dtype}", everything(call, x), looking)


@pytest.mark.parametrize("channels_last", [False, True], ids=["channels first", "channels last"])
@pytest.mark.parametrize("kind", STREWN)
@each_call
def test_tiles_change_nothing(call, kind, channels_last, monkeypatch):
    """Is all as it was when a tile holds one plane: also where NaN, or a −0, is only in the middle and in the last?"""
    if channels_last and call.rank == 1:
        return
    x = sample(call, kind)
    whole = everything(call, x)
    if channels_last:
        x = x.to(memory_format=torch.channels_last if call.rank == 2 else torch.channels_last_3d)
    monkeypatch.setattr(tiles, "TILE_BYTES", 1)
    agree(f"torch_layer.{call} with {kind} in x, plane by plane", whole, everything(call, x))


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (3, 8, 8), (8, 8), (0, 3, 8, 8)], ids=str)
def test_a_tile_holds_as_many_planes_as_fit(shape, monkeypatch):
    monkeypatch.setattr(tiles, "TILE_BYTES", 4 * 8 * 8 * 2)
    x = torch.rand(shape)
    result = torch.zeros((*shape[:-2], 4, 4))
    pieces = list(tiles.tiles(2, x, result))
    assert all(len(cells) == len(part) <= 2 for cells, part in pieces)
    assert torch.cat([cells for cells, _ in pieces]).reshape(shape).equal(x)


def test_offsets_may_be_large():
    """Is the last cell of a window found that is longer than a 16-bit integer counts?"""
    x = torch.zeros(1, 40_000)
    x[0, 39_998] = 1
    for kernel_size in (40_000, 32_768, 32_767, 32_766):
        _, places = torch_layer.max_pool1d(x, kernel_size, stride=1, return_indices=True)
        assert places[0, -1] == 39_998


@each_call
def test_transforms_of_functions_go_together(call):
    """Does a gradient come out of vmap, and vmap out of a gradient: gradients sample by sample, and a Jacobian?"""
    x = sample(call, "ties", torch.float64)

    def loss(x: Tensor) -> Tensor:
        output = call.ours(x)
        return (output * torch.linspace(1, 2, output.numel(), dtype=x.dtype).reshape(output.shape)).sum()

    def gradient(one: Tensor) -> Tensor:
        leaf = one.detach().requires_grad_()
        return torch.autograd.grad(loss(leaf), leaf)[0]

    each = torch.stack([gradient(one) for one in x])
    same(str(call), "gradient of each", each.numpy(), torch.vmap(torch.func.grad(loss))(x).numpy())
    total = torch.func.grad(lambda x: torch.vmap(loss)(x).sum())(x)
    same(str(call), "gradient of all", each.numpy(), total.numpy())
    jacobian = torch.func.jacrev(call.ours)(x[0])
    slopes = torch.autograd.functional.jacobian(call.ours, x[0])
    same(str(call), "Jacobian", slopes.numpy(), jacobian.numpy())


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # PyTorch uses what it warns of
@each_call
def test_a_forward_derivative_is_refused_not_lost(call):
    """There is no forward-mode derivative; is that said, and not 0 returned?"""
    x = sample(call, "nothing")
    with pytest.raises(RuntimeError, match="jvp"):
        torch.func.jvp(call.ours, (x,), (torch.ones_like(x),))


@each_call
def test_shapes_are_found_without_values(call):
    """Do tensors without values, as PyTorch uses them to trace a program, pass through?"""
    x = sample(call, "nothing")
    expected = call.ours(x)
    with FakeTensorMode() as mode:
        output = call.ours(mode.from_tensor(x))
    assert (output.shape, output.dtype) == (expected.shape, expected.dtype)
    on_meta = call.ours(x.to("meta"))
    assert on_meta.shape == expected.shape
