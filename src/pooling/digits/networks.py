"""Classifiers that differ in how they make their maps smaller."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from pooling import arguments
from pooling.alternatives import MaxBlurPool2d, StridedConv2d
from pooling.torch_layer import AvgPool2d, GlobalAvgPool2d, MaxPool2d

SIDE = 28  # cells along an image
DIGITS = 10

#: What halves a map of so many channels. Rounding is up in all of them, so that they can be exchanged at any size.
DOWNSAMPLING: dict[str, Callable[[int], nn.Module]] = {
    "max": lambda channels: MaxPool2d(2, ceil_mode=True),
    "average": lambda channels: AvgPool2d(2, ceil_mode=True),
    "strided": lambda channels: StridedConv2d(channels, kernel_size=3, stride=2, padding=1),
    "blur": lambda channels: nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), MaxBlurPool2d(2, 2)),
}
#: What makes one vector of the last maps.
HEADS = ("average", "flatten")


def classifier(
    downsampling: str = "max", head: str = "average", *, channels: Any = (8, 16, 32), seed: int = 0
) -> nn.Sequential:
    """Return an untrained network that tells which digit an image shows.

    A 3×3 convolution, batch normalization and a ReLU for each entry of `channels`, with maps halved in between: 28×28,
    14×14, 7×7. The parts have names: conv1, norm1, relu1, down1, conv2 and so on, then head and linear. So
    `network[:-2]` gives the last maps, and `network.linear` is the last layer.

    Parameters
    ----------
    downsampling : {"max", "average", "strided", "blur"}
        What halves the maps: a 2×2 max or average pool, a 3×3 convolution with stride 2, or the maximum at every
        position followed by a blur and a step of 2.
    head : {"average", "flatten"}
        Whether the linear layer gets the mean of each map, or all cells of all of them.
    channels : sequence of int
        Output channels of the convolutions.
    seed : int
        For the initial weights. The state of PyTorch's own generator is left as it was.

    Returns
    -------
    nn.Sequential
        From (N, 1, H, W) to (N, 10), the scores of the ten digits. With a flatten H and W are 28, without it any.

    Raises
    ------
    ValueError
        For a name that is not among those above, or a number of channels below 1.

    References
    ----------
    S. Ioffe, C. Szegedy: Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift.
    ICML 2015. https://arxiv.org/abs/1502.03167

    Examples
    --------
    >>> network = classifier("strided", head="flatten")
    >>> network(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 10])
    """
    if downsampling not in DOWNSAMPLING:
        raise ValueError(f"downsampling must be one of {', '.join(map(repr, DOWNSAMPLING))}; got {downsampling!r}")
    if head not in HEADS:
        raise ValueError(f"head must be one of {', '.join(map(repr, HEADS))}; got {head!r}")
    widths = [1, *(arguments.integer("channels", count, 1) for count in channels)]
    if len(widths) < 2:
        raise ValueError("channels must name at least one convolution's output channels; got none")

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential()
        side = SIDE
        for number, (before, after) in enumerate(pairwise(widths), start=1):
            if number > 1:
                network.add_module(f"down{number - 1}", DOWNSAMPLING[downsampling](before))
                side = -(-side // 2)
            network.add_module(f"conv{number}", nn.Conv2d(before, after, kernel_size=3, padding=1, bias=False))
            network.add_module(f"norm{number}", nn.BatchNorm2d(after))  # a few epochs are enough with it
            network.add_module(f"relu{number}", nn.ReLU())
        if head == "average":
            network.add_module("head", GlobalAvgPool2d(keepdims=False))
            network.add_module("linear", nn.Linear(widths[-1], DIGITS))
        else:
            network.add_module("head", nn.Flatten())
            network.add_module("linear", nn.Linear(widths[-1] * side**2, DIGITS))
    return network
