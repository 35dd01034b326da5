"""Bubblewrap: how the process is started that learners' processes are forked from."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from pathlib import Path

from course.system_packages import how_to_install

#: Where the site packages and the grader's own code lie inside.
SITE, CODE = "/opt/site", "/opt/course"
INSTALL = how_to_install("bubblewrap")
#: Where systems keep Python packages that belong to no virtual environment.
_OTHER_PACKAGES = ("/usr/lib/python3*/*-packages", "/usr/local/lib/python3*/*-packages")


class SandboxError(Exception):
    """There is no sandbox to be had; the text says why, and what to do."""


def bubblewrap() -> str | None:
    """Return where the program is, also if the folder of the system's programs is not on the path."""
    return shutil.which("bwrap") or shutil.which("bwrap", path="/usr/bin:/usr/local/bin:/bin")


def command(layout: dict[str, Path], secret: list[Path]) -> list[str]:
    """Write the command that starts a program in the sandbox; the program itself is to follow.

    Parameters
    ----------
    layout : dict of str to Path
        What is to be found inside, read-only, by its place there.
    secret : list of Path
        Folders that must not be found inside, should they lie in what is shared.

    Raises
    ------
    SandboxError
        If bubblewrap is not installed.
    """
    program = bubblewrap()
    if program is None:
        raise SandboxError(
            "Grading runs what learners wrote in a sandbox, and bubblewrap, which makes it, is not installed.\n"
            f"  Install it:    {INSTALL}\n"
            "  Or go without: --isolation process. Submissions then run as you: they can read and write your files, "
            "the solutions and the gradebook among them, and use the network. Choose it for people you trust."
        )
    if sys.platform != "linux":
        raise SandboxError("Bubblewrap works on Linux alone. Grade there, or choose --isolation process.")
    base = Path(sys.base_prefix)
    arguments = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        # As root it needs no user namespace of its own. The program inside becomes nobody: root in a sandbox would
        # still be root to the kernel, which lets it start any number of processes.
        arguments += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        arguments += ["--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"]
    arguments += ["--die-with-parent", "--new-session", "--hostname", "sandbox"]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", "/home", "/submission"):
        arguments += ["--perms", "1777", "--tmpfs", folder]
    for folder in _above([str(base), *layout]):  # bubblewrap's own would be for root alone
        arguments += ["--perms", "0755", "--dir", folder]
    arguments += ["--ro-bind", "/usr", "/usr"]
    for folder in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(folder):
            arguments += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            arguments += ["--ro-bind", folder, folder]
    arguments += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    if not base.is_relative_to("/usr"):
        arguments += ["--ro-bind", str(base), str(base)]
    for folder in _covered(base, secret):
        arguments += ["--tmpfs", folder, "--remount-ro", folder]
    for inside, outside in layout.items():
        arguments += ["--ro-bind", str(outside), inside]
    arguments += [
        "--perms",
        "0755",
        "--dir",
        "/opt/bin",
        "--symlink",
        os.path.realpath(sys.executable),
        "/opt/bin/python",
    ]
    for folder in ("/dev", "/"):
        arguments += ["--remount-ro", folder]
    return [program, *arguments, "--chdir", "/submission", "--"]


def _above(places: list[str]) -> list[str]:
    """List the folders that places lie in, outermost first."""
    folders = {str(folder) for place in places for folder in Path(place).parents}
    return sorted(folders - {"/", "/usr"})


def _covered(base: Path, secret: list[Path]) -> list[str]:
    """List the folders to be covered: other packages, and what is secret."""
    patterns = (*_OTHER_PACKAGES, f"{base}/lib/python3*/*-packages")
    packages = [path for pattern in patterns for path in glob.glob(pattern)]
    shared = (Path("/usr"), base)
    hidden = [str(path) for path in secret if any(path.is_relative_to(folder) for folder in shared)]
    return sorted({path for path in [*packages, *hidden] if os.path.isdir(path)})


def environment() -> dict[str, str]:
    """Return all the environment that a submission has."""
    return {
        "PATH": "/opt/bin:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": SITE,  # for a Python that a learner starts; the grader's own does not look at it
        "USER": "learner",
        "LOGNAME": "learner",
        "LANG": "C.UTF-8",
        "HOME": "/home",
        "TMPDIR": "/tmp",
        "IPYTHONDIR": "/tmp/ipython",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # One thread for each submission: several of them run side by side.
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        # There is no network: pip should not try for long.
        "PIP_NO_INDEX": "1",
        "PIP_RETRIES": "0",
    }
