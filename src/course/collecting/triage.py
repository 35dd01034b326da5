"""Of all that one student handed in: the notebook, what belongs to it, and what is kept aside."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import nbformat

from course.collecting.layouts import Submission
from course.collecting.opening import FOREIGN_ARCHIVES, LARGEST, Unusable, open_archive
from course.grading.handed_in import MOST_FILES, SECRET, STAMP, LearnerCell, Unreadable, read_cells
from course.grading.rebuilding import graded, is_answer, rebuild

#: Archives in archives are opened so deep.
DEEPEST = 2
#: What can lie beside a notebook and runs nothing.
DATA = frozenset(
    [".txt", ".md", ".csv", ".tsv", ".json", ".npy", ".npz", ".png", ".jpg", ".jpeg", ".gif", ".pdf", ".html"]
)
#: So many files of a student are looked into for the notebook.
MOST_CANDIDATES = 10
#: Names of modules that are the course's, or that Python or pytest would run by themselves.
OURS = ("checks", "pooling", "sitecustomize", "usercustomize", "conftest")
#: What nbgrader puts beside a notebook that it collected.
STAMPS = (STAMP, SECRET)
#: A file without the right name may be a notebook if it begins like one, after spaces.
_NOTEBOOK = re.compile(rb'(\xef\xbb\xbf)?\s*\{[^}]{0,200}"')
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+\.?(\w+)", re.MULTILINE)


@dataclass
class Sorted:
    """What is to become of the files of one student."""

    #: What is graded, by the names that it gets.
    kept: dict[str, bytes] = field(default_factory=dict)
    #: What is not, by the names that it had.
    aside: dict[PurePosixPath, bytes] = field(default_factory=dict)
    #: A line for each thing that somebody should know.
    remarks: list[str] = field(default_factory=list)
    #: Where the notebook was; None if there is none.
    notebook: PurePosixPath | None = None
    #: The assignment that it belongs to; empty if it is none's.
    belongs_to: str = ""

    def drop(self, path: PurePosixPath, content: bytes | None, why: str) -> None:
        """Keep something aside, if it could be read, and say why."""
        if content is not None:
            self.aside[path] = content
        self.remarks.append(f"{path} {why}")


@dataclass(frozen=True)
class _Candidate:
    """A file that may be the notebook."""

    path: PurePosixPath
    content: bytes
    #: The assignment that most of its cells belong to; empty if it is none's, or cannot be read.
    belongs_to: str = ""
    #: How many of its cells belong to the assignment, and how many answers are written.
    matching: int = 0
    answered: int = 0
    problem: str = ""

    def rank(self, name: str) -> tuple[bool, int, int, bool, int, str]:
        """Put the one first that has most answers."""
        named = self.path.name == f"{name}.ipynb"
        return self.belongs_to == name, self.answered, self.matching, named, -len(self.path.parts), str(self.path)


def triage(submission: Submission, name: str, releases: dict[str, dict[str, Any]]) -> Sorted:
    """Sort what a student handed in.

    Parameters
    ----------
    submission : Submission
    name : str
        The assignment.
    releases : dict
        The released notebook of every assignment.
    """
    found = Sorted()
    read = dict(_read(submission, found))
    possible = [path for path, content in read.items() if _may_be_a_notebook(path, content)]
    # A name that fits is looked at first, and no more than a student could mean.
    possible.sort(key=lambda path: (path.name != f"{name}.ipynb", path.suffix != ".ipynb", len(path.parts)))
    candidates = [_candidate(path, read[path], name, releases) for path in possible[:MOST_CANDIDATES]]
    chosen = max(candidates, key=lambda candidate: candidate.rank(name), default=None)
    for path in possible:
        content = read.pop(path)
        if chosen is None or path != chosen.path:
            found.drop(path, content, f"is kept aside: {chosen.path if chosen else ''} was taken")
    if chosen is None:
        found.remarks.append("no notebook was found")
    else:
        _take(chosen, name, found)
    _sort_the_rest(read, name, submission.is_nbgraders, found)
    return found


def _may_be_a_notebook(path: PurePosixPath, content: bytes) -> bool:
    """Tell whether to look into a file: programs put endings behind the right one, or take it away."""
    if path.suffix.lower() == ".ipynb":
        return True
    is_data = path.suffix.lower() in DATA and not path.name.lower().endswith((".ipynb.txt", ".ipynb.json", ".json"))
    return (
        not is_data
        and "checks" not in path.parts[:-1]
        and bool(_NOTEBOOK.match(content[:400]))
        and (b'"cells"' in content or b'"worksheets"' in content)
    )


def _read(submission: Submission, found: Sorted) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Read the files, archives last and opened, until there is more than a student may hand in."""
    left = LARGEST
    waiting = sorted(((path, file, 0) for path, file in submission.files), key=lambda each: each[1].is_archive)
    taken: set[PurePosixPath] = set()
    for path, file, depth in waiting:  # it grows while archives are opened
        if len(taken) >= MOST_FILES:
            found.remarks.append(f"there are more than {MOST_FILES} files, and the rest was left out")
            return
        path = _free(path, taken)
        taken.add(path)
        try:
            content = None if file.problem.startswith("is ") else file.content(left)
        except Unusable as problem:
            found.drop(path, None, f"{problem}, and is left out")
            continue
        if file.problem:
            found.drop(path, content, f"{file.problem}, and is not used")
            continue
        left -= len(content or b"")
        if not file.is_archive or content is None:
            yield path, content or b""
            continue
        try:
            if depth >= DEEPEST:
                raise Unusable("is an archive in an archive in an archive")
            inner = open_archive(content, path.name, left)
            waiting += [(path.parent / path.stem / each.path, each, depth + 1) for each in inner]
        except Unusable as problem:
            left -= LARGEST // 4  # opening it may have cost as much, and there could be hundreds
            found.drop(path, content, f"{problem}, and is kept aside")


