"""What time bins fake: where contacts are many, the first of every bin comes once a bin."""

from __future__ import annotations

from bisect import bisect_right
from math import exp

from .weights import BIN_NEAR, BIN_QUARTILE, BIN_SAMPLE, BINS


def rate(epochs: list[float], period: float, width: float, known: float = 0.0) -> float:
    """Chance that steady contacts without a schedule, seen as the first of each bin, fit.

    Their offsets from the begin of the bin tell how many there are: the next bin is then
    occupied, and its first contact lies within the window (width in seconds), at this rate.
    It is the known rate where that is higher, the period is no usual bin, or some bin holds
    two contacts.

    >>> every_hour = [hour * 3600 + 40 * (hour % 3) for hour in range(24)]
    >>> rate(every_hour, 3600, 160) > 0.5, rate(every_hour, 6000, 160)
    (True, 0.0)
    """
    at = bisect_right(BINS, period * (1 + BIN_NEAR)) - 1
    if at < 0 or BINS[at] < period * (1 - BIN_NEAR):
        return known
    size = BINS[at]
    step = max(1, len(epochs) // BIN_SAMPLE)
    offsets = sorted([epoch % size for epoch in epochs[::step]])
    density = BIN_QUARTILE / max(0.5, offsets[len(offsets) // 4])
    fitting = (1 - exp(-density * size)) * (1 - exp(-density * width / 2))
    return fitting if fitting > known and _one_a_bin(epochs[:BIN_SAMPLE], size) else known


def _one_a_bin(epochs: list[float], size: int) -> bool:
    """Whether no bin holds two contacts."""
    return len({epoch // size for epoch in epochs}) == len(epochs)
