"""Evidence C: contacts that keep to a beat of the clock, under noise that hides the gaps.

The null is contacts at any phase of the beat; bursts count once, since their contacts come
together whatever the clock says.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, log, log10, pi, sin
from typing import NamedTuple

from .binning import one_a_bin
from .chance import LN10
from .interval import burst_starts
from .weights import CLOCK_BEATS, CLOCK_CONTACTS, CLOCK_MOST, LONGER_SHARE, PHASE_STEPS

LOOKS = log10(len(CLOCK_BEATS))


class Alignment(NamedTuple):
    """A beat of the clock: 1 means that all contacts have its phase.

    strength is the resultant of the phases (the share of contacts that keep to the beat, if
    the rest is spread evenly), period in seconds, hits that share in contacts, of so many.
    """

    strength: float
    log10_p: float
    period: float
    hits: int
    contacts: int


NOTHING = Alignment(0.0, 0.0, 0.0, 0, 0)


def evidence(epochs: Sequence[float], gaps: Sequence[float], resolution: int) -> Alignment:
    """The best beat of the clock, by Rayleigh's test of the phases.

    >>> noisy = sorted([i * 600 for i in range(60)] + [i * i * 7 for i in range(70)])
    >>> found = evidence(noisy, [b - a for a, b in zip(noisy, noisy[1:])], 1)
    >>> found.period, found.log10_p < -6  # the longest beat that explains it
    (600, True)
    """
    best, rarest = NOTHING, 0.0
    for period in CLOCK_BEATS:
        beats = (epochs[-1] - epochs[0]) / period
        if period < PHASE_STEPS * resolution or not CLOCK_CONTACTS <= beats <= 2 * len(epochs):
            continue
        # Where no beat holds two contacts they may be the first of time bins.
        if one_a_bin(epochs, period):
            continue
        starts = burst_starts(epochs, gaps, period / PHASE_STEPS)[:CLOCK_MOST]
        count = len(starts)
        if count < CLOCK_CONTACTS:
            continue
        turn = 2 * pi / period
        phases = [start % period * turn for start in starts]
        resultant = hypot(sum(map(cos, phases)), sum(map(sin, phases))) / count
        log10_p = min(0.0, _rayleigh(count, resultant) + LOOKS)
        # Contacts that keep to ten minutes keep to five as well: the longer beat says more.
        if log10_p < LONGER_SHARE * rarest:
            rarest = min(log10_p, rarest)
            best = Alignment(resultant, log10_p, period, round(resultant * count), count)
    return best


def _rayleigh(count: int, resultant: float) -> float:
    """log10 of Rayleigh's p, with the first correction for few contacts (Mardia and Jupp)."""
    power = count * resultant**2
    correction = 1 + (2 * power - power**2) / (4 * count)
    return -power / LN10 + (log(correction) / LN10 if 0 < correction < 1 else 0.0)
