"""What time bins fake: where contacts are many, the first of every bin comes once a bin."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from .weights import BIN_NEAR, BIN_QUARTILE, BIN_SAMPLE, BINS


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
    size = next((size for size in clock.bins if abs(period - size) < BIN_NEAR * size), None)
    if size is None:
        return known
    step = max(1, len(epochs) // BIN_SAMPLE)
    offsets = sorted([epoch % size for epoch in epochs[::step]])
    density = BIN_QUARTILE / max(0.5, offsets[len(offsets) // 4])
    if abs(period - size) > width + 2 / density:
        return known
    fitting = (1 - exp(-density * size)) * (1 - exp(-density * width / 2))
    return fitting if fitting > known and _one_a_bin(epochs[:BIN_SAMPLE], size) else known


def _one_a_bin(epochs: Sequence[float], size: float) -> bool:
    """Whether no bin holds two contacts."""
    return len({epoch // size for epoch in epochs}) == len(epochs)
