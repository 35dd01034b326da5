"""Does code that draws run where nothing can be drawn, and does the page learn of it?"""

from __future__ import annotations

import pytest

from tests.course.labs.conftest import Page

pytestmark = pytest.mark.usefixtures("without_packages")

IMPORT = "import matplotlib.pyplot as plt\n"


@pytest.mark.parametrize(
    "source",
    [
        "plt.plot([1, 2, 3])\nplt.show()",
        "fig, ax = plt.subplots()\nline, = ax.plot([1, 2])\nline.set_color('red')\nax.set(title='a', xlim=(0, 1))",
        "fig, axes = plt.subplots(2, 3, figsize=(6, 4), sharex=True)\nassert axes.shape == (2, 3)\n"
        "for number, a in enumerate(axes.flat):\n    a.imshow([[number]], cmap='gray')\n    a.axis('off')\n"
        "assert number == 5",
        "fig, (left, right) = plt.subplots(1, 2)\nfig.colorbar(left.imshow([[1]]), ax=[left, right])",
        "fig, axes = plt.subplots(nrows=3)\nassert axes.shape == (3,)",
        "fig, axes = plt.subplots(1, 1, squeeze=False)\naxes[0, 0].bar(['a'], [1])",
        "fig = plt.figure()\nax = fig.add_subplot(projection='3d')\nax.plot_surface([[1]], [[1]], [[1]])",
        "with plt.rc_context({'font.size': 8}), plt.style.context('dark_background'):\n    plt.hist([1, 2], bins=2)",
        "plt.rcParams['figure.dpi'] = 9\nplt.rcParams.update({'font.size': 8})\nplt.gca().spines['top'].set_visible(0)",
        "for bar in plt.bar([1, 2], [3, 4]):\n    bar.set_alpha(0.5)",
        "plt.imshow([[1]], cmap=plt.cm.viridis, norm=plt.Normalize(0, 1))\nplt.colorbar().set_label('value')",
    ],
)
def test_what_readers_write(page: Page, source: str) -> None:
    """Do the usual ways to draw run to their end, and is a figure noted?"""
    found = page.run(IMPORT + source)
    assert found["error"] is None
    assert found["draws"]


@pytest.mark.parametrize(
    "source",
    [
        "from matplotlib import pyplot as plt\nfig, ax = plt.subplots()",
        "import matplotlib.pyplot\nfig, ax = matplotlib.pyplot.subplots()",
        "import matplotlib as mpl\nimport matplotlib.pyplot as plt\nmpl.rcParams['font.size'] = 8\nplt.figure()",
        "from matplotlib.pyplot import figure\nfigure()",
        "from matplotlib.colors import Normalize, to_rgb\nfrom cycler import cycler\nfrom PIL import Image\n"
        "import matplotlib.pyplot as plt\nplt.gca().set_prop_cycle(cycler(color=[to_rgb('red')]))",
    ],
)
def test_ways_to_import_it(page: Page, source: str) -> None:
    """Is the same there under every name?"""
    found = page.run(source)
    assert found["error"] is None
    assert found["draws"]


def test_figures_are_no_values(page: Page) -> None:
    """Is nothing shown where a notebook would show the figure, or what was drawn?"""
    assert page.run(IMPORT + "plt.title('a')")["value"] is None
    assert page.run(IMPORT + "fig, ax = plt.subplots()\nfig")["value"] is None


def test_only_what_draws_is_noted(page: Page) -> None:
    """Does a cell without a figure, below one with a figure, say nothing about figures?"""
    assert page.run(IMPORT, "plt.plot([1])")["draws"]
    assert not page.run(IMPORT, "plt.plot([1])", "1 + 1")["draws"]
    assert not page.run(IMPORT)["draws"]


def test_problems_get_through(page: Page) -> None:
    """Is a mistake inside a context manager not swallowed?"""
    error = page.run(IMPORT + "with plt.style.context('x'):\n    1 / 0")["error"]
    assert "ZeroDivisionError" in str(error)
