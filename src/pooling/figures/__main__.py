"""Draws the README's picture, the site's icons and its preview: `python -m pooling.figures book/images`."""

import sys
from pathlib import Path

from pooling.figures.images import save_hero
from pooling.figures.site_images import save_icons, save_preview

if len(sys.argv) != 2:
    sys.exit("usage: python -m pooling.figures book/images")
folder = Path(sys.argv[1])
save_hero(folder / "hero.png")
save_icons(folder)
save_preview(folder / "social.png")
