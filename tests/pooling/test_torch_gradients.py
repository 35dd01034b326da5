"""Are the hand-written gradients right, to the second order, in every dtype, layout, device, and when compiled?"""

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from tests.pooling.compare import TOLERANCES, same
from tests.pooling.torch_cases import CALLS, DEVICES, IDS, TorchCall, gradient

each_call = pytest.mark.parametrize("call", CALLS, ids=IDS)
each_device = pytest.mark.parametrize("device", DEVICES)


def small(call: TorchCall, **options) -> torch.Tensor:
    """Draw an input small enough to be differentiated cell by cell."""
    return call.x(**options)[:1, :2].contiguous()


@each_device
@each_call
def test_the_gradient_is_the_slope(call, device):
    """Does gradcheck agree, which moves every cell a little and looks at the outputs?"""
    x = small(call, device=device, size=4 if call.rank == 3 else 5).requires_grad_()
    assert gradcheck(lambda x: call.ours(x, call.indices(x)), x, fast_mode=call.rank == 3)


@each_device
@each_call
def test_the_second_derivative_is_the_slope_of_the_gradient_wherever_pytorch_has_one(call, device):
    x = small(call, device=device, size=4).requires_grad_()
    try:
        pytorch_has_one = gradgradcheck(lambda x: call.theirs(x, call.indices(x)), x, fast_mode=True)
    except RuntimeError:
        pytorch_has_one = False
    if pytorch_has_one:
        assert gradgradcheck(lambda x: call.ours(x, call.indices(x)), x, fast_mode=True)


def test_pytorch_has_second_derivatives_of_all_operations():
    """If this fails, the test above has stopped to look at something."""
    for call in CALLS:
        x = small(call, size=4).requires_grad_()
        gradgradcheck(lambda x, call=call: call.theirs(x, call.indices(x)), x, fast_mode=True)


@each_device
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
@each_call
def test_every_float_dtype_gives_what_pytorch_gives(call, dtype, device):
    """Same dtype, same values, same gradient, up to the rounding of that dtype?

    In 16 bits the expected numbers are PyTorch's in float32, rounded: its own 16-bit kernels for volumes add up in 16
    bits, or do not exist.
    """
    x = call.x(dtype, device)
    indices = call.indices(x)
    got = gradient(call.ours, x, indices)
    expected = gradient(call.theirs, x.float() if dtype.itemsize == 2 else x, indices)
    name = str(dtype).removeprefix("torch.")
    for what, theirs, ours in zip(("output", "gradient"), expected, got, strict=True):
        assert ours.dtype == dtype, f"{what} of {call} has dtype {ours.dtype}"
        # A power, a sum and a root are rounded one by one.
        tolerance = TOLERANCES[name] * (4 if call.operation == "lp_pool" else 1)
        subject = f"torch_layer.{call}({call.arguments}) in {name}"
        same(subject, what, widened(theirs.to(dtype)), widened(ours), tolerance)


def widened(tensor: torch.Tensor):
    return tensor.cpu().double().numpy()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("operation", ["avg_pool", "adaptive_avg_pool", "global_avg_pool"])
def test_half_precision_is_added_up_in_float32_and_rounded_once(operation, dtype):
    """64×64 cells of 0.1, and 2×2 of 40000, whose sum float16 cannot hold."""
    arguments = {"avg_pool": {"kernel_size": 64}, "adaptive_avg_pool": {"output_size": 1}}.get(operation, {})
    tenths = torch.full((1, 1, 64, 64), 0.1, dtype=dtype)
    assert TorchCall(operation, 2, arguments).ours(tenths).item() == tenths[0, 0, 0, 0].item()
    if operation == "avg_pool":
        arguments = {"kernel_size": 2}
    large = torch.full((1, 1, 2, 2), 40000, dtype=dtype)
    assert TorchCall(operation, 2, arguments).ours(large).item() == large[0, 0, 0, 0].item()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_gradients_that_meet_in_one_cell_are_added_up_in_float32(dtype):
    """1501 windows send a 1 to the same cell: bfloat16 alone would stand still at 256."""
    x = torch.zeros(1, 1, 3000, dtype=dtype)
    x[..., 0] = 1
    call = TorchCall("max_pool", 1, {"kernel_size": 3000, "stride": 1, "padding": 1500})
    tensor = x.requires_grad_()
    output = call.ours(tensor)
    (ours,) = torch.autograd.grad(output, tensor, torch.ones_like(output))
    wins = int((output == 1).sum())
    assert ours[0, 0, 0] == torch.tensor(wins, dtype=dtype)


