"""Builds the site that tests share, and counts what the conformance tests compared."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from filelock import FileLock

from tests.book import building

compared: Counter[str] = Counter()


@pytest.fixture(scope="session")
def book_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Build a copy of the whole book, with an empty cache, once for all of pytest's processes."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    log = folder / "book.log"
    with FileLock(folder / "book.lock"):
        if not log.exists():
            project = building.copy_project(folder / "book" / "project")
            done = building.build(project)
            if done.returncode == 0:
                shutil.copytree(project / "_build" / "html", folder / "book" / "site")
            log.write_text(done.stdout if done.returncode else "", encoding="utf-8")
    failure = log.read_text(encoding="utf-8")
    assert not failure, f"the book does not build:\n{failure[-10_000:]}"
    return folder / "book"


@pytest.fixture(scope="session")
def site(book_folder: Path) -> Path:
    """Return the folder of the built pages, which nobody writes to."""
    return book_folder / "site"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what a test recorded; with `pytest -n` this runs in the process that writes the summary."""
    if report.when == "call" and report.passed:
        layer = report.nodeid.partition("[")[2].partition("-")[0]
        compared[layer] += dict(report.user_properties).get("compared", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the number of cases that agree with PyTorch."""
    numbers = {layer: number for layer, number in compared.items() if number}
    if numbers:
        layers = ", ".join(f"{layer} {number:,}" for layer, number in sorted(numbers.items()))
        terminalreporter.write_line(f"pooling cases that agree with PyTorch: {sum(numbers.values()):,} ({layers})")
