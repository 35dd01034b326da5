"""Puts a process into namespaces of its own, and sets what it may use. Linux, through its C library.

See man 7 namespaces, man 2 prctl, man 7 capabilities.
"""

import contextlib
import ctypes
import os
import platform
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

_NEW_USER, _NEW_PID, _NEW_MOUNT, _NEW_IPC, _NEW_NET, _NEW_UTS = (
    0x10000000,
    0x20000000,
    0x00020000,
    0x08000000,
    0x40000000,
    0x04000000,
)
_READ_ONLY, _NO_SUID, _NO_DEV, _NO_EXEC, _REMOUNT, _BIND = 1, 2, 4, 8, 0x20, 0x1000
_RECURSIVE, _PRIVATE = 0x4000, 0x40000
_SET_PARENT_DEATH_SIGNAL, _SET_DUMPABLE, _DROP_BOUNDING, _NO_NEW_PRIVILEGES, _SET_CHILD_SUBREAPER = 1, 4, 24, 38, 36
_CAPABILITY_VERSION, _LAST_CAPABILITY = 0x20080522, 63
NOBODY = 65534

_library = ctypes.CDLL(None, use_errno=True)


def _must(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def die_with_parent() -> None:
    """Let the kernel end this process when the one that started it ends."""
    if sys.platform == "linux":
        _library.prctl(_SET_PARENT_DEATH_SIGNAL, 9)


def inherit_orphans() -> None:
    """Become the parent of all that children leave behind, so that it can be ended."""
    if sys.platform == "linux":
        _library.prctl(_SET_CHILD_SUBREAPER, 1)


def leave_keyrings() -> None:
    """Leave the keys of whoever started the grader: they are in no namespace."""
    number = {"x86_64": 250, "aarch64": 219}.get(platform.machine())
    if number is not None:
        _library.syscall(number, 1, None)  # keyctl(KEYCTL_JOIN_SESSION_KEYRING)


def become_nobody() -> None:
    """Give up being root, for good."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    _library.prctl(_SET_DUMPABLE, 1)  # or its own files in /proc would still be root's


def enter_namespaces(empty: Sequence[str]) -> None:
    """Leave the users, mounts, network and objects of the other processes; the next child leaves their numbers too.

    Parameters
    ----------
    empty : sequence of str
        Folders that get a new and empty file system.
    """
    user, group = os.getuid(), os.getgid()
    everything = _NEW_USER | _NEW_PID | _NEW_MOUNT | _NEW_IPC | _NEW_NET | _NEW_UTS
    _must(_library.unshare(everything), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _must(_library.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None), "mount /")
    for folder in empty:
        place = folder.encode()
        if folder == "/dev/pts":
            _must(
                _library.mount(b"devpts", place, b"devpts", _NO_SUID | _NO_EXEC, b"newinstance,ptmxmode=0666"), folder
            )
        else:
            flags = _NO_SUID | _NO_DEV | _NO_EXEC  # nothing that was brought along is run as machine code
            _must(_library.mount(b"tmpfs", place, b"tmpfs", flags, b"size=64m,nr_inodes=20000"), f"mount {folder}")


def hide_processes() -> None:
    """Cover /proc, for this process and its children: from there one could look into those of the grader.

    What it says about the machine stays: some packages read that.
    """
    _must(_library.unshare(_NEW_MOUNT), "unshare")
    kept = {name: Path("/proc", name).read_bytes() for name in ("cpuinfo", "meminfo")}
    flags = _NO_SUID | _NO_DEV | _NO_EXEC
    _must(_library.mount(b"tmpfs", b"/proc", b"tmpfs", flags, b"size=1m,mode=755"), "mount /proc")
    for name, content in kept.items():
        Path("/proc", name).write_bytes(content)
    _must(_library.mount(None, b"/proc", None, flags | _REMOUNT | _READ_ONLY, None), "remount /proc")


def cover(place: str, instead: str) -> None:
    """Put a file in the place of another one, for this process and its children."""
    _must(_library.mount(instead.encode(), place.encode(), None, _BIND, None), f"mount {place}")


def give_up_privileges() -> None:
    """Drop every capability that a new user namespace has given."""
    _must(_library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    for capability in range(_LAST_CAPABILITY + 1):
        _library.prctl(_DROP_BOUNDING, capability, 0, 0, 0)
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    _must(_library.capset(header, none), "capset")


def set_limits(memory: int, processor: int, processes: int) -> None:
    """Limit memory in bytes beyond what is in use already, processor time in seconds, and how many processes."""
    wanted = {
        "RLIMIT_AS": _in_use() + memory,
        "RLIMIT_CPU": processor,
        "RLIMIT_NPROC": processes,
        "RLIMIT_FSIZE": 64 << 20,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
    }
    for name, limit in wanted.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, highest = resource.getrlimit(number)
        bound = limit if highest == resource.RLIM_INFINITY else min(limit, highest)
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of them, and lets nobody set them
            resource.setrlimit(number, (bound, bound))


def _in_use() -> int:
    """Return the size of this process's address space, in bytes."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def memory_of(processes: Sequence[int]) -> int:
    """Return how much memory processes have, in bytes; what they share is counted once for each of them."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError, IndexError, ValueError):
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
    return total


def own_memory_of(processes: Sequence[int]) -> int:
    """Return the same with shared memory divided among those that share it; this takes longer."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError, IndexError, ValueError):
            try:
                text = Path(f"/proc/{process}/smaps_rollup").read_text()
                total += int(text.partition("Pss:")[2].split()[0]) * 1024
            except PermissionError:  # it does not let itself be looked at: count what is its own
                resident, shared = Path(f"/proc/{process}/statm").read_text().split()[1:3]
                total += (int(resident) - int(shared)) * resource.getpagesize()
    return total
