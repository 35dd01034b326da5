"""Draws the README's picture: `python -m pooling.figures book/images/hero.png`."""

import sys

from pooling.figures.images import save_hero

if len(sys.argv) != 2:
    sys.exit("usage: python -m pooling.figures book/images/hero.png")
save_hero(sys.argv[1])
