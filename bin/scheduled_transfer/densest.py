"""The densest window of gaps, against what a sender without a schedule would put into one.

Such a sender's pauses scatter smoothly around any length: windows that hold several shares of
the gaps, each as narrow as can be, are compared with that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import exp, log10, pi, sqrt
from operator import mul, truediv
from typing import NamedTuple

from . import binning
from .binning import Clock
from .chance import log10_tail
from .named import new
from .weights import (
    BURST_SCALES,
    FEWEST_GAPS,
    FINEST,
    FOLD_TOLERANCE,
    FOLD_WIDTH,
    FOLDS,
    HABIT_MIN_PERIOD,
    HABIT_SPREAD,
    HALF,
    LAGS,
    LEAST_COVER,
    PERIODS_PER_BURST,
    SETTLED_LOG10_P,
    SETTLED_SHARE,
    SETTLED_SPREAD,
    SHARES,
    SHORTEST_RUN,
    STEPS_PER_PERIOD,
    USUAL_LOG10_P,
    WIDEST,
    ZONE,
)

LOOKS = log10(2 * len(SHARES) * (1 + len(BURST_SCALES) + len(LAGS)))
TINY = 1e-12
HABIT_DENSITY = 1 / (HABIT_SPREAD * sqrt(2) * sqrt(2 * pi))


class Interval(NamedTuple):
    """A fixed interval: 1 means that every gap is one period, or whole periods, exactly.

    period is in seconds, jitter is the half-width of the window over the
    period, hits the gaps that fit of all trials, folded those of several periods, silences
    the pauses too long to say anything; burst is the scale at which contacts were taken
    together (seconds), and lag how many schedules of that period stand in one another; settled
    tells that nothing which other looks could find would change the picture.
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
    lag: int = 1
    settled: bool = False


NOTHING = Interval(0.0, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0.0)


class Gaps(NamedTuple):
    """What is searched: the gaps in order (seconds), and the contacts (epochs) they lie between.

    Of a long row the gaps may be a sample, with both ends. clock tells how the contacts were
    stamped, burst the scale (seconds) at which they were taken together, lag how many gaps each
    of these spans.
    """

    ordered: list[float]
    epochs: Sequence[float]
    clock: Clock
    burst: float
    lag: int

    def shortest_period(self) -> float:
        """What a beat must be to owe nothing to bursts, nor to a single step of the clock."""
        return max(PERIODS_PER_BURST * self.burst, STEPS_PER_PERIOD * self.clock.step)

    def ratio(self, low: float, high: float, period: float) -> float:
        """Of a window's ends (seconds), which the clock's step may have brought together."""
        return high / low * (1 + (self.clock.step or FINEST) / period)


def search(gaps: Gaps, worst: float = 0.0) -> Interval:
    """The window of gaps that chance explains worst, over several shares of all gaps.

    Windows that cannot have a smaller log10 p than `worst` are left out.
    """
    ordered, best, count = gaps.ordered, NOTHING, len(gaps.ordered)
    looks = _looks(count)
    if not looks:
        return NOTHING
    ratio = ordered[-1] / ordered[0]
    if ratio <= looks[0][1] and _may_beat(worst, count, ratio):
        best = whole(gaps, sum(ordered), count)
        if best.settled and even(ordered, ratio):
            return best
    shortest = gaps.shortest_period()
    for size, widest in looks[1:]:
        ratios = list(map(truediv, ordered[size - 1 :], ordered))
        ratio = min(ratios)
        if ratio > widest or not _may_beat(min(worst, best.log10_p), count, ratio):
            continue
        if best.hits > SETTLED_SHARE * count and _at_best(size, count, ratio) > best.log10_p:
            continue
        start = ratios.index(ratio)
        if ordered[start] < shortest:
            continue
        found = _judge(gaps, ordered[start], ordered[start + size - 1], best.log10_p)
        if found.log10_p < best.log10_p:
            best = found
            if best.settled and even(ordered, ratio):
                break
    return best


def _may_beat(worst: float, count: int, ratio: float) -> bool:
    """Whether a window of this ratio could have a smaller log10 p, if it held all gaps."""
    return worst >= USUAL_LOG10_P or _at_best(count, count, ratio) < worst


def whole(gaps: Gaps, total: float, count: int) -> Interval:
    """What chance would have put into a window that holds so many gaps, all of this sum (seconds).

    Of the ordered gaps the ends are looked at. NOTHING where chance would do.
    """
    low, high, period = gaps.ordered[0], gaps.ordered[-1], total / count
    ratio = gaps.ratio(low, high, period)
    if low < gaps.shortest_period() or ratio > WIDEST:
        return NOTHING
    log10_p = log10_tail(count, count, _rate(gaps, period, ratio)) + log10(count) + LOOKS
    if log10_p >= 0:
        return NOTHING
    jitter = min(1.0, (high - low) / 2 / period)
    settled, burst, lag = log10_p < SETTLED_LOG10_P, gaps.burst, gaps.lag
    found = 1 - jitter / 2, log10_p, period, jitter, count, count, 0, 0, burst, lag, settled
    return new(Interval, found)


