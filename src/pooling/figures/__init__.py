"""The drawings that the chapters share, in one palette; needs NumPy and matplotlib.

Every figure has the same width and stands on a pale background of its own, so that it reads alike on a light page, on a
dark one and on a telephone. The colours of `COLOURS` can be told apart with any colour vision, and colour never says
anything alone: a number, a hatch or a label says it too.

====================  =================================================================================================
`palette`             COLOURS, COLOUR_MAPS, `style`, `canvas`
`grids`               `draw_grid` draws a plane of numbers, `draw_pooling` the windows and what was pooled from them
`layers`              `draw_windows`, `draw_bins`, `draw_reach`: what windows and stacks of layers read, along one axis
`images`              `photograph`, `sobel`, `compare_images`, `save_hero`
`charts`              `draw_bars`
====================  =================================================================================================
"""

from pooling.figures.charts import draw_bars
from pooling.figures.grids import draw_grid, draw_pooling
from pooling.figures.images import compare_images, photograph, save_hero, sobel
from pooling.figures.layers import draw_bins, draw_reach, draw_windows
from pooling.figures.palette import COLOUR_MAPS, COLOURS, INK, MUTED, PAPER, canvas, style

__all__ = [
    "COLOURS",
    "COLOUR_MAPS",
    "INK",
    "MUTED",
    "PAPER",
    "canvas",
    "compare_images",
    "draw_bars",
    "draw_bins",
    "draw_grid",
    "draw_pooling",
    "draw_reach",
    "draw_windows",
    "photograph",
    "save_hero",
    "sobel",
    "style",
]
