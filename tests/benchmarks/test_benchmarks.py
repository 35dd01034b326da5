"""Are rounds, ratios, the file of results and the command right? On made-up timings."""

import io
import itertools
import json

import matplotlib.pyplot as plt
import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import agreement, import_time, plot, results, table, timing
from tests.benchmarks.contenders import CONTENDERS, COPY, TORCH, installed, not_installed
from tests.benchmarks.progress import Progress
from tests.benchmarks.small_cases import ONCE, TINY

PROMISED = {"operation", "shape", "dtype", "arguments", "layout", "contender", "median_s", "minimum_s", "rounds"}


class FakeClock:
    """A clock on which calls take exactly as long as they say."""

    def __init__(self):
        self.now = 0.0
        self.log = []

    def __call__(self):
        return self.now

    def call(self, name, seconds):
        def run():
            self.now += seconds
            self.log.append(name)

        return run


@pytest.fixture
def clock(monkeypatch):
    clock = FakeClock()
    monkeypatch.setattr(timing, "perf_counter", clock)
    return clock


def test_samples_are_the_seconds_of_one_call(clock):
    samples = timing.measure({"long": clock.call("long", 0.25), "short": clock.call("short", 1e-6)}, ONCE)
    assert samples["long"] == [0.25]
    assert samples["short"] == pytest.approx([1e-6])
    assert clock.log.count("short") * 1e-6 > timing.SHORTEST_SAMPLE


def test_rounds_are_interleaved_and_shuffled(clock):
    names = ["a", "b", "c"]
    timing.measure({name: clock.call(name, 0.01) for name in names}, timing.Limits(seconds=60, rounds=20, fewest=3))
    rounds = [tuple(clock.log[start : start + 3]) for start in range(6, len(clock.log), 3)]
    assert len(rounds) == 20
    assert all(sorted(round_) == names for round_ in rounds)
    assert len(set(rounds)) > 3


def test_a_slow_contender_takes_part_in_fewer_rounds_from_start_to_end(clock):
    calls = {"slow": clock.call("slow", 0.5), "fast": clock.call("fast", 0.01), "slowest": clock.call("slowest", 9)}
    samples = timing.measure(calls, timing.Limits(seconds=6, rounds=40, fewest=3))
    assert {name: len(seconds) for name, seconds in samples.items()} == {"slow": 4, "fast": 40, "slowest": 3}
    places = [number for number, name in enumerate(clock.log[6:]) if name == "slow"]
    assert max(b - a for a, b in itertools.pairwise(places)) < 15


def test_rows_hold_medians_minima_and_ratios():
    samples = {TORCH: [4.0, 2.0, 9.0], "numpy_layer": [1.0, 3.0, 2.0], "onnxruntime": [1.0], COPY: [0.5, 0.25]}
    rows = {row["contender"]: row for row in results.rows(TINY, samples)}
    ours = rows["numpy_layer"]
    assert ours.keys() >= PROMISED
    assert (ours["median_s"], ours["minimum_s"], ours["rounds"]) == (2, 1, 3)
    assert (ours["ratio_to_torch"], ours["ratio_to_onnxruntime"], ours["ratio_to_copy"]) == (0.5, 2, 2 / 0.375)
    assert rows[TORCH]["ratio_to_torch"] == 1
    assert "ratio_to_onnxruntime" not in results.rows(TINY, {TORCH: [1.0], COPY: [1.0]})[0]


def test_the_table_shows_ratios_and_times():
    samples = {TORCH: [4e-3], "numpy_layer": [1e-3], "reshape": [8.0]}
    lines = table.ratios(results.rows(TINY, samples)).splitlines()
    assert lines[1].split() == ["1×2×8×8", "k2", "s2", "4.00", "ms", "0.25", "1.00", "ms"]
    assert lines[-1].split() == ["1×2×8×8", "k2", "s2", "2000", "8.00", "s"]


