"""Takes torch's pooling operators away from a process, for good: whatever way leads to them, an error waits there.

It is done where torch looks up the code for an operator, below Python: so it holds in threads, in a backward pass, in
TorchScript, under modes and for `torch.ops`.
"""

import ctypes
import warnings
from typing import Any

from checks.wording import refusal


class PoolingRefused(RuntimeError):  # noqa: N818 (learners read it)
    """torch's own pooling was called."""


def refuse_pooling() -> None:
    """Replace every operator that pools, in this process and those it forks."""
    import torch

    dispatch: Any = torch._C
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of every operator that gets another code
        for namespace in ("aten", "quantized"):
            library = dispatch._dispatch_library("IMPL", namespace, "", __file__, 0)
            for name in dispatch._dispatch_get_all_op_names():
                space, _, operator = name.partition("::")
                if space != namespace or "pool" not in operator:
                    continue
                for key in ("CPU", "AutogradCPU", "MkldnnCPU", "QuantizedCPU"):
                    library.impl(operator, key, _refusing(operator.partition(".")[0]), False)
            # When a library is forgotten, its code is taken back. So it is kept, and no name leads to it.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))


def _refusing(operator: str) -> Any:
    def refuse(*arguments: Any, **options: Any) -> Any:
        raise PoolingRefused(refusal(operator))

    return refuse
