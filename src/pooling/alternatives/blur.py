"""Blur before the step: pooling with less aliasing."""

from __future__ import annotations

import functools
import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from pooling import arguments
from pooling.alternatives.tensors import spatial_shape
from pooling.torch_layer import MaxPool2d, max_pool2d


def blur_pool2d(x: Tensor, kernel_size: Any = 3, stride: Any = 2) -> Tensor:
    """Smooth every channel with a binomial filter, then keep every `stride`-th value.

    y[i] = Σ w[u] · x[i·stride + u − before] along each axis, where w is row kernel_size − 1 of Pascal's triangle over
    its sum, (1, 2, 1) / 4 for 3. This removes what the step would otherwise fold into false patterns. Borders are
    reflected, so a constant stays one.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, H, W) or (C, H, W), of floating-point numbers.
    kernel_size, stride : int or tuple of int
        Cells of the filter, at most 2·H − 1 and 2·W − 1, for more cannot be reflected; and the step.

    Returns
    -------
    Tensor
        Shape (N, C, ceil(H / stride), ceil(W / stride)), or without N.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    R. Zhang: Making Convolutional Networks Shift-Invariant Again. ICML 2019. https://arxiv.org/abs/1904.11486
    """
    return _blur(x, "kernel_size", kernel_size, stride)


class BlurPool2d(nn.Module):
    """The module of `blur_pool2d`: less aliasing where a pooling or a stride would step over cells.

    Parameters
    ----------
    kernel_size, stride : int or tuple of int

    Notes
    -----
    From (N, C, H, W) to (N, C, ceil(H / stride), ceil(W / stride)), or without N.
    """

    def __init__(self, kernel_size: Any = 3, stride: Any = 2) -> None:
        super().__init__()
        self.kernel_size = arguments.integers("kernel_size", kernel_size, 2, 1)
        self.stride = arguments.integers("stride", stride, 2, 1)

    @property
    def padding(self) -> arguments.Pairs:
        """Cells that are reflected (before, after) each axis."""
        return _halves(self.kernel_size)

    def forward(self, x: Tensor) -> Tensor:
        """Return x, smaller."""
        return blur_pool2d(x, self.kernel_size, self.stride)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}"


def max_blur_pool2d(x: Tensor, kernel_size: Any = 2, stride: Any = 2, blur_size: Any = 3) -> Tensor:
    """Max pooling in two steps: the maximum at every position, then `blur_pool2d`.

    y = blur_pool2d(max_pool2d(x, kernel_size, stride=1), blur_size, stride). Max pooling itself is the same with a blur
    of size 1, which is none.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, H, W) or (C, H, W), of floating-point numbers.
    kernel_size, stride, blur_size : int or tuple of int
        Cells of a maximum, the step, and cells of the filter.

    Returns
    -------
    Tensor
        Shape (N, C, ceil((H − kernel_size + 1) / stride), ...), or without N: that of max pooling without padding.

    References
    ----------
    R. Zhang: Making Convolutional Networks Shift-Invariant Again. ICML 2019. https://arxiv.org/abs/1904.11486
    """
    spatial_shape(x)
    return _blur(max_pool2d(x, kernel_size, stride=1), "blur_size", blur_size, stride)


class MaxBlurPool2d(nn.Sequential):
    """The module of `max_blur_pool2d`: a `MaxPool2d` with stride 1 and a `BlurPool2d`.

    Parameters
    ----------
    kernel_size, stride, blur_size : int or tuple of int

    Notes
    -----
    From (N, C, H, W) to (N, C, ceil((H − kernel_size + 1) / stride), ...), or without N.
    """

    def __init__(self, kernel_size: Any = 2, stride: Any = 2, blur_size: Any = 3) -> None:
        blur_size = arguments.integers("blur_size", blur_size, 2, 1)
        super().__init__(MaxPool2d(kernel_size, stride=1), BlurPool2d(blur_size, stride))


def _blur(x: Tensor, name: str, kernel_size: Any, stride: Any) -> Tensor:
    """Do what `blur_pool2d` says; `name` is what the caller calls the size of the filter."""
    height, width = spatial_shape(x)
    kernels = arguments.integers(name, kernel_size, 2, 1)
    strides = arguments.integers("stride", stride, 2, 1)
    (top, bottom), (left, right) = _halves(kernels)
    if bottom >= height or right >= width:
        raise ValueError(
            f"{name} must be at most {(2 * height - 1, 2 * width - 1)} to reflect the borders of a "
            f"plane of {(height, width)}; got {arguments.brief(kernel_size)}"
        )
    # Strided slices, first of rows, then of columns: on a CPU several times faster than a convolution that takes every
    # channel for itself, forward and backward.
    planes = F.pad(x.reshape(-1, 1, height, width), (left, right, top, bottom), mode="reflect")
    for axis, kernel, step in zip((-2, -1), kernels, strides, strict=True):
        planes = _weighted_slices(planes, axis, _binomial(kernel), step)
    return planes.reshape(*x.shape[:-2], *planes.shape[-2:])


def _weighted_slices(planes: Tensor, axis: int, weights: list[float], step: int) -> Tensor:
    """Return Σ weights[tap] · planes[i·step + tap] along an axis."""
    last = planes.shape[axis] - len(weights)  # where the last window starts
    starts = slice(None, None, step)
    where = (..., starts, slice(None)) if axis == -2 else (..., starts)
    taps = (planes.narrow(axis, tap, last + 1)[where] * weight for tap, weight in enumerate(weights))
    return functools.reduce(torch.add, taps)


def _halves(kernels: tuple[int, ...]) -> arguments.Pairs:
    """Return (before, after) padding that centres a filter; the odd cell comes after."""
    return tuple(((kernel - 1) // 2, kernel // 2) for kernel in kernels)


def _binomial(kernel_size: int) -> list[float]:
    return [math.comb(kernel_size - 1, tap) / 2 ** (kernel_size - 1) for tap in range(kernel_size)]
