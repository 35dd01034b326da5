"""Pooling on NumPy arrays, in one, two and three dimensions, forward and backward.

Arrays are channels-first: (N, C, *spatial), (C, *spatial) or *spatial alone. Every operation has a form for each rank,
such as `max_pool2d`, made from one function that takes the rank first, `max_pool`. Every form has a backward form, such
as `max_pool2d_backward`, that takes the upstream gradient first and then what the forward form took.

====================  =================================================================================================
`max_pooling`         `max_pool{1,2,3}d`, `max_unpool{1,2,3}d`
`avg_pooling`         `avg_pool{1,2,3}d`, `lp_pool{1,2,3}d`
`adaptive_pooling`    `adaptive_max_pool{1,2,3}d`, `adaptive_avg_pool{1,2,3}d`, `global_max_pool{1,2,3}d`,
                      `global_avg_pool{1,2,3}d`
`arrays`              which arrays and dtypes they take
====================  =================================================================================================

Behind them stands one idea: to pass over memory as rarely as possible, and each time in one long run.

====================  =================================================================================================
`tiles`               cuts an array into pieces that fit the processor's cache, each laid out as one long row
`folds`               combines the cells of all windows of such a row, by doubling
`max_search`          the largest value of each window, and its place, from folds; what folds cannot tell, carefully
`window_sums`         the sum of each window, from folds
`bins`                the same for the windows of adaptive pooling
`whole_planes`        the same for one window as large as the plane
`few`                 the same for small arrays, where Python's own work counts
====================  =================================================================================================
"""

from pooling.numpy_layer.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool1d_backward,
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_avg_pool3d,
    adaptive_avg_pool3d_backward,
    adaptive_max_pool1d,
    adaptive_max_pool1d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
    adaptive_max_pool3d,
    adaptive_max_pool3d_backward,
    global_avg_pool1d,
    global_avg_pool1d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_avg_pool3d,
    global_avg_pool3d_backward,
    global_max_pool1d,
    global_max_pool1d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
    global_max_pool3d,
    global_max_pool3d_backward,
)
from pooling.numpy_layer.avg_pooling import (
    avg_pool1d,
    avg_pool1d_backward,
    avg_pool2d,
    avg_pool2d_backward,
    avg_pool3d,
    avg_pool3d_backward,
    lp_pool1d,
    lp_pool1d_backward,
    lp_pool2d,
    lp_pool2d_backward,
    lp_pool3d,
    lp_pool3d_backward,
)
from pooling.numpy_layer.max_pooling import (
    max_pool1d,
    max_pool1d_backward,
    max_pool2d,
    max_pool2d_backward,
    max_pool3d,
    max_pool3d_backward,
    max_unpool1d,
    max_unpool1d_backward,
    max_unpool2d,
    max_unpool2d_backward,
    max_unpool3d,
    max_unpool3d_backward,
)

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool1d_backward",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_avg_pool3d",
    "adaptive_avg_pool3d_backward",
    "adaptive_max_pool1d",
    "adaptive_max_pool1d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "adaptive_max_pool3d",
    "adaptive_max_pool3d_backward",
    "avg_pool1d",
    "avg_pool1d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "avg_pool3d",
    "avg_pool3d_backward",
    "global_avg_pool1d",
    "global_avg_pool1d_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_avg_pool3d",
    "global_avg_pool3d_backward",
    "global_max_pool1d",
    "global_max_pool1d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "global_max_pool3d",
    "global_max_pool3d_backward",
    "lp_pool1d",
    "lp_pool1d_backward",
    "lp_pool2d",
    "lp_pool2d_backward",
    "lp_pool3d",
    "lp_pool3d_backward",
    "max_pool1d",
    "max_pool1d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool3d",
    "max_pool3d_backward",
    "max_unpool1d",
    "max_unpool1d_backward",
    "max_unpool2d",
    "max_unpool2d_backward",
    "max_unpool3d",
    "max_unpool3d_backward",
]
