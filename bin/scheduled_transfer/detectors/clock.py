"""Contacts that keep to a beat of the clock, under noise that hides the gaps.

The null is contacts at any phase of the beat; bursts count once, since their contacts come
together at any time.
"""

from __future__ import annotations

from math import cos, hypot, log10, pi, sin

from ..fields import Known
from ..nulls import log10_rayleigh
from ..series import Series, burst_starts, one_per_bin
from . import CLOCK, Evidence

# Beats that people set for machines (seconds): crontabs and task schedulers divide the hour.
# Half and full hours are left out, since people meet at these themselves.
PERIODS = (60, 300, 600, 900, 1_200)
# A beat is seen from this many contacts, over as many beats, half of them kept or more; a thousand
# contacts are enough.
FEWEST_CONTACTS, MOST_CONTACTS = 30, 1_000
# Contacts closer than this part of the beat come together, and a clock that is coarser than that
# part shows no phase.
PHASE_STEPS = 4
# A longer beat is named if its log10 p is at least this share of a shorter one's.
LONGER_SHARE = 0.5
LOOKS = log10(len(PERIODS))


def detect(series: Series, known: Known) -> Evidence | None:
    """The best beat of the clock, by Rayleigh's test of the phases.

    The strength is the resultant of the phases: the share of contacts that keep to the beat, if
    the rest is spread evenly.

    >>> noisy = sorted([i * 600 for i in range(60)] + [i * i * 7 for i in range(70)])
    >>> gaps = [b - a for a, b in zip(noisy, noisy[1:])]
    >>> found = detect(Series(noisy, gaps, [], [], 1), Known())
    >>> found.period, found.log10_p < -6  # the longest beat that explains it
    (600.0, True)
    """
    if len(series.epochs) < FEWEST_CONTACTS:
        return None
    step, best, rarest = max(series.resolution, known.bin), None, 0.0
    for period in PERIODS:
        if period < PHASE_STEPS * step or not _is_seen(series, period):
            continue
        resultant, count = _resultant(series, period)
        if count < FEWEST_CONTACTS:
            continue
        log10_p = log10_rayleigh(count, resultant) + LOOKS
        # Contacts that keep to ten minutes keep to five as well: the longer beat says more.
        if log10_p < LONGER_SHARE * rarest:
            rarest = min(log10_p, rarest)
            hits = round(resultant * count)
            best = Evidence(CLOCK, resultant, log10_p, float(period), 0.0, hits, hits, count)
    return best


def _is_seen(series: Series, period: float) -> bool:
    """Whether the contacts last for enough beats, and keep enough of them.

    Where no beat holds two contacts they may be the first of time bins.
    """
    beats, contacts = series.span / period, len(series.epochs)
    if not FEWEST_CONTACTS <= beats <= 2 * contacts:
        return False
    return not one_per_bin(series.epochs, period)


def _resultant(series: Series, period: float) -> tuple[float, int]:
    """Length of the mean phase (0 for even phases, 1 for equal ones), and the contacts it is of."""
    starts = burst_starts(series.epochs, series.gaps, period / PHASE_STEPS)[:MOST_CONTACTS]
    turn = 2 * pi / period
    phases = [start % period * turn for start in starts]
    count = len(starts)
    return hypot(sum(map(cos, phases)), sum(map(sin, phases))) / count, count
