"""Which installed packages a submission finds: those that its exercise names, and what these need. Nothing else."""

from __future__ import annotations

import functools
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: What every notebook has.
ALWAYS = ("ipython",)
#: What every notebook has that may import NumPy: plots need it.
BESIDE_NUMPY = ("numpy", "matplotlib")


def allowed(named: list[str]) -> list[str]:
    """Return the packages that an exercise may import which names these; none that it does not need."""
    return [*ALWAYS, *dict.fromkeys([*named, *BESIDE_NUMPY] if named else [])]


@functools.cache
def places(names: tuple[str, ...]) -> dict[str, Path]:
    """Return the files and folders in site-packages that belong to packages and to all that these require.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        If one of them is not installed.
    """
    found: dict[str, Path] = {}
    waiting, seen = list(names), set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        distribution = metadata.distribution(name)
        for file in distribution.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__"):
                found[top] = Path(str(distribution.locate_file(top)))
        for line in distribution.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting += [requirement.name] if _installed(requirement.name) else []
    return dict(sorted(found.items()))


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True
