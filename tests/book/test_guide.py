"""Does every command of the instructor's guide do what the guide says, on a class with all kinds of trouble?

The guide is followed from its first line to its last, in a copy of the course in which the book is built.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.utils import get_username

from course.collecting.worksheets import PARTICIPANT
from course.folders import Course
from course.grading import records
from tests.book import building
from tests.book.building import ROOT
from tests.course.building import COURSE, solved
from tests.course.exporting import importers
from tests.course.feedback import pages
from tests.course.grading.papers import CLASS, Submission

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]

NAME, STUDENTS = "02_numpy_layer", 40
GUIDE = ROOT / "book" / "instructors.md"
#: What ends with 1 if somebody needs a person, as the guide says.
TELLS_BY_ITS_STATUS = ("course status",)


@dataclass(frozen=True)
class Block:
    """A block of code in the guide."""

    language: str
    lines: list[str]


def blocks() -> list[Block]:
    found = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [Block(language, text.strip().replace("\\\n", "").splitlines()) for language, text in found]


def the_class() -> list[Submission]:
    """Choose forty of the hostile class, of every kind, and none that takes minutes."""
    everybody = [submission for submission in CLASS if submission.name == NAME]
    quick = [each for each in everybody if not each.kind.startswith("crash")]
    crashing = [each for each in everybody if each.kind.startswith("crash") and each.state == "crashed"][:2]
    wanted = STUDENTS - len(crashing)
    return crashing + [quick[len(quick) * number // wanted] for number in range(wanted)]


class Project:
    """A copy of the course, with downloads for it, and students."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self._folder = root, folder
        self.course = Course(root)
        self.downloads = root / "grading" / "downloads"
        #: What each command said, and how many students are in Moodle's download: of a link nothing is uploaded.
        self.said: dict[str, str] = {}
        self.in_moodle = 0
        binaries = str(Path(sys.executable).parent)
        self._environment = building.environment(root) | {
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "200",
            "HOME": str(folder / "home"),
        }
        (folder / "home").mkdir()
        (folder / "student").mkdir()
        self._prepare()
        self._download()

    def _prepare(self) -> None:
        """Let make find everything installed: it would install the copy in the place of the checkout."""
        (self.root / ".venv").symlink_to(ROOT / ".venv")
        for path in ("requirements.lock", "pyproject.toml", "book/_web/package.json", "book/_web/package-lock.json"):
            os.utime(self.root / path, (0, 0))

    def _download(self) -> None:
        self.downloads.mkdir(parents=True)
        blank = json.loads((COURSE.exercises / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
        whole = json.loads(solved(NAME, self._folder / "solved" / NAME).read_text(encoding="utf-8"))
        one = json.dumps(whole).encode()
        moodle: dict[str, bytes] = {}
        rows = []
        for number, submission in enumerate(the_class(), start=4700):
            raw = self._folder / "raw" / submission.student
            submission.paper(whole, blank, self._folder).write(raw)
            who = submission.title.replace("_", " ").replace("/", " ")
            for path in sorted(raw.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    name = f"{who}_{number}_assignsubmission_file_/{path.relative_to(raw).as_posix()}"
                    moodle[name] = path.read_bytes()
            rows.append(self._row(number, who))
        self.in_moodle = len({name.split("/")[0] for name in moodle})
        rows.append(self._row(4799, "who handed in nothing"))
        self._write_zip("moodle.zip", moodle)
        again = dict.fromkeys(list(moodle)[:1], one) | dict(list(moodle.items())[1:])
        self._write_zip("moodle-again.zip", again)
        header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade"]
        header += ["Last modified (submission)", "Last modified (grade)", "Feedback comments"]
        self._write_csv("Grades.csv", [header, *rows])
        later = [
            [cell.replace("5 March", "6 March") if isinstance(cell, str) else cell for cell in row] for row in rows
        ]
        self._write_csv("Grades-again.csv", [header, *later])
        self._write_zip(
            "canvas.zip", {f"ottlena_815_901_{NAME}.ipynb": one, f"vegamax_LATE_816_902_{NAME}-1.ipynb": one}
        )
        gradebook = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "NumPy layer (77)", "Final Score"]
        students = [["Ott, Lena", 815, "", "", "A", "", ""], ["Vega, Max", 816, "", "", "A", "", ""]]
        self._write_csv("gradebook.csv", [gradebook, ["    Points Possible", "", "", "", "", 100, ""], *students])
        for student in ("Ann", "Ben"):
            (self.downloads / "folders" / student).mkdir(parents=True)
            (self.downloads / "folders" / student / f"{NAME}.ipynb").write_bytes(one)
        (self.downloads / "mail.ipynb").write_bytes(one)

    @staticmethod
    def _row(number: int, who: str) -> list[object]:
        return [f"{PARTICIPANT}{number}", who, "", "Submitted", "", 100, "Tuesday, 5 March 2024, 2:30 PM", "-", ""]

    def _write_zip(self, name: str, entries: dict[str, bytes]) -> None:
        with zipfile.ZipFile(self.downloads / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in entries.items():
                archive.writestr(entry, content)

    def _write_csv(self, name: str, rows: list[list[object]]) -> None:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        (self.downloads / name).write_text(text.getvalue(), encoding="utf-8-sig")

    def follow(self, block: Block) -> None:
        """Do what a block says."""
        if block.language == "python":
            config = self.root / "nbgrader_config.py"
            place = str(self._folder / "exchange")
            lines = "\n".join(block.lines).replace("/srv/nbgrader/exchange", place)
            Path(place).mkdir(exist_ok=True)
            Path(place).chmod(0o777)
            config.write_text(
                config.read_text("utf-8").replace("\nprepare(", f"\n{lines}\n\nprepare("), encoding="utf-8"
            )
            return
        assert block.language == "sh", block
        by_student = block.lines[0] == "# as a student"
        for line in block.lines:
            self._run(line, by_student)

    def _run(self, line: str, by_student: bool) -> None:
        if by_student and line.startswith("nbgrader"):
            line += f" --Exchange.root={self._folder / 'exchange'}"
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self._folder / "student" if by_student else self.root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=400,
        )
        self.said[line] = done.stdout
        fine = (0, 1) if line.startswith(TELLS_BY_ITS_STATUS) else (0,)
        assert done.returncode in fine, f"{line}\n{done.stdout[-5000:]}"
        assert "Traceback" not in done.stdout, f"{line}\n{done.stdout[-5000:]}"


@pytest.fixture(scope="module")
def followed(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Follow the guide from its first command to its last."""
    project = Project(built_project, tmp_path_factory.mktemp("guide"))
    config = (built_project / "nbgrader_config.py").read_bytes()
    try:
        for block in blocks():
            project.follow(block)
        yield project
    finally:
        (built_project / "nbgrader_config.py").write_bytes(config)
        (built_project / ".venv").unlink()
        shutil.rmtree(built_project / "grading", ignore_errors=True)


def test_there_is_nothing_else_in_the_guide() -> None:
    """Is there no block that is not followed, and no command of the course that the guide does not know?"""
    text = GUIDE.read_text(encoding="utf-8")
    assert text.count("\n```") == 2 * len(blocks())
    for command in (
        "collect",
        "grade",
        "status",
        "feedback",
        "export",
        "report",
        "publish",
        "prove",
        "release",
        "doctor",
    ):
        assert re.search(rf"^course {command}\b", text, re.MULTILINE), command


def test_everybody_is_graded(followed: Project) -> None:
    """Is there a record of everybody, of those from Canvas, from a folder, by mail and from the exchange?"""
    found = records.read(followed.course, NAME)
    assert followed.in_moodle > STUDENTS - 5
    assert len(found) == followed.in_moodle + 2 + 2 + 1 + 1
    assert {"ottlena_815", "vegamax_816", "Ann", "Ben", "Ada Lovelace", get_username()} <= found.keys()
    assert {"graded", "unreadable", "crashed"} <= {record.state for record in found.values()}
    states = {submission.title: submission.state for submission in the_class()}
    known = {record.student.replace(" ", "_"): record.state for record in found.values()}
    agree = sum(known.get(title.replace(" ", "_").replace("/", "_")) == state for title, state in states.items())
    assert agree >= STUDENTS - 6  # collecting finds notebooks that the grader alone does not


def test_feedback_is_safe(followed: Project) -> None:
    """Does everybody have a page, and does none of them run or load anything?"""
    written = list((followed.course.grading / "feedback").rglob("*.html"))
    assert len(written) == followed.in_moodle + 6
    for path in written:
        assert pages.problems(path.read_text(encoding="utf-8")) == [], path
        assert path.stat().st_size < 400_000, path
    with zipfile.ZipFile(followed.course.grading / "feedback.zip") as archive:
        assert f"ottlena_815_901_{NAME}.html" in archive.namelist()
    (returned,) = (followed._folder / "student").rglob("*.html")
    assert pages.problems(returned.read_text(encoding="utf-8")) == []


def test_grades_go_on(followed: Project) -> None:
    """Do Moodle and Canvas take what was exported, lateness subtracted, on their own scale?"""
    numbers = {str(number): None for number in range(4700, 4800)}
    moodle = importers.moodle((followed.course.grading / "grades-for-moodle.csv").read_bytes(), numbers, 100)
    unreadable = [each for each in records.read(followed.course, NAME).values() if each.state == "unreadable"]
    assert len(moodle) == followed.in_moodle - len(unreadable)
    canvas = importers.canvas(
        (followed.course.grading / "grades-for-canvas.csv").read_bytes(), {"815": "", "816": ""}, {"77": "NumPy layer"}
    )
    assert canvas["815", "77"] > canvas["816", "77"] > 0  # a day late: a tenth
    assert canvas["816", "77"] == pytest.approx(0.9 * canvas["815", "77"], abs=0.01)
    with (followed.course.grading / "grades.csv").open(encoding="utf-8", newline="") as file:
        table = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {"Ada Lovelace", "Ann", "ottlena_815"} <= table.keys()


def test_what_the_commands_say(followed: Project) -> None:
    """Do the commands say what the guide says that they do?"""
    first = next(line for line in followed.said if line.startswith("course collect grading/downloads/moodle.zip"))
    assert f"{followed.in_moodle} new" in followed.said[first]
    again = next(line for line in followed.said if "moodle-again" in line)
    assert "1 changed" in followed.said[again]
    assert f"{followed.in_moodle - 1} unchanged" in followed.said[again]
    assert (followed.course.grading / "report.html").stat().st_size > 10_000
    assert (followed.root.parent / "pooling-for-students" / "README.md").is_file()
    assert not [path for path in (followed.root.parent / "pooling-for-students").rglob("*") if "solution" in path.name]
