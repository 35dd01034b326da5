"""Grades a class: marks many submissions at a time, and enters each as soon as it is marked."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass

from course.folders import Course
from course.grading import records
from course.grading.assignment import Assignment
from course.grading.handed_in import pack
from course.grading.marking import NOT_MARKED, Marked, mark
from course.grading.pools import Pool
from course.grading.records import Record
from course.grading.sandbox import SandboxError
from course.grading.saving import Saver, digest

#: So many submissions for each process are packed ahead: enough that none waits, few enough for any class.
AHEAD = 2
#: A submission is tried so often by itself if the marking itself fails.
ATTEMPTS = 2


@dataclass(frozen=True)
class Work:
    """What is to be graded."""

    course: Course
    assignment: Assignment
    saver: Saver
    #: The students whose submissions are new or changed.
    waiting: list[str]
    #: How many were graded before, and are as they were.
    done: int


def plan(course: Course, assignment: Assignment, students: list[str] | None = None, again: bool = False) -> Work:
    """Find out what is to be graded.

    Parameters
    ----------
    course, assignment : Course, Assignment
    students : list of str, optional
        These and no others, also if they were graded already.
    again : bool, optional
        Whether all are to be graded again.
    """
    saver = Saver(course, assignment)
    everyone = course.students(assignment.name)
    if students is not None or again:
        return Work(course, assignment, saver, everyone if students is None else students, 0)
    known, entered = records.read(course, assignment.name), saver.graded_students()

    def is_done(student: str) -> bool:
        record = known.get(student)
        if record is None or student not in entered or record.state == NOT_MARKED:
            return False
        return record.digest == digest(assignment, pack(course.submitted / student / assignment.name))

    waiting = [student for student in everyone if not is_done(student)]
    return Work(course, assignment, saver, waiting, len(everyone) - len(waiting))


def grade(work: Work, pool: Pool) -> Iterator[Record]:
    """Grade what is waiting, and say of each submission what became of it, as it is entered.

    Raises
    ------
    SandboxError
        If submissions cannot be run here at all.
    PoolError
        If there is no cluster.
    """
    waiting: deque[str] = deque(work.waiting)
    suspects: deque[str] = deque()
    attempts: Counter[str] = Counter()
    while waiting or suspects:
        # When a process of the pool dies, it takes others with it. Which submission it was shows one by one.
        alone = bool(suspects)
        with pool() as (executor, size):
            queue, ahead = (suspects, 1) if alone else (waiting, AHEAD * size)
            yield from _through(work, executor, ahead, queue, suspects, attempts)


def _through(
    work: Work,
    executor: Executor,
    ahead: int,
    waiting: deque[str],
    suspects: deque[str],
    attempts: Counter[str],
) -> Iterator[Record]:
    """Send submissions through a pool until none is left, or until the pool breaks; note whom that may be due to."""
    assignment = work.assignment.to_bytes()
    running: dict[Future[bytes], tuple[str, bytes]] = {}
    is_whole = True
    while running or (waiting and is_whole):
        while is_whole and waiting and len(running) < ahead:
            student = waiting.popleft()
            packed = pack(work.course.submitted / student / work.assignment.name)
            try:
                running[executor.submit(mark, assignment, packed)] = student, packed
            except BrokenExecutor:
                is_whole = False
                waiting.appendleft(student)
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            student, packed = running.pop(future)
            problem = future.exception()
            if isinstance(problem, SandboxError):
                raise problem
            is_whole = is_whole and not isinstance(problem, BrokenExecutor)
            if problem is None:
                yield work.saver.save(student, Marked.from_bytes(future.result()), packed)
                continue
            attempts[student] += ahead == 1 or not isinstance(problem, BrokenExecutor)
            if attempts[student] < ATTEMPTS:
                suspects.append(student)
            else:
                says = f"the grader itself failed: {type(problem).__name__}: {problem}"
                yield work.saver.save(student, Marked(NOT_MARKED, [says]), packed)
