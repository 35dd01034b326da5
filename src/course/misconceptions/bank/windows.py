"""Where windows lie: strides, padding, kernels, and what comes out where."""

from course.misconceptions.changes import (
    BACKWARD,
    FORWARD,
    STRIDED,
    always_2x2,
    first_channel,
    one_axis_of_padding,
    one_row,
    over_channels,
    setting,
    square,
    stride_as_gap,
    stride_one_by_default,
    swapped,
    transposed,
    without_last_windows,
    without_single_channel,
)
from course.misconceptions.misconception import Misconception

MISCONCEPTIONS = [
    Misconception(
        "ignores-stride",
        "The windows move by one cell here, whatever the stride. Window i starts i·stride cells from the first one.",
        arguments=setting(stride=1),
        needs=("stride",),
        only=STRIDED,
    ),
    Misconception(
        "kernel-for-stride",
        "The windows lie side by side here, as if the stride were always kernel_size. The stride that was asked "
        "for counts; kernel_size is only its default.",
        arguments=setting(stride=None),
        needs=("stride",),
        only=STRIDED,
    ),
    Misconception(
        "stride-as-gap",
        "The stride is taken for a gap between two windows. It is the distance from the start of one to the "
        "start of the next.",
        arguments=stride_as_gap,
        needs=("stride",),
        only=STRIDED,
    ),
    Misconception(
        "default-stride-one",
        "Without a stride these windows move by one cell. In pooling the default stride is kernel_size: windows "
        "lie side by side.",
        arguments=stride_one_by_default,
        needs=("stride",),
        only=STRIDED,
        unless=("by_hand",),
    ),
    Misconception(
        "ignores-padding",
        "There is no padding here. Padding adds cells on all sides, so that the first window starts `padding` "
        "cells before the first real one.",
        arguments=setting(padding=0),
        needs=("padding",),
        only=(*FORWARD, *BACKWARD, "output_size"),
    ),
    Misconception(
        "pads-before-only",
        "Here only the top and the left are padded. Padding goes on both sides of an axis.",
        steps={"padded": "before"},
        needs=("padding",),
    ),
    Misconception(
        "pads-after-only",
        "Here only the bottom and the right are padded. Padding goes on both sides of an axis: the first window "
        "starts `padding` cells before the first real one.",
        steps={"padded": "after"},
        needs=("padding",),
    ),
    Misconception(
        "pads-columns-alone",
        "Only the columns are padded. The rows get a border too.",
        arguments=one_axis_of_padding(1),
        needs=("padding",),
        about=("x",),
        unless=("by_hand",),
    ),
    Misconception(
        "pads-rows-alone",
        "Only the rows are padded. The columns get a border too.",
        arguments=one_axis_of_padding(0),
        needs=("padding",),
        about=("x",),
        unless=("by_hand",),
    ),
    Misconception(
        "pushes-windows-inside",
        "Windows that begin in the border are pushed to the first real cell and keep their full length. Let them "
        "begin where they begin, and leave out the cells that do not exist.",
        steps={"pushed": True},
        needs=("padding",),
    ),
    Misconception(
        "swaps-height-and-width",
        "Rows and columns are swapped in the pairs: the first number of kernel_size, stride and padding is for "
        "the rows, the second for the columns.",
        arguments=swapped("kernel_size", "stride", "padding"),
        about=("kernel_size", "x"),
        needs=("kernel_size",),
        unless=("by_hand",),
    ),
    Misconception(
        "square-kernel",
        "Here kernel_size[0] is used for the rows and for the columns. The columns have a number of their own, "
        "kernel_size[1].",
        arguments=square("kernel_size"),
        about=("kernel_size", "x"),
        needs=("kernel_size",),
        unless=("by_hand",),
    ),
    Misconception(
        "square-stride",
        "Here stride[0] is used for the rows and for the columns. The columns have a number of their own, stride[1].",
        arguments=square("stride"),
        about=("stride", "x"),
        needs=("stride",),
        unless=("by_hand",),
    ),
    Misconception(
        "swaps-padding",
        "The padding alone is swapped: its first number is for the rows, the second for the columns.",
        arguments=swapped("padding"),
        about=("padding", "x"),
        needs=("padding",),
        unless=("by_hand",),
    ),
    Misconception(
        "square-padding",
        "Here padding[0] is used for the rows and for the columns. The columns have a number of their own, padding[1].",
        arguments=square("padding"),
        about=("padding", "x"),
        needs=("padding",),
        unless=("by_hand",),
    ),
    Misconception(
        "transposed-output",
        "Rows and columns of the result are exchanged: the first index counts windows from top to bottom.",
        result=transposed,
        only=FORWARD,
    ),
    Misconception(
        "hard-coded-2x2",
        "The windows are 2×2 and two cells apart here, whatever kernel_size and stride say.",
        arguments=always_2x2,
        about=("kernel_size", "x"),
        needs=("kernel_size",),
        unless=("by_hand",),
    ),
    Misconception(
        "keeps-ragged-window",
        "A window that reaches beyond the last cell is kept at the end of an axis. Only whole windows count, so "
        "the output size is rounded down.",
        steps={"rounding": "ceil"},
        only=FORWARD,
    ),
    Misconception(
        "misses-last-window",
        "The last window of each axis is missing. One window fits even where there is no room to move: that is "
        "the + 1 in ⌊(size + 2·padding − kernel_size) / stride⌋ + 1.",
        result=without_last_windows,
        only=FORWARD,
    ),
    Misconception(
        "one-list-for-all-rows",
        "All rows of the result are the same. `[[0] * columns] * rows` holds one list several times; make each "
        "row anew.",
        result=one_row,
        needs=("lists",),
        unless=("by_hand",),
        only=(*FORWARD, *BACKWARD),
    ),
    Misconception(
        "pools-over-channels",
        "The channels are pooled together. Pooling works on every channel by itself, so the result has as many "
        "channels as the input.",
        arguments=over_channels,
        needs=("channels",),
        only=("max_pool2d",),
    ),
    Misconception(
        "first-channel-only",
        "Every channel of the result is that of the first channel. Each one is pooled by itself.",
        arguments=first_channel,
        needs=("channels",),
        only=FORWARD,
    ),
    Misconception(
        "blocks-in-memory",
        "Each result is the maximum of four numbers that follow each other in memory. The two rows of a block "
        "are a whole row apart: keep the axes in the order rows, rows within, columns, columns within.",
        steps={"blocks": "in memory"},
        needs=("blocks", "channels"),
    ),
    Misconception(
        "blocks-far-apart",
        "The numbers of a block are taken from far apart. In a reshape, the block's place comes before the place "
        "within the block: rows, 2, columns, 2.",
        steps={"blocks": "apart"},
        needs=("blocks", "channels"),
    ),
    Misconception(
        "blocks-from-the-end",
        "An odd row or column is left out at the beginning. Windows start at the first cell, so it is the last "
        "one that is left over.",
        steps={"blocks": "from the end"},
        needs=("blocks",),
        unless=("by_hand",),
    ),
    Misconception(
        "loses-single-channel",
        "With a single channel, the channel axis is lost. One channel is still a channel: the result has as many "
        "axes as the input.",
        result=without_single_channel,
        needs=("channels",),
        only=FORWARD,
    ),
    Misconception(
        "window-axes-first",
        "The axes stand in another order: first the windows' place in the output, then the cells within a window.",
        steps={"order": "cells first"},
    ),
]
