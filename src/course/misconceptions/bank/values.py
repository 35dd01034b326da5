"""What becomes of the values in a window: maxima and means."""

from course.misconceptions.changes import opposite_flag, probabilities, setting, squeezed
from course.misconceptions.misconception import Misconception

MISCONCEPTIONS = [
    Misconception(
        "pads-with-zero",
        "The border is padded with 0 here, or with a number close to it: it wins against negative numbers. Max "
        "pooling pads with −∞, so that padding never wins.",
        steps={"fill": 0.0},
        needs=("padding",),
    ),
    Misconception(
        "starts-from-zero",
        "No result is below 0: the search for the maximum seems to start from 0, and where all cells are "
        "negative, 0 stays. Start from −∞, or from the first cell of the window.",
        steps={"running_start": 0.0},
        unless=("by_hand",),
    ),
    Misconception(
        "minimum",
        "These are the smallest values of the windows, not the largest.",
        steps={"choose": "min"},
        only=("max_pool2d",),
    ),
    Misconception(
        "maximum-of-absolute-values",
        "These are the largest absolute values. Max pooling compares the values themselves: −9 is less than 1.",
        steps={"choose": "absolute"},
        only=("max_pool2d",),
    ),
    Misconception(
        "largest-magnitude",
        "Each result is the cell furthest from 0, sign kept. Max pooling compares the values themselves: −9 is "
        "less than 1.",
        steps={"choose": "magnitude"},
        only=("max_pool2d",),
    ),
    Misconception(
        "mean-for-maximum",
        "These are the means of the windows; their maxima are asked for.",
        steps={"choose": "mean"},
        only=("max_pool2d",),
    ),
    Misconception(
        "first-cell-of-window",
        "Each result is the top left cell of its window, so cells are picked rather than compared. Look at all "
        "cells of the window.",
        steps={"choose": "first"},
        only=("max_pool2d",),
    ),
    Misconception(
        "largest-row",
        "`max` of a list of rows compares the rows by their first numbers. Take the maximum of every row, and "
        "then the largest of these.",
        steps={"choose": "largest row"},
        needs=("lists",),
        unless=("by_hand",),
        only=("max_pool2d",),
    ),
    Misconception(
        "sum-for-mean",
        "These are the sums of the windows: the division by the number of cells is missing.",
        steps={"divided": "not"},
        only=("avg_pool2d", "window_mean"),
    ),
    Misconception(
        "divides-by-rows",
        "The sums are divided by the number of rows in a window. A mean divides by the number of its cells.",
        steps={"divided": "rows"},
        only=("avg_pool2d", "window_mean"),
    ),
    Misconception(
        "divides-by-square",
        "The divisor is kernel_size[0]². A window has as many cells as rows times columns.",
        steps={"divided": "rows squared"},
        needs=("kernel_size",),
        unless=("by_hand",),
    ),
    Misconception(
        "divides-by-square-of-columns",
        "The divisor is kernel_size[1]². A window has as many cells as rows times columns.",
        steps={"divided": "columns squared"},
        needs=("kernel_size",),
        unless=("by_hand",),
    ),
    Misconception(
        "rounds-means",
        "These means are rounded to whole numbers. Leave them as they are.",
        steps={"whole": "nearest"},
        only=("avg_pool2d",),
    ),
    Misconception(
        "repeats-the-edge",
        "The border repeats the cells at the edge, and they count. Sum the real cells alone, and divide by how "
        "many there are (count_include_pad=False) or by the size of the window.",
        steps={"border": "edge"},
        needs=("padding",),
        unless=("by_hand",),
    ),
    Misconception(
        "counts-nonzero-cells",
        "Cells that hold 0 are taken for padding. Count the real cells by their place, not by their value.",
        steps={"divided": "nonzero"},
        only=("avg_pool2d",),
        needs=("count_include_pad",),
        unless=("by_hand",),
    ),
    Misconception(
        "flag-inverted",
        "The two cases of count_include_pad are exchanged: with True, the default, padded cells count in the divisor.",
        arguments=opposite_flag,
        needs=("count_include_pad",),
        unless=("by_hand",),
    ),
    Misconception(
        "maximum-for-mean",
        "These are the maxima of the windows; their means are asked for.",
        steps={"choose": "max"},
        only=("avg_pool2d",),
    ),
    Misconception(
        "divides-by-whole-window",
        "Every sum is divided by the size of the whole window, padding included. Here padding does not count "
        "(count_include_pad=False): divide by the number of real cells.",
        arguments=setting(count_include_pad=True),
        needs=("count_include_pad",),
    ),
    Misconception(
        "divides-by-real-cells",
        "Every sum is divided by the number of real cells in the window. With count_include_pad=True, the "
        "default, padded cells count too: divide by the size of the whole window.",
        arguments=setting(count_include_pad=False),
        needs=("padding",),
        about=("count_include_pad",),
        only=("avg_pool2d",),
    ),
    Misconception(
        "integer-division",
        "These means are rounded down to whole numbers. Use / rather than //, and an array of floats for the results.",
        steps={"whole": "floor"},
        only=("avg_pool2d",),
    ),
    Misconception(
        "integer-division",
        "These means are rounded down to whole numbers. Use / rather than //, and an array of floats for the results.",
        steps={"whole": True},
        only=("window_mean",),
    ),
    Misconception(
        "sum-of-plane",
        "These are the sums of the planes: the division by the number of cells is missing.",
        steps={"reduce": "sum"},
        only=("global_avg_pool2d",),
    ),
    Misconception(
        "maximum-of-plane",
        "These are the maxima of the planes; their means are asked for.",
        steps={"reduce": "max"},
        only=("global_avg_pool2d",),
    ),
    Misconception(
        "global-over-batch",
        "Each number is a mean over the whole batch. Images have nothing to do with each other: average over "
        "rows and columns alone.",
        steps={"axes": (0, -2, -1)},
    ),
    Misconception(
        "global-over-channels",
        "Each number is a mean over all channels of an image. Global pooling keeps the channels: average over "
        "rows and columns alone.",
        steps={"axes": (-3, -2, -1)},
    ),
    Misconception(
        "global-over-rows-only",
        "Here only one axis of each plane is averaged. Global pooling averages over rows and columns, and leaves "
        "one number a channel.",
        steps={"axes": (-1,)},
    ),
    Misconception(
        "global-over-wrong-axes",
        "Here the first two axes are averaged: the batch and the channels. The plane is in the last two.",
        steps={"axes": (0, 1)},
    ),
    Misconception(
        "keeps-axes",
        "The two pooled axes are still there, with size 1; asked for is one number a channel.",
        steps={"keepdims": True},
    ),
    Misconception(
        "squeezed",
        "Axes of size 1 are lost. One image is still a batch, and one channel is still a channel.",
        result=squeezed,
        only=("global_avg_pool2d",),
    ),
    Misconception(
        "softmax-on-top",
        "These are probabilities: a softmax was applied to the scores. What is asked for is what the linear "
        "layer gives.",
        result=probabilities,
        only=("global_avg_pool2d",),
    ),
]
