"""What a misconception is, and an operation as someone who holds it would write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.misconceptions.operations import Inputs, Operation, as_array, kind_of, like

Change = Callable[[Inputs], Inputs]


@dataclass(frozen=True)
class Misconception:
    """One wrong idea: a step, an argument or a result that is not as it should be.

    It applies to every operation that has such a step or such arguments, so one entry serves all layers, forward and
    backward.
    """

    #: What the table of a proof calls it.
    name: str
    #: What a learner reads: what gives these results, and what is right.
    sentence: str
    #: Steps of the definition that are done differently.
    steps: Mapping[str, Any] = field(default_factory=dict)
    #: A change of the arguments, given all of them with their defaults.
    arguments: Change | None = None
    #: A change of the result, given the result and the inputs.
    result: Callable[[Any, Inputs], Any] | None = None
    #: Arguments that the learner's function must have for this to be a mistake about it. What the inputs have counts as
    #: an argument too: see `features`.
    needs: tuple[str, ...] = ()
    #: Arguments, or features of the inputs, with which this is no mistake.
    unless: tuple[str, ...] = ()
    #: Arguments that the operation must have, whether the learner's function takes them or the task fixes them.
    about: tuple[str, ...] = ()
    #: The operations it is about, where steps and arguments do not say so.
    only: tuple[str, ...] = ()

    def applies_to(self, operation: Operation, takes: set[str]) -> bool:
        """Tell whether one can make this mistake in a function for `operation` with the arguments `takes`."""
        return (
            set(self.steps) <= operation.steps
            and set(self.needs) <= takes
            and not set(self.unless) & takes
            and set(self.about) <= set(operation.arguments)
            and (not self.only or operation.name in self.only)
        )


def features(operation: Operation, inputs: Inputs) -> set[str]:
    """Name what the inputs of a case have besides arguments.

    "channels": x has more than two axes; "rounds_up": ceil_mode is on; "blocks": the task is about 2×2 windows side
    by side; "lists": they are lists. What is found by hand, without writing a function, has "by_hand" besides.
    """
    complete = operation.complete(inputs)
    found = {
        "rounds_up": bool(complete.get("ceil_mode")),
        "channels": "x" in complete and np.ndim(as_array(complete["x"])) > 2,
        "blocks": operation.fixed.get("kernel_size") == 2,
        "lists": kind_of(inputs) == "list",
    }
    return {feature for feature, there in found.items() if there}


@dataclass(frozen=True)
class Variant:
    """An operation as someone with these misconceptions would write it."""

    operation: Operation
    misconceptions: tuple[Misconception, ...]

    @classmethod
    def of(cls, operation: Operation, *misconceptions: Misconception) -> Variant | None:
        """Put misconceptions together; None where two of them are about the same step."""
        steps = [step for each in misconceptions for step in each.steps]
        return cls(operation, misconceptions) if len(steps) == len(set(steps)) else None

    def __call__(self, inputs: Inputs) -> Any:
        """Compute the wrong output."""
        changed = self.operation.complete(inputs)
        for misconception in self.misconceptions:
            if misconception.arguments is not None:
                changed = {**changed, **misconception.arguments(changed)}
        steps = {step: value for each in self.misconceptions for step, value in each.steps.items()}
        result = like(self.operation.defined(changed, **steps), inputs)
        for misconception in self.misconceptions:
            if misconception.result is not None:
                result = misconception.result(result, inputs)
        return result
