"""The process that learners' processes are forked from. It has imported what they need, so that each starts at once.

Started as a program, with one argument: a plan in JSON. It then reads requests from the socket that the plan names:

- "fork", with a connection to be handed to the child
- "end PID" for the child and all that it has started; "lost PID" for one that has gone by itself: why?
- "refuse" and "allow": torch's own pooling, for all children; there is one at a time
"""

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import site
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

#: How a child ended, where it is not an exit code or a signal's number.
OUT_OF_MEMORY, NO_START = 101, 102
#: How often memory is looked at, in seconds.
TICK = 0.02
#: Each submission finds these empty, and nothing of another submission.
EMPTY = ("/tmp", "/home", "/submission", "/dev/shm", "/dev/pts")


def main() -> None:
    """Prepare, then fork whenever asked."""
    plan = json.loads(sys.argv[1])
    sys.path[:0] = plan["paths"]
    from inside import isolation

    isolation.inherit_orphans()
    if plan["sandbox"]:
        if os.getuid() == 0:
            isolation.become_nobody()
        isolation.die_with_parent()  # without a sandbox it ends by itself, and cleans up
    control = socket.socket(fileno=plan["control"])
    nursery = Nursery(plan, control)
    control.sendall(b"ready")
    nursery.serve()


class Nursery:
    """What all children begin with."""

    def __init__(self, plan: dict[str, Any], control: socket.socket) -> None:
        from checks.calling import OTHERS_FOLDERS
        from inside import shell

        self._plan, self._control = plan, control
        for name in plan["import"]:
            importlib.import_module(name)
        self._switch: Any = None
        if plan["guard_pooling"]:
            from inside.refusing import Switch, guard_pooling

            self._switch = Switch()
            guard_pooling(self._switch)
        if "torch" in sys.modules:
            # At its first 16-bit number torch looks at the processor, through files that learners do not see.
            sys.modules["torch"].ones(1).half().float()
        OTHERS_FOLDERS.extend(plan["paths"])
        site.sethelper()  # Python was started without: its packages are not ours
        site.setcopyright()
        self._shell = shell.new()
        for name in plan["threads"]:
            importlib.import_module(name).set_num_threads(1)
        gc.collect()
        gc.freeze()  # so that a child's garbage collection does not copy all pages

    def serve(self) -> None:
        while True:
            request, connections, _, _ = socket.recv_fds(self._control, 64, 1)
            if not request:
                if self._plan["scratch"]:
                    shutil.rmtree(self._plan["scratch"], ignore_errors=True)
                os._exit(0)
            word, _, number = request.decode().partition(" ")
            if word == "fork":
                child = os.fork()
                if child == 0:
                    self._guard(connections[0])
                os.close(connections[0])
                self._control.sendall(str(child).encode())
            elif word in ("refuse", "allow"):
                self._switch.turn(word == "refuse")
                self._control.sendall(b"done")
            else:
                self._control.sendall(str(_end(int(number), 0.2 if word == "lost" else 0)).encode())

    def _guard(self, connection: int) -> None:
        """Be the parent of a learner's process: give it its limits, watch its memory, and end with it."""
        from inside import isolation

        ended = NO_START
        try:
            self._control.close()
            isolation.die_with_parent()
            os.setsid()
            if self._plan["sandbox"]:
                isolation.leave_keyrings()
                isolation.enter_namespaces(EMPTY)
            learner = os.fork()
            if learner == 0:
                self._learn(connection)
            os.close(connection)
            ended = self._watch(learner)
        except BaseException as problem:
            print(f"{type(problem).__name__}: {problem}", file=sys.stderr, flush=True)
        finally:
            os._exit(ended)

    def _learn(self, connection: int) -> None:
        """Be a learner's process."""
        from inside import isolation, worker
        from inside.wire import Channel

        ended = NO_START
        try:
            plan = self._plan
            isolation.die_with_parent()
            folder = "/submission"
            if plan["sandbox"]:
                os.setsid()  # so that it can end its own group of processes, and not this one's parent with it
                isolation.hide_processes()
                for place, instead in plan["cover"].items():
                    isolation.cover(place, instead)
                isolation.give_up_privileges()
            else:
                folder = os.environ["HOME"] = tempfile.mkdtemp(prefix="submission-", dir=plan["scratch"])
            isolation.set_limits(**plan["limits"])
            os.chdir(folder)
            sys.path.append("")  # the working folder, at the end: a torch.py beside the notebook is not torch
            own = socket.socket(fileno=os.dup(connection))
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            os.close(nowhere)
            os.closerange(3, own.fileno())
            os.closerange(own.fileno() + 1, 256)
            sys.stdin = open(0, closefd=False)  # noqa: SIM115 (it stays open)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            worker.serve(Channel(own), self._shell)
            ended = 0
        except BaseException as problem:
            with contextlib.suppress(OSError):
                print(f"{type(problem).__name__}: {problem}", file=sys.stderr, flush=True)
        finally:
            os._exit(ended)

    def _watch(self, learner: int) -> int:
        """Wait for a child, and end it if it and its children take more memory than they may."""
        from inside import isolation

        most, nursery = self._plan["limits"]["memory"], isolation.memory_of([os.getpid()])
        while True:
            child, status = os.waitpid(learner, os.WNOHANG)
            if child:
                return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            others = _processes() if self._plan["sandbox"] else [learner]
            rough = isolation.memory_of(others)
            if rough > most + nursery and isolation.own_memory_of(others) > most:
                os.kill(learner, signal.SIGKILL)
                os.waitpid(learner, 0)
                return OUT_OF_MEMORY
            time.sleep(TICK)


def _processes() -> list[int]:
    """List the processes of the sandbox, but for this one and those above it."""
    above = {1, os.getpid(), os.getppid()}
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) not in above]


def _end(child: int, patience: float) -> int:
    """End a child with all its children, and return how it ended; it may take a moment to end by itself."""
    deadline = time.monotonic() + patience
    status = None
    with contextlib.suppress(ChildProcessError):
        while status is None and time.monotonic() < deadline:
            found, status_now = os.waitpid(child, os.WNOHANG)
            status = status_now if found else None
            time.sleep(0 if found else 0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        with contextlib.suppress(ChildProcessError):
            _, status = os.waitpid(child, 0)
    _end_orphans()
    return os.waitstatus_to_exitcode(status) if status is not None else -signal.SIGKILL


def _end_orphans() -> None:
    """End what a child has started and left behind: it belongs to this process now, whatever it did to hide."""
    for _ in range(1000):
        for orphan in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
        try:
            found, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return  # nothing is left
        if not found:
            time.sleep(0.002)


def _children() -> list[int]:
    """List the processes that this one is the parent of."""
    me, found = os.getpid(), []
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                # The name before it may hold anything, spaces and brackets too.
                parent = int(Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[1])
                found += [int(entry)] if parent == me else []
    return found


if __name__ == "__main__":
    main()
