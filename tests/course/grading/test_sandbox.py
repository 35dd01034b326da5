"""What does a learner's process see, and what can it do?"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import course
from course.grading import sandbox
from course.grading.learner import Learner
from course.grading.limits import Limits
from course.grading.nursery import Nursery, NurseryError, Plan
from course.grading.packages import allowed, places
from course.grading.sandbox import SandboxError, command

pytestmark = pytest.mark.slow

LIMITS = Limits(call=2, cell=5, submission=30, memory=1 << 29)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery(Plan((), True, LIMITS))
    yield made
    made.close()


@pytest.fixture
def learner(nursery: Nursery) -> Iterator[Learner]:
    made = Learner(nursery.fork, {}, LIMITS)
    yield made
    made.close()


def told(learner: Learner, source: str) -> Any:
    """Run a cell whose last output is JSON, and read it."""
    outputs = learner.run(f"import json, os\n{source}")
    assert outputs, source
    assert outputs[-1]["output_type"] == "stream", outputs
    return json.loads(outputs[-1]["text"])


def test_it_is_alone_and_nobody(learner: Learner) -> None:
    """Is it the first process of its own world, without privileges, and without the host's environment?"""
    assert told(learner, "print(json.dumps([os.getpid(), os.getppid(), os.getuid(), os.getgid()]))") == [
        1,
        0,
        65534,
        65534,
    ]
    assert told(learner, "print(json.dumps(sorted(os.listdir('/proc'))))") == ["cpuinfo", "meminfo"]
    environment = told(learner, "print(json.dumps(dict(os.environ)))")
    assert set(environment) - set(sandbox.environment()) <= {"PWD", "SHLVL", "_"}
    assert told(learner, "print(json.dumps(os.listdir('.') + os.listdir('/tmp') + os.listdir('/home')))") == []


def test_it_finds_nothing_of_ours(learner: Learner) -> None:
    """Are the repository, home folders and other packages out of its sight?"""
    root = Path(course.__file__).parents[2]
    looked = [str(root), "/root/.ssh", "/home/user", "/etc/passwd", "/var", "/run", "/sys", str(root / "solutions")]
    assert told(learner, f"print(json.dumps([os.path.exists(place) for place in {looked}]))") == [False] * len(looked)
    modules = ["pooling", "course", "numpy", "torch", "nbgrader", "onnx", "pip"]
    source = "import importlib.util\nprint(json.dumps([name for name in {} if importlib.util.find_spec(name)]))"
    for name in modules:
        assert learner.run(f"import {name}\n{name}")[-1].get("ename") == "NameError", name
        assert learner.run(f"def use():\n    import {name}\nuse()")[-1].get("ename") == "ModuleNotFoundError", name
    assert told(learner, source.format(["json", "IPython", "matplotlib"])) == ["json", "IPython", "matplotlib"]


def test_it_cannot_write_but_in_its_own_folders(learner: Learner) -> None:
    """Is everything read-only but what nobody else will see?"""
    source = """
found = []
for place in ['/', '/usr', '/opt', '/opt/site', '/dev', '/proc', '/bin', '/tmp', '/home', '/submission', '/dev/shm']:
    try:
        open(os.path.join(place, 'left'), 'w').close()
        found.append(place)
    except OSError:
        pass
print(json.dumps(found))
"""
    assert told(learner, source) == ["/tmp", "/home", "/submission", "/dev/shm"]


def test_nothing_is_left_for_the_next(nursery: Nursery) -> None:
    """Does the next submission find the folders empty?"""
    found = []
    for _ in range(2):
        learner = Learner(nursery.fork, {}, LIMITS)
        source = """
places = ['/tmp', '/home', '/submission', '/dev/shm']
print(json.dumps([os.listdir(place) for place in places]))
for place in places:
    open(os.path.join(place, 'left'), 'w').close()
"""
        found.append(told(learner, source))
        learner.close()
    assert found == [[[], [], [], []]] * 2


def test_there_is_no_network(learner: Learner) -> None:
    """Is there no other host, and not even this one?"""
    source = """
import socket
found = []
for host in ('127.0.0.1', '8.8.8.8'):
    try:
        socket.create_connection((host, 22), 1)
        found.append(host)
    except OSError:
        pass
print(json.dumps(found))
"""
    assert told(learner, source) == []


