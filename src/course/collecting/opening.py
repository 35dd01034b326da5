"""The files of a folder or an archive, read within limits. No link is followed, nothing is unpacked onto the disk."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import re
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from course.errors import CourseError
from course.grading.handed_in import LARGEST_FILE, LARGEST_NOTEBOOK, LARGEST_REST, is_noise

#: Paths are cut to so many parts, and a part of one to so many bytes.
DEEPEST_PATH, LONGEST_PART = 12, 150
#: What programs leave beside students' folders.
LITTER = ("__MACOSX", "__pycache__", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini")
PROTECTED = "is protected with a password"
#: An archive has at most so many entries.
MOST_ENTRIES = 100_000
#: So much is read for one student, in bytes.
LARGEST = LARGEST_NOTEBOOK + LARGEST_REST
ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")
#: What has to be opened with programs that need not be there.
FOREIGN_ARCHIVES = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst")
_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


class NotAnArchive(CourseError):  # noqa: N818 (what a file is)
    """A file cannot be opened; the text says why."""


@dataclass(frozen=True)
class File:
    """A file as it was found: its path may be anything, and it may be a link or a bomb."""

    path: PurePosixPath
    size: int
    #: Why it is not to be used; empty if nothing speaks against it.
    problem: str
    _read: Callable[[int], bytes]

    def content(self, most: int | None = None) -> bytes:
        """Read it.

        Raises
        ------
        Unusable
            If it is larger than allowed, or damaged.
        """
        limit = self.limit if most is None else min(most, self.limit)
        if self.size > limit:
            raise Unusable(_too_large(self.size))
        try:
            read = self._read(limit + 1)
        except _DAMAGED as problem:
            raise Unusable(f"is damaged ({str(problem)[:100] or type(problem).__name__})") from None
        if len(read) > limit:
            raise Unusable(_too_large(len(read), "more than "))
        return read

    @property
    def limit(self) -> int:
        """How large it may be, in bytes."""
        return LARGEST_NOTEBOOK if self.suffix in (".ipynb", *ARCHIVES) else LARGEST_FILE

    @property
    def suffix(self) -> str:
        return self.path.suffix.lower()

    @property
    def is_archive(self) -> bool:
        """Whether its name says that there are files in it."""
        return self.path.name.lower().endswith(ARCHIVES)


class Unusable(Exception):  # noqa: N818 (what a file is)
    """A file cannot be used; the text goes on after its name."""


def _too_large(size: int, more: str = "") -> str:
    return f"is too large ({more}{size / (1 << 20):,.0f} MiB)"


@contextlib.contextmanager
def look_into(path: Path) -> Iterator[list[File]]:
    """List the files of a folder or of an archive, which can be read as long as it is open; a file is a list of itself.

    Raises
    ------
    NotAnArchive
        If there is nothing there, or an archive cannot be read.
    """
    if path.is_dir():
        yield list(_in_folder(path))
        return
    if not path.is_file():
        raise NotAnArchive(f"There is no {path}. Name a folder, or an archive that your LMS gave you.")
    name = path.name.lower()
    if name.endswith(FOREIGN_ARCHIVES) and not name.endswith(ARCHIVES):
        raise NotAnArchive(f"{path} cannot be opened here. Unpack it, and name the folder.")
    if not name.endswith(ARCHIVES):
        yield [_on_disk(path, PurePosixPath(path.name))]
        return
    with path.open("rb") as source:
        try:
            files = list(_in_archive(source, name))
        except _DAMAGED as problem:
            raise NotAnArchive(
                f"{path} is no archive that can be read, or a damaged one ({problem}). Download it once more."
            ) from None
        yield files


def open_archive(content: bytes, name: str, most: int) -> list[File]:
    """List the files in an archive that a student handed in.

    Raises
    ------
    Unusable
        If it is none, is protected, or holds more than `most` bytes.
    """
    try:
        files = list(_in_archive(io.BytesIO(content), name.lower(), most))
    except _DAMAGED as problem:
        raise Unusable(f"is no archive that can be read ({str(problem)[:100]})") from None
    if any(file.problem == PROTECTED for file in files):
        raise Unusable(PROTECTED)
    return files


def _in_folder(folder: Path) -> Iterator[File]:
    for place, folders, names in os.walk(folder):
        for name in [each for each in folders if Path(place, each).is_symlink()]:
            names.append(name)
        here = PurePosixPath(Path(place).relative_to(folder).as_posix())
        folders[:] = sorted(
            name for name in folders if not _is_litter(here / name) and not Path(place, name).is_symlink()
        )
        for name in sorted(names):
            if not _is_litter(here / name):
                yield _on_disk(Path(place, name), here / name)


def _on_disk(path: Path, name: PurePosixPath) -> File:
    about = path.lstat()
    problem = ""
    if stat.S_ISLNK(about.st_mode):
        problem = f"is a link to {os.readlink(path)[:200]!r}, and links are not followed"
    elif not stat.S_ISREG(about.st_mode):
        problem = "is no file"

    def read(most: int) -> bytes:
        with path.open("rb") as file:
            return file.read(most)

    return File(_plain(name), about.st_size, problem, read)


def _in_archive(source: IO[bytes], name: str, most: int = LARGEST) -> Iterable[File]:
    files = _in_zip(source) if name.endswith(".zip") else _in_tar(source, most)
    return (file for file in files if not _is_litter(file.path))


def _is_litter(path: PurePosixPath) -> bool:
    """Tell whether a program left a file; the first folder may be a student's, and be called `env`."""
    return path.parts[0] in LITTER or any(is_noise(part) and not _is_hidden_notebook(part) for part in path.parts[1:])


