"""Do the layers pool in a reader's browser as PyTorch does?

Pages run them in Pyodide, on a NumPy compiled for WebAssembly: an older one than ours, whose integers have 32 bits.
Here Node runs the same on the table of cases, on special values and on the table of refusals. PyTorch is asked
outside.
"""

import hashlib
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pooling_book.node import installed
from tests.book import node
from tests.book.in_pyodide import Answer
from tests.pooling import inputs, oracle
from tests.pooling.agreement import LP_NORM_TYPES, SPECIAL, lp_corner, special_values
from tests.pooling.cases import GROUPS, LAYERS, OPERATIONS, Case, cases, sample
from tests.pooling.refusing import CHECKS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pyodide")]

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("pyodide.js")
LAYERS_THERE = [pytest.param(layer, id=f"{layer} in Pyodide") for layer in LAYERS if layer != "torch"]
#: All cases would take two minutes: of groups with this many or more, one case in so many is compared.
LARGE, EVERY = 200, 3
LP_CORNERS = "Lp pooling of zeros and negatives"
SOURCES = {
    "set-up": "import sys, warnings; sys.path += ['/project', '/project/src']; warnings.simplefilter('error')",
    "imports": "import pooling.python_layer; [name for name in ('numpy', 'torch') if name in sys.modules]",
    "numpy": "import numpy; [sys.platform, numpy.__version__]",
    "compared": "from tests.book import in_pyodide; in_pyodide.compare('/given/answers')",
    "in tiles": "in_pyodide.compare_in_tiles('/given/answers', 97)",
    "refused": "in_pyodide.refusals()",
}


def answers() -> Iterator[Answer]:
    """Let PyTorch pool what Pyodide is asked for."""
    for topic, case, x, remark in questions():
        expected = oracle.pool(case, x)
        yield Answer(topic, case, x, inputs.upstream(case, expected.output.shape), expected, remark)


def questions() -> Iterator[tuple[str, Case, np.ndarray, str]]:
    """Yield what to pool: cases, each with an operation or with what is special about its x, and a remark on that."""
    for group in GROUPS:
        for case in cases(group) if len(cases(group)) < LARGE else sample(group, EVERY):
            yield group.operation, case, inputs.values(case), ""
    for kind in SPECIAL:
        for case, x in special_values(kind):
            yield kind, case, x, f", {kind} in x"
    for norm_type in LP_NORM_TYPES:
        case, x = lp_corner(norm_type)
        yield LP_CORNERS, case, x, f" of {x.tolist()}"


@pytest.fixture(scope="module")
def numpy_in_lock() -> dict:
    """Return what Pyodide's lock file says about NumPy."""
    lock = installed(ROOT, "pyodide/pyodide-lock.json")
    return json.loads(lock.read_text(encoding="utf-8"))["packages"]["numpy"]


@pytest.fixture(scope="module")
def wheel(numpy_in_lock) -> Path:
    """Return the NumPy that pages load."""
    return ROOT / "book/_web/vendor" / numpy_in_lock["file_name"]


@pytest.fixture(scope="module")
def session(wheel, tmp_path_factory) -> dict:
    """Run everything in one session of Pyodide, in 40 s. Return what each source gave."""
    given = tmp_path_factory.mktemp("pyodide")
    (given / "answers").write_bytes(pickle.dumps(list(answers())))
    folders = {"/project": str(ROOT), "/given": str(given)}
    results = node.run(SCRIPT, {"folders": folders, "wheel": str(wheel), "sources": list(SOURCES.values())})
    return dict(zip(SOURCES, results, strict=True))


def test_the_wheel_is_the_one_that_pyodide_was_released_with(wheel, numpy_in_lock):
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == numpy_in_lock["sha256"]


def test_it_runs_in_webassembly_on_the_wheel(session, numpy_in_lock):
    assert session["numpy"] == ["emscripten", numpy_in_lock["version"]]


def test_the_python_layer_loads_no_numpy_even_where_there_is_one(session):
    assert session["imports"] == []


@pytest.mark.parametrize("topic", [*OPERATIONS, *SPECIAL, LP_CORNERS])
@pytest.mark.parametrize("layer", LAYERS_THERE)
def test_it_pools_as_pytorch_does(session, layer, topic, record_property):
    number = agreeing(session["compared"][layer][topic])
    record_property("compared", number)
    print(f"{layer}_layer in Pyodide, {topic}: {number:,} cases agree")


def test_it_pools_large_arrays_as_pytorch_does(session):
    """Is what goes through tiles right too?"""
    assert agreeing(session["in tiles"]) > 200


def agreeing(differences: list[str]) -> int:
    """Return how many cases were compared, if none differs."""
    different = [each for each in differences if each]
    assert differences
    assert not different, f"{len(different)} of {len(differences)} cases differ, first:\n{different[0]}"
    return len(differences)


@pytest.mark.parametrize("name", [name for name, (_, call) in CHECKS.items() if "torch" not in call])
def test_wrong_arguments_are_refused(session, name):
    assert session["refused"][name] == ""
