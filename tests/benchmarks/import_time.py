"""What importing the NumPy layer costs beyond importing NumPy, in fresh interpreters that take turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pooling

MODULES = ("numpy", "pooling.numpy_layer")
PROGRAM = "from time import {clock} as t; start = t(); import {module}; print(t() - start)"


def measure(rounds: int = 10, clock: str = "perf_counter") -> dict[str, float]:
    """Return the median import time of each module, and the difference of the shortest: all in seconds.

    Parameters
    ----------
    rounds : int
        How many fresh interpreters import each of the modules.
    clock : str
        A function of `time`. `process_time` leaves out how long an import waited for whatever else runs.
    """
    samples: dict[str, list[float]] = {module: [] for module in MODULES}
    with tempfile.TemporaryDirectory() as compiled:
        environment = os.environ | {"PYTHONPATH": str(Path(pooling.__file__).parents[1])}
        # Compiled modules are kept between the runs, as they are after an installation, whatever the caller has set.
        environment["PYTHONPYCACHEPREFIX"] = compiled
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for module in MODULES:
                seconds = import_once(module, environment, clock)
                if number > 0:  # the first import compiles
                    samples[module].append(seconds)
    numpy, layer = samples.values()
    return {
        "numpy_s": statistics.median(numpy),
        "numpy_layer_s": statistics.median(layer),
        "beyond_numpy_s": min(layer) - min(numpy),
    }


def import_once(module: str, environment: dict[str, str], clock: str) -> float:
    """Import a module in a fresh interpreter and return the seconds it took there."""
    command = [sys.executable, "-c", PROGRAM.format(module=module, clock=clock)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return float(answer.stdout)
