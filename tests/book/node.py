"""Runs JavaScript of ours with the Node that builds the book."""

import json
import subprocess
from pathlib import Path
from typing import Any

from pooling_book import node


def run(script: Path, data: Any) -> Any:
    """Give a script JSON on its standard input; return the JSON it writes."""
    done = subprocess.run(
        [node.PROGRAM, str(script)], input=json.dumps(data), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
