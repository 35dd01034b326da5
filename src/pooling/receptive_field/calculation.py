"""Follows the receptive field through a list of layers."""

from __future__ import annotations

from typing import Any, NamedTuple

from pooling import arguments, geometry
from pooling.receptive_field.layers import Layer, Row, merged
from pooling.receptive_field.reading import from_module, rank_of


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
        rank = next(filter(None, map(rank_of, layers.modules())), 1)
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
        rows.append(Row(name, *map(merged, zip(*views, strict=True))))
    return rows


class _View(NamedTuple):
    """What `Row` says, along one axis."""

    size: int | None
    jump: int
    receptive_field: int
    start: float


def _through(layer: Layer, views: list[_View]) -> list[_View]:
    """Take every axis through a layer."""
    # Convolutions may have more padding than PyTorch allows a pooling: it is read apart.
    kernels, strides, _, dilations, ceil_mode = arguments.window_arguments(
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
