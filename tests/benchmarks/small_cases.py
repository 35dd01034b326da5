"""Cases for the tests of the benchmark: every kind of the large ones, on a few cells."""

from tests.benchmarks.cases import CHANNELS_LAST, FORWARD, GLOBAL, WINDOWED, WITH_BACKWARD, WITH_INDICES, Case, window
from tests.benchmarks.timing import Limits

TINY = Case("max_pool", FORWARD, (1, 2, 8, 8), window(2, 2), main=True)
ONCE = Limits(seconds=0, rounds=1, fewest=1)

#: Every operation and pass, rank, dtype and layout.
SMALL_CASES = [
    TINY,
    TINY._replace(arguments=window(3, 1, 1)),
    TINY._replace(arguments=window(3, 2, 1), dtype="float64"),
    TINY._replace(passes=WITH_INDICES, arguments=window(3, 2, 1)),
    TINY._replace(passes=WITH_BACKWARD, arguments=window(3, 2, 1)),
    TINY._replace(shape=(2, 3, 8, 8), layout=CHANNELS_LAST),
    TINY._replace(operation="avg_pool"),
    TINY._replace(operation="avg_pool", arguments=window(3, 2, 1)),
    TINY._replace(operation="avg_pool", passes=WITH_BACKWARD, arguments=window(3, 2, 1)),
    *(
        TINY._replace(operation=operation, shape=shape, arguments=window(3, 2, 1))
        for operation in WINDOWED
        for shape in ((2, 3, 9), (1, 2, 5, 6, 7))
    ),
    *(
        TINY._replace(operation=operation, arguments={}, passes=p)
        for operation in GLOBAL
        for p in (FORWARD, WITH_BACKWARD)
    ),
    TINY._replace(operation="adaptive_max_pool", arguments={"output_size": 3}),
    TINY._replace(operation="adaptive_avg_pool", arguments={"output_size": 4}, passes=WITH_BACKWARD),
]
