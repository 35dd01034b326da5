"""Honest people, some of them unlucky: they lose nothing."""

from __future__ import annotations

import copy

from tests.course.grading.papers.paper import PYTHON, TORCH, Paper, about, hands_in, text

HONEST = "honest"


@hands_in(HONEST)
def nothing_special(paper: Paper) -> None:
    pass


@hands_in(HONEST)
def it_warns(paper: Paper) -> None:
    paper.prepend(
        "max-pool-2x2",
        """
        import warnings, sys
        warnings.warn('careful')
        print('note', file=sys.stderr)
        """,
    )
    paper.answer(
        "global-avg-pool2d",
        """
        import warnings, logging
        def global_avg_pool2d(x):
            warnings.warn('slow', DeprecationWarning)
            logging.warning('a mean')
            return x.mean((2, 3))
        """,
    )


@hands_in(HONEST)
def it_prints(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import sys
        def global_avg_pool2d(x):
            print('shape', x.shape)
            print(x, file=sys.stderr)
            return x.mean((2, 3))
        """,
    )
    paper.append("max-pool-2x2", "print('x' * 10_000_000)")


@hands_in(HONEST)
def cells_of_its_own(paper: Paper) -> None:
    paper.add(
        """
        x = np.arange(16.0).reshape(1, 4, 4)
        max_pool_2x2(x)
        """,
        before="max-pool-2x2-check",
    )
    paper.add(
        """
        # a thought
        Better with *views*.
        """,
        before="windows",
        kind="markdown",
    )
    paper.add("1 / 0", before="windows")
    paper.add("raw", before="windows", kind="raw")
    paper.add("check(max_pool_2x2, ['three channels, all numbers negative'])", before="windows")


@hands_in(HONEST)
def a_cell_was_split(paper: Paper) -> None:
    whole = text(paper.cell("max-pool2d"))
    first, _, second = whole.partition("def max_pool2d(")
    paper.add(first, before="max-pool2d")
    paper.answer("max-pool2d", "def max_pool2d(" + second)


@hands_in(HONEST)
def both_halves_kept_their_metadata(paper: Paper) -> None:
    a_cell_was_split(paper)
    half = paper.cells[paper.place("max-pool2d") - 1]
    half["metadata"] = copy.deepcopy(paper.cell("max-pool2d")["metadata"])


@hands_in(HONEST)
def an_answer_in_a_cell_of_its_own(paper: Paper) -> None:
    source = text(paper.cell("max-pool-2x2"))
    paper.clear("max-pool-2x2")
    paper.add(source, before="max-pool-2x2-check")


@hands_in(HONEST)
def an_answer_cell_was_replaced(paper: Paper) -> None:
    source = text(paper.cell("max-pool-2x2"))
    paper.add(source, before="max-pool-2x2")
    paper.cells.remove(paper.cell("max-pool-2x2"))


@hands_in(HONEST)
def an_answer_in_the_test_cell(paper: Paper) -> None:
    test = paper.cell("max-pool-2x2-check")
    test["source"] = text(paper.cell("max-pool-2x2")) + "\n" + text(test)
    paper.clear("max-pool-2x2")


@hands_in(HONEST)
def cells_were_merged(paper: Paper) -> None:
    paper.append("max-pool-2x2", text(paper.cell("max-pool-2x2-check")))
    paper.cells.remove(paper.cell("max-pool-2x2-check"))


@hands_in(HONEST)
def an_answer_became_text(paper: Paper) -> None:
    cell = paper.cell("max-pool-2x2")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


@hands_in(HONEST)
def a_blank_copy_behind_the_answer(paper: Paper) -> None:
    copied = copy.deepcopy(paper.cell("max-pool-2x2"))
    copied["id"] = "copy"
    paper.cells.insert(paper.place("max-pool-2x2-check"), copied)
    blank = next(text(cell) for cell in paper.blank["cells"] if about(cell).get("grade_id") == "max-pool-2x2")
    copied["source"] = blank


@hands_in(HONEST)
def another_program_lost_the_metadata(paper: Paper) -> None:
    for number, cell in enumerate(paper.cells):
        cell["metadata"] = {}
        cell["id"] = f"cell-{number}"


@hands_in(HONEST)
def tests_and_imports_were_deleted(paper: Paper) -> None:
    paper.notebook["cells"] = [cell for cell in paper.cells if about(cell).get("solution")]


@hands_in(HONEST)
def helpers_in_and_beside_the_notebook(paper: Paper) -> None:
    paper.files["helpers/__init__.py"] = b""
    paper.files["helpers/means.py"] = b"def mean(x):\n    return x.mean((2, 3))\n"
    paper.files["data.txt"] = b"2 3"
    paper.add(
        """
        def axes():
            return tuple(map(int, open('data.txt').read().split()))
        """,
        before="global-avg-pool2d",
    )
    paper.answer(
        "global-avg-pool2d",
        """
        from helpers.means import mean
        def global_avg_pool2d(x):
            assert axes() == (2, 3)
            return mean(x)
        """,
    )


@hands_in(HONEST)
def magics(paper: Paper) -> None:
    paper.prepend("max-pool-2x2", "%%time")
    paper.append(
        "windows",
        """
        %timeit -n 2 -r 2 windows(np.zeros((1, 1, 6, 6)), 2)
        !ls
        files = !pwd
        %pip install numpy
        %matplotlib inline
        """,
    )
    paper.append(
        "avg-pool2d",
        """
        %config InlineBackend.figure_format = 'retina'
        %load_ext autoreload
        %autoreload 2
        """,
    )


@hands_in(HONEST)
def plots(paper: Paper) -> None:
    paper.prepend(
        "max-pool-2x2",
        """
        import matplotlib.pyplot as plt
        fig, ax = plt.subplots()
        ax.imshow(np.eye(3))
        plt.show()
        """,
    )
    paper.prepend("windows", "%matplotlib widget")
    paper.answer("windows", text(paper.cell("windows")).replace("%matplotlib widget", "plt.plot([1, 2]);"))


@hands_in(HONEST, PYTHON)
def plots_without_numpy(paper: Paper) -> None:
    paper.prepend(
        "max-pool-2x2",
        """
        import matplotlib.pyplot as plt
        fig, axes = plt.subplots(1, 2)
        axes[0].plot([1, 2])
        plt.show()
        """,
    )


@hands_in(HONEST)
def numpy_under_another_name(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        import numpy
        import numpy as xp
        del np
        def global_avg_pool2d(x): return xp.mean(x, (2, 3))
        import numpy as np
        """,
    )


