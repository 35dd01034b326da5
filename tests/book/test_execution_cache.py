"""Are cells executed again exactly when something that their outputs depend on has changed?"""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pooling_book import execution_cache

DEPENDENCIES = (
    "src/pooling/geometry.py",
    "book/data/digits.csv",
    "exercises/01_python_layer/checks/cases.json",
    "requirements.lock",
    "book/_ext/pooling_book/kernels.py",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of a few files."""
    for name in (*DEPENDENCIES, "book/intro.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_a_change_gives_another_key(project: Path, name: str) -> None:
    """Does a change of one of the dependencies lead to another folder?"""
    before = execution_cache.key(project)
    (project / name).write_text("changed", encoding="utf-8")
    assert execution_cache.key(project) != before


def test_a_new_or_renamed_file_gives_another_key(project: Path) -> None:
    """Do the names of files count, not their contents alone?"""
    keys = [execution_cache.key(project)]
    (project / "src/pooling/new.py").touch()
    keys.append(execution_cache.key(project))
    (project / "src/pooling/new.py").rename(project / "src/pooling/renamed.py")
    keys.append(execution_cache.key(project))
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    "name",
    [
        "book/intro.md",
        "book/_ext/pooling_book/terms.py",
        "src/pooling/__pycache__/geometry.cpython-311.pyc",
        "README.md",
    ],
)
def test_other_files_leave_the_key_alone(project: Path, name: str) -> None:
    """Are outputs kept when only prose, or what Python wrote, has changed?"""
    before = execution_cache.key(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("changed", encoding="utf-8")
    assert execution_cache.key(project) == before


def test_another_python_gives_another_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a build with another Python execute the cells itself?"""
    before = execution_cache.key(project)
    monkeypatch.setattr(execution_cache.platform, "python_version", lambda: "3.13.9")
    assert execution_cache.key(project) != before


def test_old_folders_go(project: Path) -> None:
    """Does the cache stay small, keeping the folders used last?"""
    caches = project / "_build" / ".jupyter_cache"
    for age in range(5):
        (caches / f"unused-{age}").mkdir(parents=True)
        os.utime(caches / f"unused-{age}", (1e9 - age, 1e9 - age))
    app = SimpleNamespace(srcdir=project, outdir=project / "_build" / "html")
    config = SimpleNamespace(nb_execution_cache_path="")
    execution_cache.choose_folder(app, config)

    current = Path(config.nb_execution_cache_path)
    assert {folder.name for folder in caches.iterdir()} == {current.name, "unused-0", "unused-1"}
