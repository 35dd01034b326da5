"""Are the cases those that were promised, and does every contender pool them as PyTorch does?"""

import math

import numpy as np
import pytest
import torch

from tests.benchmarks import agreement, contenders, inputs, running
from tests.benchmarks.cases import (
    CASES,
    CHANNELS_LAST,
    FORWARD,
    WINDOWED,
    WITH_BACKWARD,
    WITH_INDICES,
    chosen,
    typed,
    window,
)
from tests.benchmarks.contenders import CONTENDERS, COPY, TORCH, Contender, installed, not_installed, with_numpy_layer
from tests.benchmarks.small_cases import ONCE, SMALL_CASES, TINY

ISSUE_COLUMNS = [
    ((8, 64, 112, 112), window(2, 2)),
    ((32, 64, 56, 56), window(3, 2, 1)),
    ((32, 64, 56, 56), window(3, 1, 1)),
    ((8, 64, 112, 112), window(7, 1)),
]


def test_the_issues_columns_are_measured():
    measured = [(case.operation, case.passes, case.shape, case.arguments) for case in CASES]
    for shape, arguments in ISSUE_COLUMNS:
        for operation in WINDOWED:
            assert (operation, FORWARD, shape, arguments) in measured
        if arguments["kernel_size"] < 7:
            assert ("max_pool", WITH_INDICES, shape, arguments) in measured
            assert ("max_pool", WITH_BACKWARD, shape, arguments) in measured


def test_the_cases_range_as_far_as_promised():
    sizes = {math.prod(case.shape): case.shape for case in CASES}
    assert sizes[min(sizes)] == (1, 3, 8, 8)
    assert sizes[max(sizes)] == (32, 64, 112, 112)
    assert {case.rank for case in CASES} == {1, 2, 3}
    assert {case.dtype for case in CASES} == {"float32", "float64"}
    assert any(case.layout == CHANNELS_LAST for case in CASES)


def test_every_case_has_a_name_of_its_own():
    assert len({str(case) for case in CASES}) == len(CASES)


def test_cases_are_chosen_by_words():
    cases = chosen("max FORWARD 1x3x8x8")
    assert "max forward, 1×3×8×8 k2 s2" in map(str, cases)
    assert all(case.shape == (1, 3, 8, 8) for case in cases)
    assert chosen("nothing has this name") == []
    assert 0 < len(chosen(quick=True)) < len(CASES) == len(chosen())


def test_channels_last_is_what_torch_means_by_it():
    x, _ = inputs.draw(TINY._replace(layout=CHANNELS_LAST))
    assert x.shape == TINY.shape
    assert torch.from_numpy(x).is_contiguous(memory_format=torch.channels_last)


def test_the_copy_moves_what_is_read_and_written():
    x, output = 4 * 128, 4 * 32
    drawn = inputs.draw(TINY)
    assert inputs.traffic(TINY, drawn) == x + output
    assert inputs.traffic(TINY._replace(passes=WITH_INDICES), drawn) == x + output + 8 * 32
    assert inputs.traffic(TINY._replace(passes=WITH_BACKWARD), drawn) == 2 * (x + output)


def test_the_copy_reads_and_writes_each_of_its_bytes(monkeypatch):
    copied = []
    monkeypatch.setattr(np, "copyto", lambda target, source: copied.append((target.nbytes, source.nbytes)))
    drawn = inputs.draw(TINY)
    contenders.with_copy(TINY, drawn)()
    assert [sum(moved) for moved in copied] == [inputs.traffic(TINY, drawn)]


@pytest.mark.parametrize("case", SMALL_CASES, ids=lambda case: typed(str(case)))
def test_every_contender_agrees_with_torch(case):
    with torch.set_grad_enabled(case.passes == WITH_BACKWARD):
        calls = running.prepared(case, installed())
        running.check(case, calls)
    assert {"numpy_layer", "torch_layer", TORCH, COPY} <= calls.keys()


def test_every_installed_contender_takes_part_somewhere():
    """Is there no contender that sits out every case, and so is never checked?"""
    taking_part = {name for case in SMALL_CASES for name in running.prepared(case, installed())}
    assert taking_part == {contender.name for contender in installed()}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (lambda output: output + 1e-3, "output differs"),
        (lambda output: output.astype(np.float64), "expected dtype float32"),
        (lambda output: output[..., 1:], "expected shape"),
        (lambda output: [output, output], "expected 1 arrays, got 2"),
        (lambda output: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_wrong_contender_is_named(result, message):
    def prepare(case, drawn):
        right = with_numpy_layer(case, drawn)
        return lambda: result(right())

    contenders = [*installed(), Contender("a wrong one", prepare)]
    with pytest.raises(agreement.WrongContenderError, match=message) as caught:
        running.measure_case(TINY, contenders, ONCE)
    assert str(caught.value).startswith("a wrong one: max forward, 1×2×8×8 k2 s2")


def test_a_wrong_gradient_is_found():
    case = TINY._replace(passes=WITH_BACKWARD)
    output, gradient = with_numpy_layer(case, inputs.draw(case))()
    with pytest.raises(agreement.WrongContenderError, match="gradient differs"):
        agreement.check("a wrong one", case, (output, -gradient), [output, gradient])


def test_what_is_not_installed_is_named():
    missing = Contender("a library", lambda case, drawn: 1 / 0, module="no_such_module")
    assert not_installed([*CONTENDERS, missing])[-1] == "a library"
    assert missing not in installed([*CONTENDERS, missing])
