"""Do the widgets' formulas give what `pooling` gives?

The page has its own copy of the operation in JavaScript (book/_web/pooling/). Both run on the table of cases that the
three layers of code go through.
"""

import itertools
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pooling import alternatives, geometry, numpy_layer, python_layer
from pooling.receptive_field import receptive_field
from tests.book import node
from tests.pooling import agreement, cases, inputs

SCRIPT = Path(__file__).with_name("arithmetic.js")
JAVASCRIPT_NAMES = {
    "kernel_size": "kernelSize",
    "ceil_mode": "ceilMode",
    "count_include_pad": "countIncludePad",
    "divisor_override": "divisorOverride",
}
GROUPS = [g for g in cases.GROUPS if g.operation in ("max_pool", "avg_pool") and g.rank == 2 and g.form == "plane"]


def in_the_page(calls: list[list[Any]]) -> list[Any]:
    """Return what the page's arithmetic gives for calls such as ["outputSize", 5, {"kernelSize": 2}]."""
    results = node.run(SCRIPT, [_written(call) for call in calls])
    assert len(results) == len(calls)
    return results


def _written(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, dict):
        return {JAVASCRIPT_NAMES.get(name, name): _written(entry) for name, entry in value.items()}
    return [_written(entry) for entry in value] if isinstance(value, list | tuple) else value


def numbers(plane: Any) -> np.ndarray:
    """Read a plane that came as JSON."""
    return np.array(plane, dtype=object).astype(float)


def compare(chosen: list[tuple[cases.Case, np.ndarray]]) -> None:
    """Compare output, winners and gradient on some cases, each with its x."""
    calls, expected = [], []
    for case, x in chosen:
        plane, arguments = x.tolist(), case.arguments
        pool, name = (
            (python_layer.max_pool2d, "maxPool2d")
            if case.operation == "max_pool"
            else (python_layer.avg_pool2d, "avgPool2d")
        )
        backward = getattr(python_layer, f"{pool.__name__}_backward")
        more = {"return_indices": True} if case.operation == "max_pool" else {}
        output = pool(plane, **arguments, **more)
        if more:
            output = {"output": output[0], "indices": output[1]}
        upstream = inputs.upstream(case, np.shape(output["output"] if more else output)).tolist()
        expected += [output, backward(upstream, plane, **arguments)]
        calls += [[name, plane, arguments], [f"{name}Backward", upstream, plane, arguments]]
    for call, want, got in zip(calls, in_the_page(calls), expected, strict=True):
        for part in want if isinstance(want, dict) else [None]:
            ours, pages = (got, want) if part is None else (got[part], want[part])
            np.testing.assert_allclose(numbers(pages), numbers(ours), rtol=1e-13, err_msg=f"{part} of {call}")


@pytest.mark.parametrize("group", GROUPS, ids=str)
def test_pooling_on_the_table_of_cases(group: cases.Group) -> None:
    """Are outputs, winners and gradients those of the pure-Python layer, in every case?"""
    compare([(case, inputs.values(case)) for case in cases.cases(group)])


@pytest.mark.parametrize("kind", agreement.SPECIAL)
def test_special_values(kind: str) -> None:
    """Do NaN, the infinities and ties win and spread as they do in the pure-Python layer?"""
    special, share = agreement.SPECIAL[kind]
    compare(
        [
            (case, agreement.strewn(case, np.atleast_1d(special), share))
            for group in GROUPS
            for case in cases.sample(group, 41)
        ]
    )


def test_output_sizes_and_refusals() -> None:
    """Does an axis have as many windows as `pooling` says, and is refused where `pooling` refuses it?"""
    choices = itertools.product(
        range(1, 10), range(1, 5), (1, 2, 3, 4), (0, 1, 2, (0, 1), (2, 0)), (1, 2, 3), (False, True)
    )
    calls, expected = [], []
    names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    for size, *choice in choices:
        kernel, stride, padding, dilation, ceil_mode = choice
        calls.append(["outputSize", size, dict(zip(names, choice, strict=True))])
        pair = (padding,) if isinstance(padding, tuple) else padding
        try:
            expected.append(geometry.output_size(size, kernel, stride, pair, dilation, ceil_mode))
        except ValueError:
            expected.append(None)
    wrong = [(*case, want) for *case, want, got in zip(calls, expected, in_the_page(calls), strict=True) if want != got]
    assert expected.count(None) > 100
    assert not wrong, f"{len(wrong)} of {len(calls)}, such as {wrong[0]}"