def _is_hidden_notebook(name: str) -> bool:
    return name.endswith(".ipynb") and not name.startswith("._")


def _in_zip(source: IO[bytes]) -> Iterator[File]:
    archive = zipfile.ZipFile(source)
    if len(archive.infolist()) > MOST_ENTRIES:
        raise ValueError(f"it has {len(archive.infolist()):,} entries")
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        path, problem = _inside(_decoded(entry))
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind == stat.S_IFLNK:
            problem = "is a link, and links are not followed"
        elif entry.flag_bits & 1:
            problem = PROTECTED

        def read(most: int, entry: zipfile.ZipInfo = entry) -> bytes:
            with archive.open(entry) as file:
                return file.read(most)

        yield File(path, entry.file_size, problem, read)


def _decoded(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name: programs write UTF-8 without saying so, and Python then reads a code page of 1981."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _in_tar(source: IO[bytes], most: int) -> Iterator[File]:
    archive = tarfile.open(fileobj=io.BytesIO(_unpacked(source, most)))  # noqa: SIM115 (its files are read later)
    for count, entry in enumerate(archive):
        if count > MOST_ENTRIES:
            raise ValueError("it has too many entries")
        if entry.isdir():
            continue
        path, problem = _inside(entry.name)
        if entry.issym() or entry.islnk():
            problem = f"is a link to {entry.linkname[:200]!r}, and links are not followed"
        elif not entry.isreg():
            problem = "is no file"

        def read(most: int, entry: tarfile.TarInfo = entry) -> bytes:
            file = archive.extractfile(entry)
            return file.read(most) if file else b""

        yield File(path, entry.size, problem, read)


def _unpacked(source: IO[bytes], most: int) -> bytes:
    """Decompress a tar archive as a whole, and no more than a student may hand in."""
    head = source.read(6)
    source.seek(0)
    opened: Any = source
    if head.startswith(b"\x1f\x8b"):
        opened = gzip.GzipFile(fileobj=source)
    elif head.startswith(b"BZh"):
        opened = bz2.BZ2File(source)
    elif head.startswith(b"\xfd7zXZ"):
        opened = lzma.LZMAFile(source)  # noqa: SIM115 (what it reads from is the caller's)
    content: bytes = opened.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it holds more than {most >> 20} MiB")
    return content


def _inside(name: str) -> tuple[PurePosixPath, str]:
    """Return the path of an entry below the archive, and what is wrong with the one that it claims."""
    name = name.replace("\\", "/").replace("\0", "")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    leads_out = name.startswith("/") or ".." in parts or bool(re.match(r"[A-Za-z]:", name))
    parts = [part for part in parts if part != ".."] or ["nameless"]
    problem = "has a path that leads out of the archive" if leads_out else ""
    return _plain(PurePosixPath(*parts)), problem


def _plain(path: PurePosixPath) -> PurePosixPath:
    """Write a path as any disk takes it: not too deep, no part of it too long, and with one kind of accents.

    macOS has another kind. What is no letter of a name becomes a space.
    """
    parts = path.parts if len(path.parts) <= DEEPEST_PATH else (*path.parts[: DEEPEST_PATH - 1], path.name)
    return PurePosixPath(*map(_plain_part, parts))


def _plain_part(part: str) -> str:
    part = unicodedata.normalize("NFC", part.encode("utf-8", "replace").decode())
    part = "".join(sign if sign.isprintable() else " " for sign in part)
    if len(part.encode()) > LONGEST_PART:
        ending = PurePosixPath(part).suffix[:10]
        part = part.encode()[: LONGEST_PART - len(ending.encode())].decode("utf-8", "ignore") + ending
    return part if part.strip(". ") else "nameless"
