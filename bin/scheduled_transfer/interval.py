"""Evidence A: contacts at a fixed interval, with jitter, missed beats, bursts and silences.

The null is a sender without a schedule whose pauses scatter smoothly around any length: the
densest window of gaps is compared with what such a sender puts into a window of that width.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import exp, log, log10, pi, sqrt
from operator import sub, truediv
from typing import NamedTuple

from .chance import log10_tail
from .weights import (
    BURST_SCALES,
    FOLDS,
    HABIT_MIN_PERIOD,
    HABIT_SPREAD,
    NULL_PEAK,
    PERIODS_PER_BURST,
    SETTLED_LOG10_P,
    SETTLED_STRENGTH,
    SHARES,
    ZONE,
)

LOOKS = log10(len(SHARES) * (1 + len(BURST_SCALES)))
HABIT_DENSITY = 1 / (HABIT_SPREAD * sqrt(2) * sqrt(2 * pi))


class Interval(NamedTuple):
    """A fixed interval: 1 means that every gap is one period, or whole periods, exactly.

    period, low and high are in seconds, jitter is the half-width of the window over the
    period, hits the gaps that fit of all trials, folded those of several periods, silences
    the pauses too long to say anything; burst is the scale at which contacts were taken
    together (seconds) and events what was left.
    """

    strength: float
    log10_p: float
    period: float
    jitter: float
    hits: int
    trials: int
    folded: int
    silences: int
    burst: float
    events: int


NOTHING = Interval(0.0, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0.0, 0)


def evidence(epochs: list[float], gaps: list[float], resolution: int) -> Interval:
    """The best fixed interval among the gaps of the contacts, or of bursts of contacts.

    >>> epochs = [0, 600, 1200, 1800, 3000, 3600, 4200]
    >>> found = evidence(epochs, [600, 600, 600, 1200, 600, 600], 1)
    >>> found.period, found.hits, found.folded, found.trials
    (600.0, 5, 1, 6)
    """
    best = _densest(gaps, resolution, 0.0)
    if _settled(best):
        return best
    events = len(gaps)
    for scale in BURST_SCALES:
        starts = burst_starts(epochs, gaps, scale)
        if len(starts) < 4:
            break
        if len(starts) <= events:
            events = len(starts) - 1
            found = _densest(list(map(sub, starts[1:], starts)), resolution, scale)
            if found.log10_p < best.log10_p:
                best = found
    return best


def _settled(found: Interval) -> bool:
    """Whether nothing that other looks could find would change the picture."""
    return found.strength > SETTLED_STRENGTH and found.log10_p < SETTLED_LOG10_P


def burst_starts(epochs: list[float], gaps: list[float], scale: float) -> list[float]:
    """The first contacts after silences longer than scale (seconds).

    >>> burst_starts([0, 1, 2, 60, 61], [1, 1, 58, 1], 20)
    [0, 60]
    """
    return epochs[:1] + [epoch for epoch, gap in zip(epochs[1:], gaps) if gap > scale]


def _densest(gaps: list[float], resolution: int, burst: float) -> Interval:
    """The window of gaps that chance explains worst, over several shares of all gaps."""
    count = len(gaps)
    if count < 2:
        return NOTHING
    ordered = sorted(gaps)
    best, tried = NOTHING, 0
    for share in SHARES:
        size = max(2, -int(-share * count // 1))
        if size == tried:
            continue
        tried = size
        ratios = list(map(truediv, ordered[size - 1 :], ordered))
        start = ratios.index(min(ratios))
        found = _judge(ordered, ordered[start], ordered[start + size - 1], resolution, burst)
        if found.log10_p < best.log10_p:
            best = found
        if _settled(best):
            break
    return best


def _judge(
    ordered: list[float], low: float, high: float, resolution: int, burst: float
) -> Interval:
    first, last = bisect_left(ordered, low), bisect_right(ordered, high)
    hits = last - first
    if low < PERIODS_PER_BURST * max(burst, resolution):
        return NOTHING
    period = sum(ordered[first:last]) / hits
    width = log(high / low) + (resolution or 0.001) / period
    zone = bisect_right(ordered, high * ZONE) - bisect_left(ordered, low / ZONE)
    folded, beyond = _folded(ordered, last, period, width)
    rate = 1 - exp(-max(NULL_PEAK, _habit(period)) * width)
    trials = max(zone, hits + beyond)
    log10_p = log10_tail(hits + folded, trials, min(rate, 0.999))
    log10_p += log10(len(ordered)) + LOOKS
    jitter = min(1.0, (high - low) / 2 / period)
    events = len(ordered) + 1
    strength = (hits + folded) / trials * (1 - jitter / 2)
    return Interval(
        min(1.0, strength),
        min(0.0, log10_p),
        period,
        jitter,
        hits,
        trials,
        folded,
        len(ordered) - trials,
        burst,
        events,
    )


def _habit(period: float) -> float:
    """Density, in units of the logarithm, of what people's daily habits put at this period."""
    return period * HABIT_DENSITY if period >= HABIT_MIN_PERIOD else 0.0


def _folded(ordered: list[float], last: int, period: float, width: float) -> tuple[int, int]:
    """Gaps of two and more whole periods (missed beats), and how many could have been."""
    limit = (FOLDS + 0.5) * period
    folded = beyond = 0
    for gap in ordered[last:]:
        if gap > limit:
            break
        beyond += 1
        periods = gap / period
        folded += abs(periods - round(periods)) <= width and periods > 1.5
    return folded, beyond
