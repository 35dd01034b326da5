"""Are the site's icons and its preview what the code draws?"""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pooling.figures import site_images

IMAGES = Path(__file__).parents[2] / "book" / "images"


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"), float)


def test_committed_icons_are_what_the_code_draws(tmp_path):
    site_images.save_icons(tmp_path)
    drawn = sorted(path.name for path in tmp_path.iterdir())
    assert drawn == ["favicon.png", "favicon.svg", "icon.png"]
    assert (IMAGES / "favicon.svg").read_bytes() == (tmp_path / "favicon.svg").read_bytes()
    for name in ("favicon.png", "icon.png"):
        assert np.array_equal(pixels(IMAGES / name), pixels(tmp_path / name))


def test_the_committed_preview_is_what_the_code_draws(tmp_path):
    site_images.save_preview(tmp_path / "social.png")
    old, new = pixels(IMAGES / "social.png"), pixels(tmp_path / "social.png")
    assert old.shape == new.shape == (630, 1200, 4)
    assert np.mean(np.abs(old - new)) < 2  # versions of matplotlib differ by a little in the text
    assert (IMAGES / "social.png").stat().st_size <= 150_000


@pytest.mark.parametrize("background", [(255, 255, 255), (32, 33, 36)], ids=["light tab", "dark tab"])
def test_four_cells_are_apart_at_16_pixels(background):
    """Is each of the four cells a block of its own colour, on a light tab and on a dark one?"""
    page = Image.new("RGBA", (48, 48), background)
    with Image.open(IMAGES / "favicon.png") as icon:
        page.alpha_composite(icon)
    small = np.asarray(page.resize((16, 16), Image.Resampling.BOX).convert("RGB"), float)
    upper_left, upper_right, lower_left, lower_right = (small[y, x] for y in (4, 11) for x in (4, 11))
    assert np.array_equal(upper_left, upper_right)
    assert np.array_equal(upper_left, lower_left)
    assert np.abs(upper_left - lower_right).max() > 100
    for gap in (small[4, 8], small[8, 4], small[8, 8]):
        assert np.abs(gap - upper_left).max() > 100
        assert np.abs(gap - lower_right).max() > 50
