"""Is the table of chapter 7 what its frameworks give? All but those from `make frameworks` are asked again."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from book.frameworks import __main__ as command
from book.frameworks import agreement, columns, running
from book.frameworks.cases import CASES, PARTS, Case, plane
from book.frameworks.running import Outcome

DATA = json.loads(command.DATA.read_text(encoding="utf-8"))
ASKED_AGAIN = [column for column in columns.OTHERS if column in columns.HERE]
ONE = Case("one", "max", plane([1, 2], [3, 4]))
PINS = re.findall(
    r"^([\w-]+)==([\w.]+)",
    "".join(
        (running.ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "locks/frameworks.txt")
    ),
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def ours() -> running.Column:
    return running.here("ours")


def differing(column: str, found: running.Column, ours: running.Column) -> dict[str, tuple[str, str]]:
    """Return the corners whose word is another one than the file's."""
    words = {name: agreement.word(case, ours.outcomes[name], found.outcomes[name]) for name, case in CASES.items()}
    written = {name: DATA["corners"][name][column] for name in CASES}
    return {
        name: (written[name], word)
        for name, word in words.items()
        if word != written[name] and not (CASES[name].varies and word in ("=", "≠ −0 for 0", "≠ 0 for −0"))
    }


def test_the_file_has_the_corners_and_columns_of_the_code() -> None:
    assert list(DATA["frameworks"]) == list(columns.OTHERS)
    assert list(DATA["corners"]) == list(CASES)
    for name, case in CASES.items():
        assert DATA["corners"][name]["title"] == case.title
        assert set(DATA["corners"][name]) == {"part", "title", "ours", *columns.OTHERS}
    assert list(DATA["examples"]) == list(command.EXAMPLES)
    assert sorted(path.stem for path in command.SNIPPETS.glob("*.py")) == sorted(command.EXAMPLES)
    assert [name for name in CASES if name in PARTS] == list(PARTS)
    assert list(dict.fromkeys(corner["part"] for corner in DATA["corners"].values())) == list(PARTS.values())


def test_every_word_is_short_and_one_of_three() -> None:
    for corner in DATA["corners"].values():
        for column in columns.OTHERS:
            assert re.fullmatch("|=|≠ .+", corner[column])
            assert len(corner[column].removeprefix("≠ ")) <= agreement.LONGEST


def test_the_file_names_the_locked_versions() -> None:
    for framework in DATA["frameworks"].values():
        for package, version in framework["versions"].items():
            names = {package, f"{package}-cpu"}
            assert version in {pinned for name, pinned in PINS if name in names}, f"{package}: run make frameworks"


def test_ours_are_as_written(ours: running.Column) -> None:
    assert {name: command.result(ours, name) for name in CASES} == {
        name: corner["ours"] for name, corner in DATA["corners"].items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("column", ASKED_AGAIN)
def test_a_column_is_as_written(column: str, ours: running.Column) -> None:
    found = running.apart(column)
    assert not differing(column, found, ours), "run make frameworks, and read chapter 7 again"
    assert found.name == DATA["frameworks"][column]["name"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, place in command.EXAMPLES.items() if place == "here"])
def test_an_example_prints_what_is_written(name: str) -> None:
    assert command.printed(name, sys.executable) == DATA["examples"][name]


@pytest.mark.parametrize("name", [name for name in CASES if not CASES[name].varies])
def test_a_changed_outcome_is_noticed(name: str, ours: running.Column) -> None:
    """Would the comparison see a framework that no longer does what the file says?"""
    changed = ours.outcomes[name]
    if changed.kind == "refused":
        changed = Outcome("values", "float32", (1, 1), (0.5,))
    elif changed.values:
        changed = changed._replace(values=(*changed.values[:-1], changed.values[-1] + 1 if name != "all-inf" else 0.0))
        if name in ("nan", "all-nan"):
            changed = changed._replace(values=(*changed.values[:-1], 7.0))
    else:
        changed = changed._replace(shape=(*changed.shape, 1))
    assert agreement.word(CASES[name], ours.outcomes[name], ours.outcomes[name]) == "="
    assert agreement.word(CASES[name], ours.outcomes[name], changed).startswith("≠")
    mutated = running.Column("", {}, ours.outcomes | {name: changed})
    assert name in differing("pytorch", mutated, ours)


@pytest.mark.parametrize(
    ("theirs", "word"),
    [
        (Outcome("no word"), ""),
        (Outcome("refused", "ValueError"), "≠ an error"),
        (Outcome("died", "SIGFPE"), "≠ the process dies (SIGFPE)"),
        (Outcome("values", "float32", (1, 1, 1, 1), (4.0,)), "="),
        (Outcome("values", "float32", (1, 1, 1, 1), (4.000001,)), "="),
        (Outcome("values", "float32", (1, 1, 1, 1), (4.1,)), "≠ 4.1 for 4"),
        (Outcome("values", "float32", (1, 1, 1, 1), (float("nan"),)), "≠ NaN for 4"),
        (Outcome("values", "float32", (1, 1, 0, 0)), "≠ 0×0 cells for 1×1"),
    ],
)
def test_two_outcomes_become_a_word(theirs: Outcome, word: str) -> None:
    assert agreement.word(ONE, Outcome("values", "float32", (1, 1, 1, 1), (4.0,)), theirs) == word


def test_a_process_that_dies_does_not_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the corner noted at which it died, and are those after it asked?"""
    asked = []

    def dying(column: str, python: str, cases: list[str]) -> tuple[list[dict[str, object]], int, str]:
        asked.append(cases)
        lines: list[dict[str, object]] = [{"name": "Dying", "versions": {}}]
        done = cases[: cases.index("too-large")] if "too-large" in cases else cases
        lines += [{"case": name} | Outcome("no word")._asdict() for name in done]
        return lines, -signal.SIGFPE if "too-large" in cases else 0, ""

    monkeypatch.setattr(running, "child", dying)
    found = running.apart("dying")
    assert len(asked) == 2
    assert list(found.outcomes) == list(CASES)
    assert [name for name, outcome in found.outcomes.items() if outcome.kind == "died"] == ["too-large"]
    assert found.outcomes["too-large"].detail == "SIGFPE"


def test_ctrl_c_leaves_the_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = command.DATA.read_bytes()
    monkeypatch.setattr(command, "compute", interrupted)
    assert command.main([]) == command.STOPPED_BY_CTRL_C
    assert "as it was" in capsys.readouterr().err
    assert command.DATA.read_bytes() == before


def test_what_is_missing_is_named_and_the_file_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Does `make frameworks` fail with a name where one is missing, and is its column kept where none was asked?"""

    def absent(column: str, python: str) -> running.Column:
        raise ImportError("No module named 'nothing'")

    monkeypatch.setattr(running, "apart", absent)
    monkeypatch.setattr(command, "printed", lambda name, python: DATA["examples"][name])
    written = tmp_path / "frameworks.json"
    written.write_bytes(command.DATA.read_bytes())
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "DATA", written)
    assert command.main(["--elsewhere", sys.executable]) == command.INCOMPLETE
    assert "tensorflow_cpu" in capsys.readouterr().err
    assert command.main([]) == 0
    assert json.loads(written.read_text(encoding="utf-8")) == DATA


@pytest.mark.slow
def test_the_child_answers_in_lines() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "book.frameworks.running", "ours", "plain-max"],
        cwd=running.ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    head, line = map(json.loads, done.stdout.splitlines())
    assert head["name"] == "this book"
    assert line["values"] == [6, 8, 14, 16]
