"""Which tensors the alternatives take."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from pooling import arguments


def spatial_shape(x: Any) -> tuple[int, ...]:
    """Return (H, W) of a tensor of shape (N, C, H, W) or (C, H, W), of floating-point numbers; refuse any other."""
    if not isinstance(x, Tensor) or not x.is_floating_point():
        found = x.dtype if isinstance(x, Tensor) else type(x).__name__
        raise TypeError(f"x must be a torch.Tensor of floating-point numbers; got {found}")
    return arguments.spatial_shape("x", x.shape, 2, bare=False)
