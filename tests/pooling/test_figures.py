"""What the chapters' drawings show, and whether everybody can see it."""

from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch, Rectangle
from PIL import Image

from pooling import figures, geometry
from pooling.figures import palette
from pooling.numpy_layer import avg_pool2d, max_pool2d

X = [[1, 3, 2, 1], [4, 2, 1, 0], [5, 6, 1, 2], [7, 8, 3, 4]]


@pytest.fixture(autouse=True)
def own_settings():
    with mpl.rc_context({"backend": "agg"}):
        figures.style()
        yield
        plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def filled(ax, colour):
    """The rectangles of an axes that are filled with a colour: (left, top) of each."""
    rectangles = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_fill()]
    return [patch.get_xy() for patch in rectangles if np.allclose(patch.get_facecolor()[:3], to_rgb(colour))]


def hatched(ax):
    return [patch.get_xy() for patch in ax.patches if patch.get_hatch()]


# ---- grids ----


def test_every_cell_of_a_grid_shows_its_number():
    ax = figures.draw_grid([[1, -2.5], [-np.inf, np.nan], [-0.001, 1 / 3]], title="six")
    assert texts(ax) == ["1", "−2.5", "−∞", "NaN", "0", "0.33"]
    assert len(ax.patches) == 6
    assert ax.get_title() == "six"


def test_frames_outline_their_block():
    ax = figures.draw_grid(X, frames=[(1, 2, 3, 2, "red")])
    (frame,) = [patch for patch in ax.patches if not patch.get_fill()]
    assert (frame.get_xy(), frame.get_height(), frame.get_width()) == ((2, 1), 3, 2)


def test_a_window_and_its_output_have_the_same_colour():
    figure = figures.draw_pooling(X, {"maximum": max_pool2d(np.array(X), 2)}, kernel_size=2)
    given, pooled = figure.axes
    assert texts(given) == [str(value) for row in X for value in row]
    assert texts(pooled) == ["4", "2", "8", "4"]
    seen = []
    for i, j in np.ndindex(2, 2):
        fill = pooled.patches[2 * i + j].get_facecolor()
        seen.append(fill)
        assert filled(given, fill[:3]) == [(2 * j + c, 2 * i + r) for r in (0, 1) for c in (0, 1)]
    assert len(set(seen)) == 4


@pytest.mark.parametrize(("size", "kernel_size", "stride"), [(7, 2, None), (6, 2, None), (8, 3, None), (7, 2, 3)])
def test_cells_without_a_reader_are_hatched(size, kernel_size, stride):
    x = np.arange(size * size).reshape(size, size)
    figure = figures.draw_pooling(x, {"max": max_pool2d(x, kernel_size, stride)}, kernel_size, stride)
    read = {cell for window in geometry.windows(size, kernel_size, stride) for cell in window.cells}
    expected = {(c, r) for r in range(size) for c in range(size) if not {r, c} <= read}
    assert set(hatched(figure.axes[0])) == expected
    assert not hatched(figure.axes[1])


def test_cells_with_several_readers_stay_plain():
    x = np.zeros((3, 3))
    figure = figures.draw_pooling(x, {"max": np.zeros((2, 2))}, kernel_size=2, stride=1)
    assert filled(figure.axes[0], "white") == [(1, 0), (0, 1), (1, 1), (2, 1), (1, 2)]


def test_one_window_alone_can_be_shown():
    x = np.zeros((5, 5))
    figure = figures.draw_pooling(x, {"max": np.zeros((2, 2))}, kernel_size=3, stride=2, only=(1, 0))
    assert len(filled(figure.axes[0], "white")) == 25 - 9
    assert filled(figure.axes[1], "white") == [(0, 0), (1, 0), (1, 1)]


# ---- windows on an axis ----


@pytest.mark.parametrize(
    "arguments",
    [
        {"size": 6, "kernel_size": 2},
        {"size": 7, "kernel_size": 2},
        {"size": 7, "kernel_size": 2, "ceil_mode": True},
        {"size": 7, "kernel_size": 3, "stride": 2, "padding": 1},
        {"size": 6, "kernel_size": 3, "stride": 2, "padding": "same"},
        {"size": 9, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2},
        {"size": 7, "kernel_size": 2, "stride": 3},
    ],
)
def test_windows_are_drawn_where_the_geometry_puts_them(arguments):
    ax = figures.draw_windows(**arguments)
    windows = geometry.windows(**arguments)
    assert len(ax.lines) == len(windows)
    for number, window in enumerate(windows):
        colour = figures.COLOURS[number % len(figures.COLOURS)]
        middle = ax.lines[number].get_ydata()[0]
        bars = [p for p in ax.patches if np.isclose(p.get_y() + p.get_height() / 2, middle)]
        real = [round(p.get_x() - 0.08) for p in bars if np.allclose(p.get_facecolor()[:3], to_rgb(colour))]
        assert real == list(window.cells)
        assert len(bars) == arguments["kernel_size"]
    read = {cell for window in windows for cell in window.cells}
    assert {int(left) for left, _ in hatched(ax)} == set(range(arguments["size"])) - read


