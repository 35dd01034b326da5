"""Finds out whether submissions can be graded on this machine, and what is to be done if not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from course import engine
from course.folders import Course
from course.grading import sandbox
from course.grading.limits import Limits
from course.grading.nursery import Nursery, NurseryError, Plan
from course.grading.sandbox import SandboxError

#: A grader should have so much memory for each process, in bytes: PyTorch, and what a submission may take.
MEMORY = 3 << 30
_SETTING = "sysctl -w {}   (as root; what it changes is said in man 7 user_namespaces)"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_fine: bool
    says: str
    #: Whether grading works without it.
    is_needed: bool = True


def examine(course: Course) -> Iterator[Finding]:
    """Look at everything that grading needs, one after the other."""
    yield Finding("Python", True, f"{sys.version.split()[0]} at {sys.executable}")
    yield _packages()
    yield from _sandbox()
    yield _memory()
    yield from _course(course)


def _packages() -> Finding:
    missing, found = [], []
    for name in ("nbgrader", "ipython", "numpy", "torch", "distributed"):
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("packages", False, f"missing: {', '.join(missing)}. Run: make book")
    return Finding("packages", True, ", ".join(found))


def _sandbox() -> Iterator[Finding]:
    program = sandbox.bubblewrap()
    if program is None:
        yield Finding("bubblewrap", False, f"not installed. Run: {sandbox.INSTALL}")
        return
    yield Finding("bubblewrap", True, program)
    try:
        nursery = Nursery(Plan((), True, Limits()))
        try:
            child = nursery.fork()
            child.channel.send({"number": 1, "do": "cell", "source": "print(6 * 7)", "seconds": 10}, 10)
            _, reply = child.channel.receive(15)
            child.end()
        finally:
            nursery.close()
        works = reply["outputs"][0]["text"] == "42\n"
        yield Finding("sandbox", works, "a cell ran in it, in namespaces of its own" if works else f"it said {reply}")
    except (SandboxError, NurseryError, KeyError, IndexError) as problem:
        yield Finding("sandbox", False, f"{problem}{_remedy()}")
    except Exception as problem:
        yield Finding("sandbox", False, f"it did not start ({type(problem).__name__}){_remedy()}")


def _remedy() -> str:
    """Say which setting of the kernel forbids the sandbox, if one does."""
    settings = {
        "kernel/unprivileged_userns_clone": ("0", "kernel.unprivileged_userns_clone=1"),
        "kernel/apparmor_restrict_unprivileged_userns": ("1", "kernel.apparmor_restrict_unprivileged_userns=0"),
        "user/max_user_namespaces": ("0", "user.max_user_namespaces=10000"),
    }
    for place, (forbidding, remedy) in settings.items():
        path = Path("/proc/sys", place)
        if path.is_file() and path.read_text().strip() == forbidding:
            return f"\nThis machine forbids it. Run: {_SETTING.format(remedy)}"
    return "\nWithout it: course grade … --isolation process, for people you trust."


def _memory() -> Finding:
    cores = os.cpu_count() or 1
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return Finding("memory", True, f"not known; {cores} cores")
    size = f"{total / (1 << 30):.1f} GiB and {cores} cores"
    if total < MEMORY * cores:
        return Finding("memory", False, f"{size}: give `course grade` --jobs {max(total // MEMORY, 1)}", False)
    return Finding("memory", True, size)


def _course(course: Course) -> Iterator[Finding]:
    config = engine.settings(course)
    for name in course.assignments:
        built, released = (course.built / name).is_dir(), (course.exercises / name / f"{name}.ipynb").is_file()
        if not built:
            yield Finding(name, False, f"solutions/{name}.md is not in order. Run: course prove {name}")
        elif not released:
            yield Finding(name, False, f"not released. Run: course release {name}")
        else:
            count = len(course.students(name))
            yield Finding(name, True, f"released; {count} submission{'s' * (count != 1)} in grading/submitted")
    with engine.gradebook(config) as gradebook:
        yield Finding("gradebook", True, f"{gradebook.db.bind.url}: {len(gradebook.students)} students")