def memory_layouts(x: torch.Tensor) -> dict[str, torch.Tensor]:
    """Lay the same values out in other ways."""
    layouts = {
        "every second cell": x.repeat_interleave(2, -1)[..., ::2],
        "transposed": x.transpose(-1, -2).contiguous().transpose(-1, -2),
        "batch and channels swapped": x.transpose(0, 1).contiguous().transpose(0, 1),
    }
    if x.ndim > 3:
        format_ = torch.channels_last if x.ndim == 4 else torch.channels_last_3d
        layouts["channels last"] = x.to(memory_format=format_)
    return layouts


@each_device
@each_call
def test_the_layout_in_memory_does_not_matter(call, device):
    x = call.x(device=device)
    indices = call.indices(x)
    expected = gradient(call.ours, x, indices)
    for name, laid_out in memory_layouts(x).items():
        for what, wanted, got in zip(
            ("output", "gradient"), expected, gradient(call.ours, laid_out, indices), strict=True
        ):
            same(f"torch_layer.{call} of x laid out as {name}", what, widened(wanted), widened(got))


@each_call
def test_channels_last_stays_channels_last_where_it_does_in_pytorch(call):
    if call.rank == 1:
        return  # there is no channels-last format for (N, C, L)
    format_ = torch.channels_last if call.rank == 2 else torch.channels_last_3d
    x = call.x().to(memory_format=format_)
    indices = call.indices(x)
    if call.theirs(x, indices).is_contiguous(memory_format=format_):
        assert call.ours(x, indices).is_contiguous(memory_format=format_)


@each_call
def test_x_is_left_as_it_was(call):
    x = call.x()
    before, version = x.clone(), x._version
    gradient(call.ours, x, call.indices(x))
    output = call.ours(x, call.indices(x))
    output.zero_()
    assert torch.equal(x, before)
    assert x._version == version


@each_call
def test_no_gradient_is_made_where_none_is_asked_for(call):
    x = call.x()
    assert not call.ours(x, call.indices(x)).requires_grad
    with torch.no_grad():
        assert not call.ours(x.requires_grad_(), call.indices(x)).requires_grad


def test_indices_have_no_gradient():
    """As in PyTorch: an index is a place, and a place has no slope."""
    x = CALLS[1].x().requires_grad_()
    for operation, argument in (("max_pool", {"kernel_size": 2}), ("adaptive_max_pool", {"output_size": 2})):
        _, indices = TorchCall(operation, 2, argument | {"return_indices": True}).ours(x)
        assert indices.dtype == torch.int64
        assert not indices.requires_grad


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64], ids=str)
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_integers_are_pooled_where_pytorch_pools_them(rank, dtype):
    """Maxima keep the dtype; an average of int64 is truncated; what PyTorch refuses is in the table of refusals."""
    x = torch.arange(-40, 40).repeat(5)[: 3 * 5**rank].reshape((1, 3) + (5,) * rank).to(dtype)
    calls = [TorchCall("max_pool", rank, {"kernel_size": 3, "padding": 1, "return_indices": True})]
    if dtype == torch.int64:
        calls += [TorchCall("avg_pool", rank, {"kernel_size": 3, "padding": 1, "count_include_pad": False})]
    for call in calls:
        for theirs, ours in zip(call.theirs(x), call.ours(x), strict=True):
            assert ours.dtype == theirs.dtype
            same(f"torch_layer.{call} of {dtype}", "output", theirs.numpy(), ours.numpy())


@pytest.mark.parametrize("call", [call for call in CALLS if call.rank == 2], ids=str)
def test_vmap_is_one_more_batch_axis(call):
    x = call.x()
    indices = call.indices(x)
    if indices is not None:
        return  # a check of the indices' values cannot be traced
    stacked = torch.stack([x, x + 1])
    same(f"vmap of {call}", "output", call.ours(stacked[1]).numpy(), torch.vmap(call.ours)(stacked)[1].numpy())
