"""The table of cases: every combination of arguments that the three layers must pool as PyTorch does.

A case is data: an operation, a rank, the shape of x and the arguments. Cases come in groups, one for each operation,
rank, shape of x and way to write the arguments, so that one test treats hundreds of cases and still names the one that
fails. `python -m tests.pooling.cases` counts them.

Nothing here imports `pooling`: what a window covers is written out once more, cell by cell, so that the table does not
inherit a mistake of the library.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

RANKS = (1, 2, 3)
#: Which ranks each layer pools.
LAYERS = {"python": (2,), "numpy": RANKS, "torch": RANKS}

#: What stands in front of the spatial axes, and the dtype that comes with it.
FORMS = {"batch": ((2, 3), "float64"), "channels": ((3,), "float32"), "plane": ((), "float64")}

SIZES = (2, 5, 8)
KERNELS = (1, 2, 3, 4)
STRIDES = (None, 1, 2, 3)
PADDINGS = (0, 1, 2)
DILATIONS = (1, 2, 3)
PAIRS = ((0, 1), (1, 0), (2, 1), (0, 3))
#: count_include_pad and divisor_override. An override makes the other one void, so it need not meet every override.
DIVISORS = ((True, None), (False, None), (True, 5), (False, -2))
NORM_TYPES = (1, 2, 3.5, -1)
ADAPTIVE_SIZES = (1, 2, 5, 6, 8)
OUTPUT_SIZES = (1, 2, 3, 5, 7, 9)
BOOLS = (False, True)


class Case(NamedTuple):
    """One call of a pooling operation, without the values in x."""

    operation: str
    rank: int
    shape: tuple[int, ...]
    dtype: str
    arguments: dict[str, Any]

    @property
    def function(self) -> str:
        return f"{self.operation}{self.rank}d"

    def __str__(self) -> str:
        arguments = "".join(f", {name}={value!r}" for name, value in self.arguments.items())
        return f"{self.function}(x of shape {self.shape} and dtype {self.dtype}{arguments})"


class Group(NamedTuple):
    """What the cases of one test have in common."""

    operation: str
    rank: int
    form: str  # a key of FORMS
    style: str  # how the arguments are written: a key of STYLES

    def __str__(self) -> str:
        return f"{self.operation}{self.rank}d-{self.form}-{self.style}"


class Line(NamedTuple):
    """The arguments along one axis."""

    size: int
    kernel_size: int
    stride: int | None
    padding: Any  # an int, a (before, after) pair, or "same"
    dilation: int = 1

    def fits(self, ceil_mode: bool) -> bool:
        """Tell whether PyTorch's rules allow these numbers: at least one window, and a real cell in each."""
        windows = list(self.windows(ceil_mode))
        too_much = isinstance(self.padding, int) and self.padding > self.kernel_size // 2
        return not too_much and len(windows) > 0 and all(any(real) for real in windows)

    def windows(self, ceil_mode: bool) -> Iterator[list[bool]]:
        """List the windows: for each tap of each window, whether it meets a real cell."""
        stride, span = self.stride or self.kernel_size, self.dilation * (self.kernel_size - 1) + 1
        before, after = both_sides(self)
        starts = range(-before, self.size + after - span + (stride if ceil_mode else 1), stride)
        if ceil_mode and starts and starts[-1] >= self.size:
            starts = starts[:-1]
        for start in starts:
            yield [0 <= start + tap * self.dilation < self.size for tap in range(self.kernel_size)]


