"""Are the files that pages load to run cells the right ones, and named by their version?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sphinx.errors import ExtensionError

from pooling_book import labs, pyodide, versions
from tests.book.building import NODE_MODULES, ROOT

WHEEL = next((ROOT / pyodide.VENDORED).glob("numpy-*.whl"))
PAGE = '<p>A page</p>\n<script type="application/json" id="lab-page">{}</script>'


@pytest.fixture
def project(tmp_path: Path) -> Any:
    """Return a project with npm's files and our wheel, for Pyodide to be copied from."""
    (tmp_path / NODE_MODULES.parent).mkdir(parents=True)
    (tmp_path / NODE_MODULES).symlink_to(ROOT / NODE_MODULES)
    shutil.copytree(ROOT / pyodide.VENDORED, tmp_path / pyodide.VENDORED)
    return SimpleNamespace(srcdir=tmp_path, outdir=tmp_path / "site")


def test_pyodide_is_copied_once(project: Any) -> None:
    """Does a second build leave its ten megabytes alone?"""
    pyodide.copy(project)
    folder = pyodide.folder(project)
    large = [folder / name for name in (*pyodide.CORE, WHEEL.name)]
    times = [file.stat().st_mtime_ns for file in large]
    pyodide.copy(project)
    assert [file.stat().st_mtime_ns for file in large] == times
    assert pyodide.size(project, ["numpy"]) == pyodide.size(project, []) + WHEEL.stat().st_size
    assert pyodide.size(project, ["torch"]) == pyodide.size(project, [])


def test_a_missing_wheel_is_told(project: Any) -> None:
    """Is it said what is missing, and where it comes from?"""
    (project.srcdir / pyodide.VENDORED / WHEEL.name).unlink()
    with pytest.raises(ExtensionError, match=rf"{WHEEL.name} is missing\. .* restore it with `git checkout`"):
        pyodide.copy(project)


def test_a_wheel_that_was_changed_is_refused(project: Any) -> None:
    """Is nothing offered to readers that is not what Pyodide was tested with?"""
    wheel = project.srcdir / pyodide.VENDORED / WHEEL.name
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(ExtensionError, match=r"has the SHA-256 [0-9a-f]+, and Pyodide's lock file says [0-9a-f]+"):
        pyodide.copy(project)
    assert not list(project.outdir.rglob("*.whl"))


def test_the_same_sources_give_the_same_files(tmp_path: Path) -> None:
    """Does a build in which nothing changed write none of the archives, so that no browser loads them again?"""
    app = SimpleNamespace(srcdir=ROOT, outdir=tmp_path)
    labs.prepare(app)
    archives = sorted((tmp_path / labs.FOLDER).glob("*.zip"))
    assert {archive.name for archive in archives} > {"course.zip", "photograph.zip", "01_python_layer.zip"}
    times = [archive.stat().st_mtime_ns for archive in archives]
    labs.prepare(app)
    assert [archive.stat().st_mtime_ns for archive in archives] == times


def written(folder: Path) -> dict[str, Any]:
    """Let a build end, and return what a page's script reads."""
    versions.finish(SimpleNamespace(outdir=folder), None)
    page = (folder / "book" / "page.html").read_text(encoding="utf-8")
    return json.loads(page.partition('id="lab-page">')[2].removesuffix("</script>"))


def test_a_changed_file_has_a_new_address(tmp_path: Path) -> None:
    """Does a page that Sphinx left as it is name the new version of a worker that changed, and the old archive?"""
    data = {"worker": "../labs/worker.js", "packed": ["../labs/course.zip"], "python": "../labs/pyodide-1/"}
    for name in ("book", "labs"):
        (tmp_path / name).mkdir()
    (tmp_path / "book" / "page.html").write_text(PAGE.format(json.dumps(data)), encoding="utf-8")
    (tmp_path / "labs" / "worker.js").write_text("1", encoding="utf-8")
    (tmp_path / "labs" / "course.zip").write_bytes(b"packed")
    before = written(tmp_path)
    (tmp_path / "labs" / "worker.js").write_text("2", encoding="utf-8")
    after = written(tmp_path)
    assert before["worker"].startswith("../labs/worker.js?v=")
    assert after["worker"].startswith("../labs/worker.js?v=")
    assert after["worker"] != before["worker"]
    assert {**after, "worker": ""} == {**before, "worker": ""}
    assert after["packed"][0].startswith("../labs/course.zip?v=")
    assert after["python"] == "../labs/pyodide-1/"
