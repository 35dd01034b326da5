"""Drawing a value of each window."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from pooling import arguments
from pooling.alternatives.tensors import spatial_shape
from pooling.geometry import pooled_axes
from pooling.torch_layer.tensors import sum_dtype


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
    axes = pooled_axes(spatial_shape(x), kernel_size, stride)
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
        arguments.window_arguments(2, kernel_size, stride)
        _check_generator(generator)
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """Return one value for each window of x."""
        return stochastic_pool2d(x, self.kernel_size, self.stride, self.training, self.generator)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}"


def _check_generator(generator: Any) -> None:
    if generator is not None and not isinstance(generator, torch.Generator):
        raise TypeError(
            f"generator must be a torch.Generator or None; got {arguments.brief(generator)} "
            f"of type {type(generator).__name__}"
        )
