"""Does torch_layer do its own work, in its source and when it runs?"""

import ast
from pathlib import Path

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from pooling import torch_layer
from tests.pooling.torch_cases import CALLS, IDS, gradient

SOURCES = sorted(Path(torch_layer.__file__).parent.glob("*.py"))


def names_from_torch(tree: ast.Module) -> dict[str, str]:
    """Map the names that a module imports from torch to what they stand for."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(a.asname or a.name.partition(".")[0]): a.name for a in node.names if a.name.startswith("torch")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("torch"):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def pooling_of_torch(source: str) -> list[str]:
    """List where a source names a pooling operator of PyTorch: an import, an attribute, or a string for getattr."""
    tree = ast.parse(source)
    names = names_from_torch(tree)
    found = [name for name in names.values() if "pool" in name.lower()]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and "pool" in node.attr.lower():
            root = node.value
            while isinstance(root, (ast.Attribute, ast.Call)):
                root = root.value if isinstance(root, ast.Attribute) else root.func
            if not isinstance(root, ast.Name) or root.id in names:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("getattr", "eval", "exec")
        ):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_source_names_no_pooling_operator_of_torch(path):
    assert pooling_of_torch(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "from torch.nn.functional import max_pool2d as f",
        "import torch\ny = torch.max_pool2d(x, 2)",
        "import torch.nn.functional as F\ny = F.avg_pool2d(x, 2)",
        "from torch import nn\nclass MaxPool(nn.MaxPool2d): ...",
        "import torch\ny = torch.ops.aten.max_pool2d(x, [2, 2])",
        "import torch\ny = getattr(torch, 'max_' + 'pool2d')(x, 2)",
    ],
)
def test_the_search_finds_a_pooling_operator(source):
    assert pooling_of_torch(source)


class Recorder(TorchDispatchMode):
    """Write down every operator that runs."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def __torch_dispatch__(self, operator, types, arguments=(), named=None):
        self.names.add(str(operator))
        return operator(*arguments, **(named or {}))


@pytest.mark.parametrize("call", CALLS, ids=IDS)
def test_no_pooling_operator_of_torch_runs(call):
    x = call.x()
    indices = call.indices(x)
    with Recorder() as recorder:
        gradient(call.ours, x, indices)
    assert recorder.names, "nothing was recorded"
    assert [name for name in recorder.names if "pool" in name] == []


def test_the_recorder_sees_a_pooling_operator():
    with Recorder() as recorder:
        torch.nn.functional.max_pool2d(torch.rand(1, 1, 4, 4), 2)
    assert any("max_pool2d" in name for name in recorder.names)
