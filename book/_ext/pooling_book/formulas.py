"""Render formulas while the book is built.

sphinxcontrib-katex starts one Node process and talks to it through a socket. On a busy machine it needs patience.
"""

import functools
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinxcontrib import katex

from pooling_book import node

PATIENCE = 60.0  # seconds; the 5 that the package allows are too few on a busy machine

#: Starts Node in a folder, within so many seconds, and returns the process and a socket connected to it.
Start = Callable[[Path, float], tuple[Any, socket.socket]]


def persistent(start: Start) -> Start:
    """Return a `start` that tries again when Node refuses the connection.

    Node creates its socket a moment before it listens to it. Who connects between the two is refused, and the package
    takes that for an error.
    """

    def start_again(folder: Path, timeout: float) -> tuple[Any, socket.socket]:
        deadline = time.monotonic() + timeout
        number = 0
        while True:
            attempt = folder / str(number)  # a folder of its own: the socket that refused lies in the one before
            attempt.mkdir()
            try:
                return start(attempt, timeout)
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
            number += 1

    return start_again


def setup(app: Sphinx) -> dict[str, bool]:
    """Prepare sphinxcontrib-katex."""
    katex.NODEJS_BINARY = node.PROGRAM
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = PATIENCE
    katex.KaTeXServer.start_server_process = staticmethod(persistent(katex.KaTeXServer.start_server_process))
    with_parent = Path(__file__).with_name("end_with_parent.cjs").as_posix()
    katex.Popen = functools.partial(subprocess.Popen, env={**os.environ, "NODE_OPTIONS": f'--require "{with_parent}"'})
    return {"parallel_read_safe": True, "parallel_write_safe": True}
