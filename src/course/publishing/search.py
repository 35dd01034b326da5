"""Searches every file of a folder, and what is packed in it, for what is withheld.

Pictures, PDF files and other formats that keep text in codes of their own are searched for plain text only.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from course.publishing.prints import essence, readings
from course.publishing.withheld import Secret

#: nbgrader's markers around what it takes out.
MARKERS = {
    essence(f"{end} {what}"): f"the marker {end} {what}"
    for what in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
    for end in ("BEGIN", "END")
}
ADDRESS = re.compile(r"https?://[^\s\"'<>)]*")
#: A file in solutions/, not the folder alone; other sites' addresses may have such a folder.
SOLUTIONS = re.compile(r"(?<![\w-])solutions\\?/\w")
#: How files begin that have one other inside, and what takes it out.
PACKED: dict[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ\x00": lzma.decompress,
    b"# Sphinx inventory version 2": lambda content: zlib.decompress(content.split(b"\n", 4)[4]),
}
#: How archives begin that cannot be opened here; a ZIP only where it is damaged.
CLOSED = (b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!")
BROKEN = (OSError, EOFError, RuntimeError, ValueError, IndexError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


class Search:
    """Looks for secrets, and remembers what it has seen: the same notebook is in exercises/ and in an archive.

    Parameters
    ----------
    secrets : sequence of Secret
    names : sequence of str
        The assignments that have a source.
    """

    def __init__(self, secrets: Sequence[Secret], names: Sequence[str]) -> None:
        self._prints = [(each, secret) for secret in secrets for each in secret.prints]
        self._sources = re.compile("|".join(rf"solutions/{re.escape(name)}\b" for name in names) or r"(?!)")
        self._seen: dict[bytes, list[str]] = {}

    def folder(self, folder: Path) -> Iterator[str]:
        """Yield a line for each file and each thing that should not be in it, without saying how it reads."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield from self._file(path.relative_to(folder).as_posix(), path.read_bytes())

    def _file(self, name: str, content: bytes) -> Iterator[str]:
        if "solutions" in PurePosixPath(name).parts:
            yield f"{name}: it lies in a folder called solutions"
        try:
            for inside, packed in _unpacked(content):
                yield from self._file(f"{name}/{inside}" if inside else name, packed)
        except BROKEN as problem:
            yield f"{name}: it cannot be opened, so nobody knows what is in it ({problem})"
        yield from (f"{name}: {what}" for what in self._found(content))

    def _found(self, content: bytes) -> list[str]:
        digest = hashlib.sha256(content).digest()
        if digest not in self._seen:
            self._seen[digest] = list(
                dict.fromkeys(what for text in readings(content) for what in self._found_in(text))
            )
        return self._seen[digest]

    def _found_in(self, text: str) -> Iterator[str]:
        reduced = essence(text)
        yield from (f"a part of the {secret}" for each, secret in self._prints if each in reduced)
        yield from (what for marker, what in MARKERS.items() if marker in reduced)
        if self._sources.search(text) or SOLUTIONS.search(ADDRESS.sub("", text)):
            yield "it names a file in solutions/"


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files in an archive with their names, or the one in a packed file, without a name."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield entry.filename, archive.read(entry)
    elif content.startswith(CLOSED):
        raise ValueError("a damaged or unknown archive")
    else:
        for beginning, unpack in PACKED.items():
            if content.startswith(beginning):
                yield "", unpack(content)
