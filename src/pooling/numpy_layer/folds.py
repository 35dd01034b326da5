"""Combines the cells of each window by doubling, for every cell where a window could start.

Nobody has to go through the seven cells of a window one by one. Seven is one, two and four. To combine two cells from
every cell on takes one step: the array, and the same array from its second cell on. To combine four takes one step
more, from the twos, eight another one. The parts that a window is the sum of are joined on the way::

    cells        a    b    c    d    e    f    g
    twos        ab   bc   cd   de   ef   fg              cells, joined with the cells one further on
    threes     abc  bcd  cde  def  efg                   cells, joined with the twos one further on

So a window of k cells takes fewer than 2·log₂(k) + 1 steps, and because no part reaches beyond its window, a NaN or an
infinity stays in the windows that it lies in.

A tile is pooled along one axis after the other. All windows are combined, wherever they could start; in the end those
that do start at a stride are picked. To make them all is the faster way: NumPy passes over an array without gaps more
quickly than over half of it with gaps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pooling.numpy_layer.arrays import Array
from pooling.numpy_layer.tiles import Patch, Shift

#: What is known of every cell of a flat tile: arrays in one dimension, such as its value, or its value and its place.
State = tuple[Array, ...]
#: Called with two states, the shift from the first to the second, and a state to write to, which may be the first.
Join = Callable[[State, State, Shift, State], None]


class Scratch:
    """Lends states to write to, and makes as few as will do. A state is known by its first array."""

    def __init__(self, cells: int, *dtypes: np.dtype[Any]) -> None:
        self._cells, self._dtypes = cells, dtypes
        self._made: list[State] = []

    def spare(self, *in_use: State | None) -> State:
        """Return a state that is none of those in use."""
        for state in self._made:
            if all(used is None or state[0] is not used[0] for used in in_use):
                return state
        self._made.append(tuple(np.empty(self._cells, dtype) for dtype in self._dtypes))
        return self._made[-1]

    def lent(self, state: State) -> State | None:
        """Return the state that was lent for this one, so that it can be written over; None if there is none."""
        return next((made for made in self._made if made[0] is state[0]), None)


def fold_windows(cells: State, patch: Patch, lanes: int, join: Join, scratch: Scratch) -> State:
    """Join the cells of each window of a flat tile, one axis after the other; `tiles.at_windows` shows the results."""
    for taps, shift in patch.taps:
        cells = fold(cells, taps, Shift(shift.cells * lanes, shift.places), join, scratch)
    return cells


def fold(cells: State, taps: int, shift: Shift, join: Join, scratch: Scratch) -> State:
    """Join so many states, each one shift further on than the one before."""

    def joined(first: State, second: State, distance: int, out: State) -> State:
        join(first, second, Shift(distance * shift.cells, distance * shift.places), out)
        return out

    part, length = cells, 1  # joins `length` states, a power of two
    whole, done = None, 0  # joins `done` states, the sum of the powers so far
    while True:
        if taps & length:
            whole = joined(whole, part, done, scratch.lent(whole) or scratch.spare(part)) if whole else part
            done += length
            if done == taps:
                return whole
        part = joined(part, part, length, scratch.spare(part, whole))
        length *= 2


def _by_ufunc(combine: np.ufunc) -> Join:
    def join(first: State, second: State, shift: Shift, out: State) -> None:
        length = min(len(first[0]), len(second[0])) - shift.cells
        combine(first[0][:length], second[0][shift.cells : shift.cells + length], out=out[0][:length])

    return join


#: Join values by keeping the larger one, or by adding.
largest = _by_ufunc(np.maximum)
added = _by_ufunc(np.add)


def largest_and_offset(cells: int, offset_dtype: np.dtype[Any]) -> Join:
    """Return the join of pairs of a value and its offset, for up to so many cells.

    It keeps the pair with the larger value, of equals the first. An offset says how far the place of the value is from
    the place of its window's first tap.
    """
    # Made once: to ask for memory at each step takes longer than the step.
    wins, gains = np.empty(cells, np.bool_), np.empty(cells, offset_dtype)

    def join(first: State, second: State, shift: Shift, out: State) -> None:
        length = min(len(first[0]), len(second[0])) - shift.cells
        value, offset = (array[:length] for array in first)
        other_value, other_offset = (array[shift.cells : shift.cells + length] for array in second)
        win, gain = np.greater(other_value, value, out=wins[:length]), gains[:length]
        # Offsets grow from tap to tap. So where the other wins its offset is the larger one, and elsewhere 0 is not.
        np.add(other_offset, shift.places, out=gain)
        np.multiply(gain, win, out=gain)
        np.maximum(offset, gain, out=out[1][:length])
        np.maximum(value, other_value, out=out[0][:length])

    return join
