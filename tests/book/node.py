"""Runs JavaScript of ours with the Node that builds the book."""

import json
from pathlib import Path
from typing import Any

from pooling_book import node


def run(script: Path, data: Any) -> Any:
    """Give a script JSON on its standard input; return the JSON it writes."""
    done = node.run(script, given=json.dumps(data))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
