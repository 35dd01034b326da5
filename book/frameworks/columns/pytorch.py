"""PyTorch, through torch.nn.functional."""

import numpy as np
import torch
import torch.nn.functional as F

from book.frameworks.cases import Case

NAME = "PyTorch"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"torch": torch.__version__.partition("+")[0]}


def answer(case: Case) -> np.ndarray:
    """Say the wish in PyTorch's words."""
    case.needs("same")
    x = torch.tensor(case.x, requires_grad=case.want == "gradient")
    if case.operation == "adaptive avg":
        return F.adaptive_avg_pool2d(x, case.kernel).numpy()
    said = {"stride": case.stride, "padding": case.padding, "ceil_mode": case.ceil}
    if case.operation == "avg":
        if case.count_pads is not None:
            said["count_include_pad"] = case.count_pads
        return F.avg_pool2d(x, case.kernel, **said).numpy()
    said["dilation"] = case.dilation
    if case.want == "indices":
        return F.max_pool2d(x, case.kernel, **said, return_indices=True)[1].numpy()
    y = F.max_pool2d(x, case.kernel, **said)
    if case.want == "gradient":
        return torch.autograd.grad(y.sum(), x)[0].numpy()
    return y.numpy()
