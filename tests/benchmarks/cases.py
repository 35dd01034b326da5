"""The table of cases: what the benchmark pools.

A case is data: an operation, its passes, the shape of x and the arguments. `CASES` lists them all; the columns of
`COLUMNS` are those by which the layers are judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

FORWARD, WITH_INDICES, WITH_BACKWARD = "forward", "forward with indices", "forward + backward"
CHANNELS_FIRST, CHANNELS_LAST = "channels first", "channels last"

#: Operations by the name that the layers' functions have without their rank, and in words.
WORDS = {
    "max_pool": "max",
    "avg_pool": "average",
    "global_max_pool": "global max",
    "global_avg_pool": "global average",
    "adaptive_max_pool": "adaptive max",
    "adaptive_avg_pool": "adaptive average",
}


class Case(NamedTuple):
    """One call of a pooling operation, without the values in x."""

    operation: str  # a key of WORDS
    passes: str
    shape: tuple[int, ...]  # (N, C, *spatial)
    arguments: dict[str, Any]
    dtype: str = "float32"
    layout: str = CHANNELS_FIRST
    main: bool = False  # one of the columns that the layers are judged by: baselines and peers run here too
    quick: bool = False  # part of a quick run

    @property
    def rank(self) -> int:
        return len(self.shape) - 2

    @property
    def function(self) -> str:
        return f"{self.operation}{self.rank}d"

    @property
    def title(self) -> str:
        """The operation and its passes, such as "max forward"."""
        return f"{WORDS[self.operation]} {self.passes}"

    @property
    def place(self) -> str:
        """Everything but the title, such as "8×64×112×112 k2 s2"; what most cases share is left out."""
        words = ["×".join(map(str, self.shape))]
        if "kernel_size" in self.arguments:
            words += [f"k{self.arguments['kernel_size']}", f"s{self.arguments['stride']}"]
        if self.arguments.get("padding"):
            words.append(f"p{self.arguments['padding']}")
        if "output_size" in self.arguments:
            words.append(f"to {self.arguments['output_size']}")
        words += [self.dtype] * (self.dtype != "float32") + [self.layout] * (self.layout != CHANNELS_FIRST)
        return " ".join(words)

    def __str__(self) -> str:
        return f"{self.title}, {self.place}"


def window(kernel_size: int, stride: int, padding: int = 0) -> dict[str, int]:
    """Name the arguments of a window."""
    return {"kernel_size": kernel_size, "stride": stride, "padding": padding}


Sites = tuple[tuple[tuple[int, ...], dict[str, Any]], ...]  # shapes with arguments

#: The columns of the issue's table, and one image large enough to leave every cache.
COLUMNS: Sites = (
    ((8, 64, 112, 112), window(2, 2)),
    ((32, 64, 56, 56), window(3, 2, 1)),
    ((32, 64, 56, 56), window(3, 1, 1)),
    ((8, 64, 112, 112), window(7, 1)),
    ((1, 3, 1024, 1024), window(3, 2, 1)),
)
JUDGED = COLUMNS[:4]
OVERLAPPING_LITTLE = tuple(column for column in COLUMNS if column[1]["kernel_size"] < 7)
TINY: Sites = (((1, 3, 8, 8), window(2, 2)),)
SMALL: Sites = (((1, 16, 28, 28), window(2, 2)), ((1, 64, 56, 56), window(3, 2, 1)))
LARGE: Sites = (((32, 64, 112, 112), window(2, 2)), ((32, 64, 112, 112), window(3, 2, 1)))
LINES: Sites = (((32, 64, 4096), window(2, 2)), ((32, 64, 4096), window(3, 2, 1)))
VOLUMES: Sites = (((2, 32, 16, 56, 56), window(2, 2)), ((2, 32, 16, 56, 56), window(3, 2, 1)))
WHOLE: Sites = (((32, 64, 56, 56), {}), ((8, 64, 112, 112), {}))
#: Adaptive pooling to a size that divides the input's, and to one that does not.
ADAPTED: Sites = (((32, 64, 56, 56), {"output_size": 7}), ((32, 64, 56, 56), {"output_size": 6}))

WINDOWED = ("max_pool", "avg_pool")
GLOBAL = ("global_max_pool", "global_avg_pool")
ADAPTIVE = ("adaptive_max_pool", "adaptive_avg_pool")


def block(operations: Iterable[str], passes: str, sites: Sites, **more: Any) -> Iterator[Case]:
    """Yield a case for every operation at every site."""
    for operation in operations:
        for shape, arguments in sites:
            yield Case(operation, passes, shape, arguments, **more)


CASES = (
    *block(WINDOWED, FORWARD, JUDGED, main=True, quick=True),
    *block(WINDOWED, FORWARD, COLUMNS[4:], main=True),
    *block(["max_pool"], WITH_INDICES, OVERLAPPING_LITTLE, main=True),
    *block(["max_pool"], WITH_BACKWARD, JUDGED[:3], main=True, quick=True),
    *block(["max_pool"], WITH_BACKWARD, COLUMNS[4:], main=True),
    *block(["avg_pool"], WITH_BACKWARD, OVERLAPPING_LITTLE, main=True),
    *block(["max_pool"], FORWARD, TINY, quick=True),
    *block(["avg_pool"], FORWARD, TINY),
    *block(["max_pool"], WITH_INDICES, TINY),
    *block(WINDOWED, WITH_BACKWARD, TINY),
    *block(WINDOWED, FORWARD, SMALL),
    *block(["max_pool"], WITH_BACKWARD, SMALL),
    *block(WINDOWED, FORWARD, LARGE),
    *block(WINDOWED, FORWARD, LINES),
    *block(["max_pool"], WITH_INDICES, LINES[1:]),
    *block(WINDOWED, WITH_BACKWARD, LINES[1:]),
    *block(WINDOWED, FORWARD, VOLUMES),
    *block(["max_pool"], WITH_INDICES, VOLUMES[1:]),
    *block(WINDOWED, WITH_BACKWARD, VOLUMES[1:]),
    *block(WINDOWED, FORWARD, JUDGED[:2], dtype="float64"),
    *block(["max_pool"], WITH_INDICES, JUDGED[1:2], dtype="float64"),
    *block(WINDOWED, WITH_BACKWARD, JUDGED[1:2], dtype="float64"),
    *block(WINDOWED, FORWARD, JUDGED[:2], layout=CHANNELS_LAST),
    *block(GLOBAL, FORWARD, WHOLE[:1], quick=True),
    *block(GLOBAL, FORWARD, WHOLE[1:]),
    *block(GLOBAL, FORWARD, (((1, 3, 8, 8), {}),)),
    *block(GLOBAL, FORWARD, WHOLE[:1], dtype="float64"),
    *block(GLOBAL, FORWARD, WHOLE[:1], layout=CHANNELS_LAST),
    *block(GLOBAL, WITH_BACKWARD, WHOLE[:1]),
    *block(ADAPTIVE, FORWARD, ADAPTED),
    *block(ADAPTIVE, WITH_BACKWARD, ADAPTED),
)


def chosen(words: str = "", quick: bool = False) -> list[Case]:
    """Choose cases: those whose name holds each of the words (x stands for ×), and only those of a quick run."""
    wanted = typed(words).split()
    return [case for case in CASES if case.quick >= quick and all(word in typed(str(case)) for word in wanted)]


def typed(text: str) -> str:
    """Write a text as it is typed on a keyboard."""
    return text.lower().replace("×", "x")