def test_padding_is_written_on_its_cells():
    ax = figures.draw_windows(6, kernel_size=3, stride=2, padding="same")
    assert texts(ax) == ["0", "1", "2", "3", "4", "5", "pad"]


@pytest.mark.parametrize(
    ("arguments", "dropped"),
    [
        ((5, 2, 2, 1, 1, True), True),
        ((8, 3, 3, 1, 1, True), True),
        ((2, 1, 2, 0, 1, True), True),
        ((5, 2, 2, 1, 1, False), False),
        ((7, 2, 2, 0, 1, True), False),
        ((6, 2, 2, 0, 1, True), False),
    ],
)
def test_the_window_that_ceil_mode_drops_is_drawn_in_grey(arguments, dropped):
    ax = figures.draw_windows(*arguments)
    assert ("dropped" in texts(ax)) == dropped
    assert len(ax.lines) == geometry.output_size(*arguments) + dropped


@pytest.mark.parametrize(("size", "output_size"), [(6, 3), (7, 3), (5, 3), (5, 1), (3, 5), (4, 4)])
def test_bins_are_drawn_where_the_geometry_puts_them(size, output_size):
    ax = figures.draw_bins(size, output_size)
    windows = geometry.adaptive_windows(size, output_size)
    boxes = [patch for patch in ax.patches if patch.get_height() < 1]
    for number, window in enumerate(windows):
        colour = to_rgb(figures.COLOURS[number % len(figures.COLOURS)])
        here = [box for box in boxes if np.isclose(box.get_y() + box.get_height() / 2, 1.45 + 0.55 * number)]
        assert [round(box.get_x() - 0.08) for box in here] == list(window.cells)
        assert all(np.allclose(box.get_facecolor()[:3], colour) for box in here)
    assert len(boxes) == sum(len(window.cells) for window in windows)
    counts = [len(window.cells) for window in windows]
    assert texts(ax) == [*map(str, range(size)), *("1 cell" if count == 1 else f"{count} cells" for count in counts)]


# ---- receptive fields ----


@pytest.mark.parametrize(
    ("layers", "cells"),
    [
        ([("conv", 3, 1)], 3),
        ([("conv", 3, 1), ("conv", 3, 1)], 5),
        ([("conv", 3, 1), ("pool", 2, 2), ("conv", 3, 1)], 8),
        ([("conv", 3, 1), ("pool", 2, 2), ("conv", 3, 1), ("pool", 2, 2)], 10),
        ([("conv", 3, 1, 0, 2)], 3),
    ],
)
def test_reach_shows_every_cell_that_one_output_needs(layers, cells):
    ax = figures.draw_reach(layers)
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    blue = [box for box in boxes if np.allclose(box.get_facecolor()[:3], to_rgb(figures.COLOURS[0]))]
    assert sum(np.isclose(box.get_y(), blue[0].get_y()) for box in blue) == cells
    assert f"{cells} input cells" in texts(ax)
    assert [t for t in texts(ax) if "cells" not in t] == ["input", *(f"{name} {k}" for name, k, *_ in layers)]


# ---- images ----


def test_images_share_one_scale_and_keep_their_pixels():
    x = np.arange(64.0).reshape(8, 8)
    figure = figures.compare_images({"x": x, "pooled": avg_pool2d(x, 2)})
    shown = [ax.images[0] for ax in figure.axes]
    assert [image.get_clim() for image in shown] == [(0, 63)] * 2
    assert [image.get_array().shape for image in shown] == [(8, 8), (4, 4)]
    assert {image.get_interpolation() for image in shown} == {"nearest"}
    assert [ax.get_title() for ax in figure.axes] == ["x", "pooled"]


def test_a_signed_scale_has_zero_in_the_middle():
    figure = figures.compare_images({"x": [[-1, 3]]}, colour_map="signed")
    assert figure.axes[0].images[0].get_clim() == (-3, 3)
    assert np.allclose(figures.COLOUR_MAPS["signed"](0.5)[:3], to_rgb(figures.PAPER), atol=0.02)


@pytest.mark.parametrize("name", ["ink", "grey"])
def test_larger_values_go_steadily_darker_or_lighter(name):
    lightness = [luminance(figures.COLOUR_MAPS[name](value)[:3]) for value in np.linspace(0, 1, 20)]
    steps = np.diff(lightness)
    assert (steps > 0).all() or (steps < 0).all()


def test_the_photograph_is_an_array_of_channels():
    photo = figures.photograph()
    assert photo.shape == (3, 512, 512)
    assert 0 <= photo.min() < 0.1 < 0.9 < photo.max() <= 1


