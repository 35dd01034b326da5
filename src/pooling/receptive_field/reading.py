"""Reads the layers of a module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pooling import arguments
from pooling.receptive_field.layers import Layer, merged

if TYPE_CHECKING:
    from torch import nn


# Modules are told apart by the names of their classes and base classes: `pooling` names its own as `torch.nn` does.
_WINDOWED = re.compile("(Conv|MaxPool|AvgPool|LPPool|BlurPool|StochasticPool)([123])d")
MAX_POOL = re.compile("MaxPool[123]d")
_WHOLE_INPUT = re.compile("(Adaptive|Global)(Max|Avg)Pool[123]d|GeM2d|AttentionPool2d|Flatten|Linear")
_POINTWISE = re.compile(
    r"torch\.nn\.modules\.((activation|batchnorm|dropout|instancenorm|normalization)\..*|linear\.Identity)"
)
_NOT_POINTWISE = re.compile("GLU|MultiheadAttention")  # though they live beside the activations


def from_module(module: nn.Module) -> list[Layer]:
    """List the convolutions and poolings of a module, in the order in which they are registered.

    That is the order in which nn.Sequential runs them. A container with a forward of its own may run them in another,
    or side by side; nothing but running it can tell, and `measure` does. Read are Conv, MaxPool, AvgPool, LPPool,
    BlurPool and StochasticPool in 1d to 3d, those of `torch.nn` and those of `pooling`. Layers that treat every
    position alike pass: activations, dropout, and normalizations too, though the statistics of some come from the
    whole plane.

    Parameters
    ----------
    module : nn.Module

    Returns
    -------
    list of Layer
        Each named by its path in the module, such as "features.0"; `module` itself has the name of its class.

    Raises
    ------
    TypeError
        For a layer without a rule, such as a transposed convolution, naming its path and its class.
    ValueError
        For a layer that sees the whole input, such as a global pooling or nn.Linear: nothing after it has a receptive
        field of its own.
    """
    if not hasattr(module, "named_modules"):
        raise TypeError(f"module must be an nn.Module; got {arguments.brief(module)} of type {type(module).__name__}")
    from torch import nn

    if not isinstance(module, nn.Module):
        raise TypeError(f"module must be an nn.Module; got {arguments.brief(module)} of type {type(module).__name__}")
    layers: list[Layer] = []
    ranks: dict[int, str] = {}
    done = None
    for path, part in module.named_modules(remove_duplicate=False):
        if done is not None and path.startswith(done):
            continue  # a piece of a layer that was read as a whole, such as a parametrization of its weight
        name = path or type(part).__name__
        if rank := rank_of(part):
            ranks[rank] = name
            layers.append(as_layer(name, part))
        elif class_matches(_WHOLE_INPUT, part):
            raise ValueError(
                f"module must end before {name}, a {type(part).__name__}, which sees the whole input: pass the layers "
                "before it (of an nn.Sequential, the slice module[:n])"
            )
        elif not is_pointwise(part):
            if any(True for _ in part.children()) or isinstance(part, (nn.Sequential, nn.ModuleList, nn.ModuleDict)):
                continue  # what it holds comes next
            raise TypeError(
                f"module must be made of convolutions, poolings and layers that treat all positions alike; got {name}, "
                f"a {type(part).__name__}, for which there is no rule (`measure` takes any module)"
            )
        done = f"{path}." if path else ""
    if len(ranks) > 1:
        found = ", ".join(f"{name} with {rank}" for rank, name in sorted(ranks.items()))
        raise ValueError(f"module must have the same number of spatial axes in all its layers; got {found}")
    return layers


def rank_of(module: nn.Module) -> int | None:
    """Return the number of axes of a convolution or pooling; None for other modules."""
    match = class_matches(_WINDOWED, module)
    return int(match[2]) if match and hasattr(module, "kernel_size") else None


def class_matches(pattern: re.Pattern[str], module: nn.Module) -> re.Match[str] | None:
    """Match the name of the module's class, or of a base class."""
    return next(filter(None, (pattern.fullmatch(base.__name__) for base in type(module).__mro__)), None)


def is_pointwise(module: nn.Module) -> bool:
    """Tell whether the module treats every position alike."""
    bases = (f"{base.__module__}.{base.__name__}" for base in type(module).__mro__)
    over_channels = getattr(module, "dim", 1) == 1  # a softmax over another axis mixes positions
    return any(map(_POINTWISE.fullmatch, bases)) and over_channels and not class_matches(_NOT_POINTWISE, module)


def as_layer(name: str, module: Any) -> Layer:
    """Return what a convolution or pooling does, with numbers for tuples where the axes agree."""
    defaults = {"padding": 0, "dilation": 1, "ceil_mode": False}
    values = [module.kernel_size, module.stride or module.kernel_size]
    values += [getattr(module, attribute, default) for attribute, default in defaults.items()]
    # Where the axes agree, a number is easier to read than a tuple. Pairs of padding stay as they are.
    numbers = [arguments.is_sequence(value) and isinstance(value[0], int) for value in values]
    return Layer(name, *(merged(value) if flat else value for value, flat in zip(values, numbers, strict=True)))
