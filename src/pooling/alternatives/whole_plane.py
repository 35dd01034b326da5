"""One number for a whole plane, by a mean that learns."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from pooling import arguments
from pooling.alternatives.tensors import spatial_shape
from pooling.torch_layer.tensors import sum_dtype


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
    spatial_shape(x)
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
        spatial_shape(x)
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


def _positive(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(
            f"{name} must be a number greater than 0; got {arguments.brief(value)} of type {type(value).__name__}"
        )
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be a finite number greater than 0; got {value}")
    return float(value)
