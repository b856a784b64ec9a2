"""Evidence A: contacts at a fixed interval, with jitter, missed beats, bursts and silences.

The null is a sender without a schedule whose pauses scatter smoothly around any length: the
densest window of gaps is compared with what such a sender puts into a window of that width.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import exp, log10, pi, sqrt
from operator import mul, sub, truediv
from typing import NamedTuple

from . import binning
from .binning import Clock
from .chance import log10_tail
from .named import new
from .weights import (
    BURST_SCALES,
    EVEN_SAMPLE,
    FEWEST_GAPS,
    FINEST,
    FOLD_TOLERANCE,
    FOLD_WIDTH,
    FOLDS,
    HABIT_MIN_PERIOD,
    HABIT_SPREAD,
    HALF,
    INTERLEAVED_LOG10_P,
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
    best = _densest(epochs, ordered, clock, 0.0)
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
    if high > WIDEST * low:
        return NOTHING
    sample = sorted([low, *gaps[:: len(gaps) // EVEN_SAMPLE], high])
    found = _whole(epochs, sample, (epochs[-1] - epochs[0], len(gaps)), clock)
    return found if found.settled and _even(sample, high / low) else NOTHING


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
            found = _densest(begun, between, clock, scale, worst=best.log10_p)
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
    found = _densest(epochs, spans, clock, 0.0, lag, (best.log10_p - shared) * lag)
    log10_p = found.log10_p / lag + shared
    if log10_p >= best.log10_p:
        return best
    return found._replace(log10_p=log10_p, settled=found.settled and log10_p < SETTLED_LOG10_P)


def _even(ordered: list[float], ratio: float) -> bool:
    """Whether both middle quarters of the gaps are spread as a window of them with this ratio of
    its ends: no narrower one hides."""
    quarter = len(ordered) // 4
    low, middle, high = ordered[quarter], ordered[len(ordered) // 2], ordered[-1 - quarter]
    return SETTLED_SPREAD * (min(middle / low, high / middle) - 1) >= ratio - 1


def burst_starts(epochs: Sequence[float], gaps: Sequence[float], scale: float) -> list[float]:
    """The first contacts after silences longer than scale (seconds).

    >>> burst_starts([0, 1, 2, 60, 61], [1, 1, 58, 1], 20)
    [0, 60]
    """
    return [epochs[0]] + [epoch for epoch, gap in zip(epochs[1:], gaps) if gap > scale]


def _densest(
    epochs: Sequence[float],
    ordered: list[float],
    clock: Clock,
    burst: float,
    lag: int = 1,
    worst: float = 0.0,
) -> Interval:
    """The window of gaps that chance explains worst, over several shares of all gaps.

    Windows that cannot have a smaller log10 p than `worst` are left out.
    """
    count = len(ordered)
    looks = _looks(count)
    if not looks:
        return NOTHING
    best, ratio = NOTHING, ordered[-1] / ordered[0]
    if ratio <= looks[0][1]:
        best = _whole(epochs, ordered, (sum(ordered), count), clock, burst, lag, worst)
        if best.settled and _even(ordered, ratio):
            return best
        worst = min(worst, best.log10_p)
    for size, widest in looks[1:]:
        ratios = list(map(truediv, ordered[size - 1 :], ordered))
        ratio = min(ratios)
        if ratio > widest or (worst < USUAL_LOG10_P and _at_best(count, count, ratio) >= worst):
            continue
        if best.hits > SETTLED_SHARE * count and _at_best(size, count, ratio) > worst:
            continue
        start = ratios.index(ratio)
        low = ordered[start]
        if low < PERIODS_PER_BURST * burst or low < STEPS_PER_PERIOD * clock.step:
            continue
        window = low, ordered[start + size - 1]
        found = _judge(epochs, ordered, window, clock, burst, lag, worst)
        if found.log10_p < worst:
            best, worst = found, found.log10_p
            if best.settled and _even(ordered, ratio):
                break
    return best


def _whole(
    epochs: Sequence[float],
    ordered: list[float],
    counted: tuple[float, int],
    clock: Clock,
    burst: float = 0.0,
    lag: int = 1,
    worst: float = 0.0,
) -> Interval:
    """What chance would have put into a window that holds all gaps, told by their sum and number
    and by the ends of the ordered.

    NOTHING where its log10 p would not be under `worst`.
    """
    low, high, (total, count) = ordered[0], ordered[-1], counted
    if low < PERIODS_PER_BURST * burst or low < STEPS_PER_PERIOD * clock.step:
        return NOTHING
    period = total / count
    ratio = high / low * (1 + (clock.step or FINEST) / period)
    if ratio > WIDEST:
        return NOTHING
    rate = _rate(epochs, clock, period, lag, ratio)
    log10_p = log10_tail(count, count, rate) + log10(count) + LOOKS
    if log10_p >= worst:
        return NOTHING
    jitter = min(1.0, (high - low) / 2 / period)
    settled = log10_p < SETTLED_LOG10_P
    found = 1 - jitter / 2, log10_p, period, jitter, count, count, 0, 0, burst, lag, settled
    return new(Interval, found)


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


def _judge(
    epochs: Sequence[float],
    ordered: list[float],
    window: tuple[float, float],
    clock: Clock,
    burst: float,
    lag: int,
    worst: float,
) -> Interval:
    """What chance would have put into the window from one length of gaps to another.

    NOTHING where its log10 p would not be under `worst`.
    """
    low, high = window
    first, last, count = bisect_left(ordered, low), bisect_right(ordered, high), len(ordered)
    hits = last - first
    period = sum(ordered[first:last]) / hits
    ratio = high / low * (1 + (clock.step or FINEST) / period)
    if ratio > WIDEST or (last < count and _inside_bursts(ordered, hits, period)):
        return NOTHING
    width, even, looks = ratio - 1, _even_rate(ratio), log10(count) + LOOKS
    below = bisect_left(ordered, low / ZONE)
    alone = trials = bisect_right(ordered, high * ZONE) - below
    folded = missed = 0
    if last < count and width < FOLD_WIDTH:
        folded, missed, beyond = _folded(ordered, last, period, FOLD_TOLERANCE * width)
        trials = last + beyond - below
    fold_rate = 2.5 * FOLD_TOLERANCE * width
    log10_p = _log10_p(hits, alone, folded, trials, fold_rate, even) + looks
    if log10_p >= worst:
        return NOTHING
    rate = _rate(epochs, clock, period, lag, ratio)
    if rate > even:
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
    found = strength, log10_p, period, jitter, hits, trials, folded, silences, burst, lag, settled
    return new(Interval, found)


def _rate(epochs: Sequence[float], clock: Clock, period: float, lag: int, ratio: float) -> float:
    """Chance that a pause falls into a window of this ratio: of even pauses, of those that bins
    make, or of a habit, whichever is the highest."""
    width = ratio - 1
    rate = binning.rate(epochs, clock, period / lag, width * period, _even_rate(ratio))
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
