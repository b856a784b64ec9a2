"""Evidence A: contacts at a fixed interval, with jitter, missed beats, bursts and silences.

The densest window of gaps between contacts, or between bursts of contacts, is compared with what
a sender without a schedule puts into a window of that width.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log10, sqrt
from operator import itemgetter, sub

from .binning import Clock
from .densest import LOOKS, NOTHING, Gaps, Interval, even, search, whole
from .named import new
from .weights import (
    BURST_SCALES,
    DAY,
    EVEN_SAMPLE,
    FEWEST_GAPS,
    INTERLEAVED_LOG10_P,
    LAGS,
    SETTLED_LOG10_P,
    WIDEST,
)

GOLDEN = (sqrt(5) - 1) / 2


def evidence(epochs: Sequence[float], gaps: Sequence[float], clock: Clock) -> Interval:
    """The best fixed interval among the gaps of the contacts, or of bursts of contacts.

    >>> epochs = [0, 600, 1200, 1800, 3000, 3600, 4200]
    >>> found = evidence(epochs, [600, 600, 600, 1200, 600, 600], Clock())
    >>> found.period, found.hits, found.folded, found.trials
    (600.0, 5, 1, 6)
    """
    if len(gaps) > EVEN_SAMPLE:
        best = _steady(epochs, gaps, clock)
        if best.settled:
            return best
    ordered = sorted(gaps)
    best = search(new(Gaps, (ordered, epochs, clock, 0.0, 1)))
    if not best.settled:
        best = _of_bursts(epochs, gaps, ordered, clock, best)
    if best.log10_p < INTERLEAVED_LOG10_P and not best.settled:
        for lag in LAGS:
            best = _interleaved(epochs, clock, lag, best)
    return best


def _steady(epochs: Sequence[float], gaps: Sequence[float], clock: Clock) -> Interval:
    """A long row that keeps to its beat throughout, or NOTHING.

    Its ends and a sample tell that: to sort it is dear.
    """
    low, high = min(gaps), max(gaps)
    # Of half a day or more the time of day may say more, and asks how sure the interval is at best.
    if high > WIDEST * low or high > DAY / 2:
        return NOTHING
    ordered = sorted([low, *_drawn(len(gaps))(gaps), high])
    sample = new(Gaps, (ordered, epochs, clock, 0.0, 1))
    found = whole(sample, epochs[-1] - epochs[0], len(gaps))
    return found if found.settled and even(ordered, high / low) else NOTHING


@lru_cache(maxsize=64)
def _drawn(count: int) -> Callable[[Sequence[float]], tuple[float, ...]]:
    """What draws a sample from so many: evenly, and not in step with any cycle of theirs."""
    places = [int(at * GOLDEN % 1 * count) for at in range(EVEN_SAMPLE)]
    return itemgetter(*places)


def _of_bursts(
    epochs: Sequence[float],
    gaps: Sequence[float],
    ordered: list[float],
    clock: Clock,
    best: Interval,
) -> Interval:
    """The best interval between bursts of contacts, at several scales, or the best of all gaps."""
    left = len(gaps)
    for scale in BURST_SCALES:
        starts = 1 + len(ordered) - bisect_right(ordered, scale)
        if starts <= FEWEST_GAPS or best.settled:
            break
        if starts <= left:
            left = starts - 1
            begun = burst_starts(epochs, gaps, scale)
            between = sorted(map(sub, begun[1:], begun))
            found = search(new(Gaps, (between, begun, clock, scale, 1)), best.log10_p)
            if found.log10_p < best.log10_p:
                best = found
    return best


def _interleaved(epochs: Sequence[float], clock: Clock, lag: int, best: Interval) -> Interval:
    """Two or three schedules of one period in one another: every second or third gap is a period.

    The spans overlap, so that only one in two or three of them counts. The best of the gaps
    stands unless this is better.
    """
    spans = sorted(map(sub, epochs[lag:], epochs))
    shared = (LOOKS + log10(len(epochs))) * (1 - 1 / lag)
    found = search(new(Gaps, (spans, epochs, clock, 0.0, lag)), (best.log10_p - shared) * lag)
    log10_p = found.log10_p / lag + shared
    if log10_p >= best.log10_p:
        return best
    return found._replace(log10_p=log10_p, settled=found.settled and log10_p < SETTLED_LOG10_P)


def burst_starts(epochs: Sequence[float], gaps: Sequence[float], scale: float) -> list[float]:
    """The first contacts after silences longer than scale (seconds).

    >>> burst_starts([0, 1, 2, 60, 61], [1, 1, 58, 1], 20)
    [0, 60]
    """
    return [epochs[0]] + [epoch for epoch, gap in zip(epochs[1:], gaps) if gap > scale]
