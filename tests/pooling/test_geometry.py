"""Are sizes and windows those of PyTorch, and is every refusal explained?"""

import itertools
import re

import pytest
import torch
import torch.nn.functional as F

from pooling import geometry
from tests.pooling.cases import BOOLS, Line, both_sides

LINES = [
    Line(*choice)
    for choice in itertools.product(range(1, 10), (1, 2, 3, 4, 5), (None, 1, 2, 3, 4), (0, 1, 2), (1, 2, 3))
]
PAIRED = [
    Line(*choice)
    for choice in itertools.product(range(1, 8), (1, 2, 3), (None, 1, 2, 3), ((0, 1), (2, 0), (1, 3), "same"), (1, 2))
]


def arguments(line: Line, ceil_mode: bool) -> dict:
    padding = (line.padding,) if isinstance(line.padding, tuple) else line.padding
    return line._asdict() | {"padding": padding, "ceil_mode": ceil_mode}


@pytest.mark.parametrize("ceil_mode", BOOLS)
def test_output_size_is_that_of_pytorch(ceil_mode):
    """Does a max_pool1d of PyTorch's give as many outputs, and refuse the same, for every line of numbers?"""
    compared = 0
    for line in LINES:
        x = torch.zeros(1, 1, line.size)
        kernel, stride, padding, dilation = line.kernel_size, line.stride, line.padding, line.dilation
        try:
            expected = F.max_pool1d(x, kernel, stride, padding, dilation, ceil_mode).shape[-1]
        except RuntimeError:
            with pytest.raises(ValueError, match=r"padding|kernel_size"):
                geometry.output_size(**arguments(line, ceil_mode))
            continue
        if not line.fits(ceil_mode):
            continue  # PyTorch lets a window without a real cell pass; see `test_a_window_of_padding_alone_is_refused`
        assert geometry.output_size(**arguments(line, ceil_mode)) == expected, (line, ceil_mode)
        compared += 1
    assert compared > 800


@pytest.mark.parametrize("ceil_mode", BOOLS)
def test_windows_are_those_found_cell_by_cell(ceil_mode):
    """Does each window list its real cells, in order, and count the padding that it covers?"""
    for line in LINES + PAIRED:
        if not line.fits(ceil_mode):
            continue
        before, after = both_sides(line)
        stride = line.stride or line.kernel_size
        windows = geometry.windows(**arguments(line, ceil_mode))
        assert len(windows) == geometry.output_size(**arguments(line, ceil_mode)), (line, ceil_mode)
        for number, (window, real) in enumerate(zip(windows, line.windows(ceil_mode), strict=True)):
            taps = [number * stride - before + tap * line.dilation for tap in range(line.kernel_size)]
            assert list(window.cells) == [cell for cell, is_real in zip(taps, real, strict=True) if is_real], line
            assert window.extent == sum(cell < line.size + after for cell in taps), line


@pytest.mark.parametrize("ceil_mode", BOOLS)
def test_a_window_of_padding_alone_is_refused(ceil_mode):
    """Is every line refused that has no window, or one without a real cell?"""
    refused = 0
    for line in LINES + PAIRED:
        if not line.fits(ceil_mode):
            for function in (geometry.output_size, geometry.windows):
                with pytest.raises(ValueError, match=r"padding|kernel_size"):
                    function(**arguments(line, ceil_mode))
            refused += 1
    assert refused > 100


def test_pytorch_lets_a_window_without_a_real_cell_pass():
    """2 cells, kernel 2, dilation 3, padding 1: PyTorch's index lies outside of x, so we refuse."""
    _, indices = F.max_pool1d(torch.zeros(1, 1, 2), 2, 1, 1, 3, return_indices=True)
    assert not 0 <= indices.item() < 2
    with pytest.raises(ValueError, match="nothing but padding"):
        geometry.output_size(2, 2, 1, 1, 3)


def test_ceil_mode_drops_a_window_that_would_start_behind_the_input():
    assert geometry.output_size(2, kernel_size=1, stride=2, ceil_mode=True) == 1
    assert geometry.output_size(3, kernel_size=1, stride=2, ceil_mode=True) == 2


SAME = list(itertools.product(range(1, 12), (1, 2, 3, 4, 5), (1, 2, 3), (1, 2)))


