"""Pooling on nested lists: the definition of every operation, in the standard library alone.

Read this layer first. It is written to be read, and the two array layers must agree with it. Everything follows from
one picture: `geometry` lists the windows along the rows and along the columns; an output is what one row window and one
column window have in common, shrunk to a number.

x is a plane (H, W), a stack of planes (C, H, W), or a batch of stacks (N, C, H, W). Planes never mix: pooling runs on
each of them alone.

====================  ============================================================  ===================================
module                forward                                                       backward
====================  ============================================================  ===================================
`max_pooling`         `max_pool2d` keeps the largest value of a window;             `max_pool2d_backward`
                      `max_unpool2d` puts maxima back
`avg_pooling`         `avg_pool2d` takes the mean, `lp_pool2d` the Lp norm          `avg_pool2d_backward`
`adaptive_pooling`    `adaptive_max_pool2d` and `adaptive_avg_pool2d` for a given   `adaptive_max_pool2d_backward`,
                      output size, `global_max_pool2d` and `global_avg_pool2d`      `adaptive_avg_pool2d_backward`
                      for the whole plane
====================  ============================================================  ===================================

`grid` finds the windows, `nested` walks through lists.
"""

from pooling.python_layer.adaptive_pooling import (
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
    global_avg_pool2d,
    global_max_pool2d,
)
from pooling.python_layer.avg_pooling import avg_pool2d, avg_pool2d_backward, lp_pool2d
from pooling.python_layer.max_pooling import max_pool2d, max_pool2d_backward, max_unpool2d

__all__ = [
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "global_avg_pool2d",
    "global_max_pool2d",
    "lp_pool2d",
    "max_pool2d",
    "max_pool2d_backward",
    "max_unpool2d",
]
