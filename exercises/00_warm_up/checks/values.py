"""Lists, NumPy arrays and tensors as one kind of data: nested lists of numbers.

Cases are stored as JSON. `decode` makes the inputs of a call from it, `plain` takes a result apart. Neither imports
NumPy or torch unless a case asks for it.
"""

import importlib
import math
import numbers
import struct
import sys
from typing import Any, NamedTuple

#: A result with more numbers than this is not looked into: no task asks for so many.
MOST_NUMBERS = 1_000_000
#: Nested lists deeper than this are refused; no array of the course has more than six axes.
DEEPEST = 12
#: How the struct module calls the narrow floats.
FORMATS = {"float16": "e", "float32": "f"}
#: How JSON, which has no such numbers, spells them.
SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class Odd(Exception):  # noqa: N818 (it never leaves this package)
    """A result that cannot be compared; its text completes the sentence "Your function returned …"."""


class Plain(NamedTuple):
    """A value taken apart."""

    #: A number, a string or None, or lists of these, nested.
    tree: Any
    #: None where lists of different lengths stand side by side.
    shape: tuple[int, ...] | None
    #: "list", "array" or "tensor"
    kind: str
    #: The dtype's name, None for numbers and lists.
    dtype: str | None


def decode(data: Any) -> Any:
    """Make a value from a case's JSON: ``{"array": [[1, 2]], "dtype": "float32"}`` is a NumPy array, and so on."""
    if isinstance(data, dict):
        if "tuple" in data:
            return tuple(decode(item) for item in data["tuple"])
        if "array" in data:
            numpy = importlib.import_module("numpy")
            return numpy.array(decode(data["array"]), dtype=data["dtype"])
        torch = importlib.import_module("torch")
        return torch.tensor(decode(data["tensor"]), dtype=getattr(torch, data["dtype"]))
    if isinstance(data, list):
        return [decode(item) for item in data]
    return SPECIAL.get(data, data) if isinstance(data, str) else data


def is_array(data: Any) -> bool:
    """Tell whether a case's JSON stands for a list, an array or a tensor."""
    return isinstance(data, list) or (isinstance(data, dict) and "tuple" not in data)


def plain(value: Any) -> Plain:
    """Take a value apart.

    Raises
    ------
    Odd
        If it is neither a number, a string, a list, a tuple, an array nor a tensor.
    """
    kind, dtype, shape = "list", None, None
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    # Methods are called through the class, so that a subclass cannot answer for itself.
    if numpy is not None and isinstance(value, numpy.ndarray):
        kind, dtype, shape = "array", str(value.dtype), tuple(value.shape)
        _refuse_masses(int(value.size), shape)
        value = numpy.ndarray.tolist(value)
    elif numpy is not None and isinstance(value, numpy.generic):
        kind, dtype = "array", str(value.dtype)
        value = value.item()
    elif torch is not None and isinstance(value, torch.Tensor):
        kind, dtype, shape = "tensor", str(value.dtype).removeprefix("torch."), tuple(value.shape)
        _refuse_masses(value.numel(), shape)
        value = torch.Tensor.tolist(value.detach())
    tree = _tree(value, 0)
    return Plain(tree, _shape(tree) if shape is None else shape, kind, dtype)


def plain_data(data: Any) -> Plain:
    """Take apart what `decode` would make of a case's JSON, without NumPy and torch."""
    if not isinstance(data, dict) or "tuple" in data:
        return plain(decode(data))
    kind = "array" if "array" in data else "tensor"
    whole = not data["dtype"].startswith("float")
    tree = _tree(decode(data[kind]), 0) if whole else _floats(decode(data[kind]), FORMATS.get(data["dtype"], "d"))
    return Plain(tree, _shape(tree), kind, data["dtype"])


def _floats(tree: Any, format: str) -> Any:
    """Round to the width of a dtype."""
    if isinstance(tree, list):
        return [_floats(branch, format) for branch in tree]
    return struct.unpack(format, struct.pack(format, tree))[0]


def leaves(tree: Any) -> list[Any]:
    """List the numbers of a tree, in row-major order."""
    if not isinstance(tree, list):
        return [tree]
    return [leaf for branch in tree for leaf in leaves(branch)]


def at(tree: Any, path: tuple[int, ...]) -> Any:
    """Return what lies at a path of indices, such as (0, 2) for tree[0][2]."""
    for index in path:
        tree = tree[index]
    return tree


def describe(value: Any) -> str:
    """Say in a few words what an odd value is."""
    if value is None:
        return "None"
    if value is ...:
        return "the dots ..."
    if hasattr(value, "__next__"):
        return f"a {type(value).__name__}, which has no values yet: wrap it in list(…)"
    if callable(value):
        return f"the function {getattr(value, '__name__', 'without a name')} itself: call it to get its result"
    return f"a value of type {type(value).__name__}"


def _tree(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, list | tuple | range):
        if depth == DEEPEST:
            raise Odd(f"lists nested more than {DEEPEST} deep")
        return [_tree(item, depth + 1) for item in value]
    if depth and type(value).__module__.split(".")[0] in ("numpy", "torch"):
        inner = plain(value)  # an array inside a list
        return inner.tree
    raise Odd(describe(value) if not depth else f"something that contains {describe(value)}")


def _shape(tree: Any) -> tuple[int, ...] | None:
    if not isinstance(tree, list):
        return ()
    inner = {_shape(branch) for branch in tree}
    if len(inner) > 1:
        return None
    only = next(iter(inner)) if inner else ()
    return None if only is None else (len(tree), *only)


def _refuse_masses(count: int, shape: tuple[int, ...]) -> None:
    if count > MOST_NUMBERS:
        raise Odd(f"an array of shape {tuple(shape)}: {count:,} numbers, far more than any result here has")
