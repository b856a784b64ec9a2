"""What chance does: every model that evidence is tested against, and the bounds on its tails."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from math import erf, exp, lgamma, log, log10, pi, sqrt
from typing import NamedTuple

from .series import one_per_bin

# Natural logarithms in a decimal one.
LN10 = log(10)
# People return daily: the start of a habit scatters by 90 minutes, that of a punctual one
# by somewhat less (seconds; standard deviation). From ten hours on, gaps may be such a habit's.
HABIT_SPREAD, HABIT_MIN_PERIOD = 4_300.0, 36_000.0
# A person's starts a second at the most usual time; gaps lie between two such starts.
HABIT_START_DENSITY = 1 / (HABIT_SPREAD * sqrt(2 * pi))
HABIT_GAP_DENSITY = HABIT_START_DENSITY / sqrt(2)
# How finely, and how far out, a habit's starts are summed up (standard deviations).
RANGE_STEP, RANGE_ENDS = 0.1, 5
# No chance is nil: a window of no width still has this rate.
TINY = 1e-12
# The step (seconds) of stamps with fractions.
FINEST = 0.001
# Bins (seconds) whose first contacts a row may hold without saying so, how near to one a period
# must be to owe itself to it, and how many contacts are looked at.
BINS = (10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600)
BIN_NEAR, BIN_SAMPLE = 0.34, 64
# The lower quartile of an exponential distribution of mean 1: -ln(3/4).
BIN_QUARTILE = 0.288
# A contact every ten seconds, day and night, is the most that bins are thought to hide: what starts
# nearer to the full minute is a crontab's.
BIN_DENSEST = 0.1
# The coarsest step (seconds) to which stamps are cut where the bins are told.
TOLD_STEP = 600


class Stamps(NamedTuple):
    """How contacts were stamped: to a step (seconds; 0 with fractions), and the widths of the bins
    (seconds) whose first contacts they may be."""

    step: float = 1
    bins: Sequence[float] = BINS


@lru_cache(maxsize=256)
def stamps(resolution: int, width: float) -> Stamps:
    """How contacts were stamped, in bins of a told width (seconds) or of any.

    Where the row tells its bins there are no others, and their first contacts keep their own
    stamps: what lies on the hour is there by choice.

    >>> stamps(3600, 60), stamps(60, 0).step
    (Stamps(step=600, bins=(60,)), 60)
    """
    return Stamps(min(resolution, TOLD_STEP), (width,)) if width else Stamps(resolution)


def widest_bin(epochs: Sequence[float], told: float) -> float:
    """The bins (seconds) whose first contacts these are: the told ones, or the widest possible.

    >>> widest_bin([5, 70, 130], 0), widest_bin([5, 70, 130], 1)
    (60, 1)
    """
    return told or max((size for size in BINS if one_per_bin(epochs, size)), default=0)


def log10_tail(hits: int, trials: int, rate: float) -> float:
    """Upper bound of log10 P(at least hits of trials), each a hit at most at this rate.

    Chernoff's bound -n KL(K/n || p), which holds for unequal rates too if rate is their mean
    (Hoeffding 1963). Nothing is known (0) where no more came than was to be expected.

    >>> round(log10_tail(10, 10, 0.1), 3), log10_tail(1, 10, 0.1)
    (-10.0, 0.0)
    """
    if hits <= rate * trials:
        return 0.0
    if hits >= trials:
        return trials * log(rate) / LN10
    share = hits / trials
    nats = share * log(share / rate) + (1 - share) * log((1 - share) / (1 - rate))
    return -trials * nats / LN10


def log_ways(count: int, drawn: int) -> float:
    """Natural logarithm of the number of ways to draw some of so many.

    >>> round(log_ways(7, 3) - log(35), 9)
    0.0
    """
    return lgamma(count + 1) - lgamma(drawn + 1) - lgamma(count - drawn + 1)


def even_rate(ratio: float) -> float:
    """Share of the gaps around a window whose ends have this ratio that chance puts into it.

    The gaps are drawn evenly up to some length, which is steadier than a Poisson process and than
    people are. Of those within a factor of two around the window at most this share lies in it.

    >>> round(even_rate(1.5), 3)
    0.5
    """
    return (2 * ratio - 2) / (2 * ratio - 1) + TINY


def habit_rate(period: float, width: float) -> float:
    """Chance that a daily habit puts a gap into a window about the period (both in seconds).

    >>> habit_rate(600, 100), round(habit_rate(86_400, 600), 2)
    (0.0, 0.04)
    """
    return 1 - exp(-HABIT_GAP_DENSITY * width) if period >= HABIT_MIN_PERIOD else 0.0


def log10_habit_range(count: int, width: float) -> float:
    """log10 of the chance that so many starts of a daily habit all lie within a width (seconds).

    That of the range of normal variates, n times the integral of f (F(x + w) - F(x))^(n - 1).

    >>> round(log10_habit_range(3, 240), 1), log10_habit_range(14, 86_400)
    (-3.1, 0.0)
    """
    wide = width / HABIT_SPREAD
    step = RANGE_STEP
    total = 0.0
    for at in range(int(-(RANGE_ENDS + wide) / step), int(RANGE_ENDS / step) + 1):
        low = at * step
        inside = (erf((low + wide) / sqrt(2)) - erf(low / sqrt(2))) / 2
        total += exp(-low * low / 2) * inside ** (count - 1)
    return min(0.0, log10(count * step * total / sqrt(2 * pi) + TINY**20))


def bins_rate(epochs: Sequence[float], stamps: Stamps, period: float, width: float) -> float:
    """Chance that steady contacts without a schedule, seen as the first of each bin, fit.

    Their offsets from the start of the bin tell how many there are: the next bin is then
    occupied, and its first contact lies within the window (width in seconds), at this rate.
    It is 0 where the period is no bin, or some bin holds two contacts.

    >>> every_hour = [hour * 3600 + 40 * (hour % 3) for hour in range(24)]
    >>> bins_rate(every_hour, Stamps(), 3600, 160) > 0.5, bins_rate(every_hour, Stamps(), 6000, 160)
    (True, 0.0)
    """
    size = _nearest(stamps.bins, period)
    sample = epochs[:BIN_SAMPLE]
    if abs(period - size) > BIN_NEAR * size or not one_per_bin(sample, size):
        return 0.0
    step = max(1, len(epochs) // BIN_SAMPLE)
    offsets = sorted([epoch % size for epoch in epochs[::step]])
    density = min(BIN_DENSEST, _density(offsets, stamps.step))
    if abs(period - size) > width + 2 / density:
        return 0.0
    return (1 - exp(-density * size)) * (1 - exp(-density * width / 2))


def _nearest(sizes: Sequence[float], period: float) -> float:
    at = bisect_left(sizes, period)
    if 0 < at < len(sizes) and sizes[at] - period >= period - sizes[at - 1]:
        at -= 1
    return sizes[min(at, len(sizes) - 1)]


def _density(offsets: list[float], step: float) -> float:
    """Contacts a second that put the first of a bin so soon after its start.

    Where all lie within the first step of the clock, half a step tells as much as can be told.
    """
    first_step = bisect_left(offsets, step)
    if first_step == len(offsets):
        return 2 * BIN_QUARTILE / (step or FINEST)
    if 4 * first_step > len(offsets):
        return -log(1 - first_step / len(offsets)) / step
    return BIN_QUARTILE / max(FINEST, offsets[len(offsets) // 4])


def log10_rayleigh(count: int, resultant: float) -> float:
    """log10 of Rayleigh's p, with the first correction for few contacts (Mardia and Jupp).

    The null is contacts at any phase; the resultant is 0 for even phases and 1 for equal ones.

    >>> log10_rayleigh(30, 0.0), log10_rayleigh(30, 0.9) < -9
    (0.0, True)
    """
    power = count * resultant**2
    correction = 1 + (2 * power - power**2) / (4 * count)
    return -power / LN10 + (log10(correction) if 0 < correction < 1 else 0.0)
