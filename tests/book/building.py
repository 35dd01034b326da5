"""Copies of the project to build books in, so that no test touches the checkout or its _build."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = Path("book/_web/node_modules")
#: What the addresses in _config.yml are when they are filled in.
ADDRESSES = {
    "baseurl": "https://example.org/pooling",
    "url": "https://github.com/someone/pooling",
    "jupyterhub_url": "https://hub.example.org",
}
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "_build", "node_modules", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis"
)


def copy_project(target: Path) -> Path:
    """Copy what the book is built from to `target`, without anything that a build or a set-up wrote."""
    shutil.copytree(ROOT, target, ignore=_left_out)
    (target / NODE_MODULES).symlink_to(ROOT / NODE_MODULES)
    return target


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Leave out what is no source, and a class's work, which lies in a folder that `src` has one of that name too."""
    return LEFT_OUT(folder, names) | ({"grading"} if Path(folder) == ROOT else set())


def command(project: Path) -> list[str]:
    """Return the command that `make book` builds with, in the environment of the running Python."""
    script = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    assert script, "jupyter-book is not installed beside this Python; run the tests with `make test`"
    return [script, "build", str(project), "--warningiserror", "--keep-going"]


def environment(project: Path) -> dict[str, str]:
    """Return this environment with the project's own `pooling` before the installed one, and with no address."""
    addresses = {"BOOK_ADDRESS": "", "BOOK_REPOSITORY": ""}
    return {**os.environ, **addresses, "PYTHONPATH": str(project / "src"), "PYTHONUNBUFFERED": "1"}


def build(project: Path) -> subprocess.CompletedProcess[str]:
    """Build the project's book; stdout holds everything it said."""
    return subprocess.run(
        command(project),
        env=environment(project),
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
