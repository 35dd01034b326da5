"""What stands for the site elsewhere: its icon, and the picture that a link to it shows."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
from PIL import Image, ImageDraw

from pooling.figures.images import pyramid, save_small
from pooling.figures.palette import COLOUR_MAPS, COLOURS, INK, MUTED, PAPER, style

#: A block of two by two cells, one of which is the largest, on a tile of 16 units that reads on a dark tab too.
TILE, CORNER, CELL = 16, 3, 5
CELLS = {(2, 2): COLOURS[0], (9, 2): COLOURS[0], (2, 9): COLOURS[0], (9, 9): COLOURS[1]}
PREVIEW_WIDTH, PREVIEW_HEIGHT, MARGIN = 1200, 630, 64


def save_icons(folder: Path) -> None:
    """Save favicon.svg, favicon.png (48 pixels) and icon.png (180 pixels, for the home screens of telephones)."""
    cells = "".join(
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{colour}"/>' for (x, y), colour in CELLS.items()
    )
    tile = f'<rect width="{TILE}" height="{TILE}" rx="{CORNER}" fill="{PAPER}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {TILE} {TILE}">{tile}{cells}</svg>\n'
    (folder / "favicon.svg").write_text(svg, encoding="utf-8")
    _icon(48).save(folder / "favicon.png", optimize=True)
    _icon(180).save(folder / "icon.png", optimize=True)


def _icon(side: int) -> Image.Image:
    smooth = 4  # drawn larger and then shrunk, so that the corners are smooth
    unit = smooth * side / TILE
    image = Image.new("RGBA", (smooth * side, smooth * side))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, smooth * side - 1, smooth * side - 1), CORNER * unit, PAPER)
    for (x, y), colour in CELLS.items():
        draw.rectangle((x * unit, y * unit, (x + CELL) * unit - 1, (y + CELL) * unit - 1), colour)
    return image.resize((side, side), Image.Resampling.BOX)


def save_preview(path: Path) -> None:
    """Save the picture that a link to the site shows: its title above an edge map that is pooled again and again."""
    style()
    maps = pyramid()
    gap = 14
    scale = (PREVIEW_WIDTH - 2 * MARGIN - gap * (len(maps) - 1)) / sum(image.shape[1] for image in maps)
    figure = plt.figure(figsize=(PREVIEW_WIDTH / 100, PREVIEW_HEIGHT / 100))
    texts = {
        "Pooling, layer by layer": (0.86, 44, INK),
        "A course that you can run, with graded exercises": (0.76, 22, MUTED),
    }
    for text, (y, size, colour) in texts.items():
        figure.text(MARGIN / PREVIEW_WIDTH, y, text, fontsize=size, color=colour, va="center")
    left = float(MARGIN)
    for number, image in enumerate(maps):
        side = scale * image.shape[0]
        bounds = (left / PREVIEW_WIDTH, MARGIN / PREVIEW_HEIGHT, side / PREVIEW_WIDTH, side / PREVIEW_HEIGHT)
        ax = figure.add_axes(bounds)
        ax.imshow(image, cmap=COLOUR_MAPS["ink" if number else "grey"], interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=MUTED, linewidth=0.5)
        left += side + gap
    save_small(figure, path, dpi=100)
