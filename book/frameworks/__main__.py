"""Compute the table of chapter 7 and write book/data/frameworks.json: `make frameworks`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from book.frameworks import agreement, columns, running
from book.frameworks.cases import CASES, PARTS
from book.frameworks.running import ROOT, Column
from course.files import write

DATA = ROOT / "book" / "data" / "frameworks.json"
SNIPPETS = Path(__file__).with_name("snippets")
#: The example of each tab, and what it is run with: the main environment or the one of `make frameworks`.
EXAMPLES = {
    "pytorch_layer": "here",
    "tensorflow_layer": "elsewhere",
    "keras_layer": "here",
    "jax_layer": "elsewhere",
    "onnx_nodes": "here",
}
INCOMPLETE, STOPPED_BY_CTRL_C = 1, 130  # exit statuses


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute all columns that can be computed, keep the others as they were, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m book.frameworks", description=__doc__)
    parser.add_argument("--elsewhere", help="a Python that has TensorFlow, JAX and the like; then none may be missing")
    options = parser.parse_args(arguments)
    print("Asking each framework about each corner (a minute or so)")
    try:
        document, missing = compute(options.elsewhere or sys.executable, print)
    except KeyboardInterrupt:
        print(f"\nInterrupted; {DATA.relative_to(ROOT)} is as it was.", file=sys.stderr)
        return STOPPED_BY_CTRL_C
    if missing and options.elsewhere:
        print(f"Missing: {', '.join(missing)}. {DATA.relative_to(ROOT)} is as it was.", file=sys.stderr)
        return INCOMPLETE
    write(DATA, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    print(f"Written: {DATA.relative_to(ROOT)}")
    return 0


def compute(elsewhere: str, say: Callable[[str], Any]) -> tuple[dict[str, Any], list[str]]:
    """Ask every framework that is installed about every corner; return the file's content, and what is missing."""
    ours, found, missing = running.here("ours"), {}, []
    for column in columns.OTHERS:
        try:
            found[column] = running.apart(column, elsewhere if column in columns.ELSEWHERE else sys.executable)
            say(f"  {found[column].name}: {', '.join(map(' '.join, found[column].versions.items()))}")
        except ImportError as error:
            missing.append(column)
            say(f"  {column} does not start: {str(error).splitlines()[-1]}")
    examples = {}
    for name, place in EXAMPLES.items():
        try:
            examples[name] = printed(name, elsewhere if place == "elsewhere" else sys.executable)
        except subprocess.CalledProcessError as error:
            missing.append(f"{name}.py")
            say(f"  {name}.py does not run: {error.stderr.splitlines()[-1]}")
    if missing:
        say("What is missing stays as it was. `make frameworks` installs all of it.")
    return content(ours, found, examples), missing


def content(ours: Column, found: dict[str, Column], examples: dict[str, str]) -> dict[str, Any]:
    """Put everything together that the file holds; what is missing comes from the file."""
    old = json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {}
    parts: dict[str, str] = {}
    for name in CASES:
        parts[name] = PARTS[name] if name in PARTS else next(reversed(parts.values()))
    new = {
        "frameworks": {
            column: {"name": found[column].name, "versions": found[column].versions}
            if column in found
            else old["frameworks"][column]
            for column in columns.OTHERS
            if column in found or column in old.get("frameworks", {})
        },
        "corners": {
            name: {"part": parts[name], "title": case.title, "ours": result(ours, name)} for name, case in CASES.items()
        },
        "examples": old.get("examples", {}) | examples,
    }
    for name, case in CASES.items():
        before = old.get("corners", {}).get(name, {})
        for column in new["frameworks"]:
            if column in found:
                word = agreement.word(case, ours.outcomes[name], found[column].outcomes[name])
            else:
                word = before.get(column, "")
            new["corners"][name][column] = word
    return new


def result(ours: Column, name: str) -> str:
    """Say what we give, in a few characters."""
    outcome = ours.outcomes[name]
    return agreement.summary(outcome) if outcome.kind == "values" else "an error"


def printed(name: str, python: str) -> str:
    """Run an example and return what it printed."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
    environment = os.environ | quiet | {"KERAS_HOME": str(ROOT / "_build" / ".keras")}
    command = [python, str(SNIPPETS / f"{name}.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
