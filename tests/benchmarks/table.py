"""The results as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from tests.benchmarks.cases import Case
from tests.benchmarks.contenders import CONTENDERS, TORCH
from tests.benchmarks.results import Row

CELL = 17


def place(row: Row) -> str:
    """Write where a row was measured, as its case does."""
    return Case("", "", tuple(row["shape"]), row["arguments"], row["dtype"], row.get("layout", "channels first")).place


def ratios(rows: Sequence[Row]) -> str:
    """Write a table for each operation: a case in each line, a contender in each column.

    A cell holds the contender's time divided by that of PyTorch's operator, and its time.
    """
    operations: dict[str, list[Row]] = {}
    for row in rows:
        operations.setdefault(row["operation"], []).append(row)
    return "\n\n".join(block(operation, group) for operation, group in operations.items())


def block(operation: str, rows: Sequence[Row]) -> str:
    """Write the table of one operation: two tables where baselines or peers took part, which would not fit beside."""
    others = {contender.name for contender in CONTENDERS if contender.main_only}
    halves = ([row for row in rows if (row["contender"] in others) == chosen] for chosen in (False, True))
    return "\n\n".join(columns(operation, half) for half in halves if half)


def columns(operation: str, rows: Sequence[Row]) -> str:
    """Write one table."""
    cases: dict[str, dict[str, Row]] = {}
    for row in rows:
        cases.setdefault(place(row), {})[row["contender"]] = row
    names = list(dict.fromkeys(row["contender"] for row in rows))  # each once, in the order they came
    width = max(map(len, [operation, *cases])) + 1
    lines = [operation.ljust(width) + "".join(name.rjust(CELL) for name in names)]
    for name, cells in cases.items():
        lines.append(name.ljust(width) + "".join(cell(cells.get(contender)).rjust(CELL) for contender in names))
    return "\n".join(lines)


def cell(row: Row | None) -> str:
    """Write a ratio and a time; PyTorch's own ratio would always be 1."""
    if row is None:
        return "–"
    seconds = time(row["median_s"])
    return seconds if row["contender"] == TORCH else f"{ratio(row['ratio_to_torch'])}  {seconds}"


def ratio(value: float) -> str:
    """Write a ratio with two digits."""
    return digits(value, 2)


def time(seconds: float) -> str:
    """Write a time with three digits and its unit, always equally wide."""
    size, unit = (1.0, "s ") if seconds >= 1 else (1e-3, "ms") if seconds >= 1e-3 else (1e-6, "µs")
    return f"{digits(seconds / size, 3):>4} {unit}"


def digits(value: float, count: int) -> str:
    """Write a number with so many significant digits, never with an exponent."""
    if value <= 0:
        return f"{value:g}"
    behind = max(count - 1 - math.floor(math.log10(value)), 0)
    return f"{value:.{behind}f}"


def memory(rows: Iterable[Row]) -> str:
    """Write what forward passes allocated beyond their output."""
    lines = ["numpy_layer: memory at the peak beyond the output"]
    lines += [f"  {row['beyond_output_bytes'] / 2**20:6.2f} MiB  {row['operation']}, {place(row)}" for row in rows]
    return "\n".join(lines)


def import_time(seconds: Mapping[str, float]) -> str:
    """Write what the import costs."""
    beyond, numpy = 1e3 * seconds["beyond_numpy_s"], 1e3 * seconds["numpy_s"]
    return f"import of pooling.numpy_layer: {beyond:.1f} ms beyond NumPy's {numpy:.0f} ms"
