"""Takes torch's pooling operators away while a learner's work is checked, whatever way leads to them.

It is done where torch looks up the code for an operator, below Python: so it holds in threads, in a backward pass, in
TorchScript, under modes and for `torch.ops`. While a learner's cells run, nothing is refused: whoever compares with
torch's own pooling there may be right. Which of the two it is stands in a page of memory that only the nursery writes.
What calls an operator as people do is refused with a sentence by `checks.operators`; here is what stops the rest.

A process that holds torch holds its machine code, and whoever searches its memory will find it. This keeps out
everything short of that.
"""

import ctypes
import mmap
import os
import tempfile
import warnings
from typing import Any

#: Where code for an operator may be.
_KEYS = ("CPU", "QuantizedCPU", "MkldnnCPU", "AutogradCPU")


class Switch:
    """Says whether pooling is refused, to this process and those it forks; they can read it, and not turn it."""

    def __init__(self) -> None:
        self._file = os.memfd_create("switch") if hasattr(os, "memfd_create") else tempfile.mkstemp()[0]
        os.pwrite(self._file, b"\0", 0)

    def page(self) -> mmap.mmap:
        """Map the page for reading; it cannot be made writable again."""
        path = f"/proc/self/fd/{self._file}"
        reading = os.open(path, os.O_RDONLY) if os.path.exists(path) else os.dup(self._file)
        try:
            return mmap.mmap(reading, 1, access=mmap.ACCESS_READ)
        finally:
            os.close(reading)

    def turn(self, on: bool) -> None:
        os.pwrite(self._file, b"\1" if on else b"\0", 0)


def guard_pooling(switch: Switch) -> None:
    """Replace every operator that pools by one that looks at the switch first."""
    import torch

    dispatch: Any = torch._C
    page = switch.page()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of every operator that gets another code
        for namespace in ("aten", "quantized"):
            library = dispatch._dispatch_library("IMPL", namespace, "", __file__, 0)
            for name in dispatch._dispatch_get_all_op_names():
                space, _, operator = name.partition("::")
                if space == namespace and "pool" in operator:
                    for key, code in _codes(name).items():
                        library.impl(operator, key, _guarded(code, page), True)
            # When a library is forgotten, its code is taken back. So it is kept, and no name leads to it.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))
    _forget_decompositions()


def _forget_decompositions() -> None:
    """Take torch's own pooling in Python away as well: recipes that compilers use."""
    import torch
    import torch._decomp
    import torch._decomp.decompositions
    import torch._refs

    table: Any = torch._decomp
    for recipes in (table.decomposition_table, *table.global_decomposition_table.values()):
        for operator in [each for each in recipes if "pool" in str(each)]:
            del recipes[operator]
    for module in (torch._decomp.decompositions, torch._refs):
        for name in [name for name in vars(module) if "pool" in name]:
            delattr(module, name)


def _codes(name: str) -> dict[str, Any]:
    """Return where code for an operator has to be replaced, and what is there now, as far as it can be called."""
    import torch

    dispatch: Any = torch._C
    own = [key for key in _KEYS[:3] if dispatch._dispatch_has_kernel_for_dispatch_key(name, key)]
    # What is made of other operators has no code of its own for any device. Some of it would not come by here again:
    # adaptive average pooling to a single cell is a mean.
    keys = own or ["CPU", "AutogradCPU"]
    found: dict[str, Any] = {}
    for key in keys:
        try:
            found[key] = torch.library.get_kernel(name, key)
        except (RuntimeError, ValueError):  # a kind of tensor that nobody here has
            found[key] = None
    return found


def _guarded(code: Any, page: mmap.mmap) -> Any:
    def guarded(keys: Any, *arguments: Any, **options: Any) -> Any:
        if page[0] or code is None:
            return None  # torch itself refuses that: an error from here would lead to this frame, and so to the code
        return code.call_boxed(keys, *arguments, **options)

    return guarded
