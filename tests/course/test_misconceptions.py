"""Is the bank true: does each definition do what `pooling` does, and each misconception something else?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from course.assignments.draws import Draws
from course.checks import comparing, values
from course.misconceptions import BANK, DIRECT, OPERATIONS, Operation, Variant, applying
from course.misconceptions.misconception import features

LAYERS = [
    ("conv", 4, 3, 1, 1),
    ("pool", None, 2, 2, 0),
    ("conv", 6, 5, 2, 2),
    ("pool", None, 3, 3, 0),
    ("conv", 5, 3, 1, 0),
    ("pool", None, 4, 3, 2),
]


def inputs_for(operation: Operation, draws: Draws) -> dict[str, Any]:
    """Draw arguments for an operation; they may not fit together."""
    chance = draws.random
    if "x" in operation.arguments and operation.name != "numerical_gradient":
        leading = () if draws.kind == "list" and chance.random() < 0.5 else (2, chance.choice([1, 3]))
        shape = (*leading, chance.randint(2, 7), chance.randint(2, 7))
        inputs: dict[str, Any] = {
            "x": draws.integers(*shape, low=-3, high=3, dtype="float64" if draws.kind != "list" else None)
        }
        pair = lambda low, high: (chance.randint(low, high), chance.randint(low, high))  # noqa: E731
        if "kernel_size" in operation.arguments:
            inputs |= {"kernel_size": pair(1, 4), "stride": chance.choice([None, pair(1, 3)])}
        if "padding" in operation.arguments:
            inputs["padding"] = pair(0, 2)
        if "count_include_pad" in operation.arguments:
            inputs["count_include_pad"] = chance.random() < 0.5
        if "grad_output" in operation.arguments:
            forward = OPERATIONS[operation.name.removesuffix("_backward")]
            options = {name: value for name, value in inputs.items() if name in forward.arguments}
            rows = np.shape(forward.defined(options))
            inputs = {
                "grad_output": draws.distinct(*rows, low=1, dtype="float64" if draws.kind != "list" else None),
                **inputs,
            }
        return inputs
    start = chance.randrange(len(LAYERS))
    numbers = {
        "size": (2, 30),
        "kernel_size": (1, 6),
        "stride": (1, 5),
        "padding": (0, 3),
        "index": (0, 9),
        "channels": (1, 9),
    }
    numbers |= {"height": (2, 9), "width": (2, 9), "classes": (2, 20)}
    others = {
        "ceil_mode": chance.random() < 0.5,
        "window": draws.integers(chance.randint(1, 4), chance.randint(1, 4)),
        "layers": LAYERS[start : start + 3],
        "shape": (chance.randint(1, 4), chance.randint(20, 40), chance.randint(20, 40)),
        "name": chance.choice(["sum of squares", "sum of cubes", "product of all"]),
        "x": draws.integers(2, 3),
        "step": 0.25,
    }
    return {name: chance.randint(*numbers[name]) if name in numbers else others[name] for name in operation.arguments}


@pytest.mark.parametrize("kind", ["list", "array", "tensor"])
@pytest.mark.parametrize("name", [name for name, operation in OPERATIONS.items() if operation.reference is not None])
def test_definitions_are_what_pooling_computes(name: str, kind: str) -> None:
    """With every step done right, is the definition the operation that `pooling` has?"""
    operation, compared = OPERATIONS[name], 0
    draws = Draws(f"definitions of {name}", kind)
    for _ in range(150):
        try:
            inputs = inputs_for(operation, draws)
            expected = values.plain(operation.expected(inputs))
        except (ValueError, TypeError):
            continue  # arguments that do not fit together
        defined = values.plain(operation.defined(inputs))
        assert comparing.first_difference(defined, expected) is None, inputs
        compared += 1
    assert compared > 30


def test_backward_definitions_agree_with_autograd() -> None:
    """Do the ways back agree with PyTorch's own, ties included?"""
    for name in ("max_pool2d", "avg_pool2d"):
        draws = Draws(f"autograd of {name}", "array")
        for _ in range(40):
            try:
                inputs = inputs_for(OPERATIONS[f"{name}_backward"], draws)
                x = torch.from_numpy(inputs["x"]).requires_grad_()
                options = {key: value for key, value in inputs.items() if key not in ("x", "grad_output")}
                getattr(torch.nn.functional, name)(x, **options).backward(torch.from_numpy(inputs["grad_output"]))
            except (ValueError, RuntimeError):
                continue
            got = OPERATIONS[f"{name}_backward"].defined(inputs)
            np.testing.assert_allclose(got, x.grad.numpy(), rtol=1e-12, atol=1e-12)


def test_every_misconception_gives_something_else_somewhere() -> None:
    """Is no entry of the bank a right way to do it, and none about an operation that does not exist?"""
    silent = {(misconception.name, id(misconception)) for misconception in BANK}
    for name, operation in OPERATIONS.items():
        for kind, fixed in (("list", {}), ("array", {}), ("list", {"kernel_size": 2}), ("list", {"ceil_mode": True})):
            if not set(fixed) <= set(operation.arguments):
                continue
            draws, fixing = Draws(f"mistakes of {name}", kind), operation.fixing(**fixed)
            for _ in range(60):
                try:
                    inputs = {key: value for key, value in inputs_for(operation, draws).items() if key not in fixed}
                    if fixed.get("kernel_size"):
                        inputs = {key: value for key, value in inputs.items() if key == "x"}
                    right = comparing.signature(values.plain(fixing.expected(inputs)))
                except (ValueError, TypeError):
                    continue
                for misconception in applying(fixing, set(operation.arguments) | features(fixing, inputs)):
                    try:
                        with np.errstate(all="ignore"):
                            wrong = comparing.signature(values.plain(Variant(fixing, (misconception,))(inputs)))
                    except (ValueError, IndexError, TypeError):
                        continue
                    if not comparing.same_signature(wrong, right):
                        silent.discard((misconception.name, id(misconception)))
    assert not {name for name, _ in silent}


def test_names_and_sentences() -> None:
    """Has each name one sentence, and does each sentence end like one?"""
    sentences: dict[str, str] = {}
    for misconception in [*BANK, *DIRECT]:
        assert sentences.setdefault(misconception.name, misconception.sentence) == misconception.sentence
        assert misconception.sentence.endswith((".", ".)")), misconception.name
        assert "  " not in misconception.sentence, misconception.name


def test_mistakes_do_not_depend_on_chance() -> None:
    """Does the same seed draw the same?"""
    first, second = (Draws("seed", "list").integers(3, 4) for _ in range(2))
    assert first == second
    assert first != Draws("another", "list").integers(3, 4)
