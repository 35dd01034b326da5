"""Is a file that is written the old one or the new one, and never half of it?"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from course import files


def test_a_file_is_replaced(tmp_path: Path) -> None:
    """Is the new content there, with the rights that any new file has, and nothing beside it?"""
    path = tmp_path / "made" / "a.txt"
    files.write(path, "old")
    files.write(path, b"new")
    (tmp_path / "other").touch()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("failing", ["write_bytes", "chmod"])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    """Is the old file as it was, and no draft left, when the disk is full in the middle?"""
    path = tmp_path / "a.txt"
    path.write_text("old")
    honest = getattr(Path, failing)

    def full(self: Path, *arguments: object) -> object:
        if failing == "write_bytes":
            with self.open("wb") as file:
                file.write(b"ne")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, failing, full)
    with pytest.raises(OSError, match="No space left"):
        files.write(path, "new")
    monkeypatch.setattr(Path, failing, honest)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_interrupted(tmp_path: Path) -> None:
    """Is no draft left after Ctrl-C?"""

    def write() -> None:
        with files.replacing(tmp_path / "a.txt") as draft:
            draft.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert list(tmp_path.iterdir()) == []