def test_same_padding_gives_an_output_for_every_stride():
    """Does "same" give ceil(size / stride) outputs, with the odd cell behind, or in front for `lower`?"""
    for size, kernel, stride, dilation in SAME:
        pair = geometry.same_padding(size, kernel, stride, dilation)
        assert pair == both_sides(Line(size, kernel, stride, "same", dilation))
        assert pair[1] - pair[0] in (0, 1)
        assert geometry.same_padding(size, kernel, stride, dilation, lower=True) == pair[::-1]
        if Line(size, kernel, stride, "same", dilation).fits(False):
            assert geometry.output_size(size, kernel, stride, "same", dilation) == -(-size // stride)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_same_padding_is_that_of_a_convolution():
    """Do PyTorch's convolutions, which know "same" for stride 1, split the padding alike?"""
    for size, kernel, dilation in itertools.product(range(1, 9), (1, 2, 3, 4), (1, 2)):
        x, weight = torch.rand(1, 1, size), torch.ones(1, 1, kernel)
        padded = F.pad(x, geometry.same_padding(size, kernel, 1, dilation))
        expected = F.conv1d(x, weight, padding="same", dilation=dilation)
        torch.testing.assert_close(F.conv1d(padded, weight, dilation=dilation), expected)


def test_adaptive_windows_are_those_of_pytorch():
    """Which cells does output i depend on? PyTorch's gradient says it."""
    for size, count in itertools.product(range(1, 12), range(1, 14)):
        x = torch.zeros(1, 1, size, requires_grad=True)
        outputs = F.adaptive_avg_pool1d(x, count)[0, 0]
        windows = geometry.adaptive_windows(size, count)
        assert len(windows) == count
        for output, window in zip(outputs, windows, strict=True):
            (gradient,) = torch.autograd.grad(output, x, retain_graph=True)
            assert list(window.cells) == gradient[0, 0].nonzero().flatten().tolist(), (size, count)
            assert window.extent == len(window.cells)


def test_no_adaptive_window_for_an_output_of_0():
    assert geometry.adaptive_windows(5, 0) == []


def test_one_element_tuples_and_an_empty_stride_are_read_as_pytorch_reads_them():
    sizes = (7, 8, 9)
    expected = geometry.pooled_axes(sizes, 3, 3, 1, 2)
    assert geometry.pooled_axes(sizes, (3,), (), (1,), (2,)) == expected
    assert geometry.pooled_axes(sizes, [3, 3, 3], None, ((1, 1),), 2) == expected


def test_numbers_may_be_numpy_integers():
    numpy = pytest.importorskip("numpy")
    assert geometry.output_size(numpy.int64(7), numpy.int32(3), numpy.uint8(2)) == 3


REFUSALS = [
    ({"size": 0}, ValueError, "size must be .*at least 1; got 0"),
    ({"size": 2.0}, TypeError, "size must be an integer .* got 2.0 of type float"),
    ({"kernel_size": "3"}, TypeError, "kernel_size must be an integer .* got '3' of type str"),
    ({"kernel_size": 0}, ValueError, "kernel_size must be .*at least 1; got 0"),
    ({"kernel_size": (2, 2)}, ValueError, r"kernel_size must be .*one; got \(2, 2\)"),
    ({"kernel_size": 6}, ValueError, "kernel_size=6 .* spans 6 cells, .* 5 .* use a kernel_size of at most 5"),
    ({"stride": 0}, ValueError, "stride must be .*at least 1; got 0"),
    ({"stride": True}, TypeError, "stride must be an integer .* got True of type bool"),
    ({"padding": -1}, ValueError, "padding must be .*at least 0; got -1"),
    ({"padding": 2}, ValueError, "padding must be at most half of kernel_size, 1 for kernel_size=3; got 2"),
    ({"padding": ((2, 2),)}, ValueError, "padding must be at most half of kernel_size"),
    ({"padding": (1, 0)}, ValueError, r"padding must be .*\(before, after\) pair.*got \(1, 0\)"),
    ({"padding": ((1, 0, 1),)}, ValueError, r"padding\[0\] must be .*got \(1, 0, 1\)"),
    ({"padding": ((1, -2),)}, ValueError, r"padding\[0\].* must be .*at least 0; got -2"),
    ({"padding": ((3, 0),)}, ValueError, r"padding=\(3, 0\) .* nothing but padding"),
    ({"padding": "valid"}, TypeError, "padding must be .*\"same\"; got 'valid'"),
    ({"dilation": 0}, ValueError, "dilation must be .*at least 1; got 0"),
    ({"dilation": 1.5}, TypeError, "dilation must be an integer .* got 1.5 of type float"),
    ({"ceil_mode": 1}, TypeError, "ceil_mode must be True or False; got 1 of type int"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), REFUSALS, ids=[str(row[0]) for row in REFUSALS])
def test_a_wrong_argument_is_named_with_its_value_and_what_is_accepted(wrong, error, message):
    right = {"size": 5, "kernel_size": 3}
    for function in (geometry.output_size, geometry.windows):
        with pytest.raises(error) as caught:
            function(**(right | wrong))
        assert re.search(message, str(caught.value)), f"{message!r} is not in: {caught.value}"


@pytest.mark.parametrize("wrong", [(0, 1), (5, -1), (5, 2.0), (True, 1), (5, "2"), (5, None)], ids=str)
def test_adaptive_windows_refuse_what_is_no_size(wrong):
    with pytest.raises((TypeError, ValueError), match="size must be"):
        geometry.adaptive_windows(*wrong)


@pytest.mark.parametrize(
    "wrong", [{"size": 0}, {"kernel_size": 0}, {"stride": 0}, {"dilation": 0}, {"stride": 1.0}], ids=str
)
def test_same_padding_refuses_what_is_no_size(wrong):
    (name,) = wrong
    with pytest.raises((TypeError, ValueError), match=f"{name} must be"):
        geometry.same_padding(**({"size": 5, "kernel_size": 2} | wrong))
