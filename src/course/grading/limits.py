"""What a submission may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Times in seconds, memory in bytes."""

    #: One call of a learner's function by a check. A learner's notebook has the same.
    call: float = 10
    #: One cell.
    cell: float = 30
    #: A whole submission. If it is used up before the hidden tests, they get half of it once more.
    submission: float = 300
    #: Memory beyond what Python, IPython and the exercise's packages take.
    memory: int = 2 << 30
    #: Processes and threads.
    processes: int = 64

    @property
    def processor(self) -> int:
        """Processor time of one process: a little more than all the time there is."""
        return int(self.submission) + 30
