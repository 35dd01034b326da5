"""Samples become rows with ratios, and rows become a file."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import machine, timing
from tests.benchmarks.cases import Case
from tests.benchmarks.contenders import COPY, ONNXRUNTIME, TORCH

#: Packages whose versions belong to a result.
PACKAGES = ("numpy", "torch", "onnxruntime", "scikit-image", "scipy", "jax", "numba")

Row = dict[str, Any]


def rows(case: Case, samples: Mapping[str, Sequence[float]]) -> list[Row]:
    """Return a row for each contender: its median, its minimum, and its median divided by those of others."""
    medians = {name: statistics.median(seconds) for name, seconds in samples.items()}
    rows = []
    for name, seconds in samples.items():
        row: Row = {
            "operation": case.title,
            "shape": list(case.shape),
            "dtype": case.dtype,
            "arguments": case.arguments,
            "layout": case.layout,
            "main": case.main,
            "contender": name,
            "median_s": medians[name],
            "minimum_s": min(seconds),
            "rounds": len(seconds),
        }
        for other in (TORCH, ONNXRUNTIME, COPY):
            if other in medians:
                row[f"ratio_to_{other}"] = medians[name] / medians[other]
        rows.append(row)
    return rows


def method(limits: timing.Limits) -> dict[str, Any]:
    """Say how it was measured."""
    return {
        "threads": 1,
        "data": "N(0, 1), the same in every run",
        "order": "one process, interleaved rounds, contenders shuffled in each",
        "rounds_at_most": limits.rounds,
        "rounds_at_least": limits.fewest,
        "seconds_for_a_case": limits.seconds,
        "shortest_sample_s": timing.SHORTEST_SAMPLE,
        "ratios": "of medians",
        "copy": "np.copyto of half as many bytes as the operation reads plus writes: it reads and writes each",
        "numpy_layer backward": "max pooling keeps the indices of the forward pass and hands them to the backward pass",
        "memory": "peak of the first forward pass beyond its output, by tracemalloc",
        "import_time": "medians of fresh interpreters that take turns; beyond_numpy_s: difference of the shortest",
    }


def document(
    measured: Iterable[Row],
    memory: Iterable[Row],
    import_time: Mapping[str, float],
    limits: timing.Limits,
    not_installed: Iterable[str],
) -> dict[str, Any]:
    """Put everything together that the file holds."""
    return {
        "date": machine.today(),
        "machine": machine.machine(),
        "versions": machine.versions(PACKAGES),
        "method": method(limits),
        "not_installed": list(not_installed),
        "import_time": dict(import_time),
        "memory": list(memory),
        "rows": list(measured),
    }


def save(document: Mapping[str, Any], path: Path) -> None:
    """Write the file whole or not at all: a run that is stopped here leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(as_text(document), encoding="utf-8")
    os.replace(unfinished, path)


def as_text(document: Mapping[str, Any]) -> str:
    """Write JSON with a row in each line, so that two runs can be compared line by line."""
    parts = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines = ",\n".join("    " + _json(row) for row in value)
            parts.append(f'  "{key}": [\n{lines}\n  ]')
        else:
            parts.append(f'  "{key}": {_json(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(_rounded(value), ensure_ascii=False)


def _rounded(value: Any) -> Any:
    """Keep four digits of each measured number: the rest is noise."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value