def test_sobel_finds_how_steep_a_ramp_is():
    right, down = figures.sobel(np.add.outer(np.zeros(5), 0.1 * np.arange(5)))
    assert np.allclose(right[:, 1:-1], 0.8 / 4)
    assert np.allclose(down, 0)
    right, down = figures.sobel(np.add.outer(0.1 * np.arange(5), np.zeros(5)))
    assert np.allclose(right, 0)
    assert np.allclose(down[1:-1], 0.8 / 4)


def test_the_committed_hero_is_what_the_code_draws(tmp_path):
    committed = Path(__file__).parents[2] / "book" / "images" / "hero.png"
    figures.save_hero(tmp_path / "hero.png")
    old, new = (Image.open(path).convert("RGB") for path in (committed, tmp_path / "hero.png"))
    assert old.size == new.size
    # Versions of matplotlib differ by a little in the text.
    assert np.mean(np.abs(np.asarray(old, float) - np.asarray(new, float))) < 2
    assert committed.stat().st_size <= 150_000


# ---- bars ----


def test_bars_are_as_long_as_their_values_and_say_them():
    ax = figures.draw_bars({"a": 50.25, "b": 25}, unit=" %")
    assert [patch.get_width() for patch in ax.patches] == [50.25, 25]
    assert texts(ax) == [" 50.25 %", " 25 %"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


# ---- refusals ----


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.draw_grid([1, 2]), r"^values must be a plane .* got shape \(2,\)"),
        (lambda: figures.draw_grid(X, tints=[0]), r"^tints must have the shape of values, \(4, 4\); got \(1,\)"),
        (lambda: figures.draw_pooling([], {}, 2), r"^x must be a plane"),
        (lambda: figures.draw_pooling(X, {"y": X}, 2), r"^outputs\['y'\] must have shape \(2, 2\).* got \(4, 4\)"),
        (lambda: figures.draw_windows(3, kernel_size=4), r"^kernel_size=4"),
        (lambda: figures.draw_bins(3, output_size=0), r"^output_size must be at least 1 .* got 0"),
        (lambda: figures.draw_bins(0, output_size=1), r"^size must be"),
        (lambda: figures.draw_reach([]), r"^layers must hold at least one"),
        (lambda: figures.compare_images({}), r"^images must hold at least one"),
        (lambda: figures.compare_images({"x": [1]}), r"^images\['x'\] must be a plane"),
        (lambda: figures.compare_images({"x": X}, colour_map="jet"), r"^colour_map must be one of 'grey', .* 'jet'"),
        (lambda: figures.sobel(3), r"^image must be a plane"),
        (lambda: figures.draw_bars({"a": -1}), r"^values must hold .* none below 0; got \{'a': -1\}"),
    ],
)
def test_a_refusal_names_the_argument(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


# ---- eyes ----


def linear(colour):
    parts = np.array(colour)
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(np.dot([0.2126, 0.7152, 0.0722], linear(colour)))


def contrast(one, other):
    """The contrast ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def as_is(colour):
    return np.array(to_rgb(colour))


def in_dark_mode(colour):
    """What the theme's dark mode makes of an image's colour: brightness(0.8) contrast(1.2)."""
    return np.clip((0.8 * as_is(colour) - 0.5) * 1.2 + 0.5, 0, 1)


@pytest.mark.parametrize("page", [as_is, in_dark_mode])
def test_everything_stands_out_from_its_background(page):
    paper = page(figures.PAPER)
    assert contrast(page(figures.INK), paper) >= 7
    assert contrast(page(figures.MUTED), paper) >= 4.5
    for colour in figures.COLOURS:
        assert contrast(page(colour), paper) >= 3, colour
        assert contrast(page(figures.INK), page(palette.tinted(colour))) >= 4.5, colour


def test_the_background_stands_out_from_a_dark_page():
    assert contrast(in_dark_mode(figures.PAPER), as_is("#121212")) >= 7


# Severity 1.0 in G. M. Machado, M. M. Oliveira, L. A. F. Fernandes: A Physiologically-based Model for Simulation of
# Color Vision Deficiency, 2009, doi:10.1109/TVCG.2009.113. They apply to linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(rgb):
    """CIE L*a*b* of linear RGB, D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("shade", "least"), [(to_rgb, 20), (palette.tinted, 7)])
def test_colours_of_neighbouring_windows_differ_for_every_eye(vision, shade, least):
    for one, other in combinations(figures.COLOURS, 2):
        seen = [lab(np.array(VISION[vision]) @ linear(shade(colour))) for colour in (one, other)]
        difference = float(np.linalg.norm(seen[0] - seen[1]))
        assert difference >= least, f"{one} and {other} differ by {difference:.1f} in {vision}; 2.3 is just noticeable"
