"""How much of the input one output sees, layer by layer: calculated, read from a module, or measured.

An axis of the input has cells; cell i spans from i to i + 1, so its centre is at i + 0.5. Going through a layer with a
kernel of k taps, stride s, dilation d and `before` cells of padding in front changes three numbers::

    receptive_field  r → r + (k − 1)·d·j       input cells that one output sees
    start            c → c + ((k − 1)·d / 2 − before)·j   centre of what output 0 sees
    jump             j → j·s                   input cells from one output to the next

They begin with r = 1, c = 0.5 and j = 1. A pooling with stride 2 adds little to the receptive field itself; it doubles
the jump, and with it all that the layers *after* it add. Convolutions and poolings obey the same rule.

`receptive_field` calculates this for a list of layers or a module, `from_module` makes the list, and `measure` asks the
module itself, by back-propagation. Importing this module imports neither NumPy nor torch.

References
----------
A. Araujo, W. Norris, J. Sim: Computing Receptive Fields of Convolutional Neural Networks. Distill, 2019.
https://doi.org/10.23915/distill.00021
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pooling import arguments, geometry

if TYPE_CHECKING:
    from torch import Tensor, nn

# Modules are told apart by the names of their classes and base classes: `pooling` names its own as `torch.nn` does.
_WINDOWED = re.compile("(Conv|MaxPool|AvgPool|LPPool|BlurPool|StochasticPool)([123])d")
_MAX_POOL = re.compile("MaxPool[123]d")
_WHOLE_INPUT = re.compile("(Adaptive|Global)(Max|Avg)Pool[123]d|GeM2d|AttentionPool2d|Flatten|Linear")
_POINTWISE = re.compile(
    r"torch\.nn\.modules\.((activation|batchnorm|dropout|instancenorm|normalization)\..*|linear\.Identity)"
)
_NOT_POINTWISE = re.compile("GLU|MultiheadAttention")  # though they live beside the activations


class Layer(NamedTuple):
    """A convolution or a pooling. Plain tuples do as well, and may leave out what has a default."""

    #: What it is called: "conv", "pool", or a name of its own.
    type: str
    #: An int, or a tuple with one for each axis, as are `stride` (None: `kernel_size`), `padding` and `dilation`.
    kernel_size: Any
    stride: Any
    #: Also a (before, after) pair for each axis, "same" or "valid".
    padding: Any = 0
    dilation: Any = 1
    #: Whether the last window of a pooling may overhang; matters for `Row.size` alone.
    ceil_mode: bool = False


class Row(NamedTuple):
    """The outputs of one layer, seen from the input. Entries are tuples where the axes differ."""

    name: str
    #: Outputs along the axis; None where the size of the input was not given.
    size: Any
    #: Input cells from one output to the next.
    jump: Any
    #: Input cells that one output sees, from the first to the last; strides and dilations can leave holes in between.
    receptive_field: Any
    #: Centre of what output 0 sees, in input cells; cell 0 itself has its centre at 0.5.
    start: Any

    def cells(self, output: Any, size: Any = None) -> Any:
        """Return the input cells that one output sees, from the first to the last.

        Parameters
        ----------
        output : int or tuple of int
            Which output: an index along the axis, or one for each axis.
        size : int or tuple of int, optional
            Size of the input, to leave out the cells that lie in the padding: those below 0, or from `size` on.

        Returns
        -------
        range, or tuple of range
            A tuple where an argument or an entry of the row is one.

        Raises
        ------
        TypeError, ValueError
            For an output that the layer does not have.

        Examples
        --------
        >>> last = receptive_field([("conv", 3, 1), ("pool", 2, 2)])[-1]
        >>> last.cells(5)
        range(10, 14)
        """
        tuples = [value for value in (*self[1:], output, size) if arguments.is_sequence(value)]
        rank = len(tuples[0]) if tuples else 1
        outputs = arguments.integers("output", output, rank, 0)
        limits = (None,) * rank if size is None else arguments.integers("size", size, rank, 1)
        columns = (value if arguments.is_sequence(value) else (value,) * rank for value in self[1:])
        ranges = []
        for index, limit, count, jump, field, start in zip(outputs, limits, *columns, strict=True):
            if count is not None and index >= count:
                raise ValueError(
                    f"output must be less than {count}, the size of {self.name}; got {arguments.brief(output)}"
                )
            first = int(start - field / 2) + index * jump
            stop = first + field
            ranges.append(range(first, stop) if limit is None else range(max(first, 0), min(stop, limit)))
        return tuple(ranges) if tuples else ranges[0]


def receptive_field(layers: Any, size: Any = None) -> list[Row]:
    """Follow the receptive field from the input through a stack of layers.

    Parameters
    ----------
    layers : sequence of tuples, or nn.Module
        (type, kernel_size, stride[, padding[, dilation]]) each, as in `Layer`. Types that occur more than once are
        numbered: "conv" becomes "conv1", "conv2". A module is read by `from_module`.
    size : int or tuple of int, optional
        Size of the input, for `Row.size`; a tuple has an entry for each axis.

    Returns
    -------
    list of Row
        One for each layer.

    Raises
    ------
    TypeError, ValueError
        For a bad argument, and for a layer that no longer fits, naming the layer.

    Examples
    --------
    >>> for row in receptive_field([("conv", 3, 1), ("pool", 2, 2), ("conv", 3, 1)], size=12):
    ...     print(*row)
    conv1 10 1 3 1.5
    pool 5 2 4 2.0
    conv2 3 2 8 4.0
    """
    if hasattr(layers, "named_modules"):
        stack = from_module(layers)
        rank = next(filter(None, map(_rank, layers.modules())), 1)
    else:
        stack = _checked(layers)
        # Only tuples tell how many axes there are. The first one is believed; `arguments` refuses those that differ.
        given = [size, *(value for layer in stack for value in layer[1:5])]
        rank = next((len(value) for value in given if arguments.is_sequence(value) and len(value) > 1), 1)
    sizes = (None,) * rank if size is None else arguments.integers("size", size, rank, 1)
    views = [_View(cells, jump=1, receptive_field=1, start=0.5) for cells in sizes]
    rows = []
    for name, layer in zip(_names(stack), stack, strict=True):
        try:
            views = _through(layer, views)
        except (TypeError, ValueError) as error:
            raise type(error)(f"layer {name}: {error}") from None
        rows.append(Row(name, *map(_merged, zip(*views, strict=True))))
    return rows


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
        if rank := _rank(part):
            ranks[rank] = name
            layers.append(_as_layer(name, part))
        elif _class_matches(_WHOLE_INPUT, part):
            raise ValueError(
                f"module must end before {name}, a {type(part).__name__}, which sees the whole input: pass the layers "
                "before it (of an nn.Sequential, the slice module[:n])"
            )
        elif not _is_pointwise(part):
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
        return _merged(tuple(map(len, self.cells)))


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


class _View(NamedTuple):
    """What `Row` says, along one axis."""

    size: int | None
    jump: int
    receptive_field: int
    start: float


def _through(layer: Layer, views: list[_View]) -> list[_View]:
    """Take every axis through a layer."""
    # Convolutions may have more padding than PyTorch allows a pooling: it is read apart.
    kernels, strides, _, dilations, ceil_mode = geometry.window_arguments(
        len(views), layer.kernel_size, layer.stride, 0, layer.dilation, layer.ceil_mode
    )
    if layer.padding == "same":
        pairs = tuple(map(_same_padding, views, kernels, strides, dilations))
    else:
        pairs = arguments.padding_pairs(0 if layer.padding == "valid" else layer.padding, len(views))
    following = []
    for view, kernel, stride, dilation, pair in zip(views, kernels, strides, dilations, pairs, strict=True):
        size, jump, field, start = view
        reach = (kernel - 1) * dilation
        if size is not None:
            if reach >= size + sum(pair):
                raise ValueError(
                    f"kernel_size={kernel} with dilation={dilation} spans {reach + 1} cells, more than the {size} + "
                    f"{sum(pair)} of padding that are left; use a larger size, a smaller kernel_size or more padding"
                )
            size = (
                geometry.output_size(size, kernel, stride, (pair,), dilation, ceil_mode=True)
                if ceil_mode
                else geometry.output_size(size + sum(pair), kernel, stride, 0, dilation)
            )
        following.append(_View(size, jump * stride, field + reach * jump, start + (reach / 2 - pair[0]) * jump))
    return following


def _same_padding(view: _View, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    if view.size is None and stride > 1:
        raise ValueError(f'size must be given: with stride={stride}, padding="same" depends on it; got None')
    return geometry.same_padding(view.size or 1, kernel, stride, dilation)  # with stride 1 it is the same for any size


def _checked(layers: Any) -> list[Layer]:
    accepted = "(type, kernel_size, stride[, padding[, dilation]])"
    if not arguments.is_sequence(layers):
        raise TypeError(
            f"layers must be a list of tuples {accepted} or an nn.Module; "
            f"got {arguments.brief(layers)} of type {type(layers).__name__}"
        )
    for index, layer in enumerate(layers):
        complete = arguments.is_sequence(layer) and 3 <= len(layer) <= len(Layer._fields)
        if not complete or not isinstance(layer[0], str):
            raise ValueError(
                f"layers[{index}] must be a tuple {accepted}, its type a string; got {arguments.brief(layer)}"
            )
    return [Layer(*layer) for layer in layers]


def _names(layers: list[Layer]) -> list[str]:
    """Return a name for each layer: its type, with a number where others have the same."""
    types = [layer.type for layer in layers]
    return [
        f"{kind}{types[: index + 1].count(kind)}" if types.count(kind) > 1 else kind for index, kind in enumerate(types)
    ]


def _merged(values: Any) -> Any:
    """Return what all axes share as a single value."""
    return values[0] if len(set(values)) == 1 else tuple(values)


def _class_matches(pattern: re.Pattern[str], module: nn.Module) -> re.Match[str] | None:
    return next(filter(None, (pattern.fullmatch(base.__name__) for base in type(module).__mro__)), None)


def _is_pointwise(module: nn.Module) -> bool:
    bases = (f"{base.__module__}.{base.__name__}" for base in type(module).__mro__)
    over_channels = getattr(module, "dim", 1) == 1  # a softmax over another axis mixes positions
    return any(map(_POINTWISE.fullmatch, bases)) and over_channels and not _class_matches(_NOT_POINTWISE, module)


def _rank(module: nn.Module) -> int | None:
    """Return the number of axes of a convolution or pooling; None for other modules."""
    match = _class_matches(_WINDOWED, module)
    return int(match[2]) if match and hasattr(module, "kernel_size") else None


def _as_layer(name: str, module: Any) -> Layer:
    defaults = {"padding": 0, "dilation": 1, "ceil_mode": False}
    values = [module.kernel_size, module.stride or module.kernel_size]
    values += [getattr(module, attribute, default) for attribute, default in defaults.items()]
    # Where the axes agree, a number is easier to read than a tuple. Pairs of padding stay as they are.
    numbers = [arguments.is_sequence(value) and isinstance(value[0], int) for value in values]
    return Layer(name, *(_merged(value) if flat else value for value, flat in zip(values, numbers, strict=True)))


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
        rank = _rank(part)
        if _is_pointwise(part):
            part.forward = lambda x, *_, **__: x
        elif rank and _class_matches(_MAX_POOL, part) and not part.return_indices:
            part.forward = functools.partial(_evenly, _as_layer("", part), rank)
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
