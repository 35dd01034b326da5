"""Looks at `pooling.figures` in a folder that was unpacked as a page does it, and where nothing else can be imported.

Writes what it found as JSON, and arrays into a file in that folder.
"""

import json
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np

folder, *absent = sys.argv[1:]
sys.path.insert(0, folder)
find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *where: None if name.partition(".")[0] in absent else find(name, *where)  # type: ignore

from course.labs import undrawn  # noqa: E402
from course.labs.packages import Packages  # noqa: E402

with Packages(()).watched():
    from pooling import figures

    photograph = figures.photograph()
    right, down = figures.sobel(photograph[0])
    np.savez(Path(folder) / "arrays.npz", photograph=photograph, right=right, down=down)
    figure, axes = figures.canvas(3, columns=2, rows=3)
    figures.style()

names = figures.__all__
found = {
    "file": figures.__file__,
    "names": names,
    "functions": [name for name in names if callable(getattr(figures, name))],
    "constants": {name: getattr(figures, name) for name in names if name.isupper() and name != "COLOUR_MAPS"},
    "colour maps": list(figures.COLOUR_MAPS),
    "axes": axes.shape,
    "drawn": undrawn.asked_for,
}
print(json.dumps(found))
