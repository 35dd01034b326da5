"""Output sizes, and the cells of a single window."""

from course.misconceptions.misconception import Misconception

MISCONCEPTIONS = [
    Misconception(
        "rounds-up",
        "A window that would reach beyond the end is counted. Only whole windows count, so the division is "
        "rounded down (//).",
        steps={"opposite": True},
        unless=("rounds_up",),
    ),
    Misconception(
        "rounds-down",
        "The last window is not counted. Here it may reach beyond the end, so the division is rounded up.",
        steps={"opposite": True},
        needs=("rounds_up",),
    ),
    Misconception(
        "rounds-to-nearest",
        "This is rounded to the nearest whole number. A step that does not fit whole does not count: use //.",
        steps={"nearest": True},
        unless=("rounds_up", "by_hand"),
    ),
    Misconception(
        "counts-every-start",
        "Every start before the end counts here. Once a window has reached the end, no further one starts.",
        steps={"every_start": True},
        needs=("rounds_up",),
    ),
    Misconception(
        "sizes-round-up",
        "Sizes are rounded up here. A window that does not fit whole does not count, so round down (//).",
        steps={"rounding": "ceil"},
        only=("layer_shapes",),
    ),
    Misconception(
        "forgets-plus-one",
        "The + 1 is missing: the division counts how often a window can move, and the place where it starts is "
        "one more.",
        steps={"adds_one": False},
        only=("output_size", "layer_shapes"),
    ),
    Misconception(
        "counts-padding-once",
        "Padding is counted once. It lies on both sides of an axis: 2·padding.",
        steps={"sides": 1},
        only=("output_size", "layer_shapes"),
    ),
    Misconception(
        "leaves-padding-out",
        "Padding is left out. It lies on both sides of an axis: 2·padding.",
        steps={"sides": 0},
        only=("layer_shapes",),
    ),
    Misconception(
        "starts-again-from-the-image",
        "Every layer is applied to the image here. It gets what the layer before it made.",
        steps={"chained": False},
        only=("layer_shapes",),
    ),
    Misconception(
        "forgets-kernel",
        "How large the window is plays no part in this number. The last window needs room for all of its cells, "
        "so take its size off before you divide.",
        steps={"takes_kernel": False},
    ),
    Misconception(
        "size-over-stride",
        "This is the padded size, divided by the stride. The last window needs room for all of its cells: take "
        "its size off before you divide, and add 1 for the window that is there before the first step.",
        steps={"takes_kernel": False, "adds_one": False},
        unless=("rounds_up",),
    ),
    Misconception(
        "starts-in-right-padding",
        "The last window starts behind the last real cell, in the padding on the right. Such a window is dropped.",
        steps={"drops": "never"},
        needs=("padding", "rounds_up"),
    ),
    Misconception(
        "starts-right-behind-the-end",
        "A window that starts exactly behind the last real cell is kept. The last real cell is number size − 1.",
        steps={"drops": "behind it"},
        needs=("padding", "rounds_up"),
    ),
    Misconception(
        "drop-forgets-padding",
        "The test for the last window forgets the padding in front of the axis: counted from there, the real "
        "cells end at size + padding.",
        steps={"drops": "from size"},
        needs=("padding", "rounds_up"),
    ),
    Misconception(
        "drop-forgets-padding-and-the-end",
        "The test for the last window compares its start with size alone. Counted from the first cell of the "
        "padding, a window is dropped if it starts at size + padding or later.",
        steps={"drops": "behind size"},
        needs=("padding", "rounds_up"),
    ),
    Misconception(
        "windows-side-by-side",
        "These windows lie side by side. Window i starts at i·stride, however large the window is.",
        steps={"apart": "kernel"},
        only=("window_cells", "layer_shapes"),
    ),
    Misconception(
        "windows-one-apart",
        "Strides are ignored here: windows move by one cell. Window i starts at i·stride.",
        steps={"apart": "one"},
        only=("window_cells", "layer_shapes"),
    ),
    Misconception(
        "counts-stride-from-the-end",
        "The stride is counted from the end of a window here. It leads from the start of one to the start of the next.",
        steps={"apart": "gap"},
        only=("window_cells",),
    ),
    Misconception(
        "counts-from-one",
        "Cells are counted from 1 here. Window 0 starts at cell 0.",
        steps={"first": 1},
    ),
    Misconception(
        "one-cell-too-many",
        "Every window has one cell too many: the end is not included, so it is start + kernel_size − 1 that is "
        "the last.",
        steps={"extra": 1},
    ),
    Misconception(
        "as-wide-as-the-stride",
        "Every window is as wide as the stride here. It has kernel_size cells, however far apart windows are.",
        steps={"wide": "stride"},
    ),
    Misconception(
        "middle-for-mean",
        "This is the middle between the smallest and the largest number. A mean is the sum, divided by how many "
        "numbers there are.",
        steps={"middle": True},
    ),
    Misconception(
        "divides-by-sides",
        "The sum is divided by rows plus columns. There are rows times columns numbers in a window.",
        steps={"divided": "sides"},
        only=("window_mean",),
    ),
    Misconception(
        "divides-by-rows-squared",
        "The sum is divided by the number of rows, squared. A window has rows times columns numbers.",
        steps={"divided": "rows squared"},
        only=("window_mean",),
    ),
]
