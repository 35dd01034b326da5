"""Are the assignments sound, and does `course prove` notice when they are not?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.folders import Course
from tests.course.building import ASSIGNMENTS, COURSE, SMALL, copy_of, course_with

pytestmark = pytest.mark.slow


def run(course: Course, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    """Run the `course` command in a course folder."""
    return subprocess.run(
        [sys.executable, "-m", "course.cli", *arguments],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


@pytest.mark.xdist_group("prove all")
def test_all_assignments_are_proved() -> None:
    """Do answers pass, blanks fail, and are all known mistakes named, under stock nbgrader?"""
    done = run(COURSE, "prove", "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ASSIGNMENTS)} assignments are sound" in " ".join(done.stdout.split())
    for name in ASSIGNMENTS:
        assert re.search(rf"{name} +│", done.stdout), f"{name} is missing in the table"


WARM_UP = COURSE.source("00_warm_up").read_text(encoding="utf-8")


def without_cell(text: str, grade_id: str) -> str:
    """Take a cell out of a source."""
    start = text.rindex("```{code-cell}", 0, text.index(f"  grade_id: {grade_id}\n"))
    stop = text.index("\n```\n", start) + len("\n```\n")
    return text[:start] + text[stop:]


def without_line(text: str, beginning: str) -> str:
    """Take the line out of a source that begins like this."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(beginning)]
    assert len(lines) == len(text.splitlines()) - 1, beginning
    return "".join(lines)


#: Ways to weaken the tests of the warm-up, and whether a new release would be refused as well.
WEAKER = {
    "a visible case less": (without_line(WARM_UP, 'check(window_cells, "windows with a gap'), False),
    "a visible case that shows nothing": (
        WARM_UP.replace('"windows with a gap between them", index=4', '"windows with a gap between them", index=0'),
        False,
    ),
    "fewer mistakes shown": (
        without_line(
            without_line(WARM_UP, 'check(window_cells, "windows with a gap'), 'check(window_cells, "windows that'
        ),
        True,
    ),
    "a visible test less": (without_cell(WARM_UP, "window-mean-check"), True),
    "a hidden test less": (without_cell(WARM_UP, "window-mean-hidden"), True),
    "a weaker hidden test": (WARM_UP.replace("index=between(1, 12)", "index=0"), True),
    "a hidden test with fewer values": (
        WARM_UP.replace("window=integers(between(1, 4), ", "window=integers(1, "),
        False,
    ),
    "a test of an answer by hand less": (without_cell(WARM_UP, "windows-check"), True),
    "a test that a blank passes": (
        WARM_UP.replace("def window_mean(window):", "window_mean = len\ndef unused(window):"),
        True,
    ),
    "a wrong answer": (
        WARM_UP.replace("return sum(numbers) / len(numbers)", "return sum(numbers) // len(numbers)"),
        True,
    ),
    "a false example": (
        WARM_UP.replace(">>> window_cells(5, kernel_size=3", ">>> window_cells(6, kernel_size=3"),
        True,
    ),
}


@pytest.mark.parametrize("what", WEAKER)
def test_weaker_tests_are_noticed(what: str, tmp_path: Path) -> None:
    """Does `course prove` fail when a test is taken out or weakened, and `course release` where a mistake escapes?"""
    text, refused = WEAKER[what]
    assert text != WARM_UP
    course = copy_of(tmp_path, "00_warm_up")
    course.source("00_warm_up").write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in course.exercises.rglob("*") if path.is_file()}
    done = run(course, "release" if refused else "prove")  # a release wants the same proof
    assert done.returncode == 1, done.stdout
    assert "00_warm_up: " in done.stdout
    if refused:
        assert {path: path.read_bytes() for path in course.exercises.rglob("*") if path.is_file()} == before


def test_a_lenient_comparer_is_noticed(tmp_path: Path) -> None:
    """Does the proof try the very package that is released?"""
    from course.checks import comparing

    course = course_with(tmp_path / "course")
    source = Path(comparing.__file__)
    lenient = source.read_text("utf-8").replace("RELATIVE, ABSOLUTE = 1e-5, 1e-6", "RELATIVE, ABSOLUTE = 1e9, 1e9")
    lenient = lenient.replace("return got == expected\n    try", "return True\n    try")
    program = (
        "import sys; from pathlib import Path\n"
        "from course import proofs; from course.assignments import building, sources\n"
        "real = building.Built.write\n"
        "def write(self, folder):\n"
        "    real(self, folder)\n"
        f"    (folder / 'checks' / 'comparing.py').write_text({lenient!r}, 'utf-8')\n"
        "building.Built.write = write\n"
        f"built = building.build(sources.read(Path({str(course.source('small'))!r})))\n"
        f"sys.exit(0 if proofs.prove(built, Path({str(tmp_path / 'work')!r})).holds else 1)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 1


def test_releasing(tmp_path: Path) -> None:
    """Does a release appear whole, and stay byte for byte when nothing has changed?"""
    course = course_with(tmp_path)
    assert "released anew" in run(course, "release").stdout
    files = {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in course.exercises.rglob("*") if path.is_file()
    }
    assert any(path.name == "small.ipynb" for path in files)
    assert "is up to date" in run(course, "release").stdout
    assert files == {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in course.exercises.rglob("*") if path.is_file()
    }
    assert run(course, "prove").returncode == 0
    course.source("small").write_text(SMALL.replace("One task.", "A single task."), encoding="utf-8")
    assert "run `course release small`" in " ".join(run(course, "prove").stdout.split())
    assert "released anew" in run(course, "release", "small").stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL.replace("grade_id: hidden", "grade_id: visible"), "grade_id 'visible' occurs twice"),
        (SMALL.replace("name: python3\n---", "name: julia-9\n---"), "kernel 'julia-9' is not installed"),
        ("not a notebook", "no complete `course` entry"),
    ],
)
def test_a_broken_source_releases_nothing(text: str, said: str, tmp_path: Path) -> None:
    """Is nothing half-written into exercises/?"""
    course = course_with(tmp_path, text)
    for command in ("release", "prove"):
        done = run(course, command)
        assert done.returncode == 1
        assert said in " ".join(done.stdout.split())
        assert "Traceback" not in done.stdout + done.stderr
        assert not course.exercises.exists() or not list(course.exercises.iterdir())


def test_unknown_names(tmp_path: Path) -> None:
    """Does a mistyped name, or a folder without a course, get a helpful line?"""
    course = course_with(tmp_path / "course")
    done = run(course, "prove", "smal")
    assert done.returncode == 1
    assert "There is no assignment 'smal'; there are: small." in done.stderr
    done = run(Course(tmp_path), "release")
    assert done.returncode == 1
    assert "lies in no course" in done.stderr
    course.source("small").unlink()
    assert "has no assignment" in run(course, "prove").stderr