def test_memory_processes_and_files_are_limited(learner: Learner) -> None:
    """Does what is too much end in an error of the learner's own?"""
    assert learner.run("x = bytearray(2 << 30)")[-1]["ename"] == "MemoryError"
    children = """
import time
n = 0
try:
    while n < 500:
        if os.fork() == 0: time.sleep(20)
        n += 1
except OSError: pass
print(n)
"""
    assert 10 < told(learner, children) < 100
    learner.close()
    written = """
try:
    with open('/tmp/x', 'wb') as file:
        for n in range(1000): file.write(bytes(1 << 20))
except OSError: pass
print(n)
"""
    assert told(learner, written) <= 64
    assert learner.losses == []


def test_memory_of_all_processes_together(learner: Learner) -> None:
    """Is memory that is spread over many processes counted too?"""
    outputs = learner.run(
        "import os, time\nheld = []\nfor n in range(3): os.fork()\nheld = os.urandom(1 << 20) * 200\ntime.sleep(20)"
    )
    assert "more memory than 0.5 GiB" in outputs[-1]["evalue"]


def test_threads_forks_and_children_work(learner: Learner) -> None:
    """Can honest code have its own threads, processes and commands?"""
    source = """
import concurrent.futures, multiprocessing, subprocess, sys
with concurrent.futures.ThreadPoolExecutor(4) as pool: first = sum(pool.map(abs, [-1, -2]))
with multiprocessing.get_context('fork').Pool(2) as pool: second = sum(pool.map(abs, [-1, -2]))
third = subprocess.run([sys.executable, '-c', 'print(3)'], capture_output=True, text=True).stdout.strip()
print(json.dumps([first, second, int(third)]))
"""
    assert told(learner, source) == [3, 3, 3]


def test_packages_come_with_what_they_need_and_no_more() -> None:
    """Is it the header of an exercise that decides what can be imported?"""
    assert allowed([]) == ["ipython"]
    assert allowed(["torch"]) == ["ipython", "torch", "numpy", "matplotlib"]
    found = places(tuple(allowed(["numpy"])))
    assert {"numpy", "IPython", "matplotlib", "traitlets", "PIL"} <= set(found)
    assert not {"torch", "onnx", "nbgrader", "course", "pooling", "pytest"} & set(found)
    assert all(path.exists() for path in found.values())


def test_without_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is it said how to install it, and what the other way gives up?"""
    monkeypatch.setattr(sandbox, "bubblewrap", lambda: None)
    with pytest.raises(SandboxError) as caught:
        command({}, [])
    assert "apt-get install bubblewrap" in str(caught.value)
    assert "--isolation process" in str(caught.value)
    assert "the solutions and the gradebook" in str(caught.value)


def test_a_sandbox_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is what bubblewrap says handed on?"""
    monkeypatch.setattr(sandbox, "bubblewrap", lambda: "/bin/false")
    with pytest.raises(NurseryError, match="could not be started in the sandbox"):
        Nursery(Plan((), True, LIMITS))


def test_what_hides_is_ended_too(nursery: Nursery) -> None:
    """Does nothing live on that a submission started, whatever it does about its end?"""
    learner = Learner(nursery.fork, {}, LIMITS)
    learner.run(
        "import ctypes, os, signal, time\nctypes.CDLL(None).prctl(1, 0)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\n"
        "for _ in range(3):\n    if os.fork() == 0:\n        os.setsid(); time.sleep(1000)\n"
        "os._exit = lambda code: time.sleep(1000)"
    )
    learner.close()
    sleeping = [
        process.pid
        for process in psutil.Process(nursery._process.pid).children(recursive=True)
        if process.status() != psutil.STATUS_ZOMBIE
    ]
    assert len(sleeping) <= 2, "bubblewrap's first process, and the nursery"


def test_the_graders_keys_stay_with_the_grader(learner: Learner) -> None:
    """Does a submission begin with a keyring of its own?"""
    asked = "import ctypes\nprint(json.dumps(ctypes.CDLL(None).syscall(250, 10, -3, b'user', b'secret', 0)))"
    if platform.machine() == "x86_64":
        assert told(learner, asked) == -1


def test_nothing_brought_along_is_run_as_machine_code(learner: Learner) -> None:
    """Can a library beside the notebook not be loaded?"""
    source = """
import ctypes, glob, shutil
shutil.copy(glob.glob('/usr/lib/*/libz.so.1')[0], '/tmp/z.so')
ctypes.CDLL('/tmp/z.so')
"""
    assert "failed to map segment" in learner.run(source)[-1]["evalue"]
