"""Where submissions are marked: in processes on this machine, or on a cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager

from course.grading.inside.isolation import die_with_parent

#: Opens a pool, and says how many submissions it marks at a time. It closes at once when it is left, whatever is still
#: running in it.
Pool = Callable[[], AbstractContextManager[tuple[Executor, int]]]


class PoolError(Exception):
    """There is no pool to be had; the text says why, and what to do."""


def local(jobs: int) -> Pool:
    """Mark in so many processes on this machine."""

    @contextlib.contextmanager
    def opened() -> Iterator[tuple[Executor, int]]:
        pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (os.getpid(),))
        try:
            yield pool, jobs
        finally:
            # Leaving the pool to itself would mean to wait for what it is doing: minutes, with a loop that never ends.
            processes = list((pool._processes or {}).values())
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.terminate()
            for process in processes:
                process.join()

    return opened


def cluster(url: str) -> Pool:
    """Mark on the workers of a dask scheduler; they need the course's packages, and no disk of ours."""

    @contextlib.contextmanager
    def opened() -> Iterator[tuple[Executor, int]]:
        from distributed import Client

        try:
            client = Client(url, timeout=10, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise PoolError(
                f"There is no scheduler at {url}: {problem}. Start one with `dask scheduler`, workers with "
                "`dask worker tcp://HOST:8786`, and give --scheduler the address that it prints."
            ) from None
        with client:
            yield client.get_executor(pure=False, retries=0), sum(client.ncores().values()) or 1

    return opened


def _begin(grader: int) -> None:
    """Let a process of the pool end with the grader, and leave Ctrl-C to it."""
    die_with_parent()
    if os.getppid() != grader:  # it has ended before it could be noticed
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(1))
