"""What time bins fake: where contacts are many, the first of every bin comes once a bin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

from .weights import BIN_DENSEST, BIN_NEAR, BIN_QUARTILE, BIN_SAMPLE, BINS, FINEST


class Clock(NamedTuple):
    """How contacts were stamped: to a step (seconds; 0 with fractions), and the widths of the bins
    (seconds) whose first contacts they may be."""

    step: float = 1
    bins: Sequence[float] = BINS


def rate(
    epochs: Sequence[float], clock: Clock, period: float, width: float, known: float = 0.0
) -> float:
    """Chance that steady contacts without a schedule, seen as the first of each bin, fit.

    Their offsets from the begin of the bin tell how many there are: the next bin is then
    occupied, and its first contact lies within the window (width in seconds), at this rate.
    It is the known rate where that is higher, the period is no bin, or some bin holds two
    contacts.

    >>> every_hour = [hour * 3600 + 40 * (hour % 3) for hour in range(24)]
    >>> rate(every_hour, Clock(), 3600, 160) > 0.5, rate(every_hour, Clock(), 6000, 160)
    (True, 0.0)
    """
    at = bisect_left(clock.bins, period)
    size = clock.bins[at - 1 if at else 0]
    if at < len(clock.bins) and clock.bins[at] - period < period - size:
        size = clock.bins[at]
    if abs(period - size) > BIN_NEAR * size:
        return known
    sample = epochs[:BIN_SAMPLE]
    if _crowded(sample, size):
        return known
    step = max(1, len(epochs) // BIN_SAMPLE)
    offsets = sorted([epoch % size for epoch in epochs[::step]])
    density = min(BIN_DENSEST, _density(offsets, clock.step))
    if abs(period - size) > width + 2 / density:
        return known
    fitting = (1 - exp(-density * size)) * (1 - exp(-density * width / 2))
    return fitting if fitting > known and one_a_bin(sample, size) else known


def one_a_bin(epochs: Sequence[float], size: float) -> bool:
    """Whether no bin (size in seconds) holds two of the contacts, which are in order.

    >>> one_a_bin([0, 59, 61], 60), one_a_bin([0, 60, 120], 60)
    (False, True)
    """
    if _crowded(epochs, size):
        return False
    return len({epoch // size for epoch in epochs}) == len(epochs)


def _crowded(epochs: Sequence[float], size: float) -> bool:
    """Whether there are more contacts than bins from the first to the last."""
    return epochs[-1] // size - epochs[0] // size + 1 < len(epochs)


def _density(offsets: list[float], step: float) -> float:
    """Contacts a second that put the first of a bin so soon after its begin.

    Where all lie within the first step of the clock, half a step tells as much as can be told.
    """
    first_step = bisect_left(offsets, step)
    if first_step == len(offsets):
        return 2 * BIN_QUARTILE / (step or FINEST)
    if 4 * first_step > len(offsets):
        return -log(1 - first_step / len(offsets)) / step
    return BIN_QUARTILE / max(FINEST, offsets[len(offsets) // 4])
