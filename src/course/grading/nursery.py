"""Starts the process that learners' processes are forked from, and asks it for one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import course.checks
from course.grading import inside, packages, sandbox
from course.grading.inside.nursery import NO_START, OUT_OF_MEMORY
from course.grading.inside.wire import Channel
from course.grading.limits import Limits

#: How long importing torch may take, and forking.
PATIENCE, A_MOMENT = 120, 20
#: What a package imports late, at its first use: better once than in every submission.
WARM = {
    "torch": ["torch.overrides", "torch.fx.experimental.symbolic_shapes", "torch._subclasses.schema_check_mode"],
    "matplotlib": ["matplotlib.pyplot", "matplotlib_inline.backend_inline"],
}


class NurseryError(Exception):
    """The process could not be started, or has gone."""


@dataclass(frozen=True)
class Plan:
    """What a nursery is made for; submissions with the same plan share one."""

    #: The packages that the exercise names.
    packages: tuple[str, ...]
    #: Whether in a sandbox; otherwise in a process of its own, and no more.
    sandboxed: bool
    limits: Limits


class Nursery:
    """A process with all imports done, which forks one for every submission."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        #: Without a sandbox, where a submission's folders are; the process removes it when it ends.
        self._scratch = None if plan.sandboxed else Path(tempfile.mkdtemp(prefix="grading-")).resolve()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (it stays open)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        os.set_inheritable(theirs.fileno(), True)
        with theirs:
            command, environment = self._command(theirs.fileno())
            self._process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                start_new_session=True,  # Ctrl-C is for the grader alone
            )
        if self._ask(b"", PATIENCE) != b"ready":
            problem = self._complaint()
            self.close()
            raise NurseryError(problem)

    def fork(self) -> Child:
        """Return a new process for a submission."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            reply = self._ask(b"fork", A_MOMENT, theirs)
        if not reply.isdigit():
            ours.close()
            raise NurseryError(self._complaint())
        return Child(self, int(reply), Channel(ours))

    @property
    def guards_pooling(self) -> bool:
        """Whether torch is at hand, whose own pooling is not to be used for answers."""
        return "torch" in self.plan.packages

    def refuse_pooling(self, on: bool) -> None:
        """Let torch refuse its own pooling, or allow it."""
        if self.guards_pooling and self._ask(b"refuse" if on else b"allow", A_MOMENT) != b"done":
            raise NurseryError(self._complaint())

    def end(self, child: int, word: str = "end") -> int | None:
        """End a child, and return how it ended."""
        reply = self._ask(f"{word} {child}".encode(), A_MOMENT)
        return int(reply) if reply.lstrip(b"-").isdigit() else None

    def close(self) -> None:
        """End the process and all that it has forked."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.5)
        self._process.kill()
        self._process.wait()
        self._said.close()

    def _ask(self, request: bytes, seconds: float, connection: socket.socket | None = None) -> bytes:
        self._control.settimeout(seconds)
        try:
            if connection is not None:
                socket.send_fds(self._control, [request], [connection.fileno()])
            elif request:
                self._control.sendall(request)
            return self._control.recv(64)
        except OSError:
            return b""

    def _complaint(self) -> str:
        self._said.seek(0)
        text = self._said.read().decode(errors="replace").strip()
        where = "in the sandbox" if self.plan.sandboxed else "beside the grader"
        return f"The process for submissions could not be started {where}: {text or 'it gave no reason'}"

    def _command(self, control: int) -> tuple[list[str], dict[str, str]]:
        plan = self.plan
        layout = _layout(plan)
        places = {"code": sandbox.CODE, "site": sandbox.SITE}
        environment = sandbox.environment()
        command: list[str] = []
        if self._scratch is None:
            command = sandbox.command(layout, secret=[Path(course.__file__).parents[2], Path(sys.prefix)])
        else:
            root = self._scratch
            for place, outside in layout.items():
                link = root / place.lstrip("/")
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(outside)
            places = {name: str(root) + place for name, place in places.items()}
            environment |= {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(root), "TMPDIR": str(root)}
            environment |= {"IPYTHONDIR": str(root / "ipython"), "MPLCONFIGDIR": str(root / "matplotlib")}
        allowed = packages.allowed(list(plan.packages))
        settings = {
            "control": control,
            "paths": [places["code"], places["site"]],
            "import": [*plan.packages, *(name for package in allowed for name in WARM.get(package, []))],
            "threads": [name for name in plan.packages if name == "torch"],
            "guard_pooling": self.guards_pooling,
            "cover": _covered_torch() if self.guards_pooling else {},
            "sandbox": plan.sandboxed,
            "scratch": str(self._scratch or ""),
            "limits": {
                "memory": plan.limits.memory,
                "processor": plan.limits.processor,
                "processes": plan.limits.processes if plan.sandboxed else 4096,
            },
        }
        python = os.path.realpath(sys.executable)
        program = [python, "-I", "-S", f"{places['code']}/inside/nursery.py", json.dumps(settings)]
        return [*command, *program], environment


def _covered_torch() -> dict[str, str]:
    """Return the files that importing torch begins with, and what is in their place once it is imported."""
    torch = packages.places(("torch",))["torch"]
    compiled = [f"__pycache__/{path.name}" for path in (torch / "__pycache__").glob("__init__.*.pyc")]
    instead = f"{sandbox.CODE}/inside/torch_elsewhere.py"
    return {f"{sandbox.SITE}/torch/{name}": instead for name in ("__init__.py", *compiled)}


def _layout(plan: Plan) -> dict[str, Path]:
    """Return what a submission finds besides Python itself, by its place."""
    layout = {
        f"{sandbox.CODE}/checks": Path(course.checks.__file__).parent,
        f"{sandbox.CODE}/inside": Path(inside.__file__).parent,
    }
    found = packages.places(tuple(packages.allowed(list(plan.packages))))
    layout |= {f"{sandbox.SITE}/{name}": path for name, path in found.items()}
    if not plan.packages:
        for name in ("matplotlib", "mpl_toolkits"):
            layout[f"{sandbox.SITE}/{name}"] = Path(inside.__file__).parent / "no_plots"
    return layout


@dataclass
class Child:
    """A learner's process, as the grader has it."""

    nursery: Nursery
    number: int
    channel: Channel

    def refuse_pooling(self, on: bool) -> None:
        """Let torch refuse its own pooling while a function is checked, and allow it while cells run."""
        self.nursery.refuse_pooling(on)

    def end(self) -> None:
        """End it, with all that it started."""
        self.channel.close()
        self.nursery.end(self.number)

    def lost(self) -> str:
        """Say how it ended, when it has gone by itself."""
        self.channel.close()
        return _how(self.nursery.end(self.number, "lost"), self.nursery.plan.limits)


def _how(ended: int | None, limits: Limits) -> str:
    if ended == OUT_OF_MEMORY:
        return f"it needed more memory than {limits.memory / (1 << 30):.3g} GiB"
    if ended == NO_START or ended is None:
        return "it could not be started"
    number = ended - 128 if ended > 128 else -ended
    if number > 0:
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        return {
            "SIGXCPU": "it used up its processor time",
            "SIGSEGV": "it crashed (SIGSEGV): something wrote where it should not",
            "SIGKILL": "it was ended from outside, or ended itself (SIGKILL)",
        }.get(name, f"it ended with {name}")
    return f"it left Python (exit code {ended})"
