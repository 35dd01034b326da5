"""Finds Chromium, or installs it where that is allowed, or says how to. `make test` runs it.

    python -m tests.browser.chromium

No browser is downloaded: the tests drive the system's own. CHROMIUM=/path/to/it names another one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

from course.system_packages import how_to_install, install_if_allowed

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOLDERS = "/usr/bin:/usr/local/bin:/opt/google/chrome"
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


@cache
def chromium() -> str | None:
    """Return where a browser is that starts, also if the folder of the system's programs is not on the path."""
    if named := os.environ.get("CHROMIUM"):
        places = [shutil.which(named)]
    else:
        places = [shutil.which(name, path=path) for path in (None, FOLDERS) for name in NAMES]
        places += map(shutil.which, MAC)
    return next((place for place in places if place and starts(place)), None)


def starts(program: str) -> bool:
    """Say whether a program tells its version: Ubuntu's package is a script that asks for another package."""
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


def main() -> int:
    """Return 0 if there is a browser in the end."""
    named = os.environ.get("CHROMIUM")
    if not named and chromium() is None:
        install_if_allowed("chromium", "which shows the site to its tests")
        chromium.cache_clear()
    if chromium() is not None:
        return 0
    print(
        f"CHROMIUM={named} is no program that starts."
        if named
        else "The tests of the site need Chromium, and it is not installed. Run:\n"
        f"    {how_to_install('chromium')}\n"
        "or install Chromium or Google Chrome in another way, or name the one you have: make test CHROMIUM=/path/to/it"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