def even(ordered: list[float], ratio: float) -> bool:
    """Whether the gaps are spread so evenly that no narrower window hides in one of this ratio.

    Both middle quarters of them are compared with it.
    """
    quarter = len(ordered) // 4
    low, middle, high = ordered[quarter], ordered[len(ordered) // 2], ordered[-1 - quarter]
    return SETTLED_SPREAD * (min(middle / low, high / middle) - 1) >= ratio - 1


@lru_cache(maxsize=1024)
def _looks(count: int) -> tuple[tuple[int, float], ...]:
    """How many of the gaps each window is to hold, and the ratio of its ends up to which that
    is unusual: chance brings the rest often enough."""
    sizes = sorted({-int(-share * count // 1) for share in SHARES}, reverse=True)
    if count < FEWEST_GAPS:
        return ()
    return tuple((size, _widest(size, count)) for size in sizes if size > 1)


def _at_best(size: int, count: int, ratio: float) -> float:
    """log10 p if all gaps but those of the window were out of the question."""
    return size * log10(_even_rate(ratio)) + log10(count) + LOOKS


def _widest(size: int, count: int) -> float:
    rate = 10 ** ((USUAL_LOG10_P - LOOKS - log10(count)) / size)
    return min(WIDEST, 1 + rate / (2 * (1 - rate)))


def _judge(gaps: Gaps, low: float, high: float, worst: float) -> Interval:
    """What chance would have put into the window from one length of gaps to another (seconds).

    NOTHING where its log10 p would not be under `worst`.
    """
    ordered = gaps.ordered
    first, last, count = bisect_left(ordered, low), bisect_right(ordered, high), len(ordered)
    hits = last - first
    period = sum(ordered[first:last]) / hits
    ratio = gaps.ratio(low, high, period)
    if ratio > WIDEST or (last < count and _inside_bursts(ordered, hits, period)):
        return NOTHING
    width, usual, looks = ratio - 1, _even_rate(ratio), log10(count) + LOOKS
    below = bisect_left(ordered, low / ZONE)
    alone = trials = bisect_right(ordered, high * ZONE) - below
    folded = missed = 0
    if last < count and width < FOLD_WIDTH:
        folded, missed, beyond = _folded(ordered, last, period, FOLD_TOLERANCE * width)
        trials = last + beyond - below
    fold_rate = 2.5 * FOLD_TOLERANCE * width
    log10_p = _log10_p(hits, alone, folded, trials, fold_rate, usual) + looks
    if log10_p >= worst:
        return NOTHING
    rate = _rate(gaps, period, ratio)
    if rate > usual:
        log10_p = _log10_p(hits, alone, folded, trials, fold_rate, rate) + looks
        if log10_p >= worst:
            return NOTHING
    jitter = min(1.0, (high - low) / 2 / period)
    near = _near(ordered, period, FOLD_TOLERANCE * min(width, FOLD_WIDTH))
    # Each missed beat is a lack, and so is each silence and each beat between two; one that comes
    # hardly too late is none.
    silences = count - trials
    lacks = missed + silences - bisect_left(ordered, low * HALF)
    strength = min(1.0, (max(hits, near) + folded) / (trials + lacks) * (1 - jitter / 2))
    settled = (
        log10_p < SETTLED_LOG10_P
        and hits + folded > SETTLED_SHARE * trials
        and trials > SETTLED_SHARE * count
    )
    found = strength, log10_p, period, jitter, hits, trials, folded, silences
    return new(Interval, (*found, gaps.burst, gaps.lag, settled))


def _rate(gaps: Gaps, period: float, ratio: float) -> float:
    """Chance that a pause falls into a window of this ratio: of even pauses, of those that bins
    make, or of a habit, whichever is the highest."""
    width = ratio - 1
    beat = period / gaps.lag
    rate = binning.rate(gaps.epochs, gaps.clock, beat, width * period, _even_rate(ratio))
    if period >= HABIT_MIN_PERIOD:
        rate = max(rate, 1 - exp(-HABIT_DENSITY * period * width))
    return rate


def _log10_p(
    hits: int, alone: int, folded: int, trials: int, fold_rate: float, rate: float
) -> float:
    """log10 p of the hits alone, or of these and the folded among more trials, if that is less."""
    log10_p = log10_tail(hits, alone, rate)
    if folded:
        log10_p = min(log10_p, log10_tail(hits + folded, trials, max(rate, fold_rate)))
    return log10_p


def _even_rate(ratio: float) -> float:
    """Share of the pauses around a window whose ends have this ratio that chance puts into it."""
    return (2 * ratio - 2) / (2 * ratio - 1) + TINY


def _inside_bursts(ordered: list[float], hits: int, period: float) -> bool:
    """Whether the beat only fills short bursts between silences: retries, not a schedule."""
    silences = len(ordered) - bisect_right(ordered, (FOLDS + 0.5) * period)
    return hits < SHORTEST_RUN * silences and hits * period < LEAST_COVER * sum(ordered)


def _near(ordered: list[float], period: float, tolerance: float) -> int:
    """Gaps of nearly one period."""
    low, high = period * (1 - tolerance), period * (1 + tolerance)
    return bisect_right(ordered, high) - bisect_left(ordered, low)


def _folded(
    ordered: list[float], last: int, period: float, tolerance: float
) -> tuple[int, int, int]:
    """Gaps of whole periods, the beats missed in them, and how many gaps could have been such."""
    most = min(FOLDS, round(ordered[-1] / period))
    counts = [
        bisect_right(ordered, (periods + tolerance) * period, last)
        - bisect_left(ordered, (periods - tolerance) * period, last)
        for periods in range(2, most + 1)
    ]
    missed = sum(map(mul, counts, range(1, FOLDS)))
    return sum(counts), missed, bisect_right(ordered, (FOLDS + 0.5) * period, last) - last
