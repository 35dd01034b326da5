"""Downloads as LMSs write them, and classes to put into them."""

from __future__ import annotations

import functools
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.course.building import COURSE, solved

NAME, OTHER = "00_warm_up", "01_python_layer"


@functools.cache
def _solved(folder: Path, name: str) -> str:
    return solved(name, folder / name).read_text(encoding="utf-8")


def notebook(folder: Path, name: str = NAME, answers: int | None = None) -> bytes:
    """Return a solved notebook, or one in which only so many answers are written."""
    whole = json.loads(_solved(folder, name))
    blank = released(name)
    about = [cell["metadata"].get("nbgrader", {}) for cell in blank["cells"]]
    places = [place for place, graded in enumerate(about) if graded.get("solution")]
    for place in places[answers:] if answers is not None else []:
        whole["cells"][place] = blank["cells"][place]
    return json.dumps(whole).encode()


def released(name: str = NAME) -> dict[str, Any]:
    return json.loads((COURSE.exercises / name / f"{name}.ipynb").read_text(encoding="utf-8"))


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """Pack files; a name may be anything."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(entries: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def moodle(student: str, number: int, file: str, folders: bool = True, old: bool = True) -> str:
    """Name a file as Moodle does: with or without folders, before and since 4.1."""
    return f"{student}_{number}_assignsubmission_file{'_' if old else ''}{'/' if folders else '_' * (not old)}{file}"


def canvas(student: str, user: int, attachment: int, file: str, late: bool = False) -> str:
    """Name a file as Canvas does."""
    return f"{student}{'_LATE' if late else ''}_{user}_{attachment}_{file}"
