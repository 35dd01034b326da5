"""Where the windows of a pooling lie: integers only, standard library only.

Everything here happens along one axis. A plane or a volume is pooled by taking every combination of a window on each of
its axes, so two or three axes need no geometry of their own.

An axis has `size` real cells, numbered from 0. Padding adds cells before and after them. Window i starts at cell
``i * stride - before`` and has `kernel_size` taps, `dilation` cells apart::

    size 5, kernel_size 3, stride 2, padding 1

      pad  0   1   2   3   4  pad
     [ .   x   x ]
              [ x   x   x ]
                      [ x   x   . ]        3 windows

The same windows can be listed in two ways. `Axis.windows` goes window by window: the cells of each. `Axis.shifts` goes
tap by tap: the cells that the first tap of all windows meets, then the second, and so on. The pure-Python layer loops
over windows, the array layers loop over shifts, and both speak of the same cells.

References
----------
The output size and its `ceil_mode` are PyTorch's: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pooling import arguments

#: Indexes the last axes of an array: an ellipsis, then a slice for each.
Index = tuple[Any, ...]


class Window(NamedTuple):
    """One window on one axis."""

    #: The real cells that it covers, in increasing order; never empty.
    cells: range
    #: How many cells it covers when the padding counts too. What `ceil_mode` lets overhang never counts.
    extent: int


class Shift(NamedTuple):
    """One tap of all windows of an axis: `outputs[n]` meets the cell `inputs[n]`."""

    outputs: slice
    inputs: slice


@dataclass(frozen=True)
class Axis:
    """How one axis is pooled; made by `pooled_axes`, which checks that the numbers fit together."""

    size: int
    kernel_size: int
    stride: int
    before: int
    after: int
    dilation: int
    output_size: int

    @property
    def span(self) -> int:
        """Cells from the first tap of a window to its last, both included."""
        return (self.kernel_size - 1) * self.dilation + 1

    @property
    def windows(self) -> list[Window]:
        """The windows, first to last."""
        windows = []
        for start in range(-self.before, self.output_size * self.stride - self.before, self.stride):
            stop = min(start + self.span, self.size + self.after)
            # The first real tap of a window that starts in the padding is not always cell 0: taps are `dilation` apart.
            first_real = start if start >= 0 else start % self.dilation
            cells = range(first_real, min(stop, self.size), self.dilation)
            windows.append(Window(cells, len(range(start, stop, self.dilation))))
        return windows

    @property
    def shifts(self) -> list[Shift]:
        """The windows again, tap by tap, without the taps that fall into the padding."""
        shifts = []
        for tap in range(self.kernel_size):
            offset = tap * self.dilation - self.before  # the cell that this tap of window 0 meets
            first = max(0, -(offset // self.stride))  # the first window whose tap is at cell 0 or later
            last = min(self.output_size - 1, (self.size - 1 - offset) // self.stride)
            if first <= last:
                cells = slice(offset + first * self.stride, offset + last * self.stride + 1, self.stride)
                shifts.append(Shift(slice(first, last + 1), cells))
        return shifts


def taps(axes: Sequence[Axis]) -> Iterator[tuple[Index, Index]]:
    """Go through the taps of a window on several axes, in row-major order.

    Parameters
    ----------
    axes : sequence of Axis
        The last axes of an array, in their order.

    Yields
    ------
    outputs, inputs : tuples that index an array
        ``y[outputs]`` are the outputs whose window has this tap on a real cell, ``x[inputs]`` are these cells.
    """
    for combination in itertools.product(*(axis.shifts for axis in axes)):
        yield (..., *(shift.outputs for shift in combination)), (..., *(shift.inputs for shift in combination))


def output_size(
    size: int, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> int:
    """Count the windows that fit on an axis.

    floor((size + 2·padding − dilation·(kernel_size − 1) − 1) / stride) + 1, with ceil for floor in `ceil_mode`, where a
    last window that would start behind the last real cell and the padding before it is dropped.

    Parameters
    ----------
    size : int
        Cells on the axis, at least 1.
    kernel_size, stride, dilation : int
        Taps of a window, cells from one window to the next (default: `kernel_size`), cells from one tap to the next.
    padding : int, ((before, after),) or "same"
        Cells added at both ends. An int may be at most half of `kernel_size`. "same" adds as many as it takes to
        get ceil(size / stride) windows, the odd one at the end.
    ceil_mode : bool
        Whether a window may overhang the end.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    TypeError, ValueError
        For an argument out of range, and where no window fits.

    Examples
    --------
    >>> output_size(5, kernel_size=2)
    2
    >>> output_size(5, kernel_size=2, ceil_mode=True)
    3
    """
    return _axis(size, kernel_size, stride, padding, dilation, ceil_mode).output_size


def windows(
    size: int, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False
) -> list[Window]:
    """List the windows on an axis: for each, the real cells it covers and its extent with the padding.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation, ceil_mode
        As in `output_size`.

    Returns
    -------
    list of Window
        As many as `output_size` says.

    Raises
    ------
    TypeError, ValueError
        As in `output_size`, and for a window without a single real cell.

    Examples
    --------
    >>> [list(window.cells) for window in windows(5, kernel_size=3, stride=2, padding=1)]
    [[0, 1], [1, 2, 3], [3, 4]]
    """
    return _axis(size, kernel_size, stride, padding, dilation, ceil_mode).windows


def adaptive_windows(size: int, output_size: int) -> list[Window]:
    """Cut an axis into a given number of windows, as equal as they can be.

    Window i covers the cells from floor(i·size / output_size) to ceil((i + 1)·size / output_size) − 1. Neighbours share
    a cell where `output_size` does not divide `size`.

    Parameters
    ----------
    size : int
        Cells on the axis, at least 1.
    output_size : int
        Windows to make, at least 0; more than `size` is fine.

    Returns
    -------
    list of Window

    Examples
    --------
    >>> [list(window.cells) for window in adaptive_windows(5, output_size=3)]
    [[0, 1], [1, 2, 3], [3, 4]]
    """
    size = arguments.integer("size", size, 1)
    count = arguments.integer("output_size", output_size, 0)
    bins = [range(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
    return [Window(cells, len(cells)) for cells in bins]


def same_padding(
    size: int, kernel_size: int, stride: int | None = None, dilation: int = 1, *, lower: bool = False
) -> tuple[int, int]:
    """Return the (before, after) padding that "same" stands for.

    The total is max((ceil(size / stride) − 1)·stride + dilation·(kernel_size − 1) + 1 − size, 0). Where it is odd, the
    extra cell comes after the axis (TensorFlow's "SAME", ONNX's SAME_UPPER), or before it where `lower` is true
    (ONNX's SAME_LOWER).

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        As in `output_size`.
    lower : bool
        Where the extra cell goes.

    Returns
    -------
    (int, int)

    Examples
    --------
    >>> same_padding(4, kernel_size=3, stride=2)
    (0, 1)
    """
    size = arguments.integer("size", size, 1)
    kernel_size = arguments.integer("kernel_size", kernel_size, 1)
    stride = kernel_size if stride is None else arguments.integer("stride", stride, 1)
    dilation = arguments.integer("dilation", dilation, 1)
    total = max((-(-size // stride) - 1) * stride + dilation * (kernel_size - 1) + 1 - size, 0)
    less, more = total // 2, total - total // 2
    return (more, less) if lower else (less, more)


def pooled_axes(
    sizes: Sequence[int],
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> tuple[Axis, ...]:
    """Check all arguments of a pooling against the sizes that it pools over.

    Parameters
    ----------
    sizes : sequence of int
        The spatial shape of x.
    kernel_size, stride, padding, dilation, ceil_mode
        As every pooling operation takes them: an int, or a tuple with an entry for each axis.

    Returns
    -------
    tuple of Axis
        One for each size.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is accepted.
    """
    rank = len(sizes)
    kernels, strides, pairs, dilations, ceil_mode = arguments.window_arguments(
        rank, kernel_size, stride, padding, dilation, ceil_mode
    )
    if pairs is None:
        pairs = tuple(map(same_padding, sizes, kernels, strides, dilations))
    return tuple(
        _fit(axis, sizes[axis], kernels[axis], strides[axis], *pairs[axis], dilations[axis], ceil_mode)
        for axis in range(rank)
    )


def averaged_axes(
    sizes: Sequence[int], kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False
) -> tuple[Axis, ...]:
    """Do what `pooled_axes` does, for an average: without dilation, and as strict about volumes as PyTorch is.

    On three axes PyTorch's averages want a kernel no larger than x itself, padding or not. Its other operations do not.
    """
    axes = pooled_axes(sizes, kernel_size, stride, padding, 1, ceil_mode)
    for number, axis in enumerate(axes):
        if len(axes) == 3 and axis.kernel_size > axis.size:
            raise ValueError(
                f"kernel_size must be at most the size of x on every axis of a volume, {axis.size} on axis {number}, "
                f"whatever the padding; got {axis.kernel_size}"
            )
    return axes


def adaptive_sizes(sizes: Sequence[int], output_size: Any) -> tuple[int, ...]:
    """Return the output's size for each axis of an adaptive pooling; None stands for the size of x.

    Parameters
    ----------
    sizes : sequence of int
        The spatial shape of x.
    output_size : int, or tuple of int or None
        A tuple has an entry for each axis.

    Returns
    -------
    tuple of int
    """
    if arguments.is_sequence(output_size) and len(output_size) == len(sizes):
        output_size = [size if wanted is None else wanted for size, wanted in zip(sizes, output_size, strict=True)]
    return arguments.integers("output_size", output_size, len(sizes), 0, single=False)


def unpooled_sizes(
    sizes: Sequence[int], kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> tuple[int, ...]:
    """Return the spatial shape that an unpooling fills.

    Several sizes pool to the same output, so `output_size` may choose another than the default,
    (size − 1)·stride − 2·padding + kernel_size, as long as it is less than one stride away.

    Parameters
    ----------
    sizes : sequence of int
        The spatial shape of x, the maxima.
    kernel_size, stride, padding
        Those of the pooling that is undone.
    output_size : int or tuple of int, optional
        With an entry for each axis, or a full shape whose last entries are these.

    Returns
    -------
    tuple of int

    Raises
    ------
    TypeError, ValueError
        For an argument out of range, and for an `output_size` that no such pooling could have come from.
    """
    rank = len(sizes)
    kernels, strides, pairs, _, _ = arguments.window_arguments(rank, kernel_size, stride, padding)
    if pairs is None:
        raise ValueError('padding must be given in numbers to an unpooling: "same" depends on the size it looks for')
    defaults = tuple(
        (size - 1) * step - sum(pair) + kernel
        for size, kernel, step, pair in zip(sizes, kernels, strides, pairs, strict=True)
    )
    if output_size is None:
        return defaults
    if arguments.is_sequence(output_size) and len(output_size) == rank + 2:
        output_size = output_size[2:]
    chosen = arguments.integers("output_size", output_size, rank, 0, single=False)
    for axis, (size, default, step) in enumerate(zip(chosen, defaults, strides, strict=True)):
        if not default - step < size < default + step:
            raise ValueError(
                f"output_size must lie between {default - step + 1} and {default + step - 1} on axis {axis}: less than "
                f"stride={step} away from the default, {default}; got {size}"
            )
    return chosen


def _axis(size: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any) -> Axis:
    sizes = (arguments.integer("size", size, 1),)
    return pooled_axes(sizes, kernel_size, stride, padding, dilation, ceil_mode)[0]


def _fit(axis: int, size: int, kernel: int, stride: int, before: int, after: int, dilation: int, ceil: bool) -> Axis:
    """Count the windows of an axis; refuse it where none fits, or where one would hold nothing but padding."""
    span = dilation * (kernel - 1) + 1
    count = (size + before + after - span + (stride - 1 if ceil else 0)) // stride + 1
    if ceil and (count - 1) * stride >= size + before:
        count -= 1
    if count < 1:
        raise ValueError(
            f"kernel_size={kernel} with dilation={dilation} spans {span} cells, more than axis {axis} of the spatial "
            f"shape has: {size} + {before + after} of padding; use a kernel_size of at most "
            f"{(size + before + after - 1) // dilation + 1}, or more padding"
        )
    pooled = Axis(size, kernel, stride, before, after, dilation, count)
    first_in_padding = before >= span
    last_in_padding = (count - 1) * stride - before >= size
    # With dilation a window can straddle the real cells and touch none: only a look at every window tells.
    if first_in_padding or last_in_padding or (dilation > 1 and not all(window.cells for window in pooled.windows)):
        raise ValueError(
            f"padding=({before}, {after}) with kernel_size={kernel}, stride={stride} and dilation={dilation} leaves a "
            f"window on axis {axis} (size {size}) with nothing but padding; use less padding or a smaller dilation"
        )
    return pooled
