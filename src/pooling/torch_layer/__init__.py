"""Pooling on PyTorch tensors: differentiable functions, and modules that are drop-in for those of `torch.nn`.

Tensors are channels-first: (N, C, *spatial), (C, *spatial) or, for the functions, *spatial alone. Nothing here calls a
pooling operator of PyTorch. The gradients come from hand-written autograd Functions that go in pairs: each is the
backward pass of the other.

====================  =================================================================================================
`max_pooling`         `max_pool{1,2,3}d`, `max_unpool{1,2,3}d`
`avg_pooling`         `avg_pool{1,2,3}d`, `lp_pool{1,2,3}d`
`adaptive_pooling`    `adaptive_max_pool{1,2,3}d`, `adaptive_avg_pool{1,2,3}d`, `global_max_pool{1,2,3}d`,
                      `global_avg_pool{1,2,3}d`
`modules`             `MaxPool{1,2,3}d`, `AvgPool{1,2,3}d`, `AdaptiveMaxPool{1,2,3}d`, `AdaptiveAvgPool{1,2,3}d`,
                      `GlobalMaxPool{1,2,3}d`, `GlobalAvgPool{1,2,3}d`, `LPPool{1,2,3}d`, `MaxUnpool{1,2,3}d`
`max_search`          finds the largest value of each window, and its place
`bins`                does the same for bins, the windows of adaptive pooling, and adds up their cells
`folds`               combines the cells of each window
`tiles`               takes tensors apart into pieces that fit into a processor's cache
`tensors`             which tensors and dtypes they take
====================  =================================================================================================
"""

from pooling.torch_layer.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    global_avg_pool1d,
    global_avg_pool2d,
    global_avg_pool3d,
    global_max_pool1d,
    global_max_pool2d,
    global_max_pool3d,
)
from pooling.torch_layer.avg_pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
)
from pooling.torch_layer.max_pooling import (
    max_pool1d,
    max_pool2d,
    max_pool3d,
    max_unpool1d,
    max_unpool2d,
    max_unpool3d,
)
from pooling.torch_layer.modules import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    GlobalAvgPool1d,
    GlobalAvgPool2d,
    GlobalAvgPool3d,
    GlobalMaxPool1d,
    GlobalMaxPool2d,
    GlobalMaxPool3d,
    LPPool1d,
    LPPool2d,
    LPPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    MaxUnpool1d,
    MaxUnpool2d,
    MaxUnpool3d,
)

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "GlobalAvgPool1d",
    "GlobalAvgPool2d",
    "GlobalAvgPool3d",
    "GlobalMaxPool1d",
    "GlobalMaxPool2d",
    "GlobalMaxPool3d",
    "LPPool1d",
    "LPPool2d",
    "LPPool3d",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool1d",
    "MaxUnpool2d",
    "MaxUnpool3d",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "global_avg_pool1d",
    "global_avg_pool2d",
    "global_avg_pool3d",
    "global_max_pool1d",
    "global_max_pool2d",
    "global_max_pool3d",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
]
