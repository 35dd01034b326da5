"""A convolution in place of a pooling."""

from __future__ import annotations

from typing import Any

from torch import nn

from pooling import arguments


class StridedConv2d(nn.Conv2d):
    """A convolution with the windows of a pooling.

    y[o, i, j] = b[o] + Σ w[o, c, u, v] · x[c, i·stride + u, j·stride + v] over all channels c and the cells (u, v) of a
    window. A pooling is the special case in which w is fixed and no channel sees another.

    Parameters
    ----------
    in_channels : int
        C.
    out_channels : int, optional
        C_out; as many as come in by default.
    kernel_size, stride, padding, dilation : int or tuple of int
        As those of a pooling: `stride` defaults to `kernel_size`. Parameters: C_out · C · kernel_size² + C_out.
    bias : bool

    Notes
    -----
    From (N, C, H, W) to (N, C_out, H_out, W_out), or without N.

    References
    ----------
    J. T. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller: Striving for Simplicity: The All Convolutional Net.
    2014. https://arxiv.org/abs/1412.6806
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int | None = None,
        kernel_size: Any = 2,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        bias: bool = True,
    ) -> None:
        channels = arguments.integer("in_channels", in_channels, 1)
        outputs = channels if out_channels is None else arguments.integer("out_channels", out_channels, 1)
        kernels, strides, _, dilations, _ = arguments.window_arguments(2, kernel_size, stride, 0, dilation)
        paddings = arguments.integers("padding", padding, 2, 0)
        window: dict[str, Any] = {"stride": strides, "padding": paddings, "dilation": dilations}
        super().__init__(channels, outputs, (kernels[0], kernels[1]), bias=arguments.flag("bias", bias), **window)
