"""No pause longer than some length: a timer that cuts its pauses, or moves its starts, at random.

Pauses that vary by more than half fix no interval, yet they end where the timer says. Those of
people and of chance now and then last much longer than usual.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, log10
from operator import sub

from ..fields import Known
from ..nulls import TINY, log10_tail, widest_bin
from ..series import DAY, Series, burst_starts
from . import INTERVAL, Evidence, better

# Shares of the gaps below the ceiling: all, or all but outages.
SHARES = (1.0, 0.98)
# So many gaps at least, of half a day (seconds) on average at most.
FEWEST_GAPS, LONGEST = 30, DAY / 2
# Contacts that follow within these silences (seconds) are one transfer, where that and the time
# bins are much shorter than the gaps: a silence makes what is left of them more even.
BURST_SCALES, SHORT = (0, 20, 300), 12
# A ceiling of more than this many mean gaps is none.
HIGHEST = 3.0
# The beat has half of the place among the detectors.
LOOKS = log10(2 * len(SHARES) * len(BURST_SCALES))


def detect(series: Series, known: Known) -> Evidence | None:
    """The lowest ceiling of the gaps, against gaps four times as even as chance.

    >>> starts = [600 * n + n * n * 7919 % 600 for n in range(300)]
    >>> found = detect(Series(starts, list(map(sub, starts[1:], starts)), [], [], 1), Known(bin=1))
    >>> round(found.period, -1), found.log10_p < -3
    (600.0, True)
    """
    if len(series.gaps) < FEWEST_GAPS:
        return None
    ordered, best, step = sorted(series.gaps), None, 0
    for scale in BURST_SCALES:
        count = len(ordered) - bisect_right(ordered, scale)
        if count < FEWEST_GAPS or (scale and count == len(ordered)):
            continue
        mean = series.span / count
        if not scale * SHORT <= mean <= LONGEST:
            continue
        if ordered[int(SHARES[-1] * len(ordered)) - 1] > HIGHEST * mean:
            continue
        step = step or max(series.resolution, widest_bin(series.epochs, known.bin))
        if step * SHORT > mean:
            break
        starts = burst_starts(series.epochs, series.gaps, scale)
        gaps = sorted(map(sub, starts[1:], starts))
        for share in SHARES:
            best = better(best, _below(gaps, int(share * count)))
    return best


def _below(gaps: Sequence[float], count: int) -> Evidence | None:
    """So many of the gaps, which are in order, below the longest of them."""
    high, low = gaps[count - 1], gaps[len(gaps) - count]
    mean = sum(gaps[:count]) / count
    if high > HIGHEST * mean:
        return None
    log10_p = log10_tail(count, len(gaps), 1 - _longer(high / mean)) + LOOKS
    if log10_p >= 0:
        return None
    jitter = min(1.0, (high - low) / 2 / mean)
    counted = (count / len(gaps) * (1 - jitter / 2), log10_p, mean, jitter, count + 1, count)
    return Evidence(INTERVAL, *counted, len(gaps), pauses=count < len(gaps))


def _longer(ratio: float) -> float:
    """Chance that a gap is longer than so many mean ones: a gamma distribution of shape 4.

    >>> round(_longer(1.82), 3)
    0.068
    """
    x = 4 * ratio
    return exp(-x) * (1 + x + x * x / 2 + x**3 / 6) + TINY
