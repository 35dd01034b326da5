"""Crashes, loops and masses: each costs its own points and no others."""

from __future__ import annotations

from tests.course.grading.papers.paper import PYTHON, Paper, hands_in

BROKEN = "crash, loop or mass"


@hands_in(BROKEN, loses="windows max-pool2d avg-pool2d max-pool2d-backward avg-pool2d-backward", state="crashed")
def the_process_ends_while_a_cell_runs(paper: Paper) -> None:
    paper.prepend("windows", "import os; os._exit(0)")


@hands_in(BROKEN, loses="windows max-pool2d avg-pool2d max-pool2d-backward avg-pool2d-backward", state="crashed")
def the_process_ends_in_a_call(paper: Paper) -> None:
    paper.answer(
        "windows",
        """
        import os
        def windows(*arguments, **options): os._exit(3)
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def a_function_leaves_python(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import sys
        def global_avg_pool2d(x): sys.exit(0)
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d", state="crashed")
def a_function_writes_where_it_should_not(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import ctypes
        def global_avg_pool2d(x): ctypes.memset(0, 1, 100)
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def a_loop_that_never_ends(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        def global_avg_pool2d(x):
            while True: pass
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d", state="crashed")
def a_loop_that_cannot_be_stopped(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import signal
        def global_avg_pool2d(x):
            signal.setitimer(signal.ITIMER_REAL, 0)
            while True: pass
        """,
    )


@hands_in(BROKEN)
def a_loop_behind_the_answer(paper: Paper) -> None:
    paper.append("global-avg-pool2d", "while True: pass")


@hands_in(BROKEN, state="crashed")
def a_cell_sleeps_through_every_alarm(paper: Paper) -> None:
    paper.add(
        """
        import signal, time
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
        time.sleep(1000)
        """,
        before="global-avg-pool2d",
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def a_function_calls_itself_for_ever(paper: Paper) -> None:
    paper.answer("global-avg-pool2d", "def global_avg_pool2d(x): return global_avg_pool2d(x)")


@hands_in(BROKEN, loses="global-avg-pool2d", state="crashed")
def a_stack_without_bounds(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import sys
        def global_avg_pool2d(x):
            sys.setrecursionlimit(10**9)
            f = lambda n: [*map(f, [n])]
            return f(1)
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def more_memory_than_there_is(paper: Paper) -> None:
    paper.answer("global-avg-pool2d", "def global_avg_pool2d(x): return np.ones((10**6, 10**6))")


@hands_in(BROKEN, loses="global-avg-pool2d", state="crashed")
def many_processes_with_much_memory(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import os, time
        children = [os.fork() for _ in range(3)]
        held = bytearray(os.urandom(1 << 20)) * 700
        time.sleep(20)
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def processes_without_end(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import os, time
        me = os.getpid()
        while True:
            if os.fork() == 0: time.sleep(60); os._exit(0)
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def threads_without_end(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import threading, time
        while True: threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def files_without_end(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        n = 0
        while True:
            n += 1
            with open(f'/tmp/{n}', 'wb') as f: f.write(bytes(8 << 20))
        """,
    )


@hands_in(BROKEN, loses="global-avg-pool2d")
def prints_without_end(paper: Paper) -> None:
    paper.answer("global-avg-pool2d", "while True: print('x' * 1000)")


@hands_in(BROKEN)
def everybody_is_killed(paper: Paper) -> None:
    paper.add(
        """
        import os, signal
        for pid in [*range(2, 40000), -1, os.getppid()]:
            try: os.kill(pid, signal.SIGKILL)
            except OSError: pass
        """,
        before="global-avg-pool2d",
    )


@hands_in(BROKEN, state="crashed")
def the_connection_is_closed(paper: Paper) -> None:
    paper.add("import os; os.closerange(3, 256)", before="global-avg-pool2d")


@hands_in(BROKEN, loses="global-avg-pool2d")
def ten_million_numbers(paper: Paper) -> None:
    paper.answer("global-avg-pool2d", "def global_avg_pool2d(x): return np.zeros(10**7)")


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def a_list_in_itself(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        def max_pool_2x2(x):
            x = []
            x.append(x)
            return x
        """,
    )


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def a_million_digits(paper: Paper) -> None:
    paper.answer("max-pool-2x2", "def max_pool_2x2(x): return [[10 ** 1_000_000]]")


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def an_object_that_defends_itself(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        class Wall:
            def __getattribute__(self, name): raise KeyboardInterrupt
            def __call__(self, x): return x
            __class__ = property(lambda self: 1 / 0)
        max_pool_2x2 = Wall()
        """,
    )


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def a_generator_without_end(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import itertools
        def max_pool_2x2(x): return (n for n in itertools.count())
        """,
    )


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def a_syntax_error(paper: Paper) -> None:
    paper.append("max-pool-2x2", "    def (")


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def a_null_byte(paper: Paper) -> None:
    paper.append("max-pool-2x2", "\0")


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def a_long_wrong_list(paper: Paper) -> None:
    paper.answer("max-pool-2x2", "def max_pool_2x2(x): return [0.5] * 100_000")


@hands_in(BROKEN, PYTHON, loses="max-pool-2x2")
def empty_lists(paper: Paper) -> None:
    paper.answer("max-pool-2x2", "def max_pool_2x2(x): return [[]] * 500_000")


@hands_in(BROKEN, loses="global-avg-pool2d")
def a_cell_for_a_parser_to_choke_on(paper: Paper) -> None:
    paper.add("0\n" * 500_000, before="global-avg-pool2d")
    paper.cells.remove(paper.cell("global-avg-pool2d"))


@hands_in(BROKEN)
def a_date_without_end(paper: Paper) -> None:
    paper.files["timestamp.txt"] = b"2020 " + b".1" * 300_000
    paper.files["timestamp.txt.bak/timestamp.txt"] = b"x"


@hands_in(BROKEN)
def much_to_look_at(paper: Paper) -> None:
    for _ in range(10):
        paper.add(
            """
            from IPython.display import Image, display
            display(Image(data=b"\\x89PNG\\r\\n\\x1a\\n" + bytes(5_000_000), format="png"))
            """
        )