def _free(path: PurePosixPath, taken: set[PurePosixPath]) -> PurePosixPath:
    """Give a file another name if it could not lie beside the others: archives may hold several of a name.

    A file cannot be where a folder is either.
    """
    folders = {folder for each in taken for folder in each.parents}

    def is_free(place: PurePosixPath) -> bool:
        return place not in taken and place not in folders and taken.isdisjoint(place.parents)

    if is_free(path):
        return path
    numbered = (
        place
        for count in range(2, 2 * MOST_FILES)
        for place in (
            path.with_name(f"{path.stem} ({count}){path.suffix}"),
            PurePosixPath(f"{path.parts[0]} ({count})", *path.parts[1:]),
        )
    )
    return next(place for place in numbered if is_free(place))


def _candidate(path: PurePosixPath, content: bytes, name: str, releases: dict[str, dict[str, Any]]) -> _Candidate:
    try:
        cells = read_cells(content, path.name)
    except Unreadable as problem:
        return _Candidate(path, content, problem=str(problem))
    try:
        answered = _answered(releases[name], cells)
    except Unreadable:
        answered = -1
    # Assignments have cells in common, such as that with the imports.
    shared = {each: _shared(released, cells) for each, released in releases.items()}
    shared[name] = max(shared[name], int(answered >= 0))
    best = max(shared, key=lambda each: (shared[each], each == name))
    return _Candidate(path, content, best if shared[best] else "", shared[name], max(answered, 0))


def _shared(released: dict[str, Any], cells: list[LearnerCell]) -> int:
    """Count the cells that say of themselves that they belong to an assignment."""
    ids = {known for cell in released["cells"] for known in (cell["id"], graded(cell).get("grade_id")) if known}
    return sum(cell.grade_id in ids or cell.cell_id in ids for cell in cells)


def _answered(released: dict[str, Any], cells: list[LearnerCell]) -> int:
    """Count the answers that are written."""
    rebuilt, _ = rebuild(released, cells)
    blank = {graded(cell)["grade_id"]: "".join(cell["source"]) for cell in released["cells"] if is_answer(cell)}
    answers = [cell for cell in rebuilt["cells"] if is_answer(cell)]
    return sum(cell["source"].strip() != blank[graded(cell)["grade_id"]].strip() for cell in answers)