def both_sides(line: Line) -> tuple[int, int]:
    """Return the cells that padding adds before and after an axis."""
    if line.padding == "same":
        stride = line.stride or line.kernel_size
        last_start = (-(-line.size // stride) - 1) * stride
        total = max(last_start + line.dilation * (line.kernel_size - 1) + 1 - line.size, 0)
        return total // 2, total - total // 2
    return (line.padding, line.padding) if isinstance(line.padding, int) else line.padding


@functools.cache
def lines(style: str, dilations: tuple[int, ...], paddings: tuple[Any, ...], ceil_mode: bool) -> tuple[Line, ...]:
    """List every combination of arguments along one axis that fits."""
    paddings = {"pairs": PAIRS, "same": ("same",)}.get(style, paddings)
    choices = (Line(*choice) for choice in itertools.product(SIZES, KERNELS, STRIDES, paddings, dilations))
    return tuple(line for line in choices if line.fits(ceil_mode))


def window_arguments(group: Group, dilations: Any = (1,), paddings: Any = PADDINGS) -> Iterator[tuple[Any, dict]]:
    """Yield spatial shapes with the arguments that say where the windows lie."""
    for ceil_mode in BOOLS:
        choices = lines(group.style, dilations, paddings, ceil_mode)
        if group.rank == 3 and dilations == (1,):
            # PyTorch's averages of volumes refuse a kernel larger than x, even where padding would make room for it.
            choices = tuple(line for line in choices if line.kernel_size <= line.size)
        for axes in across_axes(group, choices):
            arguments = {name: written(group, axes, name) for name in ("kernel_size", "stride", "padding", "dilation")}
            if paddings == (0,):
                del arguments["padding"]
            if dilations == (1,):
                del arguments["dilation"]
            yield tuple(line.size for line in axes), arguments | {"ceil_mode": ceil_mode}


def across_axes(group: Group, choices: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield one choice for each axis: the same for all, or, in tuples, every choice on every axis but out of step."""
    choices = tuple(choices)
    if group.style == "numbers" or group.rank == 1:
        return zip(*[choices] * group.rank, strict=True)
    shuffled = [random.Random(axis).sample(choices, len(choices)) for axis in range(group.rank)]
    return zip(*shuffled, strict=True)


def written(group: Group, axes: tuple[Line, ...], name: str) -> Any:
    """Write an argument as one number for all axes, or as a tuple with an entry for each."""
    values = tuple(getattr(line, name) for line in axes)
    if group.style == "numbers" or values[0] == "same":
        return values[0]
    if name == "stride":
        return tuple(line.stride or line.kernel_size for line in axes)
    return values


def max_pool(group: Group) -> Iterator[tuple[Any, dict]]:
    return window_arguments(group, dilations=DILATIONS)


def avg_pool(group: Group) -> Iterator[tuple[Any, dict]]:
    for spatial, arguments in window_arguments(group):
        for count_include_pad, divisor in DIVISORS:
            yield spatial, arguments | {"count_include_pad": count_include_pad, "divisor_override": divisor}


def lp_pool(group: Group) -> Iterator[tuple[Any, dict]]:
    for spatial, arguments in window_arguments(group, paddings=(0,)):
        for norm_type in NORM_TYPES:
            yield spatial, {"norm_type": norm_type} | arguments


def adaptive_pool(group: Group) -> Iterator[tuple[Any, dict]]:
    if group.style == "numbers":
        for size, output_size in itertools.product(ADAPTIVE_SIZES, OUTPUT_SIZES):
            yield (size,) * group.rank, {"output_size": output_size}
    else:
        # In 1d, PyTorch has no None: there is nothing else to keep.
        outputs = OUTPUT_SIZES if group.rank == 1 else (*OUTPUT_SIZES, None)
        for axes in across_axes(group, itertools.product(ADAPTIVE_SIZES, outputs)):
            yield tuple(size for size, _ in axes), {"output_size": tuple(output for _, output in axes)}


def global_pool(group: Group) -> Iterator[tuple[Any, dict]]:
    for spatial in itertools.product(SIZES, repeat=group.rank):
        for keepdims in BOOLS:
            yield spatial, {"keepdims": keepdims}


def max_unpool(group: Group) -> Iterator[tuple[Any, dict]]:
    """Yield shapes of maxima with windows that give room for them; x is put at places of its own, without repeats."""
    choices = []
    for size, kernel, stride, padding, more in itertools.product((1, 2, 3, 4), KERNELS, STRIDES, PADDINGS, (-1, 0, 1)):
        step = stride or kernel
        output = (size - 1) * step - 2 * padding + kernel + more
        if padding <= kernel // 2 and abs(more) < step and output >= size:
            choices.append((Line(size, kernel, stride, padding), output, more))
    for axes in across_axes(group, choices):
        lines_, outputs, mores = zip(*axes, strict=True)
        arguments = {name: written(group, lines_, name) for name in ("kernel_size", "stride", "padding")}
        default = not any(mores) and group.style == "numbers"
        yield tuple(line.size for line in lines_), arguments | {"output_size": None if default else outputs}


#: How the cases of each operation are made, and in which styles they can be written.
OPERATIONS = {
    "max_pool": (max_pool, ("numbers", "tuples", "pairs", "same")),
    "avg_pool": (avg_pool, ("numbers", "tuples", "pairs", "same")),
    "lp_pool": (lp_pool, ("numbers", "tuples")),
    "adaptive_max_pool": (adaptive_pool, ("numbers", "tuples")),
    "adaptive_avg_pool": (adaptive_pool, ("numbers", "tuples")),
    "global_max_pool": (global_pool, ("numbers",)),
    "global_avg_pool": (global_pool, ("numbers",)),
    "max_unpool": (max_unpool, ("numbers", "tuples")),
}

GROUPS = [
    Group(operation, rank, form, style)
    for operation, (_, styles) in OPERATIONS.items()
    for rank in RANKS
    for form in FORMS
    for style in styles
]


@functools.cache
def cases(group: Group) -> tuple[Case, ...]:
    """List the cases of a group, each once: stride=None and stride=kernel_size are the same tuple."""
    make, _ = OPERATIONS[group.operation]
    leading, dtype = FORMS[group.form]
    all_cases = (
        Case(group.operation, group.rank, leading + spatial, dtype, arguments) for spatial, arguments in make(group)
    )
    return tuple({str(case): case for case in all_cases}.values())


def sample(group: Group, every: int) -> tuple[Case, ...]:
    """Pick one case in `every`, and more of a small group; take a prime, which falls into step with no argument."""
    return cases(group)[:: min(every, 7) if len(cases(group)) < 200 else every]


def count() -> str:
    """Write a table: operations by layers, how many cases each compares with PyTorch."""
    rows = [["", *LAYERS, "all"]]
    for operation in OPERATIONS:
        numbers = [
            sum(len(cases(group)) for group in GROUPS if group.operation == operation and group.rank in ranks)
            for ranks in LAYERS.values()
        ]
        rows.append([operation, *map(str, numbers), str(sum(numbers))])
    totals = [sum(int(row[column]) for row in rows[1:]) for column in range(1, len(rows[0]))]
    rows.append(["all", *map(str, totals)])
    return "\n".join(f"{name:20}" + "".join(f"{cell:>9}" for cell in cells) for name, *cells in rows)


if __name__ == "__main__":
    print(count())
