"""A layer as the calculation takes it, and what comes out for it."""

from __future__ import annotations

from typing import Any, NamedTuple

from pooling import arguments


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
        >>> from pooling.receptive_field import receptive_field
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


def merged(values: Any) -> Any:
    """Return what all axes share as a single value."""
    return values[0] if len(set(values)) == 1 else tuple(values)
