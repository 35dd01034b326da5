"""What learners need first: README.md, which says how to begin, and requirements.txt."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from course.folders import Course
from course.publishing import PublishingError

#: What opens and runs notebooks.
NOTEBOOKS = ("jupyterlab", "ipykernel")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==.*$", re.MULTILINE)
TITLE = re.compile(r"^title: *[\"']?(.*?)[\"']? *$", re.MULTILINE)
VERSION = re.compile(r"Programming Language :: Python :: (3\.\d+)")

README = """\
# {title}

The book is in `site`: open `site/index.html` in a browser. It needs no network. To run code on its pages, and to solve
exercises there, it has to come from a web server: `python -m http.server --directory site`, then http://127.0.0.1:8000.

| exercise | points | about |
|---|---|---|
{exercises}

## Begin

You need Python {versions}. Copy this folder to a place where you can write, and open a terminal in it. On Windows:

    py -{version} -m venv .venv
    .venv\\Scripts\\activate
    python -m pip install -r requirements.txt
    jupyter lab exercises

On macOS and Linux the first two lines are `python{version} -m venv .venv` and `source .venv/bin/activate`. Write the
version that you have.{torch}

Open a notebook, and replace the dots `...` with your answers. Run the cell of checks under each, as often as you like:
it shows the first window that came out wrong. Keep the folder `checks` beside its notebook. What you hand in is the
notebook alone.

Code is under the MIT licence (`LICENSE`), text and figures are under CC BY 4.0 (`LICENSE-CONTENT`).
"""
TORCH = """

On Linux, pip chooses PyTorch's CUDA build, several gigabytes. The small CPU build will do: pytorch.org says how to
install it, before the rest. Macs with an Intel processor are left out: PyTorch no longer supports them."""


@dataclass(frozen=True)
class Released:
    """What a released notebook says about itself."""

    name: str
    title: str
    points: float
    minutes: int
    packages: tuple[str, ...]


def title_of(course: Course) -> str:
    """Return the title of the book."""
    found = TITLE.search((course.root / "_config.yml").read_text(encoding="utf-8"))
    return found[1] if found else course.root.name


def requirements(course: Course, assignments: Sequence[Released]) -> str:
    """Return the lock's pins of what the notebooks import and what opens them; pip finds the rest.

    Raises
    ------
    PublishingError
        If the lock has no pin for one of them.
    """
    lock = (course.root / "requirements.lock").read_text(encoding="utf-8")
    wanted = {*NOTEBOOKS, *(package for each in assignments for package in each.packages)}
    pins = [found for found in PIN.finditer(lock) if found[1] in wanted]
    missing = sorted(wanted - {found[1] for found in pins})
    if missing:
        raise PublishingError(f"requirements.lock has no pin for {', '.join(missing)}. Run: make lock")
    return "".join(f"{found[0]}\n" for found in pins)


def readme(course: Course, assignments: Sequence[Released]) -> str:
    """Return the text that learners read first."""
    project = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [found[1] for each in project["classifiers"] if (found := VERSION.fullmatch(each))]
    return README.format(
        title=title_of(course),
        exercises="\n".join(
            f"| [{each.title}](exercises/{each.name}/{each.name}.ipynb) | {each.points:g} | {each.minutes} minutes |"
            for each in assignments
        ),
        version=versions[0],
        versions=" or ".join(filter(None, [", ".join(versions[:-1]), versions[-1]])),
        torch=TORCH if any("torch" in each.packages for each in assignments) else "",
    )
