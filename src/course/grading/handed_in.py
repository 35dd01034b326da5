"""What a student handed in: a folder, packed into bytes that can go to another machine, and read without trust."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

#: Beside a notebook, in nbgrader's way: when it was handed in.
STAMP = "timestamp.txt"
#: What nbgrader's exchange knows a submission by.
SECRET = "submission_secret.txt"
#: A notebook may be so large, in bytes: some have a hundred megabytes of printed lines in them.
LARGEST_NOTEBOOK = 150 << 20
#: All other files together.
LARGEST_REST = 20 << 20
#: Any of them.
LARGEST_FILE = 10 << 20
#: A notebook has at most so many cells.
MOST_CELLS = 20_000
#: The text of all cells, without outputs, in characters.
MOST_TEXT = 20_000_000
#: So many values in its JSON, about.
MOST_VALUES = 12_000_000
#: No folder has more files, and none lies deeper.
MOST_FILES, DEEPEST = 500, 5


class Unreadable(Exception):  # noqa: N818 (what a submission is)
    """There is no notebook in a submission that could be graded; the text says why."""


@dataclass(frozen=True)
class LearnerCell:
    """A cell as it was handed in: what it says of itself may be false."""

    kind: str
    source: str
    grade_id: str | None
    cell_id: str | None
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


def pack(folder: Path) -> bytes:
    """Pack the plain files of a folder; the same files give the same bytes.

    Links are left out, wherever they lead, and so is all that is no file. What is too large is left out too; its name
    is kept, so that whoever opens the bytes can say so.
    """
    packed = io.BytesIO()
    left, left_for_notebooks = LARGEST_REST, LARGEST_NOTEBOOK
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in _files(folder):
            name = path.relative_to(folder).as_posix()
            if path.suffix == ".ipynb":
                content, note = _content(path, left_for_notebooks)
                left_for_notebooks -= len(content)
            else:
                content, note = _content(path, LARGEST_FILE)
                if len(content) > left:
                    content, note = b"", f"one too many: all together are larger than {LARGEST_REST >> 20} MiB"
                left -= len(content)
            entry = zipfile.ZipInfo(name.encode("utf-8", "replace").decode(), (2000, 1, 1, 0, 0, 0))
            entry.comment = note.encode()
            archive.writestr(entry, content)
    return packed.getvalue()


def _files(folder: Path) -> list[Path]:
    """List what lies in a folder, in a fixed order, following no link."""
    found: list[Path] = []
    if folder.is_symlink():
        return found
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_noise(name))
        found += [Path(place, name) for name in sorted(names) if not is_noise(name)]
        if len(Path(place).relative_to(folder).parts) >= DEEPEST:
            folders.clear()
        if len(found) >= MOST_FILES:
            break
    return sorted(found, key=lambda path: len(path.parts))[:MOST_FILES]


def is_noise(name: str) -> bool:
    """Tell whether a program, not a learner, has written a file or folder."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__", "node_modules", "venv", "env", "Thumbs.db")


def _content(path: Path, most: int) -> tuple[bytes, str]:
    """Read a file, or say why it is left out."""
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            return b"", "a link" if stat.S_ISLNK(about.st_mode) else "not a file"
        if about.st_size > most:
            return b"", f"too large ({about.st_size / (1 << 20):,.0f} MiB)"
        return path.read_bytes(), ""
    except OSError as problem:
        return b"", f"not readable ({problem.strerror})"


