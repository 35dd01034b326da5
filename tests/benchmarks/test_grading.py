"""Is grading apart not only safer than nbgrader as it comes, but faster, however large the class?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.grading import ours, stock

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grading speed")]


def test_it_is_faster_than_stock_nbgrader(tmp_path: Path) -> None:
    """Does a submission take a fraction of the time, and do more submissions take no longer each?

    `make bench-grading` measures this with the machine to itself. Here other tests run beside it, so there is room.
    """
    peer = stock(tmp_path / "stock", 4)
    few, many = ours(tmp_path / "few", 8), ours(tmp_path / "many", 32)
    # What a command takes to begin is the same for both: it is the rest that counts.
    each = (many.seconds - few.seconds) / (many.students - few.students)
    assert each < 1 / peer.rate / 3, (peer, few, many)
    assert many.memory < 4
