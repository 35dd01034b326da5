"""What goes back through a pooling layer, and how gradients are measured."""

from course.misconceptions.changes import BACKWARD, setting
from course.misconceptions.misconception import Misconception

MISCONCEPTIONS = [
    Misconception(
        "gradient-to-every-tie",
        "Where a window has its maximum twice, every copy gets the whole gradient. Only one cell wins: the "
        "first, row by row from left to right.",
        steps={"winners": "all"},
    ),
    Misconception(
        "gradient-split-over-ties",
        "Where a window has its maximum twice, the gradient is split among the copies. Only one cell wins, and "
        "it gets everything: the first, row by row from left to right.",
        steps={"winners": "split"},
    ),
    Misconception(
        "gradient-to-last-tie",
        "Where a window has its maximum twice, the last one gets the gradient. The first one wins, row by row "
        "from left to right.",
        steps={"winners": "last"},
    ),
    Misconception(
        "gradient-to-first-going-down",
        "Where a window has its maximum twice, the first one going down the columns gets the gradient. The first "
        "one counts row by row, from left to right.",
        steps={"winners": "first down"},
    ),
    Misconception(
        "gradient-to-corner",
        "The gradient goes to the top left cell of every window. It belongs to the cell that gave the maximum.",
        steps={"winners": "corner"},
    ),
    Misconception(
        "gradient-to-first-of-each-row",
        "In every row of a window that has its maximum, one cell gets the gradient. Only the first one of the "
        "whole window wins.",
        steps={"winners": "first of each row"},
    ),
    Misconception(
        "overwrites-overlap",
        "Where windows overlap, only one of them counts here. What several windows send to a cell adds up.",
        steps={"overlap": "last window"},
    ),
    Misconception(
        "mean-of-overlap",
        "Where windows overlap, a cell gets the mean of what they send. It all adds up.",
        steps={"overlap": "mean"},
    ),
    Misconception(
        "largest-of-overlap",
        "Where windows overlap, a cell gets the largest number that they send. It all adds up.",
        steps={"overlap": "largest"},
    ),
    Misconception(
        "cut-off-at-the-end-alone",
        "Everything is moved down and right by the padding. The border lies on all sides: cut it off at the "
        "beginning too.",
        steps={"cropped": "the end"},
        needs=("padding",),
    ),
    Misconception(
        "overwrites-overlap-by-place",
        "Where windows overlap, only one of them counts here. What several windows send to a cell adds up.",
        steps={"overlap": "last place"},
    ),
    Misconception(
        "overwrites-overlap-with-zeros",
        "Where windows overlap, only one of them counts here. What several windows send to a cell adds up.",
        steps={"overlap": "last place, zeros too"},
        only=("max_pool2d_backward",),
    ),
    Misconception(
        "mask-for-gradient",
        "Every window sends back 1 here, whatever its gradient is. Send the entry of grad_output that belongs to "
        "the window.",
        steps={"sends": "one"},
        only=BACKWARD,
    ),
    Misconception(
        "value-for-gradient",
        "Here the maxima themselves are sent back. Send the entry of grad_output that belongs to the window.",
        steps={"sends": "value"},
        only=("max_pool2d_backward",),
    ),
    Misconception(
        "undivided-average-gradient",
        "Every cell gets the whole gradient of its window. In the mean each cell counts only 1/(number of "
        "cells), and so does its gradient.",
        steps={"divided": "not"},
        only=("avg_pool2d_backward",),
    ),
    Misconception(
        "shared-among-rows",
        "The gradient is divided by the number of rows in a window. It is shared by all of its cells: rows times "
        "columns.",
        steps={"divided": "rows"},
        only=("avg_pool2d_backward",),
    ),
    Misconception(
        "shared-among-real-cells",
        "A window's gradient is shared among its real cells alone. Cells of the padding get a share too, which "
        "is lost: divide by the size of the whole window.",
        arguments=setting(count_include_pad=False),
        needs=("padding",),
        only=("avg_pool2d_backward",),
    ),
    Misconception(
        "forward-difference",
        "This is (f(x + step) − f(x)) / step, which is off by about step. Asked for is the central difference, "
        "with x + step and x − step.",
        steps={"difference": "forward"},
    ),
    Misconception(
        "backward-difference",
        "This is (f(x) − f(x − step)) / step, which is off by about step. Asked for is the central difference, "
        "with x + step and x − step.",
        steps={"difference": "backward"},
    ),
    Misconception(
        "divides-by-one-step",
        "The difference is divided by step alone. From x − step to x + step it is 2·step.",
        steps={"halved": False},
    ),
    Misconception(
        "half-steps",
        "The two points lie one step apart here. Asked for are x + step and x − step.",
        steps={"half_steps": True},
    ),
    Misconception(
        "difference-undivided",
        "These are the differences f(x + step) − f(x − step) alone; the division by 2·step is missing.",
        steps={"divided": False},
        only=("numerical_gradient",),
    ),
    Misconception(
        "keeps-the-step",
        "An entry stays moved when the next one is measured. Move one entry at a time, and put it back.",
        steps={"restored": "up"},
    ),
    Misconception(
        "keeps-the-step-back",
        "An entry stays moved when the next one is measured. Move one entry at a time, and put it back.",
        steps={"restored": "down"},
    ),
    Misconception(
        "moves-everything",
        "All numbers are moved at once here. Move one, and measure; then the next.",
        steps={"together": True},
    ),
    Misconception(
        "relative-step",
        "Each number is moved by a share of itself here. Move each by `step`.",
        steps={"relative": True},
    ),
    Misconception(
        "divides-then-multiplies",
        "These differences are divided by 2 and then multiplied by step: Python goes from left to right. Put "
        "2·step in brackets.",
        steps={"grouped": False},
    ),
]
