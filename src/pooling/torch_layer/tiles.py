"""Takes tensors apart into tiles that fit into a processor's cache.

Fetching a cell from memory takes longer than comparing it. So on a CPU some planes go through all steps of a pooling
while they are in the cache, before the next planes are fetched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

#: The most that a tile takes; one plane where that is more. With half of it pooling takes about a tenth longer, with
#: twice as much no less: the smaller the tiles, the more calls, and the larger, the less stays in the cache.
TILE_BYTES = 2 * 1024 * 1024


def values_may_decide(x: Tensor) -> bool:
    """Tell whether the values in x may decide what is done next.

    On a GPU the program would have to wait for them. To a compiler they are unknown, and so they are in the tensors
    that stand for others while PyTorch traces a program; these have a class of their own.
    """
    return x.device.type == "cpu" and not torch.compiler.is_compiling() and type(x) in (Tensor, torch.nn.Parameter)


def tiles(rank: int, x: Tensor, *results: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Go through x and what belongs to it, planes laid out as `tensors.empty_outputs` lays them out.

    Parameters
    ----------
    rank : int
        How many axes are pooled.
    x, *results : Tensor
        Shape (N, C, *spatial), (C, *spatial) or (*spatial), all with the same N and C.

    Yields
    ------
    tuple of Tensors
        Views of x and the results: as many planes of each as a tile holds.
    """
    parts = (x, *results)
    if not values_may_decide(x):  # nor is there a cache to fill
        return iter([parts])
    if x.is_contiguous():
        parts = tuple(part.view(math.prod(x.shape[:-rank]), *part.shape[-rank:]) for part in parts)
    # In channels-last format the planes of a sample lie interwoven, so a tile takes all of them.
    bytes_of_one = max(math.prod(part.shape[1:]) for part in parts) * x.element_size()
    step = max(1, TILE_BYTES // max(1, bytes_of_one))
    return zip(*(part.split(step) for part in parts), strict=True)