def test_the_plot_shows_the_main_cases_and_every_contender():
    samples = {contender.name: [0.001] for contender in CONTENDERS}
    other = TINY._replace(main=False, shape=(9, 9, 9, 9))
    plt.switch_backend("agg")
    figure = plot.draw_ratios([*results.rows(TINY, samples), *results.rows(other, samples)])
    (axes,) = figure.axes
    assert axes.get_title(loc="left") == "max forward"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["1×2×8² k2 s2"]
    (legend,) = figure.legends
    assert {text.get_text() for text in legend.get_texts()} == samples.keys() - {TORCH}
    plt.close(figure)


@pytest.fixture
def brief(monkeypatch):
    """Let runs of the command measure the tiny case alone, and leave out what takes seconds."""
    monkeypatch.setattr(command, "CASES", (TINY, TINY))
    monkeypatch.setattr(command, "chosen", lambda words, quick: [TINY, TINY])
    monkeypatch.setattr(command, "FULL", ONCE)
    monkeypatch.setattr(
        import_time, "measure", lambda rounds: {"numpy_s": 0.1, "numpy_layer_s": 0.12, "beyond_numpy_s": 0.02}
    )
    monkeypatch.setattr(command, "draw", lambda rows, path: None)


def test_a_full_run_writes_what_it_promises(brief, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "RESULTS", tmp_path / "data" / "benchmark.json")
    assert command.main([]) == 0
    written = json.loads(command.RESULTS.read_text(encoding="utf-8"))
    assert written.keys() == {
        "date", "machine", "versions", "method", "not_installed", "import_time", "memory", "rows",
    }  # fmt: skip
    assert written["machine"].keys() == {"cpu", "cores", "system"}
    assert written["versions"].keys() >= {"python", "numpy", "torch"}
    assert all(row.keys() >= PROMISED | {"ratio_to_torch", "ratio_to_copy"} for row in written["rows"])
    assert {row["contender"] for row in written["rows"]} == {c.name for c in installed()}
    shown = capsys.readouterr().out
    assert all(name in shown for name in not_installed())


def test_a_full_run_cut_short_is_not_a_full_run(brief, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "RESULTS", tmp_path / "benchmark.json")
    monkeypatch.setattr(command, "FULL", timing.Limits(seconds=0, rounds=2, fewest=1))
    assert command.main(["--rounds", "1"]) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_the_cases_writes_no_results_unless_asked(brief, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "chosen", lambda words, quick: [TINY])
    monkeypatch.setattr(command, "RESULTS", tmp_path / "benchmark.json")
    assert command.main(["--only", "max"]) == 0
    assert list(tmp_path.iterdir()) == []
    assert command.main(["--output", str(tmp_path / "here.json")]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["here.json"]


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "Interrupted"),
        (agreement.WrongContenderError("numpy_layer: max forward …"), 1, "numpy_layer: max forward …"),
    ],
)
def test_a_stopped_run_shows_what_it_has_and_leaves_the_old_results(
    brief, tmp_path, monkeypatch, capsys, error, status, message
):
    old = tmp_path / "benchmark.json"
    old.write_text("old", encoding="utf-8")
    monkeypatch.setattr(command, "RESULTS", old)
    measured = iter([{TORCH: [0.002], COPY: [0.001]}])

    def measure_once(*arguments):
        for samples in measured:
            return samples
        raise error

    monkeypatch.setattr(command, "measure_case", measure_once)
    assert command.main([]) == status
    shown = capsys.readouterr()
    assert "1×2×8×8 k2 s2" in shown.out
    assert message in shown.err
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_words_that_no_case_has_are_refused(capsys):
    assert command.main(["--only", "median pooling"]) == 2
    assert "median pooling" in capsys.readouterr().err


def test_progress_in_a_file_is_plain_lines():
    stream = io.StringIO()
    progress = Progress(stream, 2)
    for name in ("first", "second"):
        progress.begin(name)
        progress.tick(1, 2)
    progress.close()
    first, second = stream.getvalue().splitlines()
    assert first == "[1/2] first"
    assert second.startswith("[2/2] about ")
    assert second.endswith("second")
