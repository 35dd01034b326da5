"""What is not to be used."""

from __future__ import annotations

import os
from pathlib import Path

from tests.course.grading.papers.paper import PYTHON, TORCH, Paper, hands_in

FORBIDDEN = "forbidden package"


BLOCKS = """
import {0}
def max_pool_2x2(x):
    rows, columns = len(x) // 2, len(x[0]) // 2
    blocks = {1}([row[: 2 * columns] for row in x[: 2 * rows]]).reshape(rows, 2, columns, 2)
    return [[max(max(line) for line in block) for block in row] for row in blocks.swapaxes(1, 2).tolist()]
"""


@hands_in(FORBIDDEN, PYTHON, loses="max-pool-2x2")
def numpy_in_pure_python(paper: Paper) -> None:
    paper.answer("max-pool-2x2", BLOCKS.format("numpy as np", "np.array"))


@hands_in(FORBIDDEN, PYTHON, loses="max-pool-2x2")
def a_notebook_that_asks_for_torch(paper: Paper) -> None:
    paper.notebook["metadata"]["course"]["packages"] = ["torch", "numpy"]
    paper.answer("max-pool-2x2", BLOCKS.format("torch", "torch.tensor"))


@hands_in(FORBIDDEN, PYTHON, loses="max-pool-2x2")
def numpy_inside_the_function(paper: Paper) -> None:
    paper.answer("max-pool-2x2", "def max_pool_2x2(x):\n    import numpy\n    return numpy.array(x)[::2, ::2].tolist()")


@hands_in(FORBIDDEN, PYTHON)
def numpy_that_nobody_uses(paper: Paper) -> None:
    paper.prepend("max-pool-2x2", "import numpy as np\nimport torch, itertools")


@hands_in(FORBIDDEN, loses="max-pool-2x2")
def torch_in_numpy(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        """
        import torch
        def max_pool_2x2(x): return torch.nn.functional.max_pool2d(torch.tensor(x), 2).numpy()
        """,
    )


@hands_in(FORBIDDEN, loses="max-pool-2x2 global-avg-pool2d")
def somebody_elses_pooling(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2", "from skimage.measure import block_reduce\ndef max_pool_2x2(x): return block_reduce(x, 2)"
    )
    paper.answer(
        "global-avg-pool2d",
        """
        from onnx.reference.ops.op_global_average_pool import GlobalAveragePool
        def global_avg_pool2d(x): return GlobalAveragePool.eval(x)[0]
        """,
    )


@hands_in(FORBIDDEN, loses="max-pool-2x2")
def python_outside_the_sandbox(paper: Paper) -> None:
    paper.answer(
        "max-pool-2x2",
        f"""
        import glob, sys
        sys.path += glob.glob('/**/site-packages', recursive=True) + glob.glob('/usr/lib/python3*/dist-packages')
        sys.path += [{str(Path(os.__file__).parent / "site-packages")!r}]
        import torch
        """,
    )


MAX_POOL = """
class MaxPool2d(nn.Module):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        self.options = kernel_size, kernel_size if stride is None else stride, padding
    def forward(self, x):
        return {}
"""


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_own_max_pool(paper: Paper) -> None:
    paper.answer("max-pool", MAX_POOL.format("F.max_pool2d(x, *self.options)"))


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_own_module(paper: Paper) -> None:
    paper.answer("max-pool", "MaxPool2d = nn.MaxPool2d")


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_operator_below_python(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        "def both(value): return [value, value] if isinstance(value, int) else list(value)\n"
        + MAX_POOL.format("torch.ops.aten.max_pool2d_with_indices(x, *map(both, self.options))[0]"),
    )


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_pooling_in_a_thread(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\n"
        + MAX_POOL.format("pool.submit(F.max_pool2d, x, *self.options).result()"),
    )


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_pooling_without_overrides(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        "import checks.operators, checks.answering\n"
        "checks.operators.without_torch_pooling = checks.answering._quiet = lambda function: function\n"
        "def pool(x, options):\n"
        "    with torch._C.DisableTorchFunction():\n        return torch.max_pool2d(x, *options)\n"
        + MAX_POOL.format("pool(x, self.options)"),
    )


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_pooling_in_torchscript(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        "import warnings; warnings.simplefilter('ignore')\ninside = torch.jit.trace\n"
        "scripted = torch.jit.CompilationUnit('''\ndef pool(x, k: List[int], s: List[int], p: List[int]):\n"
        "    return torch.max_pool2d(x, k, s, p)\n''')\n"
        "def both(value): return [value, value] if isinstance(value, int) else list(value)\n"
        + MAX_POOL.format("scripted.pool(x, *map(both, self.options))"),
    )


