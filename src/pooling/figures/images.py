"""The photograph, its edges, and images side by side."""

from __future__ import annotations

import io
from collections.abc import Mapping
from os import PathLike

import matplotlib.cbook
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from pooling import numpy_layer
from pooling.figures.palette import COLOUR_MAPS, MUTED, WIDTH, as_plane, canvas, style


def photograph() -> NDArray[np.float64]:
    """Return matplotlib's portrait of Grace Hopper: shape (3, 512, 512), red, green and blue from 0 to 1."""
    pixels = plt.imread(str(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
    return np.moveaxis(pixels[:512, :512] / 255.0, -1, 0)


def sobel(image: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how fast an image brightens to the right, and how fast downwards.

    Parameters
    ----------
    image : array_like
        Shape (H, W). Its border is continued outwards.

    Returns
    -------
    (array, array)
        Shape (H, W) each; between −1 and 1 for an image between 0 and 1. `np.hypot` of the two is an edge map.
    """
    p = np.pad(as_plane("image", image).astype(float), 1, mode="edge")
    vertical = p[:-2] + 2 * p[1:-1] + p[2:]
    horizontal = p[:, :-2] + 2 * p[:, 1:-1] + p[:, 2:]
    return (vertical[:, 2:] - vertical[:, :-2]) / 4, (horizontal[2:] - horizontal[:-2]) / 4


def compare_images(images: Mapping[str, ArrayLike], *, colour_map: str = "ink", columns: int | None = None) -> Figure:
    """Draw images side by side, equally large whatever their resolution, every pixel a square.

    One scale serves them all: from the smallest value to the largest, or as far below zero as above in "signed".

    Parameters
    ----------
    images : mapping of str to array_like
        Title and plane of each; a title may have two lines.
    colour_map : {"ink", "grey", "signed"}
        See COLOUR_MAPS.
    columns : int, optional
        Images in a row; all of them without it.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no image or one is not a plane, and for a colour map of another name.
    """
    if not images:
        raise ValueError("images must hold at least one title and plane; got none")
    if colour_map not in COLOUR_MAPS:
        raise ValueError(f"colour_map must be one of {', '.join(map(repr, COLOUR_MAPS))}; got {colour_map!r}")
    planes = {title: as_plane(f"images[{title!r}]", image) for title, image in images.items()}
    low = min(float(plane.min()) for plane in planes.values())
    high = max(float(plane.max()) for plane in planes.values())
    if colour_map == "signed":
        low, high = -max(-low, high), max(-low, high)

    columns = min(columns or len(planes), len(planes))
    rows = -(-len(planes) // columns)
    lines = max(title.count("\n") + 1 for title in planes)
    height, width = next(iter(planes.values())).shape
    figure, axes = canvas(rows * (WIDTH / columns * height / width + 0.2 * lines), columns, rows)
    for spare in axes.flat[len(planes) :]:
        spare.set_axis_off()
    for ax, (title, plane) in zip(axes.flat, planes.items(), strict=False):
        ax.imshow(plane, cmap=COLOUR_MAPS[colour_map], vmin=low, vmax=high, interpolation="nearest", aspect="auto")
        ax.set(xticks=[], yticks=[], box_aspect=plane.shape[0] / plane.shape[1], title=title)
        ax.spines[:].set(visible=True, color=MUTED, linewidth=0.5)
    return figure


def pyramid() -> list[NDArray[np.float64]]:
    """Return the photograph in grey, its edge map, and that map max-pooled until 16 rows are left."""
    photo = numpy_layer.avg_pool2d(photograph().mean(axis=0), kernel_size=2)
    maps = [photo, np.hypot(*sobel(photo))]
    while maps[-1].shape[0] > 16:
        maps.append(numpy_layer.max_pool2d(maps[-1], kernel_size=2))
    return maps


def save_hero(path: str | PathLike[str]) -> None:
    """Save the README's picture: the photograph, its edge map, and that map max-pooled again and again, to scale."""
    style()
    maps = pyramid()
    left = margin = 12
    width = sum(image.shape[1] + margin for image in maps) + margin
    height = maps[0].shape[0] + 2 * margin + 16
    figure = plt.figure(figsize=(width / 100, height / 100))
    names = {0: "photograph", 1: "its edges, ", 2: "max-pooled, "}
    for number, image in enumerate(maps):
        side = image.shape[0]
        ax = figure.add_axes((left / width, margin / height, side / width, side / height))
        ax.imshow(image, cmap=COLOUR_MAPS["ink" if number else "grey"], interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.set_title(names.get(number, "") + (f"{side}²" if number else ""), fontsize=8, pad=4)
        ax.spines[:].set(visible=True, color=MUTED, linewidth=0.4)
        left += side + margin
    save_small(figure, path, dpi=200)


def save_small(figure: Figure, path: str | PathLike[str], dpi: int) -> None:
    """Save a figure as PNG with few colours, and close it."""
    pixels = io.BytesIO()
    figure.savefig(pixels, dpi=dpi)
    plt.close(figure)
    Image.open(pixels).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
