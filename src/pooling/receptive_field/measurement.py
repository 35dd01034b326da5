"""Measures a receptive field by back-propagation."""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pooling import arguments, geometry
from pooling.receptive_field.layers import Layer, merged
from pooling.receptive_field.reading import MAX_POOL, as_layer, class_matches, is_pointwise, rank_of

if TYPE_CHECKING:
    from torch import Tensor, nn


class Measurement(NamedTuple):
    """What `measure` found; everything has an entry for each axis of the input."""

    #: The output that was asked, by its index along each axis.
    output: tuple[int, ...]
    #: The input cells that it depends on, from the first to the last.
    cells: tuple[range, ...]
    #: How strongly, summed over channels: a tensor in the input's spatial shape, float64.
    gradient: Tensor

    @property
    def receptive_field(self) -> Any:
        """Input cells from the first to the last, as in `Row`; less at a border, where the padding does not count."""
        return merged(tuple(map(len, self.cells)))


def measure(module: nn.Module, input_shape: Sequence[int], output: Any = None) -> Measurement:
    """Find the input cells that one output depends on, by back-propagation.

    The gradient of the output by the input is nonzero where the output sees the input. Three things could hide a cell:
    weights that cancel, activations that are cut off, and max pooling, which passes its gradient to the winners only.
    So a copy of the module is asked, in float64 on the CPU and in evaluation mode, in which every weight is the same
    positive number, biases are 0, activations and normalizations let everything through, and max pooling spreads its
    gradient evenly. What a forward calls as a function cannot be replaced; therefore the input is positive, and asked
    twice: it rises along all axes, so that the last cell of a window wins, then falls, so that the first does.

    The gradient is the effective receptive field of Luo et al. for uniform weights: close to a Gaussian, and much
    narrower than the receptive field.

    Parameters
    ----------
    module : nn.Module
        Whatever maps a tensor to a tensor (N, C, *spatial) or (N, C). It stays as it is.
    input_shape : sequence of int
        (N, C, *spatial). Spatial sizes of at least the receptive field show it uncut.
    output : int or tuple of int, optional
        Which output to ask, by its index along each of the output's axes; the one in the middle by default.

    Returns
    -------
    Measurement

    Raises
    ------
    TypeError, ValueError
        For a bad argument, and for a module whose output is no tensor or does not depend on the input by a gradient.

    References
    ----------
    W. Luo, Y. Li, R. Urtasun, R. Zemel: Understanding the Effective Receptive Field in Deep Convolutional Neural
    Networks. NeurIPS 2016. https://arxiv.org/abs/1701.04128
    """
    import torch

    if not isinstance(module, torch.nn.Module):
        raise TypeError(f"module must be an nn.Module; got {arguments.brief(module)} of type {type(module).__name__}")
    if not arguments.is_sequence(input_shape) or len(input_shape) < 3:
        raise ValueError(f"input_shape must be a tuple (N, C, *spatial); got {arguments.brief(input_shape)}")
    shape = arguments.integers("input_shape", input_shape, len(input_shape), 1)
    with torch.random.fork_rng(devices=[]), torch.inference_mode(False), torch.enable_grad():
        asked = _transparent(copy.deepcopy(module).to("cpu", torch.float64).eval())
        rising = _ramp(shape)
        index, gradient = _gradient(asked, rising, output)
        gradient = (gradient + _gradient(asked, rising.flip(tuple(range(2, len(shape)))), output)[1]) / 2
    return Measurement(index, tuple(_extent(gradient, axis) for axis in range(gradient.ndim)), gradient)


def _transparent(module: nn.Module) -> nn.Module:
    """Change a module so that every input cell shows in the gradient of every output that sees it."""
    from torch.nn.parameter import is_lazy

    for name, parameter in module.named_parameters():
        if is_lazy(parameter):
            raise ValueError(f"module must be run on an input first, to know its shapes; got {name} without a shape")
        parameter.requires_grad_(False)
        # Weights that take a mean keep the values and gradients of a deep network in range.
        parameter.fill_(1 / parameter.shape[1:].numel() if parameter.ndim > 1 else not name.endswith("bias"))
    for part in module.modules():
        rank = rank_of(part)
        if is_pointwise(part):
            part.forward = lambda x, *_, **__: x
        elif rank and class_matches(MAX_POOL, part) and not part.return_indices:
            part.forward = functools.partial(_evenly, as_layer("", part), rank)
    return module


def _evenly(layer: Layer, rank: int, x: Tensor) -> Tensor:
    """Average the real cells of each window, axis by axis; unlike PyTorch's average pooling, with dilation."""
    for axis, pooled in enumerate(geometry.pooled_axes(x.shape[-rank:], *layer[1:]), start=-rank):
        shares = x.new_zeros(pooled.output_size, pooled.size)
        for row, window in zip(shares, pooled.windows, strict=True):
            row[window.cells.start : window.cells.stop : window.cells.step] = 1 / len(window.cells)
        x = (x.movedim(axis, -1) @ shares.T).movedim(-1, axis)
    return x


def _ramp(shape: tuple[int, ...]) -> Tensor:
    """Return numbers from 1 to 2 that rise along every spatial axis."""
    import torch

    steps = [torch.linspace(1, 2, size, dtype=torch.float64, device="cpu") for size in shape[2:]]
    return torch.stack(torch.meshgrid(*steps, indexing="ij")).mean(0).expand(shape)


def _gradient(module: nn.Module, x: Tensor, output: Any) -> tuple[tuple[int, ...], Tensor]:
    """Return the index of the output that was asked, and the size of its gradient in every cell of the input."""
    import torch

    x = x.clone().requires_grad_()
    y = module(x)
    if not isinstance(y, torch.Tensor) or y.ndim < 2:
        found = tuple(y.shape) if isinstance(y, torch.Tensor) else type(y).__name__
        raise TypeError(f"module must return a tensor of shape (N, C, *spatial) or (N, C); got {found}")
    sizes = tuple(y.shape[2:])
    index = (
        tuple(size // 2 for size in sizes) if output is None else arguments.integers("output", output, len(sizes), 0)
    )
    if any(place >= size for place, size in zip(index, sizes, strict=True)):
        raise ValueError(f"output must lie within the output's shape {sizes}; got {arguments.brief(output)}")
    asked: tuple[Any, ...] = (0, slice(None), *index)
    seen = torch.autograd.grad(y[asked].sum(), x, allow_unused=True)[0] if y.requires_grad else None
    if seen is None:
        raise ValueError(
            f"module must pass a gradient from its output to its input; got none from {type(module).__name__}"
        )
    return index, seen[0].abs().sum(0)


def _extent(gradient: Tensor, axis: int) -> range:
    """Return the cells of an axis from the first to the last with a gradient."""
    places = gradient.movedim(axis, 0).reshape(gradient.shape[axis], -1).any(1).nonzero().flatten().tolist()
    return range(places[0], places[-1] + 1) if places else range(0)
