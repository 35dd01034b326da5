"""The table of refusals: what every operation must say no to, and what it must say then.

A message has to name the argument, to show the value that it got, and to say what would be accepted.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np

from tests.pooling import layers


class Refusal(NamedTuple):
    """A wrong value for one argument, the error it must raise and what the message must contain."""

    argument: str
    value: Any
    error: type[Exception]
    shows: str  # the value as the message shows it
    accepts: str  # what would be accepted
    operations: tuple[str, ...] | None = None  # where it is wrong; None: wherever the argument exists
    needs_x: bool = False  # whether only x makes it wrong: a module cannot tell when it is made

    def __str__(self) -> str:
        value = " ".join(repr(self.value).split())
        return f"{self.argument}={value if len(value) < 60 else value[:50] + ' ...'}"


#: A right call of each operation, for x with 6 cells on every spatial axis (for an unpooling, 2).
RIGHT = {
    "max_pool": {"kernel_size": 3},
    "avg_pool": {"kernel_size": 3},
    "lp_pool": {"norm_type": 2, "kernel_size": 3},
    "adaptive_max_pool": {"output_size": 2},
    "adaptive_avg_pool": {"output_size": 2},
    "global_max_pool": {},
    "global_avg_pool": {},
    "max_unpool": {"kernel_size": 3},
}
POOLS = ("max_pool", "avg_pool", "lp_pool")
PADDED = ("max_pool", "avg_pool")
ADAPTIVE = ("adaptive_max_pool", "adaptive_avg_pool")

NO_INTEGERS = ("3", 3.0, True, {3}, 1j, np.float32(3), np.True_)
NO_FLAGS = (1, 0, None, "yes", "", np.True_, 1.0)


def _integers(argument: str, least: int, *more: Any) -> list[Refusal]:
    """Refuse what is no integer, an integer below the least, and a tuple with too many of them."""
    return [
        *(Refusal(argument, value, TypeError, repr(value), "integer") for value in (*NO_INTEGERS, *more)),
        Refusal(argument, least - 1, ValueError, str(least - 1), f"at least {least}"),
        Refusal(argument, -7, ValueError, "-7", f"at least {least}"),
        Refusal(argument, (least - 1,), ValueError, str(least - 1), f"at least {least}"),
        Refusal(argument, ("3",), TypeError, "'3'", f"integer of at least {least}"),
        Refusal(argument, (3.0,), TypeError, "3.0", f"integer of at least {least}"),
        Refusal(argument, (3, 3, 3, 3), ValueError, "(3, 3, 3, 3)", "integer"),
        Refusal(argument, [3, 3, 3, 3], ValueError, "[3, 3, 3, 3]", "integer"),
    ]


REFUSALS = [
    *_integers("kernel_size", 1, None),
    Refusal("kernel_size", (), ValueError, "()", "integer"),
    Refusal("kernel_size", 7, ValueError, "7", "at most 6", POOLS, needs_x=True),
    *_integers("stride", 1),
    *_integers("padding", 0, None),
    Refusal("padding", "valid", TypeError, "'valid'", '"same"'),
    Refusal("padding", "SAME", TypeError, "'SAME'", '"same"'),
    Refusal("padding", 2, ValueError, "2", "at most half of kernel_size"),
    Refusal("padding", (2,), ValueError, "2", "at most half of kernel_size"),
    Refusal("padding", ((2, 2),), ValueError, "2", "at most half of kernel_size"),
    Refusal("padding", ((1, -1),), ValueError, "-1", "at least 0"),
    Refusal("padding", ((1, 0.5),), TypeError, "0.5", "integer"),
    Refusal("padding", ((1, 0, 1),), ValueError, "(1, 0, 1)", "(before, after)"),
    Refusal("padding", ((0, 5),), ValueError, "(0, 5)", "less padding", PADDED, needs_x=True),
    Refusal("padding", ((3, 0),), ValueError, "(3, 0)", "less padding", PADDED, needs_x=True),
    Refusal("padding", "same", ValueError, '"same"', "numbers", ("max_unpool",)),
    *_integers("dilation", 1, None),
    Refusal("dilation", 3, ValueError, "3", "more padding", ("max_pool",), needs_x=True),
    *(
        Refusal(flag, value, TypeError, repr(value), "True or False")
        for flag in ("ceil_mode", "return_indices", "count_include_pad", "keepdims")
        for value in NO_FLAGS
    ),
    *(Refusal("divisor_override", value, TypeError, repr(value), "other than 0") for value in NO_INTEGERS),
    Refusal("divisor_override", 0, ValueError, "0", "other than 0"),
    *(Refusal("norm_type", value, TypeError, repr(value), "other than 0") for value in ("2", None, True, 2j, (2,))),
    Refusal("norm_type", 0, ValueError, "0", "other than 0"),
    Refusal("norm_type", 0.0, ValueError, "0", "other than 0"),
    *(Refusal("output_size", value, TypeError, repr(value), "integer", ADAPTIVE) for value in (*NO_INTEGERS, None)),
    Refusal("output_size", -1, ValueError, "-1", "at least 0", ADAPTIVE),
    Refusal("output_size", (2, 2, 2, 2), ValueError, "(2, 2, 2, 2)", "integer", ADAPTIVE),
    Refusal("output_size", (), ValueError, "()", "integer", ADAPTIVE),
    *(Refusal("output_size", value, TypeError, repr(value), "integer", ("max_unpool",)) for value in NO_INTEGERS),
    Refusal("output_size", 3, ValueError, "3", "between 4 and 8", ("max_unpool",)),
    Refusal("output_size", 9, ValueError, "9", "between 4 and 8", ("max_unpool",)),
    Refusal("output_size", (6,) * 6, ValueError, "(6, 6, 6, 6, 6, 6)", "integer", ("max_unpool",)),
]


_NESTED = "nested lists of int or float"
PYTHON_REFUSES = [
    *(Refusal("x", value, TypeError, repr(value), _NESTED) for value in ("abc", None, {1: 2}, range(6))),
    *(Refusal("x", [[1.0, value]], TypeError, repr(value), _NESTED) for value in ("a", None, True, 1j)),
    Refusal("x", np.ones((6, 6)), TypeError, "ndarray", _NESTED),
    Refusal("x", [], ValueError, "(0,)", "must have"),
    Refusal("x", [[]], ValueError, "(1, 0)", "at least one"),
    Refusal("x", 3, ValueError, "()", "must have shape"),
    Refusal("x", [[1, 2], [3]], ValueError, "x[1] has shape (1,)", "same length"),
    Refusal("x", [[1, 2], 3], ValueError, "x[1] has shape ()", "same length"),
    Refusal("x", [[[1], [2]], [[3], [4, 5]]], ValueError, "x[1]", "same length"),
]


def wrong_inputs(layer: str, rank: int) -> list[Refusal]:
    """List what is no x, for any operation: in any layer, in lists and in arrays. Tensors have a table of their own."""
    sizes = (6,) * rank

    def shape_refusal(*shape: int) -> Refusal:
        return Refusal("x", layers.to(layer, np.ones(shape)), ValueError, str(shape), "must have")

    refusals = [shape_refusal(2, 2, 2, *sizes)]
    if rank > 1 or layer != "python":
        refusals.append(shape_refusal(*sizes[1:]))
    if layer == "python":
        return refusals + PYTHON_REFUSES
    refusals += [shape_refusal(2, 0, *sizes), shape_refusal(2, 3, *sizes[1:], 0), shape_refusal(0, *sizes)]
    if layer == "torch":
        return refusals
    return [
        *refusals,
        Refusal("x", "abc", TypeError, "'abc'", "floating-point numbers or integers"),
        Refusal("x", None, TypeError, "None", "floating-point numbers or integers"),
        Refusal("x", [[1.0, 2.0], [3.0]], ValueError, "[[1.0, 2.0], [3.0]]", "not ragged"),
        *(
            Refusal("x", np.ones(sizes).astype(dtype), TypeError, str(np.dtype(dtype)), "floating-point numbers")
            for dtype in ("bool", "complex128", "object", "U3", "S3", "datetime64[s]")
        ),
    ]


def wrong_gradients(shape: tuple[int, ...]) -> list[Refusal]:
    """List upstream gradients that do not fit an output of this shape."""
    shapes = [shape[1:], (*shape[:-1], shape[-1] + 1), (1, *shape), (1,) * len(shape), ()]
    return [Refusal("grad_output", np.ones(wrong), ValueError, str(wrong), str(shape)) for wrong in shapes] + [
        Refusal("grad_output", np.ones(shape).astype(dtype), TypeError, dtype, "floating-point numbers")
        for dtype in ("bool", "complex128", "object")
    ]


def wrong_indices(shape: tuple[int, ...], cells: int) -> list[Refusal]:
    """List indices that do not fit an output of this shape, into planes of so many cells."""
    first = next(itertools.product(*map(range, shape)))
    too_large, negative = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    too_large[first], negative[first] = cells, -1
    longer = (*shape[:-1], shape[-1] + 1)
    return [
        *(
            Refusal("indices", np.zeros(wrong, np.int64), ValueError, str(wrong), str(shape))
            for wrong in (longer, shape[1:])
        ),
        Refusal("indices", too_large, ValueError, str(cells), "must"),
        Refusal("indices", negative, ValueError, "-1", "must"),
        Refusal("indices", np.zeros(shape), TypeError, "float", "int"),
        Refusal("indices", np.zeros(shape, bool), TypeError, "bool", "int"),
    ]
