"""How long it takes to grade a class, beside nbgrader as it comes: `make bench-grading`, or this module with --help."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from course import engine
from course.folders import Course
from course.gradebook import prepare
from tests.benchmarks.progress import Progress
from tests.course.grading.classes import class_of, gradebook, kill, run, start

NAME = "03_torch_layer"


class Cost(NamedTuple):
    """What grading a class took."""

    students: int
    seconds: float
    #: The most memory that all processes together had at a time, in GiB; what they share is counted once.
    memory: float

    @property
    def rate(self) -> float:
        """Submissions in a second."""
        return self.students / self.seconds


def ours(folder: Path, students: int, jobs: int = 2, name: str = NAME) -> Cost:
    """Grade a class with `course grade`, from the start of the command to its end."""
    course = class_of(folder, name, students)
    prepare(course)
    started, most = time.perf_counter(), 0.0
    process = start(course, "grade", name, "--jobs", str(jobs))
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(0.2)
    seconds = time.perf_counter() - started
    said, _ = process.communicate()
    if process.returncode or f"{students} graded" not in said:
        raise RuntimeError(said)
    return Cost(students, seconds, most)


def stock(folder: Path, students: int, name: str = NAME) -> Cost:
    """Grade a class with nbgrader's own autograder and preprocessors, one submission after the other."""
    course = class_of(folder, name, students)
    prepare(course)
    started = time.perf_counter()
    engine.autograde(course, name)
    return Cost(students, time.perf_counter() - started, 0.0)


def after_kills(folder: Path, students: int, kills: int, name: str = NAME, seed: int = 0) -> bool:
    """Kill a grading at random moments and restart it; tell whether the gradebook is that of a run in peace."""
    disturbed, undisturbed = class_of(folder / "disturbed", name, students), class_of(folder / "peace", name, students)
    _must(undisturbed, name)
    moments = random.Random(seed)
    for _ in range(kills):
        process = start(disturbed, "grade", name, "--jobs", "2")
        time.sleep(moments.uniform(0.5, 12))
        kill(process)
    _must(disturbed, name)
    return gradebook(disturbed, name) == gradebook(undisturbed, name)


def _must(course: Course, name: str) -> None:
    code, said = run(course, "grade", name, "--jobs", "2")
    if code:
        raise RuntimeError(said)


def _memory(pid: int) -> float:
    """Return how much memory a process and all below it have, in GiB."""
    total = 0
    for process in _family(pid):
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / (1 << 30)


def _family(pid: int) -> list[psutil.Process]:
    try:
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and return the exit status: 1 if a killed run ended with another gradebook."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.grading",
        description="Grade classes of 03_torch_layer with `course grade`, and with nbgrader as it comes, in one run. "
        "Then kill gradings at random moments. About 10 minutes; have the machine to yourself.",
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 100, 200, 400], help="students in a class")
    parser.add_argument("--stock", type=int, default=30, help="students that stock nbgrader grades, one by one")
    parser.add_argument("--kills", type=int, default=10, help="how often a grading of 40 is killed")
    parser.add_argument("--jobs", type=int, default=2, help="processes of `course grade`")
    options = parser.parse_args(arguments)
    progress = Progress(sys.stderr, len(options.sizes) + 2)
    with tempfile.TemporaryDirectory() as folder:
        progress.begin(f"stock nbgrader, {options.stock} students")
        peer = stock(Path(folder, "stock"), options.stock)
        found = []
        for size in options.sizes:
            progress.begin(f"course grade, {size} students")
            found.append(ours(Path(folder, str(size)), size, options.jobs))
        progress.begin(f"{options.kills} kills")
        same = after_kills(Path(folder, "kills"), 40, options.kills)
    progress.close()
    print(f"{'students':>9} {'seconds':>8} {'each':>7} {'rate':>7} {'to stock':>9} {'memory':>8}")
    print(f"{peer.students:>9} {peer.seconds:8.1f} {1 / peer.rate:6.2f}s {peer.rate:5.2f}/s {'1×':>9}          stock")
    for cost in found:
        ratio = f"{cost.rate / peer.rate:.1f}×"
        each = f"{1 / cost.rate:6.2f}s {cost.rate:5.2f}/s"
        print(f"{cost.students:>9} {cost.seconds:8.1f} {each} {ratio:>9} {cost.memory:5.2f} GiB")
    print(f"after {options.kills} kills the gradebook is {'the same' if same else 'NOT THE SAME'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