@hands_in(HONEST)
def names_that_mean_something_here(paper: Paper) -> None:
    paper.add(
        """
        check = tests = cases = answer = print = 5
        import builtins
        print = builtins.print
        """,
        before="windows",
    )


@hands_in(HONEST)
def a_class_a_lambda_and_a_cache(paper: Paper) -> None:
    paper.answer("global-avg-pool2d", "global_avg_pool2d = lambda x: x.mean(axis=(2, 3))")
    paper.answer(
        "numerical-gradient",
        """
        import functools
        @functools.cache
        def width(step): return 2 * step
        class Slopes:
            def __call__(self, f, x, step):
                result = np.zeros_like(x)
                for place in np.ndindex(x.shape):
                    up, down = x.copy(), x.copy()
                    up[place] += step; down[place] -= step
                    result[place] = (f(up) - f(down)) / width(step)
                return result
        numerical_gradient = Slopes()
        """,
    )


@hands_in(HONEST)
def many_workers(paper: Paper) -> None:
    paper.answer(
        "global-avg-pool2d",
        """
        from concurrent.futures import ThreadPoolExecutor
        pool = ThreadPoolExecutor(4)
        def global_avg_pool2d(x):
            return np.stack(list(pool.map(lambda image: image.mean((1, 2)), x)))
        """,
    )


@hands_in(HONEST)
def it_waits_for_input(paper: Paper) -> None:
    paper.add("name = input('Your name? ')", before="windows")
    paper.add(
        """
        import asyncio
        await asyncio.sleep(0.01)
        """,
        before="windows",
    )


@hands_in(HONEST)
def exit_at_the_end(paper: Paper) -> None:
    paper.append("max-pool-2x2", "exit()")
    paper.append("windows", "quit()")
    paper.append("max-pool2d", "import sys; sys.exit()")


@hands_in(HONEST)
def lines_of_windows(paper: Paper) -> None:
    for cell in paper.cells:
        if about(cell).get("solution"):
            cell["source"] = text(cell).replace("\n", "\r\n")


@hands_in(HONEST, TORCH)
def torchs_pooling_for_comparison(paper: Paper) -> None:
    paper.prepend(
        "max-pool",
        """
        x = torch.arange(16.0).reshape(1, 1, 4, 4)
        expected = F.max_pool2d(x, 2)
        print(expected)
        print(expected.shape)
        """,
    )
    paper.append(
        "max-pool",
        """
        assert torch.equal(MaxPool2d(2)(x), nn.MaxPool2d(2)(x))
        found = True
        """,
    )
    paper.add(
        """
        for k in range(1, 4):
            print(F.avg_pool2d(x, k))
        """,
        before="avg-pool",
    )


@hands_in(HONEST, TORCH)
def settings_of_torch(paper: Paper) -> None:
    paper.add(
        """
        torch.manual_seed(3)
        torch.set_num_threads(2)
        torch.autograd.set_detect_anomaly(True)
        """,
        before="max-pool",
    )
    paper.add(
        """
        import copy, inspect
        x = torch.ones(1, 1, 4, 4, requires_grad=True)
        MaxPool2d(2)(x).sum().backward()
        x.grad
        """,
        before="avg-pool",
    )


@hands_in(HONEST)
def two_thousand_cells(paper: Paper) -> None:
    for number in range(2000):
        paper.cells.append(
            {
                "cell_type": "code",
                "id": f"n{number}",
                "metadata": {},
                "source": f"{number}",
                "outputs": [],
                "execution_count": 1,
            }
        )
