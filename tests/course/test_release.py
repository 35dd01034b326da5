"""Does a released folder work alone, and is nothing in it that learners should not see?"""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.assignments.sources import ANSWER
from tests.course.building import ASSIGNMENTS, COURSE, EACH, ROOT, built, solved

#: What each package needs to be imported, besides itself.
NEEDED = {
    "numpy": ("numpy", "numpy.libs"),
    "torch": (
        *(
            "torch",
            "torchgen",
            "functorch",
            "typing_extensions.py",
            "sympy",
            "mpmath",
            "networkx",
            "jinja2",
            "markupsafe",
        ),
        *("filelock", "fsspec"),
    ),
}

RUN = """
import json, os, sys, traceback
sys.path[:0] = [os.getcwd(), *sys.argv[2:]]
space, failed = {"__name__": "__main__"}, []
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        try:
            exec("".join(cell["source"]), space)
        except Exception as problem:
            failed.append([cell["metadata"]["nbgrader"]["grade_id"], f"{type(problem).__name__}: {problem}"])
print(json.dumps(failed), [name for name in ("course", "pooling", "numpy", "torch") if name in sys.modules])
"""


def run_alone(notebook: Path, packages: list[str], tmp_path: Path) -> tuple[list[list[str]], str]:
    """Run a notebook's cells with Python's standard library and these packages, and nothing else."""
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    installed = Path(importlib.import_module("numpy").__file__).parents[1]
    for package in packages:
        for name in NEEDED[package]:
            if (installed / name).exists() and not (site / name).exists():
                (site / name).symlink_to(installed / name)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "ignore", "-c", RUN, notebook.name, str(site)],
        cwd=notebook.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    failed, loaded = done.stdout.strip().splitlines()[-1].rsplit(" [", 1)
    return json.loads(failed), loaded


@pytest.mark.parametrize("name", EACH)
def test_a_release_works_alone(name: str, tmp_path: Path) -> None:
    """Do answers pass and blanks fail where nothing but the named packages is installed?"""
    packages = built(name).source.course["packages"]
    failed, loaded = run_alone(solved(name, tmp_path / "solved"), packages, tmp_path)
    assert failed == []
    assert "course" not in loaded
    assert "pooling" not in loaded
    assert [package for package in ("numpy", "torch") if package in loaded] == packages
    blank = COURSE.exercises / name / f"{name}.ipynb"
    failed, _ = run_alone(blank, packages, tmp_path)
    visible = {check.cell.grade_id for check in built(name).checks if not check.hidden}
    assert {grade_id for grade_id, _ in failed} == visible
    assert all(problem.startswith("CheckFailed") for _, problem in failed), failed


@pytest.mark.parametrize("name", EACH)
def test_nothing_is_given_away(name: str) -> None:
    """Are answers, hidden tests, mark schemes and the reference nowhere in the folder?"""
    folder = COURSE.exercises / name
    files = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"
    )
    modules = sorted(path.name for path in (ROOT / "src/course/checks").glob("*.py"))
    assert files == sorted([f"{name}.ipynb", "checks/cases.json", *(f"checks/{module}" for module in modules)])
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".json", ".ipynb")
    )
    for forbidden in (
        "BEGIN SOLUTION",
        "HIDDEN TESTS",
        "MARK SCHEME",
        "import pooling",
        "from pooling",
        "from course",
        "import course",
    ):
        assert forbidden not in text, forbidden
    released = "\n".join(cell.source for cell in nbformat.read(folder / f"{name}.ipynb", as_version=4).cells)
    for cell in built(name).source.cells:
        for answer in ANSWER.findall(cell.node.source):
            for line in answer.splitlines():
                if len(line.strip()) > 25 and line not in cell.node.source.replace(answer, ""):
                    assert line not in released, line


@pytest.mark.parametrize("name", EACH)
def test_hidden_cells_say_what_they_are(name: str) -> None:
    """Does a learner see that there are hidden checks, and for how many points?"""
    released = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in nbformat.read(COURSE.exercises / name / f"{name}.ipynb", as_version=4).cells
        if "nbgrader" in cell.metadata
    }
    for check in built(name).checks:
        if check.hidden:
            assert re.match(r"# Hidden checks for \d+ points?:", released[check.cell.grade_id])


def test_no_text_source_is_released_or_published(tmp_path: Path) -> None:
    """Are the sources outside of what learners and readers get?"""
    assert not list(COURSE.exercises.rglob("*.md")) or [path.name for path in COURSE.exercises.rglob("*.md")] == [
        "README.md"
    ]
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert "only_build_toc_files: true" in config
    assert "  - solutions\n" in config
    assert "solutions" not in (ROOT / "_toc.yml").read_text(encoding="utf-8")


def test_the_comparer_needs_the_standard_library_alone() -> None:
    """Does the package import nothing else, torch's mode for refusing its operators apart?"""
    imported = set()
    for path in (ROOT / "src/course/checks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {(path.name, alias.name.split(".")[0]) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add((path.name, str(node.module).split(".")[0]))
    foreign = {(file, module) for file, module in imported if module not in sys.stdlib_module_names}
    assert foreign == {("operators.py", "torch"), ("checking.py", "IPython")}


def test_every_assignment_is_released() -> None:
    """Is none forgotten, and none left over?"""
    released = sorted(
        path.name for path in COURSE.exercises.iterdir() if path.is_dir() and not path.name.startswith(".")
    )
    assert released == ASSIGNMENTS
