"""Contacts that keep to a beat, under noise or another schedule that hides the gaps.

The null is contacts at any phase of the beat; bursts count once, since their contacts come
together at any time. A beat is judged in stretches, so that it may drift.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from math import cos, hypot, inf, log, log10, pi, sin
from operator import sub

from ..fields import Known
from ..nulls import LN10
from ..series import Series, burst_starts, one_per_bin
from . import CLOCK, Evidence

# A beat is seen from this many contacts, over as many beats, half of them kept or more; a thousand
# contacts are enough.
FEWEST_CONTACTS, MOST_CONTACTS = 30, 1_000
# Contacts closer than this part of the beat come together, and a clock that is coarser than that
# part shows no phase.
PHASE_STEPS = 4
# Beats that people set for machines (seconds): crontabs and task schedulers divide the hour.
# People meet at half and full hours, and keep hours: a longer beat is theirs.
ROUND, SOCIAL, LONGEST = (60, 300, 600, 900, 1_200), (1_800, 3_600), 10_800
# Contacts of one schedule lie one period apart, with some of another between them: the lengths of
# time (as powers of this ratio) that lie between more contacts, of so many, than their neighbours.
RATIO, LAGS, NEIGHBOURS, PEAK, MOST_PEAKS, SAMPLE = 1.04, 12, 5, 4, 3, 400
# So many beats are judged together, and the period is looked for in steps of this share; a beat of
# the clock does not drift, and is judged as a whole.
STRETCH, STEP = 50, 0.005
# A beat that is longer by this ratio is named if its log10 p is at least this share of a shorter
# one's.
LONGER, LONGER_SHARE = 1.1, 0.5
# Half of the looks are for the round beats; the rest are for the periods that can be told apart
# in a stretch, from seconds to hours. The ceiling has half of the place among the detectors.
ROUND_LOOKS, LOOKS = log10(2 * 2 * len(ROUND)), log10(2 * 2 * 2 * STRETCH * log(1_000))


def detect(series: Series, known: Known) -> Evidence | None:
    """The beat that chance explains worst, by Rayleigh's test of the phases in each stretch.

    The strength is the mean resultant of the phases: the share of contacts that keep to the beat,
    if the rest is spread evenly.

    >>> noisy = sorted([i * 600 for i in range(60)] + [i * i * 7 for i in range(70)])
    >>> gaps = [b - a for a, b in zip(noisy, noisy[1:])]
    >>> found = detect(Series(noisy, gaps, [], [], 1), Known())
    >>> round(found.period), found.log10_p < -3  # the longest beat that explains it
    (600, True)
    """
    if len(series.epochs) < FEWEST_CONTACTS:
        return None
    step, best = max(series.resolution, known.bin), None
    asked = [(float(period), [float(period)], inf, ROUND_LOOKS) for period in ROUND]
    asked += [(peak, _around(peak), STRETCH, LOOKS) for peak in _peaks(series.epochs)]
    for beat, periods, stretch, looks in sorted(asked):
        if beat < PHASE_STEPS * step or not _is_seen(series, beat):
            continue
        starts = burst_starts(series.epochs, series.gaps, beat / PHASE_STEPS)[:MOST_CONTACTS]
        for period in periods if len(starts) >= FEWEST_CONTACTS else ():
            found = _judge(starts, period, stretch, looks)
            # Contacts that keep to ten minutes keep to five as well: the longer beat says more.
            share = LONGER_SHARE if best and period > LONGER * best.period else 1
            if found and (best is None or found.log10_p < best.log10_p * share):
                best = found
    return best


def _peaks(epochs: Sequence[float]) -> list[float]:
    """Lengths of time (seconds) that lie between unusually many contacts."""
    taken = epochs[:SAMPLE]
    apart = chain.from_iterable(map(sub, taken[lag:], taken) for lag in range(1, LAGS + 1))
    scale = 1 / log(RATIO)
    some = [length for length in apart if PHASE_STEPS <= length <= LONGEST]
    counts = Counter([int(log(length) * scale) for length in some])
    ranked = []
    for at, count in counts.items():
        pair = count + max(counts[at - 1], counts[at + 1])
        near = [counts[at + way * far] for way in (-1, 1) for far in range(2, 2 + NEIGHBOURS)]
        usual = 2 * sum(near) / len(near)
        height = (pair - usual) / (usual + 1) ** 0.5
        if height > PEAK:
            ranked.append((height, RATIO ** (at + 0.5)))
    return [length for _, length in sorted(ranked, reverse=True)[:MOST_PEAKS]]


def _around(peak: float) -> list[float]:
    """Periods (seconds) about a peak; those at which people meet are left out."""
    if any(abs(peak / social - 1) < RATIO - 1 for social in SOCIAL):
        return []
    steps = range(-8, 9)
    return [peak * (1 + step * STEP) for step in steps]


def _is_seen(series: Series, period: float) -> bool:
    """Whether the contacts last for enough beats, and keep enough of them.

    Where no beat holds two contacts they may be the first of time bins.
    """
    beats, contacts = series.span / period, len(series.epochs)
    if not FEWEST_CONTACTS <= beats <= 2 * contacts:
        return False
    return not one_per_bin(series.epochs, period)


def _judge(starts: Sequence[float], period: float, stretch: float, looks: float) -> Evidence | None:
    """Rayleigh's powers of stretches of so many beats: where phases are even their sum has a gamma
    distribution, whose tail is bounded as Chernoff does."""
    turn = 2 * pi / period
    phases = [start % period * turn for start in starts]
    ends = [0]
    while ends[-1] < len(starts):
        ends.append(bisect_left(starts, starts[ends[-1]] + stretch * period))
    power = kept = 0.0
    for first, last in zip(ends, ends[1:]):
        part = phases[first:last]
        length = hypot(sum(map(cos, part)), sum(map(sin, part)))
        power += length * length / (last - first)
        kept += length
    parts = len(ends) - 1
    log10_p = looks - (power - parts - parts * log(power / parts)) / LN10
    if power <= parts or log10_p >= 0:
        return None
    hits = round(kept)
    return Evidence(CLOCK, kept / len(starts), log10_p, period, 0.0, hits, hits, len(starts))
