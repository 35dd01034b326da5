"""What `torch_layer` alone refuses, beside the table of refusals: what is no tensor, and tensors of other dtypes."""

import numpy as np
import torch

from tests.pooling.refusals import Refusal

SMALL_INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32)


def wrong_tensors(operation: str, rank: int) -> list[Refusal]:
    """List what is no x for an operation. Integers are where PyTorch's operation refuses them, too."""
    x = torch.ones((2, 3) + (6,) * rank)
    dtypes = (torch.bool, torch.complex64, *_integers(operation, rank))
    return [
        *(
            Refusal("x", value, TypeError, type(value).__name__, "Tensor")
            for value in ("a", None, 3, [1.0], np.ones(6))
        ),
        *(Refusal("x", x.to(dtype), TypeError, str(dtype), "float32") for dtype in dtypes),
    ]


def _integers(operation: str, rank: int) -> tuple[torch.dtype, ...]:
    if operation == "avg_pool":
        return SMALL_INTEGERS
    if operation not in ("max_pool", "lp_pool") or (operation, rank) == ("max_pool", 1):
        return (*SMALL_INTEGERS, torch.int64)
    return ()
