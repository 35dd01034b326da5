"""Installs bubblewrap where that is allowed, or says how to. `make test` runs it; so does `make book`, with --try.

    python -m course.grading.installing [--try]

With --try it never fails: a book can be built without a sandbox.
"""

from __future__ import annotations

import sys

from course.grading.sandbox import INSTALL, bubblewrap
from course.system_packages import install_if_allowed


def main(arguments: list[str]) -> int:
    """Return 0 if bubblewrap is there in the end, or is not needed."""
    if sys.platform != "linux" or bubblewrap() is not None:
        return 0
    install_if_allowed("bubblewrap", "which grading runs submissions in")
    if bubblewrap() is not None or "--try" in arguments:
        return 0
    print(
        "The tests of grading need bubblewrap, and it is not installed. Run:\n"
        f"    {INSTALL}\n"
        "or install the package bubblewrap with your system's package manager."
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
