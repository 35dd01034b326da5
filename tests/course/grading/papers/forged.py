"""Forged verdicts: each leaves an answer blank, and tries to get its points."""

from __future__ import annotations

import copy

from tests.course.grading.papers.paper import PYTHON, Paper, about, hands_in

FORGED = "forged verdict"


@hands_in(FORGED, loses="all")
def lines_are_swallowed(paper: Paper) -> None:
    paper.answer("max-pool-2x2", "get_ipython().input_transformers_post.append(lambda lines: [])")
    paper.add("get_ipython().input_transformers_post.clear()", before="max-pool-2x2-hidden")


@hands_in(FORGED, loses="max-pool-2x2")
def calls_of_check_are_taken_out(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import ast
        class Out(ast.NodeTransformer):
            def visit_Expr(self, node):
                return None if isinstance(node.value, ast.Call) else node
        get_ipython().ast_transformers.append(Out())
        """,
    )


@hands_in(FORGED, loses="max-pool-2x2")
def run_cell_does_nothing(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        from IPython.core.interactiveshell import InteractiveShell, ExecutionResult
        old = InteractiveShell.run_cell
        def run_cell(self, source, *a, **k):
            return old(self, '' if source.startswith(('check', '#')) else source, *a, **k)
        InteractiveShell.run_cell = run_cell
        """,
    )


@hands_in(FORGED, loses="max-pool-2x2")
def an_array_equals_everything(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        class Yes(np.ndarray):
            def __eq__(self, other): return np.True_
            def __ne__(self, other): return np.False_
            def __sub__(self, other): return np.zeros(1)
            def tolist(self): return Anything()
        class Anything(list):
            def __eq__(self, other): return True
        def max_pool_2x2(x): return x[:, ::2, ::2].view(Yes)
        """,
    )


@hands_in(FORGED, PYTHON, loses="max-pool-2x2")
def a_number_equals_everything(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        class Yes(float):
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __abs__(self): return 0.0
            def __hash__(self): return 0
        def max_pool_2x2(x): return [[Yes(0)] * (len(x[0]) // 2) for _ in range(len(x) // 2)]
        """,
    )


@hands_in(FORGED, loses="max-pool-2x2")
def numpys_comparisons_agree(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import numpy.testing
        np.allclose = np.array_equal = lambda *a, **k: True
        numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *a, **k: None
        def max_pool_2x2(x): return x[:, ::2, ::2]
        """,
    )


@hands_in(FORGED, loses="max-pool-2x2")
def check_is_somebody_elses(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import checks, builtins
        checks.check = check = builtins.check = lambda *a, **k: None
        """,
    )
    paper.add("check = lambda *a, **k: None", before="max-pool-2x2-hidden")


@hands_in(FORGED, loses="max-pool-2x2")
def every_report_has_passed(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import checks.checking, checks.reporting, checks.comparing
        checks.reporting.Report.passed = property(lambda self: True)
        checks.checking.first_difference = checks.comparing.first_difference = lambda *a: None
        checks.checking.Checker.check = lambda self, *a: None
        class Never(Exception): pass
        checks.checking.CheckFailed = Never
        """,
    )


@hands_in(FORGED, loses="all")
def the_worker_is_patched(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import sys
        for module in list(sys.modules.values()):
            is_graders = getattr(module, '__name__', '').startswith(('checks', 'inside', 'course'))
            for name in ('answer', '_taken', 'call', 'plain'):
                if is_graders and hasattr(module, name):
                    setattr(module, name, lambda *a, **k: None)
        def max_pool_2x2(x): return x
        """,
    )


@hands_in(FORGED, loses="numerical-gradient", state="crashed")
def forged_messages_go_to_every_file(paper: Paper) -> None:
    paper.answer(
        "numerical-gradient",
        """
        import os, json, struct
        for number in range(200):
            message = json.dumps([number, {'outputs': [], 'result': [[1.0], [1], 'array', 'float64']}]).encode()
            for fd in range(3, 64):
                try: os.write(fd, struct.pack('>I', len(message)) + message)
                except OSError: pass
        """,
    )


@hands_in(FORGED, loses="all")
def a_package_of_checks_that_always_pass(paper: Paper) -> None:
    paper.clear_all()
    paper.files["checks/__init__.py"] = (
        b"def check(*a, **k): pass\ndef run(*a, **k): pass\nclass CheckFailed(Exception): pass\n"
    )
    paper.files["checks/cases.json"] = b"{}"


@hands_in(FORGED, loses="all")
def outputs_say_passed(paper: Paper) -> None:
    paper.clear_all()
    for cell in paper.cells:
        if about(cell).get("grade"):
            cell["metadata"]["verdict"] = "passed"
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "all cases pass"}]


@hands_in(FORGED, loses="all")
def tests_were_emptied(paper: Paper) -> None:
    paper.clear_all()
    for cell in paper.cells:
        if about(cell).get("grade") and not about(cell).get("solution"):
            cell["source"] = ""


@hands_in(FORGED, loses="all")
def tests_check_nothing(paper: Paper) -> None:
    paper.clear_all()
    for cell in paper.cells:
        if about(cell).get("grade") and not about(cell).get("solution"):
            cell["source"] = "check(print, [])"


@hands_in(FORGED, loses="all")
def tests_were_deleted(paper: Paper) -> None:
    paper.clear_all()
    paper.notebook["cells"] = [
        cell for cell in paper.cells if not about(cell).get("grade") or about(cell).get("solution")
    ]


@hands_in(FORGED, loses="max-pool-2x2")
def a_test_has_a_twin(paper: Paper) -> None:
    paper.clear("max-pool-2x2")
    twin = copy.deepcopy(paper.cell("max-pool-2x2-check"))
    twin["id"], twin["source"] = "twin", "print('passed')"
    paper.cells.append(twin)


@hands_in(FORGED, loses="max-pool-2x2")
def a_test_has_another_name(paper: Paper) -> None:
    paper.clear("max-pool-2x2")
    paper.cell("max-pool-2x2-check")["metadata"]["nbgrader"]["grade_id"] = "windows-check"


@hands_in(FORGED, loses="max-pool-2x2")
def a_thousand_points(paper: Paper) -> None:
    paper.clear("max-pool-2x2")
    for cell in paper.cells:
        if about(cell).get("grade"):
            about(cell)["points"] = 1000


@hands_in(FORGED, loses="max-pool-2x2")
def tests_are_answers_now(paper: Paper) -> None:
    paper.clear("max-pool-2x2")
    for test in ("max-pool-2x2-check", "max-pool-2x2-hidden"):
        about(paper.cell(test)).update(solution=True, locked=False, grade=False)
        paper.cell(test)["source"] = "1"


@hands_in(FORGED, loses="all")
def graders_modules_are_searched(paper: Paper) -> None:
    paper.clear_all()
    paper.prepend(
        "max-pool-2x2",
        """
        import gc, sys
        for module in list(sys.modules.values()):
            for name, value in list(vars(module).items()):
                if 'verdict' in name.lower() or name in ('PASSED', 'FAILED'):
                    try: setattr(module, name, 'passed')
                    except Exception: pass
        for each in gc.get_objects():
            if isinstance(each, dict) and 'passed' in each:
                each['passed'] = True
        """,
    )
