"""Pooling by its definition, on NumPy arrays, with each step that people get wrong as a keyword.

With their defaults these functions compute what `pooling` computes (a test compares them). A misconception is another
value for one of the steps. They are short rather than fast: cases are small.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rounding = Literal["floor", "ceil"]
Winners = Literal["first", "last", "all", "split", "corner", "first down", "first of each row"]
#: What becomes of a cell that several windows send something to: it adds up, or only one of them stays, going by
#: windows or by the places within a window; with zeros, cells that a window sends nothing to are overwritten as well.
Overlap = Literal["adds", "last window", "last place", "last place, zeros too", "mean", "largest"]


class Plan(NamedTuple):
    """Where the windows lie along one axis."""

    size: int
    kernel: int
    stride: int
    before: int
    windows: int
    #: Whether windows that begin in the padding are pushed to the first real cell.
    pushed: bool = False

    @property
    def cells(self) -> list[list[int]]:
        """The cells of every window; those outside the axis are below 0, or `size` and more."""
        starts = [index * self.stride - self.before for index in range(self.windows)]
        starts = [max(start, 0) for start in starts] if self.pushed else starts
        return [list(range(start, start + self.kernel)) for start in starts]


def pair(value: Any) -> tuple[int, int]:
    """Return an option as (rows, columns)."""
    return (value, value) if isinstance(value, int) else tuple(value)


def plans(
    shape: tuple[int, ...],
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    rounding: Rounding = "floor",
    padded: Literal["both", "before", "after"] = "both",
    counts: tuple[int, int] | None = None,
) -> list[Plan]:
    """Lay the windows over the last two axes of a shape; `counts` says how many instead of how many fit."""
    kernels = pair(kernel_size)
    strides = kernels if stride is None else pair(stride)
    result = []
    for axis, (size, kernel, step, pad) in enumerate(zip(shape[-2:], kernels, strides, pair(padding), strict=True)):
        before, after = (0 if padded == "after" else pad), (0 if padded == "before" else pad)
        room = size + before + after - kernel
        count = (room if rounding == "floor" else room + step - 1) // step + 1
        if rounding == "ceil" and (count - 1) * step >= size + before:
            count -= 1
        count = count if counts is None else counts[axis]
        if count < 1:
            raise ValueError("no window fits")
        result.append(Plan(size, kernel, step, before, count))
    return result


def gather(x: Array, laid: list[Plan], fill: float) -> Array:
    """Return the values under every window, shape (..., rows, columns, kernel cells); `fill` outside the plane."""
    cells = [np.array(plan.cells) for plan in laid]
    margins = [
        (max(-int(each.min()), 0), max(int(each.max()) + 1 - plan.size, 0))
        for each, plan in zip(cells, laid, strict=True)
    ]
    padded = np.pad(x, [(0, 0)] * (x.ndim - 2) + margins, constant_values=fill)
    rows, columns = (each + before for each, (before, _) in zip(cells, margins, strict=True))
    view = padded[..., rows[:, None, :, None], columns[None, :, None, :]]
    return view.reshape(*view.shape[:-2], -1)


def max_pool2d(
    x: Array,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    *,
    fill: float | None = None,
    choose: Literal["max", "min", "absolute", "magnitude", "mean", "sum", "first", "largest row"] = "max",
    running_start: float | None = None,
    rounding: Rounding = "floor",
    padded: Literal["both", "before", "after"] = "both",
    blocks: Literal["windows", "in memory", "apart", "from the end"] = "windows",
    pushed: bool = False,
) -> Array:
    """Take the largest value of every window."""
    if blocks == "from the end":
        x = x[..., x.shape[-2] % 2 :, x.shape[-1] % 2 :]
    elif blocks != "windows":
        return _reshaped(x, blocks).max((-1, -2) if blocks == "in memory" else (-4, -2))
    least = np.inf if choose == "min" else 0.0 if choose in ("mean", "sum") else -np.inf
    laid = [plan._replace(pushed=pushed) for plan in plans(x.shape, kernel_size, stride, padding, rounding, padded)]
    outside = least if fill is None else fill
    values = gather(np.asarray(x, np.float64), laid, np.nan if choose in ("absolute", "magnitude") else outside)
    if choose in ("absolute", "magnitude"):
        values = np.where(np.isnan(values), 0.0, values)
        largest = np.abs(values).argmax(-1)[..., None]
        result = np.take_along_axis(values, largest, -1)[..., 0]
        result = np.abs(result) if choose == "absolute" else result
    elif choose == "first":
        result = values[..., 0]
    elif choose == "largest row":
        windows = values.reshape(-1, laid[0].kernel, laid[1].kernel).tolist()
        result = np.array([max(max(window)) for window in windows]).reshape(values.shape[:-1])
    else:
        result = getattr(values, choose)(-1)
    return result if running_start is None else np.maximum(result, running_start)


def avg_pool2d(
    x: Array,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    count_include_pad: bool = True,
    *,
    choose: Literal["mean", "max"] = "mean",
    divided: Literal["count", "not", "rows", "rows squared", "columns squared", "nonzero"] = "count",
    whole: Literal["no", "floor", "nearest"] = "no",
    border: Literal["zeros", "edge"] = "zeros",
    rounding: Rounding = "floor",
    padded: Literal["both", "before", "after"] = "both",
) -> Array:
    """Take the mean of every window."""
    laid = plans(x.shape, kernel_size, stride, padding, rounding, padded)
    x = np.asarray(x, np.float64)
    values = gather(x, laid, 0.0)
    if border == "edge":
        widths = [(0, 0)] * (x.ndim - 2) + [(plan.before, plan.before) for plan in laid]
        values = gather(np.pad(x, widths, "edge"), [plan._replace(before=0) for plan in laid], 0.0)
        count_include_pad = True
    if choose == "max":
        return gather(x, laid, -np.inf).max(-1)
    divisors = _divisors(x.shape, laid, count_include_pad, padding)
    if divided in ("rows", "rows squared", "columns squared"):
        divisors = np.full_like(divisors, _divisor(divided, laid))
    elif divided == "nonzero" and not count_include_pad:
        divisors = np.maximum((values != 0).sum(-1), 1)
    result = values.sum(-1) if divided == "not" else values.sum(-1) / divisors
    return {"no": result, "floor": np.floor(result), "nearest": np.floor(result + 0.5)}[whole]


def global_avg_pool2d(
    x: Array, *, axes: tuple[int, ...] = (-2, -1), reduce: str = "mean", keepdims: bool = False
) -> Array:
    """Take the mean of every plane."""
    return getattr(np.asarray(x, np.float64), reduce)(axes, keepdims=keepdims)


def sliding_windows(x: Array, kernel_size: Any, stride: Any = None, *, order: str = "outputs first") -> Array:
    """Return every window as a small plane: shape (..., rows, columns, kernel rows, kernel columns)."""
    laid = plans(x.shape, kernel_size, stride)
    values = gather(x, laid, 0.0)
    result = values.reshape(*values.shape[:-1], laid[0].kernel, laid[1].kernel)
    return result if order == "outputs first" else np.moveaxis(result, (-2, -1), (-4, -3))


def max_pool2d_backward(
    grad_output: Array,
    x: Array,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    *,
    winners: Winners = "first",
    overlap: Overlap = "adds",
    sends: Literal["gradient", "one", "value"] = "gradient",
    fill: float = -np.inf,
    cropped: Literal["both ends", "the end"] = "both ends",
) -> Array:
    """Send the gradient of every output back to the cell that gave its maximum."""
    laid = plans(x.shape, kernel_size, stride, padding, counts=grad_output.shape[-2:])
    values = gather(np.asarray(x, np.float64), laid, fill)
    largest = values.max(-1, keepdims=True)
    ties = values == largest
    if winners == "first of each row":
        by_row = ties.reshape(*ties.shape[:-1], laid[0].kernel, laid[1].kernel)
        chosen = (by_row & (by_row.cumsum(-1) == 1)).reshape(ties.shape)
    elif winners in ("all", "split"):
        chosen = ties / (ties.sum(-1, keepdims=True) if winners == "split" else 1.0)
    else:
        chosen = _only(_winner(ties, winners, laid), ties)
    sent = {"gradient": grad_output[..., None], "one": np.array(1.0), "value": largest}[sends] * chosen
    return _scatter(sent, chosen != 0, x.shape, _moved(laid, cropped), overlap)


def avg_pool2d_backward(
    grad_output: Array,
    x: Array,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    count_include_pad: bool = True,
    *,
    divided: Literal["count", "not", "rows", "rows squared", "columns squared"] = "count",
    overlap: Overlap = "adds",
    sends: Literal["gradient", "one"] = "gradient",
    cropped: Literal["both ends", "the end"] = "both ends",
) -> Array:
    """Share the gradient of every output out among the cells of its window."""
    laid = plans(x.shape, kernel_size, stride, padding, counts=grad_output.shape[-2:])
    divisors = _divisors(x.shape, laid, count_include_pad, padding)
    if divided != "count":
        divisors = np.full_like(divisors, _divisor(divided, laid))
    share = (grad_output if sends == "gradient" else np.ones_like(grad_output)) / divisors
    cells = laid[0].kernel * laid[1].kernel
    sent = np.repeat(share[..., None], cells, -1)
    return _scatter(sent, np.ones(sent.shape, bool), x.shape, _moved(laid, cropped), overlap)


def covered(shape: tuple[int, ...], *arguments: Any, **options: Any) -> list[list[list[int]]]:
    """List, for each of the two axes and each output along it, the cells of the window."""
    return [plan.cells for plan in plans(shape, *arguments, **options)]


def receiving(shape: tuple[int, ...], *arguments: Any, **options: Any) -> list[list[list[int]]]:
    """List, for each of the two axes and each cell along it, the outputs whose windows hold that cell."""
    return [
        [[index for index, cells in enumerate(plan.cells) if cell in cells] for cell in range(plan.size)]
        for plan in plans(shape, *arguments, **options)
    ]


def _divisors(shape: tuple[int, ...], laid: list[Plan], count_include_pad: bool, padding: Any) -> Array:
    """Count the cells of every window; an overhang beyond the padding never counts."""
    lengths = []
    for plan, pad in zip(laid, pair(padding), strict=True):
        starts = [index * plan.stride - plan.before for index in range(plan.windows)]
        ends = [min(start + plan.kernel, plan.size + pad) for start in starts]
        if not count_include_pad:
            starts, ends = [max(start, 0) for start in starts], [min(end, plan.size) for end in ends]
        lengths.append([end - start for start, end in zip(starts, ends, strict=True)])
    return np.maximum(np.outer(lengths[0], lengths[1]), 1).astype(np.float64)


def _divisor(divided: str, laid: list[Plan]) -> int:
    """Return a divisor that is the same for all windows."""
    rows, columns = laid[0].kernel, laid[1].kernel
    return {"not": 1, "rows": rows, "rows squared": rows**2, "columns squared": columns**2}[divided]


def _reshaped(x: Array, blocks: str) -> Array:
    """Cut planes into groups of four numbers that are not the blocks they should be."""
    rows, columns = x.shape[-2] // 2, x.shape[-1] // 2
    even = x[..., : 2 * rows, : 2 * columns]
    return even.reshape(*x.shape[:-2], *((rows, columns, 2, 2) if blocks == "in memory" else (2, rows, 2, columns)))


def _winner(ties: Array, winners: Winners, laid: list[Plan]) -> Array:
    """Return which place of each window wins."""
    if winners == "last":
        return ties.shape[-1] - 1 - ties[..., ::-1].argmax(-1)
    if winners == "first down":
        rows, columns = laid[0].kernel, laid[1].kernel
        down = np.swapaxes(ties.reshape(*ties.shape[:-1], rows, columns), -1, -2).reshape(ties.shape).argmax(-1)
        return down % rows * columns + down // rows
    return np.zeros(ties.shape[:-1], int) if winners == "corner" else ties.argmax(-1)


def _moved(laid: list[Plan], cropped: str) -> list[Plan]:
    """Return windows as they lie if only the end of a padded plane is cut off: down and right by the padding."""
    return laid if cropped == "both ends" else [plan._replace(before=0) for plan in laid]


def _only(index: Array, like: Array) -> Array:
    chosen = np.zeros(like.shape, bool)
    np.put_along_axis(chosen, index[..., None], True, -1)
    return chosen


def _scatter(sent: Array, where: Array, shape: tuple[int, ...], laid: list[Plan], overlap: Overlap) -> Array:
    """Put what every window sends into place, in row-major order of the windows; what falls outside is lost."""
    cells = shape[-2] * shape[-1]
    places = gather(np.arange(cells, dtype=np.int64).reshape(shape[-2:]), laid, -1)  # windows, places within each
    planes = int(np.prod(shape[:-2], dtype=int))
    everything = (planes, laid[0].windows * laid[1].windows, places.shape[-1])
    sent = np.broadcast_to(sent, (*shape[:-2], *places.shape)).reshape(everything)
    where = np.broadcast_to(where, (*shape[:-2], *places.shape)).reshape(everything)
    places = places.reshape(everything[1:])
    if overlap.startswith("last place"):
        sent, where, places = sent.swapaxes(1, 2), where.swapaxes(1, 2), places.T
    result = np.zeros((planes, cells))
    for plane, values, chosen in zip(result, sent, where, strict=True):
        real = (chosen | overlap.endswith("zeros too")) & (places >= 0)
        if overlap in ("adds", "mean"):
            np.add.at(plane, places[real], values[real])
            if overlap == "mean":
                plane /= np.maximum(np.bincount(places[real], minlength=cells), 1)
        elif overlap == "largest":
            np.maximum.at(plane, places[real], values[real])
        else:
            plane[places[real]] = values[real]
    return result.reshape(shape)
