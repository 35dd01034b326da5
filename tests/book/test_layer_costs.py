"""Do the shapes and costs that the downsampling chain shows hold in PyTorch?"""

import random
from typing import Any

import torch
from torch import nn

from pooling.receptive_field import receptive_field
from tests.book.test_arithmetic import in_the_page

Layer = dict[str, Any]

#: Known networks and corners; random stacks come beside them.
STACKS: dict[str, tuple[list[int], list[Layer]]] = {
    "no layers": ([3, 8, 8], []),
    "a global average alone": ([2, 5, 9], [{"kind": "global"}]),
    "after a global average": (
        [2, 6, 6],
        [{"kind": "global"}, {"kind": "conv", "channels": 4, "kernelSize": 3, "stride": 1, "padding": 1}],
    ),
    "windows of nothing but padding": (
        [1, 4, 4],
        [{"kind": "conv", "channels": 2, "kernelSize": 2, "stride": 1, "padding": 3}],
    ),
    "more padding than a pool may have": (
        [1, 9, 9],
        [{"kind": "max", "kernelSize": 3, "stride": 1, "padding": 2}, {"kind": "global"}],
    ),
    "a plane that is used up": ([1, 5, 8], [{"kind": "average", "kernelSize": 2, "stride": 2, "padding": 0}] * 4),
}
MODULES = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


def random_stack(seed: int) -> tuple[list[int], list[Layer]]:
    """Return the shape of an input and up to seven layers."""
    draw = random.Random(seed)
    layers: list[Layer] = []
    for _ in range(draw.randint(1, 7)):
        window = {"kernelSize": draw.randint(1, 4), "stride": draw.randint(1, 3), "padding": draw.randint(0, 2)}
        kind = draw.choice(["conv", "conv", "max", "average"])
        channels = {"channels": draw.randint(1, 6)} if kind == "conv" else {}
        layers.append({"kind": kind, **window, **channels})
    if draw.random() < 0.3:
        layers.append({"kind": "global"})
    return [draw.randint(1, 4), draw.randint(4, 40), draw.randint(4, 40)], layers


def module(layer: Layer, channels: int) -> nn.Module:
    """Build a layer that reads so many channels."""
    if layer["kind"] == "global":
        return nn.AdaptiveAvgPool2d(1)
    window = layer["kernelSize"], layer["stride"], layer["padding"]
    if layer["kind"] == "conv":
        return nn.Conv2d(channels, layer["channels"], *window)
    return MODULES[layer["kind"]](*window)


def run(shape: list[int], layers: list[Layer]) -> list[dict[str, Any] | None]:
    """Send zeros through the layers; say what came out of each, and None for the first one that PyTorch refuses."""
    x = torch.zeros(1, *shape)
    results: list[dict[str, Any] | None] = []
    windows: list[tuple[str, Any, Any, Any]] = []
    for layer in layers:
        part = module(layer, x.shape[1])
        weights = part.weight[0].numel() if isinstance(part, nn.Conv2d) else 0  # for one number of the output
        plane = tuple(x.shape[2:])
        windows.append(
            ("global", plane, 1, 0)
            if layer["kind"] == "global"
            else (layer["kind"], layer["kernelSize"], layer["stride"], layer["padding"])
        )
        try:
            x = part(x)
        except RuntimeError:
            return [*results, None]
        row = receptive_field(windows, tuple(shape[1:]))[-1]
        results.append(
            {
                "shape": list(x.shape[1:]),
                "receptiveField": pair(row.receptive_field),
                "jump": pair(row.jump),
                "start": pair(row.start),
                "parameters": sum(parameter.numel() for parameter in part.parameters()),
                "multiplications": x.numel() * weights,
                "activations": x.numel(),
            }
        )
    return results


def pair(value: Any) -> list[Any]:
    """Write out one number for both axes."""
    return list(value) if isinstance(value, tuple) else [value, value]


def test_costs() -> None:
    """Are shapes, receptive fields, parameters and multiplications PyTorch's, and is what it refuses refused?"""
    stacks = {**STACKS, **{f"random {seed}": random_stack(seed) for seed in range(200)}}
    refused = 0
    pages = in_the_page([["layerCosts", layers, shape] for shape, layers in stacks.values()])
    for (name, (shape, layers)), page in zip(stacks.items(), pages, strict=True):
        told = [None if "refusal" in cost else cost for cost in page]
        assert told == run(shape, layers), f"{name}: {layers} on {shape}"
        refused += None in told
    assert 20 < refused < 150