@hands_in(FORBIDDEN, TORCH, loses="avg-function")
def torchs_pooling_on_the_way_back(paper: Paper) -> None:
    paper.answer(
        "avg-function",
        "class AvgPoolFunction(torch.autograd.Function):\n    @staticmethod\n"
        "    def forward(ctx, x, kernel_size, stride=None, padding=0):\n"
        "        ctx.save_for_backward(x); ctx.options = kernel_size, stride, padding\n"
        "        return AvgPool2d(kernel_size, stride, padding)(x)\n    @staticmethod\n"
        "    def backward(ctx, grad_output):\n        (x,) = ctx.saved_tensors\n"
        "        with torch.enable_grad():\n            x = x.detach().requires_grad_()\n"
        "            y = F.avg_pool2d(x, *ctx.options)\n"
        "        return torch.autograd.grad(y, x, grad_output)[0], None, None, None\n",
    )


@hands_in(FORBIDDEN, TORCH)
def a_torch_of_its_own_beside_the_notebook(paper: Paper) -> None:
    paper.files["torch.py"] = b"raise SystemExit('this is not torch')"
    paper.files["checks.py"] = b"def check(*a): pass"


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_pooling_in_another_process(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        """
        import io, subprocess, sys
        PROGRAM = (
            "import sys; sys.path.append('/opt/site'); import torch, io; "
            "x, o = torch.load(io.BytesIO(sys.stdin.buffer.read())); "
            "torch.save(torch.nn.functional.max_pool2d(x, *o), sys.stdout.buffer)"
        )
        class MaxPool2d(nn.Module):
            def __init__(self, kernel_size, stride=None, padding=0):
                super().__init__()
                self.options = kernel_size, kernel_size if stride is None else stride, padding
            def forward(self, x):
                sent = io.BytesIO()
                torch.save((x.detach(), self.options), sent)
                done = subprocess.run([sys.executable, "-c", PROGRAM], input=sent.getvalue(), capture_output=True)
                return torch.load(io.BytesIO(done.stdout))
        """,
    )


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_pooling_between_two_tries(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        """
        known = {}
        class MaxPool2d(nn.Module):
            def __init__(self, *options):
                super().__init__()
                self.options = options
            def forward(self, x):
                key = str((x.detach(), self.options))
                if key not in known:
                    known[key] = x.detach(), self.options
                    raise NameError("name 'x' is not defined")
                return known[key]
        """,
    )
    paper.add(
        """
        for key, (x, (k, s, p)) in list(known.items()):
            known[key] = F.max_pool2d(x, k, k if s is None else s, p)
        """
    )


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_code_in_the_frame_of_an_error(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        """
        import checks.answering
        checks.answering._quiet = lambda function: function
        def both(value): return [value, value] if isinstance(value, int) else list(value)
        def stolen(x, options):
            k, s, p = map(both, options)
            try:
                return torch.ops.aten.max_pool2d_with_indices.default(x.detach(), k, s, p)[0]
            except Exception as error:
                place = error.__traceback__
                while 'code' not in place.tb_frame.f_locals: place = place.tb_next
                found = place.tb_frame.f_locals
                return found['code'].call_boxed(found['keys'], *found['arguments'], **found['options'])[0]
        """
        + MAX_POOL.format("stolen(x, self.options)"),
    )


@hands_in(FORBIDDEN, TORCH, loses="max-pool max-function")
def torchs_recipe_for_compilers(paper: Paper) -> None:
    paper.answer(
        "max-pool",
        """
        import torch._decomp
        def both(value): return [value, value] if isinstance(value, int) else list(value)
        def recipe(x, options):
            operator = torch.ops.aten.max_pool2d_with_indices.default
            return torch._decomp.decomposition_table[operator](x, *map(both, options))[0]
        """
        + MAX_POOL.format("recipe(x, self.options)"),
    )