def contents(packed: bytes) -> dict[str, bytes]:
    """Return the files in packed bytes, without those that were left out."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.comment}


def helpers(packed: bytes, folder: str = ".") -> dict[str, bytes]:
    """Return the files that go beside the learner's code: helpers and data, not copies of the checks.

    Parameters
    ----------
    packed : bytes
    folder : str, optional
        The folder that the notebook lies in: somebody may have handed in a folder in a folder.
    """
    beside: dict[str, bytes] = {}
    for name, content in contents(packed).items():
        path = PurePosixPath(name)
        if path.is_relative_to(folder) and _belongs(path.relative_to(folder)):
            beside[str(path.relative_to(folder))] = content
    return beside


@dataclass(frozen=True)
class HandedIn:
    """A submission, opened."""

    #: The cells of its notebook.
    cells: list[LearnerCell]
    #: The other files, by their names.
    files: dict[str, bytes]
    #: What an instructor should know about it.
    remarks: list[str]

    @classmethod
    def open(cls, packed: bytes, name: str) -> HandedIn:
        """Open packed bytes, and find the notebook of an assignment in them.

        Raises
        ------
        Unreadable
        """
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            notes = {entry.filename: entry.comment.decode() for entry in archive.infolist()}
        found = contents(packed)
        remarks: list[str] = []
        wanted = f"{name}.ipynb"
        if notes.get(wanted):
            raise Unreadable(f"{wanted} is {notes[wanted]}. Ask for the notebook itself.")
        chosen = _notebook(wanted, list(found))
        if chosen != wanted:
            remarks.append(f"the notebook is called {chosen}, not {wanted}")
        remarks += [f"{entry} is {note}, and was left out" for entry, note in notes.items() if note]
        folder = str(PurePosixPath(chosen).parent)
        return cls(read_cells(found[chosen], chosen), helpers(packed, folder), remarks)


def _notebook(wanted: str, names: list[str]) -> str:
    """Choose the notebook: by its name, or because there is no other."""
    notebooks = [entry for entry in names if entry.endswith(".ipynb")]
    named = [entry for entry in notebooks if PurePosixPath(entry).name == wanted]
    if wanted in notebooks:
        return wanted
    if not notebooks:
        files = [entry for entry in names if entry not in (STAMP, SECRET)]
        there = ", ".join(files[:5]) or "the folder is empty, or nothing in it could be used"
        raise Unreadable(f"There is no notebook: {there}. {wanted} is missing.")
    if len(named) == 1 or len(notebooks) == 1:
        return (named or notebooks)[0]
    raise Unreadable(f"None of its notebooks is called {wanted}: {', '.join(notebooks[:5])}. Rename the right one.")


def _belongs(path: PurePosixPath) -> bool:
    return path.suffix != ".ipynb" and path.parts[0] != "checks" and str(path) != STAMP


def read_cells(content: bytes, name: str) -> list[LearnerCell]:
    """Read the cells of a notebook, of any version, as far as it can be read.

    Raises
    ------
    Unreadable
        If it is not a notebook.
    """
    if _is_bomb(content):
        raise Unreadable(f"{name} holds more values than any notebook.")
    try:
        notebook = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as problem:
        what = "empty" if not content.strip() else f"not a notebook, or damaged ({problem})"
        raise Unreadable(f"{name} is {what}.") from None
    if not isinstance(notebook, dict):
        raise Unreadable(f"{name} is not a notebook: it holds a {type(notebook).__name__}.")
    cells = notebook.get("cells")
    if cells is None:  # the third version of the format
        sheets = notebook.get("worksheets")
        cells = sheets[0].get("cells") if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else None
    if not isinstance(cells, list):
        raise Unreadable(f"{name} is not a notebook: it has no cells.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"{name} has {len(cells):,} cells, and at most {MOST_CELLS:,} are read.")
    read = [found for found in map(_cell, cells) if found is not None]
    length = sum(len(cell.source) for cell in read)
    if length > MOST_TEXT:
        raise Unreadable(f"{name} has {length:,} characters in its cells, and at most {MOST_TEXT:,} are read.")
    return read


def _is_bomb(content: bytes) -> bool:
    """Tell whether JSON would take gigabytes of memory: a few bytes for each of millions of values.

    What stands in quotes may be long: notebooks have printed lines in them.
    """
    if len(content) < MOST_VALUES:
        return False
    plain = content.replace(rb"\\", b"").replace(rb"\"", b"")
    if plain.count(b'"') > MOST_VALUES:
        return True
    return len(re.sub(rb'"[^"]*"', b"", plain).translate(None, b" \t\r\n,")) > MOST_VALUES


def _cell(cell: Any) -> LearnerCell | None:
    if not isinstance(cell, dict):
        return None
    kind = cell.get("cell_type")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    about = cell.get("metadata")
    graded = about.get("nbgrader") if isinstance(about, dict) else None
    grade_id = graded.get("grade_id") if isinstance(graded, dict) else None
    attachments = cell.get("attachments")
    return LearnerCell(
        kind if kind in ("code", "markdown", "raw") else "markdown",
        source.encode("utf-8", "replace").decode(),  # half a surrogate pair could not be written again
        grade_id if isinstance(grade_id, str) else None,
        cell["id"] if isinstance(cell.get("id"), str) else None,
        _pictures(attachments),
    )


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Take pictures in a text cell as they should be: by name and kind."""
    return {
        name: kinds
        for name, kinds in (attachments.items() if isinstance(attachments, dict) else ())
        if isinstance(kinds, dict) and all(isinstance(content, str) for content in kinds.values())
    }
