"""The corners: what is asked of every framework."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NAN, INF = float("nan"), float("inf")


class NoWord(Exception):  # noqa: N818
    """A framework cannot say this wish: that is an answer, not an error."""


class Case(NamedTuple):
    """A wish. What it leaves at None is left unsaid, so that a framework's own default holds."""

    title: str
    operation: str  # "max", "avg", "adaptive avg"
    x: np.ndarray  # (N, C, H, W)
    kernel: int = 2
    stride: int | None = 2
    padding: int | str = 0  # cells at each end, "same", or "same lower", where an odd cell comes first
    dilation: int = 1
    ceil: bool = False
    count_pads: bool | None = None
    want: str = "values"  # "values", "indices", "gradient" (of the sum of all outputs)
    keeps_dtype: bool = False  # the dtype of the output is compared, too
    varies: bool = False  # with the processor: which instruction compares two zeros is nowhere written down

    def needs(self, *words: str) -> None:
        """Raise NoWord if the wish has one of these words: "indices", "ceil", "gradient" and so on."""
        used = {
            "indices": self.want == "indices",
            "gradient": self.want == "gradient",
            "ceil": self.ceil,
            "dilation": self.dilation > 1,
            "dilated average": self.dilation > 1 and self.operation == "avg",
            "adaptive": self.operation.startswith("adaptive"),
            "same": self.padding in ("same", "same lower"),
            "same lower": self.padding == "same lower",
            "padding": isinstance(self.padding, int) and self.padding > 0,
            "average's padding": self.operation == "avg" and isinstance(self.padding, int) and self.padding > 0,
            "pads not counted": self.count_pads is False,
            "pads counted": self.count_pads is True,
        }
        if any(used[word] for word in words):
            raise NoWord


def plane(*rows: tuple[float, ...] | list[float], dtype: str = "float32") -> np.ndarray:
    """Make one plane: a batch of one, with one channel."""
    return np.array(rows, dtype=dtype)[None, None]


def ramp(height: int, width: int | None = None) -> np.ndarray:
    """Make a plane that counts 1, 2, 3 and so on."""
    width = width or height
    return np.arange(1, height * width + 1, dtype="float32").reshape(1, 1, height, width)


SAME = {"kernel": 3, "stride": 2, "padding": "same"}  # 6 cells: one is missing, and it is put at the end
PADDED = {"kernel": 3, "stride": 1, "padding": 1}
ZEROS = plane([0.0, -0.0, -0.0, 0.0], [-0.0, -0.0, -0.0, -0.0])
TWO_PLANES = np.stack([ramp(4)[0, 0], ramp(4)[0, 0]])[None]

#: In the order of the table. A name is used in the chapter and stays as it is.
CASES: dict[str, Case] = {
    "plain-max": Case("max, 4×4, window 2×2", "max", ramp(4)),
    "plain-avg": Case("average, 4×4, window 2×2", "avg", ramp(4)),
    "stride-left-out": Case("stride not said", "max", ramp(4), stride=None),
    "odd": Case("odd size, 5×5", "max", -ramp(5)),
    "ceil": Case("rounding up, 5×5", "max", -ramp(5), ceil=True),
    "ceil-dropped": Case("rounding up, last window in padding", "max", -ramp(5), padding=1, ceil=True),
    "ceil-avg": Case("rounding up, average", "avg", ramp(5), ceil=True),
    "pad-negatives": Case("max of negatives, padding 1", "max", -ramp(3), **PADDED),
    "pad-avg": Case("average, padding 1, no more said", "avg", ramp(3), **PADDED),
    "pad-avg-counted": Case("average, padding counted", "avg", ramp(3), **PADDED, count_pads=True),
    "pad-avg-not-counted": Case("average, padding not counted", "avg", ramp(3), **PADDED, count_pads=False),
    "same-max": Case("max, “same”, one cell to add", "max", -ramp(6), **SAME),
    "same-lower": Case("max, “same”, the cell in front", "max", -ramp(6), **SAME | {"padding": "same lower"}),
    "same-avg": Case("average, “same”, no more said", "avg", ramp(6), **SAME),
    "same-avg-not-counted": Case("average, “same”, not counted", "avg", ramp(6), **SAME, count_pads=False),
    "dilation": Case("max, dilation 2", "max", ramp(5), stride=1, dilation=2),
    "only-padding": Case("a window with padding alone", "max", ramp(2), stride=1, padding=1, dilation=3),
    "wide-padding": Case("padding above half the kernel", "max", -ramp(4), kernel=3, stride=1, padding=2),
    "too-large": Case("window larger than the map", "max", ramp(2), kernel=3, stride=1),
    "nan": Case("NaN among numbers, max", "max", plane([NAN, 1, 1, 2, 1, 1], [1, 2, NAN, 1, 1, NAN])),
    "all-nan": Case("nothing but NaN, max", "max", plane([NAN, NAN], [NAN, NAN])),
    "nan-index": Case("place of NaN, two of them", "max", plane([1, NAN], [NAN, 2]), want="indices"),
    "all-inf": Case("nothing but −∞, max", "max", plane([-INF, -INF], [-INF, -INF])),
    "signed-zeros": Case("max of 0 and −0, both orders", "max", ZEROS, varies=True),
    "tie-index": Case("place of a tie", "max", plane([3, 3], [3, 3]), want="indices"),
    "tie-gradient": Case("gradient of a tie", "max", plane([3, 3], [3, 3]), want="gradient"),
    "index-base": Case("places in the second channel", "max", TWO_PLANES, want="indices"),
    "integer-max": Case("max of uint8", "max", plane([200, 7], [9, 255], dtype="uint8"), keeps_dtype=True),
    "uint8-avg": Case("average of uint8, four of 200", "avg", plane([200, 200], [200, 200], dtype="uint8")),
    "integer-avg": Case("average of int64: 1, 2, 2, 2", "avg", plane([1, 2], [2, 2], dtype="int64")),
    "half-long": Case(
        "float16, average of 64×64", "avg", np.full((1, 1, 64, 64), 0.1, "float16"), kernel=64, stride=64
    ),
    "half-large": Case("float16, average of 40000s", "avg", np.full((1, 1, 2, 2), 40_000, "float16")),
    "empty-batch": Case("a batch of 0", "max", np.zeros((0, 1, 4, 4), "float32")),
    "no-channel": Case("0 channels", "max", np.zeros((1, 0, 4, 4), "float32")),
    "adaptive": Case("adaptive, 5 cells into 3 bins", "adaptive avg", ramp(5), kernel=3, stride=None),
}

#: The parts of the table: the first corner of each.
PARTS = {
    "plain-max": "Sizes",
    "pad-negatives": "Padding",
    "dilation": "Dilation and fit",
    "nan": "NaN, ∞ and 0",
    "tie-index": "Ties and places",
    "integer-max": "Other dtypes",
    "empty-batch": "The rest",
}
