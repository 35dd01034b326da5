"""Can the site's colours be read, and are they those of the figures?"""

import itertools
import re

import pytest
from matplotlib.colors import to_rgb

from pooling.figures import palette
from tests.book import building

SITE_CSS = (building.ROOT / "book" / "_static" / "site.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"(--[\w-]+): light-dark\((#\w+, #\w+)\)", SITE_CSS))
GROUNDS = ["--paper", "--card", "--raised"]
TEXTS = ["--ink", "--muted", "--blue", "--vermilion", "--green", "--purple"]
ON_OWN_TINT = [(text, f"{text}-tint") for text in TEXTS[2:]]
ON_TINTS = [("--ink", tint) for _, tint in ON_OWN_TINT]


def colour(name: str, scheme: str) -> str:
    """Return a colour of site.css in the light or the dark scheme."""
    return COLOURS[name].split(", ")[scheme == "dark"]


def luminance(name: str) -> float:
    """Return the relative luminance as WCAG 2 defines it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(name))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*itertools.product(TEXTS, GROUNDS), *ON_OWN_TINT, *ON_TINTS])
def test_text_reads_on_its_ground(text: str, ground: str, scheme: str) -> None:
    """Is the contrast at least the 4.5 that WCAG asks for?"""
    darker, lighter = sorted(luminance(colour(name, scheme)) for name in (text, ground))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_cards_are_the_paper_of_the_figures() -> None:
    """Do figures and the page around them share paper and ink?"""
    assert colour("--card", "light") == palette.PAPER
    assert colour("--ink", "light") == palette.INK
