"""Run a column in a process of its own: its kernels may end the process, and its packages may need another Python.

The child writes a line of JSON for each corner. Where it dies, the corner that it was at is noted, and another child
goes on with the next one.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from book.frameworks.cases import CASES, Case, NoWord

ROOT = Path(__file__).parents[2]
SECONDS = 300


class Outcome(NamedTuple):
    """What came of a corner: values of some shape and dtype, or a word for why there are none."""

    kind: str  # "values", "no word", "refused", "died"
    detail: str = ""  # the dtype; the error's name; the signal
    shape: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


class Column(NamedTuple):
    """What a framework made of all corners."""

    name: str
    versions: dict[str, str]
    outcomes: dict[str, Outcome]


def outcome(module: Any, case: Case) -> Outcome:
    """Ask a column's module, in this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            y = np.asarray(module.answer(case))
        except NoWord:
            return Outcome("no word")
        except Exception as error:  # whatever a framework raises is how it refuses
            return Outcome("refused", type(error).__name__)
    values = y.astype("float64") if y.dtype.kind == "f" else y
    return Outcome("values", str(y.dtype), y.shape, tuple(values.ravel().tolist()))


def module_of(column: str) -> Any:
    """Import a column's module."""
    return importlib.import_module(f"book.frameworks.columns.{column}")


def here(column: str) -> Column:
    """Compute a column in this process."""
    module = module_of(column)
    return Column(module.NAME, module.versions(), {name: outcome(module, case) for name, case in CASES.items()})


def apart(column: str, python: str = sys.executable) -> Column:
    """Compute a column in processes of its own; raise ImportError where its framework is not installed."""
    found: dict[str, Outcome] = {}
    head: dict[str, Any] = {}
    left = list(CASES)
    while left:
        lines, status, said = child(column, python, left)
        if not lines:
            raise ImportError(f"{column} does not start:\n{said[-2000:]}")
        head = lines[0]
        for line in lines[1:]:
            found[line["case"]] = Outcome(line["kind"], line["detail"], tuple(line["shape"]), tuple(line["values"]))
        left = [name for name in left if name not in found]
        if left and status == 0:
            raise RuntimeError(f"{column} stopped before {left[0]}")
        if left:
            found[left.pop(0)] = Outcome("died", signal.Signals(-status).name if status < 0 else f"status {status}")
    return Column(head["name"], head["versions"], {name: found[name] for name in CASES})


def child(column: str, python: str, cases: list[str]) -> tuple[list[dict[str, Any]], int, str]:
    """Start a process for these corners; return its lines, its exit status and what it said besides."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    home = {"KERAS_HOME": str(ROOT / "_build" / ".keras"), "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [python, "-m", "book.frameworks.running", column, *cases],
        cwd=ROOT, env=os.environ | quiet | home, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return lines, done.returncode, done.stderr


def answers(column: str, cases: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what the child has to say, line by line."""
    module = module_of(column)
    yield {"name": module.NAME, "versions": module.versions()}
    for name in cases:
        yield {"case": name} | outcome(module, CASES[name])._asdict()


if __name__ == "__main__":
    for line in answers(sys.argv[1], sys.argv[2:]):
        print(json.dumps(line), flush=True)