def _take(chosen: _Candidate, name: str, found: Sorted) -> None:
    """Take a notebook under the name that it should have."""
    found.notebook = chosen.path
    content = chosen.content
    found.belongs_to = chosen.belongs_to
    if chosen.path.name != f"{name}.ipynb":
        found.remarks.append(f"{chosen.path} was taken for {name}.ipynb")
    if chosen.problem:
        found.remarks.append(chosen.problem)
    elif chosen.belongs_to != name:
        other = f"it is that of {chosen.belongs_to}" if chosen.belongs_to else "no cell of it is in any assignment"
        found.remarks.append(f"{chosen.path} is not the notebook of {name}: {other}")
    else:
        upgraded = _upgraded(content)
        if upgraded is not None:
            found.drop(chosen.path, content, "is in an older format, and was upgraded; the original is kept aside")
            content = upgraded
    found.kept[f"{name}.ipynb"] = content


def _upgraded(content: bytes) -> bytes | None:
    """Bring a notebook of the format's third version or before into the fourth; None if it is in it, or cannot be."""
    raw = json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    if raw.get("nbformat", 4) not in (1, 2, 3):
        return None
    try:
        notebook = nbformat.convert(nbformat.from_dict(raw), 4)
    except Exception:  # what a notebook can lack is without end; it is graded as it is
        return None
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # by itself it gets another one every time
    notebook["nbformat_minor"] = 5
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode()


def _sort_the_rest(read: dict[PurePosixPath, bytes], name: str, is_nbgraders: bool, found: Sorted) -> None:
    """Keep data and the learner's own modules beside the notebook; put everything else aside."""
    beside: dict[PurePosixPath, tuple[PurePosixPath, bytes]] = {}
    # What lies in the notebook's own folder comes first: it may be the other of two of a name.
    for path in sorted(read, key=lambda path: not _is_beside(path, found.notebook)):
        beside[_free(_beside(path, found.notebook), {PurePosixPath(f"{name}.ipynb"), *beside})] = path, read[path]
    modules = _imported(
        found.kept.get(f"{name}.ipynb", b""), {place: content for place, (_, content) in beside.items()}
    )
    for place, (path, content) in beside.items():
        why = None if is_nbgraders and str(place) in STAMPS else _unwanted(place, modules, found.notebook is not None)
        if why is None:
            found.kept[str(place)] = content
        elif why:
            found.drop(path, content, why)


def _is_beside(path: PurePosixPath, notebook: PurePosixPath | None) -> bool:
    return notebook is not None and path.is_relative_to(notebook.parent)


def _beside(path: PurePosixPath, notebook: PurePosixPath | None) -> PurePosixPath:
    """Return a path as the notebook sees it: somebody may have handed in a folder in a folder."""
    return path.relative_to(notebook.parent) if notebook and _is_beside(path, notebook) else path


def _unwanted(path: PurePosixPath, modules: set[str], has_notebook: bool) -> str | None:
    """Say why a file is not kept; None if it is; nothing if there is nothing to be said about it."""
    suffix = path.suffix.lower()
    if path.parts[0] == "checks":
        return ""
    if path.name in STAMPS:
        return "is kept aside: when work was handed in, nbgrader or an LMS says"
    if suffix == ".py":
        module = path.parts[0].removesuffix(".py")
        if module in modules:
            return None
        if _is_taken(module):
            return f"is dropped: {module!r} is the name of a package, and would stand in its place"
        return "is dropped: the notebook does not import it" if has_notebook else "is a script: ask for the notebook"
    if suffix in FOREIGN_ARCHIVES:
        return "cannot be opened here, and is kept aside: ask for the notebook itself"
    return None if suffix in DATA else "is dropped: it is neither a notebook nor data"


def _imported(notebook: bytes, files: dict[PurePosixPath, bytes]) -> set[str]:
    """Return the names of the learner's own modules that a notebook needs, or that one of those needs."""
    try:
        text = "\n".join(cell.source for cell in read_cells(notebook, "")) if notebook else ""
    except Unreadable:
        text = ""
    own: dict[str, str] = {}
    for path, content in files.items():
        if path.suffix == ".py":
            module = path.parts[0].removesuffix(".py")
            own[module] = own.get(module, "") + content.decode("utf-8", "replace")
    needed: set[str] = set()
    waiting = [text]
    while waiting:
        for module in set(_IMPORT.findall(waiting.pop())) & own.keys() - needed:
            if not _is_taken(module):
                needed.add(module)
                waiting.append(own[module])
    return needed


def _is_taken(module: str) -> bool:
    """Tell whether something else has a module's name."""
    if module in sys.stdlib_module_names or module in OURS:
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except (ValueError, ImportError):
        return True
