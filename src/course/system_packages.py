"""Programs of the system's, which pip cannot bring: installed where that is allowed, else it is said how to."""

from __future__ import annotations

import os
import shutil
import subprocess

#: Where apt-get is, and where it finds the programs that it calls.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def how_to_install(package: str) -> str:
    """Write the command that installs a package of Debian's."""
    return f"apt-get install {package}   (Debian, Ubuntu; with sudo where you are not root)"


def install_if_allowed(package: str, purpose: str) -> None:
    """Install a package of Debian's if this is root and there is apt-get. The caller sees whether it worked."""
    program = shutil.which("apt-get", path=_PATH)
    if program is None or os.getuid() != 0:
        return
    print(f"Installing {package}, {purpose}", flush=True)
    environment = {**os.environ, "PATH": _PATH, "DEBIAN_FRONTEND": "noninteractive"}
    quietly = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    install = [program, "install", "--yes", "--no-install-recommends", package]
    if subprocess.run(install, **quietly).returncode != 0:  # type: ignore[call-overload]
        subprocess.run([program, "update"], **quietly)  # type: ignore[call-overload]
        subprocess.run(install, **quietly)  # type: ignore[call-overload]
