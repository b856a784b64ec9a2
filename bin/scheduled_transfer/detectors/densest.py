"""The densest window of gaps, against what a sender without a schedule would put into one.

Such a sender's pauses scatter smoothly around any length: windows that hold several shares of
the gaps, each as narrow as can be, are compared with that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import log10
from operator import mul, truediv
from typing import NamedTuple

from ..nulls import FINEST, Stamps, bins_rate, even_rate, habit_rate, log10_tail
from . import INTERVAL, Evidence

# Shares of the gaps that the window must hold: all; all but stragglers; a clear majority; half
# (every second contact lost or split); a third (two schedules in one another, or much noise).
SHARES = (1.0, 0.9, 0.7, 0.5, 0.35)
# Three gaps are the least that can agree; what chance brings once in ten looks is left alone.
FEWEST_GAPS, USUAL_LOG10_P = 3, -1.0
# A period shorter than a few silences takes its steadiness from them; one of a single step of the
# clock says no more than that every step was active.
PERIODS_PER_BURST, STEPS_PER_PERIOD = 3, 1.5
# Gaps within this factor of the window are those that chance may have put into it; beyond a ratio
# of five between its ends no interval is fixed.
ZONE, WIDEST = 2.0, 5.0
# Missed transfers are looked for up to this many periods; beyond it anything fits.
FOLDS = 6
# How far from whole periods such a gap may lie, in widths of the window (every period adds its
# own jitter), and the widest window for which whole periods still mean something.
FOLD_TOLERANCE, FOLD_WIDTH = 1.5, 0.2
# What is about half a period, or more, from its neighbour is a transfer of its own and no burst.
HALF = 0.4
# Retries have a period too, of a few contacts at a time: a schedule goes on for more of them
# between its silences, or covers more of the time.
SHORTEST_RUN, LEAST_COVER = 6, 0.05
# An interval this good ends the search: chance under 1 in 10^3, nine in ten gaps on time, and
# either middle quarter of them no more than twelve times narrower than the whole window.
SETTLED_LOG10_P, SETTLED_SHARE, SETTLED_SPREAD = -3.0, 0.9, 12


class Gaps(NamedTuple):
    """What is searched: the gaps in order (seconds), and the contacts (epochs) they lie between.

    stamps tells how the contacts were stamped, burst the scale (seconds) at which they were taken
    together, lag how many gaps each of these spans, looks what was tried (log10): each look costs
    its share of the certainty.
    """

    ordered: Sequence[float]
    epochs: Sequence[float]
    stamps: Stamps
    looks: float
    burst: float = 0.0
    lag: int = 1

    def shortest_period(self) -> float:
        """What a period must be to owe nothing to bursts, nor to a single step of the clock."""
        return max(PERIODS_PER_BURST * self.burst, STEPS_PER_PERIOD * self.stamps.step)

    def correction(self) -> float:
        """log10 of the windows tried: one can start at every gap."""
        return log10(len(self.ordered)) + self.looks


def search(gaps: Gaps, worst: float = 0.0) -> Evidence | None:
    """The window of gaps that chance explains worst, over several shares of all gaps.

    Windows that cannot have a smaller log10 p than `worst` are left out.
    """
    ordered, best, shortest = gaps.ordered, None, gaps.shortest_period()
    looks = _looks(len(ordered), gaps.looks)
    if _none_is_narrow(ordered, looks):
        return None
    for size, widest in looks:
        ratios = list(map(truediv, ordered[size - 1 :], ordered))
        ratio = min(ratios)
        start = ratios.index(ratio)
        if ratio > widest or ordered[start] < shortest:
            continue
        least = best.log10_p if best else 0.0
        if _cannot_beat(min(worst, least), gaps, size, ratio, best):
            continue
        found = _judge(gaps, ordered[start], ordered[start + size - 1], least)
        best = found or best
        if found and found.settled and _even(ordered, ratio):
            break
    return best


def _none_is_narrow(ordered: Sequence[float], looks: Sequence[tuple[int, float]]) -> bool:
    """Whether no window is unusual: one of more gaps is no narrower than the narrowest of fewer."""
    least = 0.0
    for size, widest in reversed(looks):
        if least <= widest:
            least = min(map(truediv, ordered[size - 1 :], ordered))
            if least <= widest:
                return False
    return True


@lru_cache(maxsize=1024)
def _looks(count: int, looks: float) -> tuple[tuple[int, float], ...]:
    """How many of the gaps each window is to hold, and the ratio of its ends up to which that
    is unusual: chance brings the rest often enough."""
    if count < FEWEST_GAPS:
        return ()
    sizes = sorted({-int(-share * count // 1) for share in SHARES}, reverse=True)
    return tuple((size, _widest(size, count, looks)) for size in sizes if size > 1)


def _widest(size: int, count: int, looks: float) -> float:
    rate = 10 ** ((USUAL_LOG10_P - looks - log10(count)) / size)
    return min(WIDEST, 1 + rate / (2 * (1 - rate)))


def _cannot_beat(worst: float, gaps: Gaps, size: int, ratio: float, best: Evidence | None) -> bool:
    """Whether no window of this ratio has a smaller log10 p, if it held all gaps or, where one
    has nearly all of them already, its own."""
    count = len(gaps.ordered)
    most = size if best and best.hits > SETTLED_SHARE * count else count
    at_best = most * log10(even_rate(ratio)) + gaps.correction()
    return worst < USUAL_LOG10_P and at_best >= worst


def _even(ordered: Sequence[float], ratio: float) -> bool:
    """Whether the gaps are spread so evenly that no narrower window hides in one of this ratio.

    Both middle quarters of them are compared with it.
    """
    quarter = len(ordered) // 4
    low, middle, high = ordered[quarter], ordered[len(ordered) // 2], ordered[-1 - quarter]
    return SETTLED_SPREAD * (min(middle / low, high / middle) - 1) >= ratio - 1


class Counts(NamedTuple):
    """What a window holds: hits among the gaps around it (alone), folded ones of several periods,
    the transfers missed in these, and the gaps that could have been either (trials)."""

    hits: int
    alone: int
    folded: int
    missed: int
    trials: int

    def log10_p(self, width: float, rate: float) -> float:
        """log10 p of the hits alone, or of these and the folded ones, if that is less."""
        log10_p = log10_tail(self.hits, self.alone, rate)
        if not self.folded:
            return log10_p
        # The folded gaps of every number of periods have a window of their own.
        fold_rate = max(rate, 2.5 * FOLD_TOLERANCE * width)
        return min(log10_p, log10_tail(self.hits + self.folded, self.trials, fold_rate))


def _judge(gaps: Gaps, low: float, high: float, worst: float) -> Evidence | None:
    """What chance would have put into the window from one length of gaps to another (seconds)."""
    ordered = gaps.ordered
    first, last = bisect_left(ordered, low), bisect_right(ordered, high)
    period = sum(ordered[first:last]) / (last - first)
    # The step of the clock may have brought the ends together.
    ratio = high / low * (1 + (gaps.stamps.step or FINEST) / period)
    outside = last < len(ordered)
    if ratio > WIDEST or (outside and _inside_bursts(ordered, last - first, period)):
        return None
    width = ratio - 1
    counts = _counts(ordered, first, last, period, width)
    # The null that costs least comes first: no other makes the window rarer.
    log10_p = counts.log10_p(width, even_rate(ratio)) + gaps.correction()
    if log10_p < worst:
        log10_p = counts.log10_p(width, _rate(gaps, period, ratio)) + gaps.correction()
    if log10_p >= worst:
        return None
    return _window(gaps, counts, low, log10_p, period, min(1.0, (high - low) / 2 / period))


def _window(
    gaps: Gaps, counts: Counts, low: float, log10_p: float, period: float, jitter: float
) -> Evidence:
    """The window in terms of transfers: each missed one is a lack, and so is each silence and each
    contact between two; one that comes hardly too late is none."""
    count, hits = len(gaps.ordered), counts.hits + counts.folded
    silences = count - counts.trials
    lacks = counts.missed + silences - bisect_left(gaps.ordered, low * HALF)
    settled = (
        log10_p < SETTLED_LOG10_P
        and hits > SETTLED_SHARE * counts.trials
        and counts.trials > SETTLED_SHARE * count
    )
    strength = min(1.0, hits / (counts.trials + lacks) * (1 - jitter / 2))
    counted = (strength, log10_p, period, jitter, hits + 1, hits, counts.trials, gaps.lag)
    return Evidence(INTERVAL, *counted, bool(silences or counts.folded), settled)


def _counts(ordered: Sequence[float], first: int, last: int, period: float, width: float) -> Counts:
    """How many gaps the window, from one place to another, holds, and whole periods around it."""
    below = bisect_left(ordered, ordered[first] / ZONE)
    trials = bisect_right(ordered, ordered[last - 1] * ZONE) - below
    hits = last - first
    if last == len(ordered) or width >= FOLD_WIDTH:
        return Counts(hits, trials, 0, 0, trials)
    folded, missed, beyond = _folded(ordered, last, period, FOLD_TOLERANCE * width)
    return Counts(hits, trials, folded, missed, last + beyond - below)


def _folded(
    ordered: Sequence[float], last: int, period: float, tolerance: float
) -> tuple[int, int, int]:
    """Gaps of whole periods, the transfers missed in them, and the gaps that could be such."""
    most = min(FOLDS, round(ordered[-1] / period))
    counts = [
        bisect_right(ordered, (periods + tolerance) * period, last)
        - bisect_left(ordered, (periods - tolerance) * period, last)
        for periods in range(2, most + 1)
    ]
    missed = sum(map(mul, counts, range(1, FOLDS)))
    return sum(counts), missed, bisect_right(ordered, (FOLDS + 0.5) * period, last) - last


def _rate(gaps: Gaps, period: float, ratio: float) -> float:
    """Chance that a gap falls into a window of this ratio: of even gaps, of those that bins
    make, or of a habit, whichever is the highest."""
    width = (ratio - 1) * period
    of_bins = bins_rate(gaps.epochs, gaps.stamps, period / gaps.lag, width)
    return max(even_rate(ratio), of_bins, habit_rate(period, width))


def _inside_bursts(ordered: Sequence[float], hits: int, period: float) -> bool:
    """Whether the period only fills short bursts between silences: retries, not a schedule."""
    silences = len(ordered) - bisect_right(ordered, (FOLDS + 0.5) * period)
    return hits < SHORTEST_RUN * silences and hits * period < LEAST_COVER * sum(ordered)