def test_cells_that_no_window_reads() -> None:
    """Are these the cells that are in none of `pooling`'s windows, whatever the padding?"""
    choices = itertools.product((7, 12), (1, 2, 3), (1, 2, 5), (0, 1, "same"), (1, 3), (False, True))
    names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    fitting = [choice for choice in choices if choice[3] == "same" or choice[3] <= choice[1] // 2]
    axes = in_the_page([["pooledAxis", size, dict(zip(names, rest, strict=True))] for size, *rest in fitting])
    unread = []
    for size, *rest in fitting:
        read = {cell for window in geometry.windows(size, *rest) for cell in window.cells}
        unread.append(sorted(set(range(size)) - read))
    assert sum(map(bool, unread)) > 20
    assert in_the_page([["unreadCells", axis] for axis in axes]) == unread


def test_receptive_fields() -> None:
    """Are sizes, jumps and receptive fields right through random stacks, refusals included?"""
    draw = random.Random(7)
    calls, expected = [], []
    for _ in range(200):
        stack = [
            (draw.randint(1, 5), draw.randint(1, 3), draw.randint(0, 3), draw.randint(1, 2))
            for _ in range(draw.randint(1, 6))
        ]
        size = draw.randint(4, 60)
        names = ("kernel_size", "stride", "padding", "dilation")
        calls.append(["receptiveField", [dict(zip(names, layer, strict=True)) for layer in stack], size])
        try:
            rows = receptive_field([("layer", *layer) for layer in stack], size)
            names = ("size", "jump", "receptiveField", "start")
            expected.append([dict(zip(names, row[1:], strict=True)) for row in rows])
        except ValueError:
            expected.append(None)
    assert 20 < expected.count(None) < 180
    assert in_the_page(calls) == expected


@pytest.mark.parametrize(("kernel_size", "stride"), [*itertools.product([1, 2, 3, 5], [1, 2, 3])])
def test_blur_pooling(kernel_size: int, stride: int) -> None:
    """Does blur pooling smooth, reflect and step as `pooling.alternatives` does?"""
    draw = np.random.default_rng(kernel_size)
    planes = [draw.normal(size=shape) for shape in ((5, 5), (6, 9), (8, 4))]
    ours = [alternatives.blur_pool2d(torch.tensor(plane)[None], kernel_size, stride)[0].numpy() for plane in planes]
    pages = in_the_page([["blurPool2d", plane.tolist(), [kernel_size] * 2, [stride] * 2] for plane in planes])
    for our, page in zip(ours, pages, strict=True):
        np.testing.assert_allclose(numbers(page), our, rtol=1e-12, atol=1e-15)


def pooled(row: np.ndarray, operation: str, kernel_size: int, stride: int) -> np.ndarray:
    """Pool a row with the book's own layers."""
    plane = row[None]
    if operation == "blur":
        return alternatives.blur_pool2d(torch.tensor(plane)[None], (1, kernel_size), (1, stride))[0, 0].numpy()
    if operation == "every":
        return row[::stride]
    pool = {"max": numpy_layer.max_pool2d, "average": numpy_layer.avg_pool2d}[operation]
    return pool(plane, (1, kernel_size), (1, stride))[0]


def compared(before: np.ndarray, after: np.ndarray) -> dict[str, float]:
    """Measure as the first chapter does."""
    change = 100 * np.mean(abs(before - after)) / np.mean(before)
    return {"compared": len(before), "unchanged": int(np.sum(before == after)), "change": change}


@pytest.mark.parametrize("operation", ["max", "average", "blur", "every"])
def test_changes_under_shifts(operation: str) -> None:
    """Do outputs change under a shift as much as the first chapter's measurement says, in place and moved along?"""
    draw = np.random.default_rng(3)
    for kernel_size, stride in itertools.product((1, 2, 3, 5), (1, 2, 3)):
        signal = draw.integers(0, 9, 32).astype(float)
        options = {"operation": operation, "kernel_size": kernel_size, "stride": stride}
        (pages,) = in_the_page([["compareShifts", signal.tolist(), 24, options]])
        assert len(pages) == 9
        before = pooled(signal[:24], operation, kernel_size, stride)
        for shift, page in enumerate(pages):
            after = pooled(signal[shift : shift + 24], operation, kernel_size, stride)
            places = shift // stride
            np.testing.assert_allclose(page["after"], after, rtol=1e-12)
            assert page["places"] == places
            assert page["inPlace"] == pytest.approx(compared(before, after))
            assert page["along"] == pytest.approx(compared(before[places:], after[: len(before) - places]))
            if shift % stride == 0 and operation != "blur":  # which mirrors what its view's ends lack
                assert page["along"]["unchanged"] == page["along"]["compared"]


def test_changes_of_nothing() -> None:
    """Is a row of zeros unchanged, and is there no share of a mean of 0?"""
    zeros, ones = [0] * 3, [1] * 3
    same, other = in_the_page([["compare", zeros, zeros], ["compare", zeros, ones]])
    assert same == {"compared": 3, "unchanged": 3, "change": 0}
    assert other == {"compared": 3, "unchanged": 0, "change": "Infinity"}
