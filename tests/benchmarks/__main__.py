"""The command: `make bench`, or `python -m tests.benchmarks --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import torch

from tests.benchmarks import import_time, memory, results, table
from tests.benchmarks.agreement import WrongContenderError
from tests.benchmarks.cases import CASES, Case, chosen
from tests.benchmarks.contenders import Contender, installed, not_installed
from tests.benchmarks.progress import Progress
from tests.benchmarks.running import measure_case
from tests.benchmarks.timing import Limits

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "book" / "data" / "benchmark.json"
PLOT = ROOT / "_build" / "benchmark.png"

FULL = Limits(seconds=8, rounds=60, fewest=5)
QUICK = Limits(seconds=0.5, rounds=15, fewest=3)

WRONG, MISUSED, STOPPED_BY_CTRL_C = 1, 2, 130  # exit statuses, as shells and argparse have them


class Measured(NamedTuple):
    """What a run has found so far: filled step by step, so that an interrupted run can still show it."""

    rows: list[results.Row]
    memory: list[results.Row]
    import_time: dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and return the exit status."""
    options = parser().parse_args(arguments)
    cases = chosen(options.only, options.quick)
    if not cases:
        print(f"No case has all of these words in its name: {options.only}. See --list.", file=sys.stderr)
        return MISUSED
    if options.list:
        print("\n".join(map(str, cases)))
        return 0

    limits = limits_of(options)
    is_full = len(cases) == len(CASES) and limits == FULL
    contenders = [contender for contender in installed() if not (options.quick and contender.main_only)]
    measured = Measured([], [], {})
    problem, status = "", 0
    try:
        run(cases, contenders, limits, measured, import_rounds=10 if is_full else 4)
    except WrongContenderError as error:
        problem, status = f"A contender is wrong. {error}", WRONG
    except KeyboardInterrupt:
        problem, status = "Interrupted.", STOPPED_BY_CTRL_C
    show(measured)
    if problem:
        print(f"\n{problem}\nThe run is not complete: no file is written.", file=sys.stderr)
        return status

    output = options.output or (RESULTS if is_full else None)
    if output:
        results.save(results.document(*measured, limits, not_installed()), output)
        print(f"\nresults: {output}")
    draw(measured.rows, options.plot)
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure how long the layers take beside PyTorch's operators and others, on one thread. "
        "The table shows time divided by PyTorch's: lower is faster.",
        epilog="Without options, a run takes about 8 minutes and writes book/data/benchmark.json. With others than "
        "--plot, results are written only where --output says. Ctrl-C ends a run: it shows what was measured so "
        "far, and writes nothing. With make: make bench ARGS='--quick'.",
    )
    parser.add_argument("--quick", action="store_true", help="half a minute: few cases and rounds, no baselines")
    parser.add_argument(
        "--only",
        default="",
        metavar="WORDS",
        help="cases whose name holds each of these words, such as 'max forward k3 float64'; type x for ×",
    )
    parser.add_argument("--list", action="store_true", help="list the names of the chosen cases, and measure nothing")
    parser.add_argument(
        "--rounds",
        type=positive(int),
        metavar="N",
        help=f"rounds of a case, at most ({FULL.rounds}; quick {QUICK.rounds})",
    )
    parser.add_argument(
        "--seconds",
        type=positive(float),
        metavar="S",
        help=f"time for a case, shared by its contenders; each gets {FULL.fewest} rounds even so, "
        f"or {QUICK.fewest} if quick ({FULL.seconds:g}; quick {QUICK.seconds:g})",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the results go, as JSON")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", default=PLOT, help="where the plot goes, as PNG (_build/benchmark.png)"
    )
    return parser


def positive(number: type) -> Callable[[str], float]:
    """Return a function that reads a number above 0."""

    def read(text: str) -> float:
        value = number(text)
        if value <= 0:
            raise argparse.ArgumentTypeError(f"must be above 0; got {text}")
        return value

    return read


def limits_of(options: argparse.Namespace) -> Limits:
    """Return how long each case is measured."""
    limits = QUICK if options.quick else FULL
    rounds = options.rounds or limits.rounds
    return Limits(options.seconds or limits.seconds, rounds, min(limits.fewest, rounds))


def run(
    cases: Sequence[Case],
    contenders: Sequence[Contender],
    limits: Limits,
    measured: Measured,
    import_rounds: int,
) -> None:
    """Measure memory, the import, and every case, and put what was found into `measured`."""
    torch.set_num_threads(1)
    progress = Progress(sys.stderr, len(cases))
    try:
        progress.note("memory and import")
        # Memory comes first: what a first call keeps for the next ones is then counted.
        measured.memory.extend(memory.measure(case) for case in cases if case in memory.MEASURED)
        measured.import_time.update(import_time.measure(import_rounds))
        for case in cases:
            progress.begin(str(case))
            measured.rows.extend(results.rows(case, measure_case(case, contenders, limits, progress.tick)))
    finally:
        progress.close()


def show(measured: Measured) -> None:
    """Print the tables."""
    if measured.rows:
        print("time ÷ time of PyTorch's operator, and time; medians, one thread\n")
        print(table.ratios(measured.rows))
    if measured.memory:
        print("\n" + table.memory(measured.memory))
    if measured.import_time:
        print("\n" + table.import_time(measured.import_time))
    if missing := not_installed():
        print(f"\nnot installed: {', '.join(missing)}")


def draw(rows: Sequence[results.Row], path: Path) -> None:
    """Save the plot, if there is something to draw: it shows the main cases only."""
    if any(row["main"] for row in rows):
        from tests.benchmarks.plot import save_plot

        save_plot(rows, path)
        print(f"plot: {path}")


if __name__ == "__main__":
    sys.exit(main())
