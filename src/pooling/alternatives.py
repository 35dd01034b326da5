"""What replaces pooling: layers that also make a feature map smaller, but learn, smooth, weigh or draw.

All take tensors of floating-point numbers, (N, C, H, W) or (C, H, W). Those with windows put them where
`pooling.geometry` says.

=====================  ===============================================================================================
`StridedConv2d`        a convolution that steps as far as a pooling: learns what to keep
`BlurPool2d`           a binomial low-pass filter before the step: less aliasing
`MaxBlurPool2d`        the maximum of every window, then blur and step: max pooling with less aliasing
`GeM2d`                a generalized mean of the whole plane, from average to maximum as p grows; learns p
`StochasticPool2d`     draws one value of each window, large ones more often; a weighted mean in evaluation
`AttentionPool2d`      a weighted mean of the whole plane; learns which positions count
=====================  ===============================================================================================

One more, the Lp norm of each window, is as old as max pooling: `pooling.torch_layer.LPPool2d`.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from pooling import arguments
from pooling.geometry import pooled_axes, window_arguments
from pooling.torch_layer import MaxPool2d, max_pool2d
from pooling.torch_layer.tensors import sum_dtype


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
        kernels, strides, _, dilations, _ = window_arguments(2, kernel_size, stride, 0, dilation)
        paddings = arguments.integers("padding", padding, 2, 0)
        window: dict[str, Any] = {"stride": strides, "padding": paddings, "dilation": dilations}
        super().__init__(channels, outputs, (kernels[0], kernels[1]), bias=arguments.flag("bias", bias), **window)


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
    _spatial_shape(x)
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


def gem_pool2d(x: Tensor, p: float | Tensor = 3.0, eps: float = 1e-6, keepdims: bool = True) -> Tensor:
    """Take the generalized mean of each plane.

    y[c] = (mean of max(x[c], eps)^p)^(1/p): the average for p = 1, towards the maximum for p → ∞. Differentiable by x
    and by p.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, H, W) or (C, H, W), of floating-point numbers.
    p : float or Tensor
        The exponent, greater than 0; a tensor must have one element.
    eps : float
        What smaller and negative values count as; greater than 0, since their powers would have no gradient or be NaN.
    keepdims : bool
        Whether to keep two axes of size 1.

    Returns
    -------
    Tensor
        Shape (N, C, 1, 1) or (N, C), or without N.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    F. Radenović, G. Tolias, O. Chum: Fine-tuning CNN Image Retrieval with No Human Annotation. TPAMI 2018.
    https://arxiv.org/abs/1711.02512
    """
    _spatial_shape(x)
    _positive("eps", eps)
    if not isinstance(p, Tensor):
        _positive("p", p)
    elif p.numel() != 1:
        raise ValueError(f"p must be a number greater than 0 or a tensor of one; got shape {tuple(p.shape)}")
    clamped = x.to(sum_dtype(x.dtype)).clamp(min=eps)
    # The mean is the same when all values are divided by a number and the result multiplied by it. Dividing by the
    # maximum keeps powers from overflowing, and since the result does not depend on it, it needs no gradient.
    largest = clamped.detach().amax((-2, -1), keepdim=True)
    mean = (largest * (clamped / largest).pow(p).mean((-2, -1), keepdim=True).pow(1 / p)).to(x.dtype)
    return mean if arguments.flag("keepdims", keepdims) else mean.flatten(-3)


class GeM2d(nn.Module):
    """The module of `gem_pool2d`, which learns p: one parameter in place of the choice between average and maximum.

    Parameters
    ----------
    p, eps, keepdims
        As in `gem_pool2d`; `p` is where learning starts.

    Notes
    -----
    From (N, C, H, W) to (N, C, 1, 1), or (N, C) without `keepdims`; the same for (C, H, W).
    """

    def __init__(self, p: float = 3.0, eps: float = 1e-6, keepdims: bool = True) -> None:
        super().__init__()
        self.p = nn.Parameter(torch.tensor(_positive("p", p)))
        self.eps = _positive("eps", eps)
        self.keepdims = arguments.flag("keepdims", keepdims)

    def forward(self, x: Tensor) -> Tensor:
        """Return the generalized mean of each plane of x."""
        return gem_pool2d(x, self.p, self.eps, self.keepdims)

    def extra_repr(self) -> str:
        return f"p={self.p.item():.4g}, eps={self.eps}, keepdims={self.keepdims}"


def stochastic_pool2d(
    x: Tensor, kernel_size: Any, stride: Any = None, training: bool = True, generator: torch.Generator | None = None
) -> Tensor:
    """Draw one value of each window, with a probability in proportion to it.

    p_i = a_i / Σ a_k over the window, where a = max(x, 0). In training y is x_i with probability p_i, and its gradient
    goes to that cell; otherwise y = Σ p_i · x_i. A window without a positive value has equal probabilities.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, H, W) or (C, H, W), of floating-point numbers; meant to follow a ReLU.
    kernel_size, stride : int or tuple of int
        `stride` defaults to `kernel_size`.
    training : bool
        Whether to draw.
    generator : torch.Generator, optional
        Where randomness comes from; PyTorch's global one by default.

    Returns
    -------
    Tensor
        Shape (N, C, H_out, W_out), or without N; the dtype of x.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, naming it, its value and what is accepted.

    References
    ----------
    M. D. Zeiler, R. Fergus: Stochastic Pooling for Regularization of Deep Convolutional Neural Networks. ICLR 2013.
    https://arxiv.org/abs/1301.3557
    """
    axes = pooled_axes(_spatial_shape(x), kernel_size, stride)
    arguments.flag("training", training)
    _check_generator(generator)
    rows, columns = axes
    windows = x.unfold(-2, rows.kernel_size, rows.stride).unfold(-2, columns.kernel_size, columns.stride).flatten(-2)
    weights = windows.clamp(min=0)
    weights = torch.where((weights == 0).all(-1, keepdim=True), torch.ones_like(weights), weights)
    if not training:
        shares = weights.to(sum_dtype(x.dtype))
        return (windows * (shares / shares.sum(-1, keepdim=True))).sum(-1).to(x.dtype)
    # A race: where every cell waits for an exponentially distributed time at its rate, it is the first with just the
    # probability of its share of the rates. It needs no sums, and a rate of 0 never wins.
    noise = torch.empty(weights.shape, dtype=torch.float32, device=x.device).exponential_(generator=generator)
    drawn = (weights.detach() / noise).argmax(-1, keepdim=True)
    return windows.gather(-1, drawn).squeeze(-1)


class StochasticPool2d(nn.Module):
    """The module of `stochastic_pool2d`: draws in training, takes the weighted mean in evaluation.

    Parameters
    ----------
    kernel_size, stride, generator
        As in `stochastic_pool2d`.

    Notes
    -----
    From (N, C, H, W) to (N, C, H_out, W_out), or without N.
    """

    def __init__(self, kernel_size: Any, stride: Any = None, generator: torch.Generator | None = None) -> None:
        super().__init__()
        window_arguments(2, kernel_size, stride)
        _check_generator(generator)
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """Return one value for each window of x."""
        return stochastic_pool2d(x, self.kernel_size, self.stride, self.training, self.generator)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}"


class AttentionPool2d(nn.Module):
    """Average the whole plane with weights that the module learns from what it sees at each position.

    With h the vector of channels at a position: y = Σ a · h over all positions, a = softmax of q · tanh(V h). In the
    beginning the query q is 0, which makes y the plain average.

    Parameters
    ----------
    channels : int
        C.
    hidden : int, optional
        Size of q, and rows of V; half of the channels, rounded up, by default.
    keepdims : bool
        Whether to keep two axes of size 1.

    Notes
    -----
    From (N, C, H, W) to (N, C, 1, 1), or (N, C) without `keepdims`; the same for (C, H, W).

    References
    ----------
    M. Ilse, J. M. Tomczak, M. Welling: Attention-based Deep Multiple Instance Learning. ICML 2018.
    https://arxiv.org/abs/1802.04712
    """

    def __init__(self, channels: int, hidden: int | None = None, keepdims: bool = True) -> None:
        super().__init__()
        self.channels = arguments.integer("channels", channels, 1)
        self.hidden = (self.channels + 1) // 2 if hidden is None else arguments.integer("hidden", hidden, 1)
        self.keepdims = arguments.flag("keepdims", keepdims)
        self.project = nn.Linear(self.channels, self.hidden, bias=False)
        self.query = nn.Parameter(torch.zeros(self.hidden))

    def weights(self, x: Tensor) -> Tensor:
        """Return the weight of each position: shape (N, H, W) or (H, W), with sum 1."""
        _spatial_shape(x)
        if x.shape[-3] != self.channels:
            raise ValueError(f"x must have {self.channels} channels; got shape {tuple(x.shape)}")
        scores = torch.tanh(self.project(x.movedim(-3, -1))) @ self.query
        return scores.flatten(-2).softmax(-1).unflatten(-1, scores.shape[-2:])

    def forward(self, x: Tensor) -> Tensor:
        """Return the weighted mean of each plane of x."""
        mean = (x * self.weights(x).unsqueeze(-3)).sum((-2, -1), keepdim=True)
        return mean if self.keepdims else mean.flatten(-3)

    def extra_repr(self) -> str:
        return f"{self.channels}, hidden={self.hidden}, keepdims={self.keepdims}"


def _spatial_shape(x: Any) -> tuple[int, ...]:
    if not isinstance(x, Tensor) or not x.is_floating_point():
        found = x.dtype if isinstance(x, Tensor) else type(x).__name__
        raise TypeError(f"x must be a torch.Tensor of floating-point numbers; got {found}")
    return arguments.spatial_shape("x", x.shape, 2, bare=False)


def _blur(x: Tensor, name: str, kernel_size: Any, stride: Any) -> Tensor:
    """Do what `blur_pool2d` says; `name` is what the caller calls the size of the filter."""
    height, width = _spatial_shape(x)
    kernels = arguments.integers(name, kernel_size, 2, 1)
    strides = arguments.integers("stride", stride, 2, 1)
    (top, bottom), (left, right) = _halves(kernels)
    if bottom >= height or right >= width:
        raise ValueError(
            f"{name} must be at most {(2 * height - 1, 2 * width - 1)} to reflect the borders of a "
            f"plane of {(height, width)}; got {arguments.brief(kernel_size)}"
        )
    rows, columns = (_binomial(kernel, x) for kernel in kernels)
    planes = F.pad(x.reshape(-1, 1, height, width), (left, right, top, bottom), mode="reflect")
    blurred = F.conv2d(planes, torch.outer(rows, columns)[None, None], stride=strides)
    return blurred.reshape(*x.shape[:-2], *blurred.shape[-2:])


def _halves(kernels: tuple[int, ...]) -> arguments.Pairs:
    """Return (before, after) padding that centres a filter; the odd cell comes after."""
    return tuple(((kernel - 1) // 2, kernel // 2) for kernel in kernels)


def _binomial(kernel_size: int, x: Tensor) -> Tensor:
    weights = [math.comb(kernel_size - 1, tap) / 2 ** (kernel_size - 1) for tap in range(kernel_size)]
    return torch.tensor(weights, dtype=x.dtype, device=x.device)


def _positive(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(
            f"{name} must be a number greater than 0; got {arguments.brief(value)} of type {type(value).__name__}"
        )
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be a finite number greater than 0; got {value}")
    return float(value)


def _check_generator(generator: Any) -> None:
    if generator is not None and not isinstance(generator, torch.Generator):
        raise TypeError(
            f"generator must be a torch.Generator or None; got {arguments.brief(generator)} "
            f"of type {type(generator).__name__}"
        )
