"""Installs bubblewrap where that is allowed, or says how to. `make test` runs it; so does `make book`, with --try.

    python -m course.grading.installing [--try]

With --try it never fails: a book can be built without a sandbox.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from course.grading.sandbox import INSTALL, bubblewrap

#: Where apt-get finds the programs that it calls.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def main(arguments: list[str]) -> int:
    """Return 0 if bubblewrap is there in the end, or is not needed."""
    if sys.platform != "linux" or bubblewrap() is not None:
        return 0
    program = shutil.which("apt-get", path=_PATH)
    if program is not None and os.getuid() == 0:
        print("Installing bubblewrap, which grading runs submissions in", flush=True)
        _install(program)
    if bubblewrap() is not None or "--try" in arguments:
        return 0
    print(
        "The tests of grading need bubblewrap, and it is not installed. Run:\n"
        f"    {INSTALL}\n"
        "or install the package bubblewrap with your system's package manager."
    )
    return 1


def _install(program: str) -> None:
    environment = {**os.environ, "PATH": _PATH, "DEBIAN_FRONTEND": "noninteractive"}
    quietly = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    install = [program, "install", "--yes", "--no-install-recommends", "bubblewrap"]
    if subprocess.run(install, **quietly).returncode != 0:  # type: ignore[call-overload]
        subprocess.run([program, "update"], **quietly)  # type: ignore[call-overload]
        subprocess.run(install, **quietly)  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
