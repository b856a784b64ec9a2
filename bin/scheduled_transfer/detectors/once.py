"""One contact in each hour, day or week, at whatever time in it: counts that are too even.

A schedule that draws its time anew leaves no gap and no time of day to see, but exactly one
transfer each time. People stay away some days, come twice on others, and sleep; what comes by
chance is more uneven still.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from math import log, log10
from operator import sub

from ..active_hours import EVERY_DAY, WEEK_MIN_DAYS, WEEKDAYS, day_of_week
from ..fields import Known
from ..nulls import BINS, LN10, log10_habit_range, log10_tail, stamps
from ..series import DAY, HOUR, Series, bin_runs, burst_starts, one_per_bin
from . import ONCE, TIME_OF_DAY, Evidence, better

WEEK = 7 * DAY
# Parts of the hour and of the day (seconds) in each of which a transfer may come, and the places
# within one from which they may count.
PARTS, PHASES = (1_800, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR), 12
# Looks are shared out beforehand: a third for days, a third for weeks, a ninth each for working
# days, for fortnights, and for the parts of a day with their places.
DAYS_LOOKS, RARE_LOOKS, PARTS_LOOKS = log10(3), log10(9), log10(9 * len(PARTS) * PHASES)
# Three transfers are the least that can agree; parts of a day are seen from these many on.
FEWEST, FEWEST_PARTS = 3, 12
# Contacts that follow within this share of the time are one transfer, half an hour at most
# (seconds); time bins must be finer by as much again.
SILENCE, SESSION, BINS_PER_PART = 1 / 12, 1_800, 6
# A person with a habit keeps to it, exactly once, on four days of five; in half of the weeks on
# the same day of the week.
HABIT_KEPT, SAME_DAY = 0.8, 0.5
# Pauses that are four times as even as chance (gamma) put exactly one contact into a time of their
# mean length this often; chance does in 0.37.
STEADY_KEPT = 0.62
# A person's starts lie within half a day (seconds), but for one in ten.
AWAKE, ASLEEP = DAY / 2, 0.1
# A day ends in the middle of its longest rest (seconds), or at midnight if there is none.
REST = 6 * HOUR
# A start that moves by less than this each way (seconds) is a time of day.
NAMED_TIME = HOUR
# As many transfers in each time, at most.
MOST_EACH = 2


def detect(series: Series, known: Known) -> Evidence | None:
    """The time, from half an hour to a fortnight, in each of which exactly one transfer came.

    >>> starts = [day * 86400 + day * day * 7919 % 86400 for day in range(40)]
    >>> gaps = list(map(sub, starts[1:], starts))
    >>> found = detect(Series(starts, gaps, [], [], 1), Known(bin=60))
    >>> found.period, found.hits, found.trials
    (86400.0, 40, 40)
    """
    bins = known.bin or max(
        (size for size in BINS if one_per_bin(series.epochs, size)), default=series.resolution
    )
    best, span = None, series.span
    for part in PARTS:
        if span > FEWEST_PARTS * part and part >= BINS_PER_PART * bins:
            best = better(best, _of_part(series, known, part))
    return better(best, _of_days(series, known)) if span > (FEWEST - 1.5) * DAY else best


def _starts(series: Series, known: Known, silence: float) -> list[float]:
    """Starts of the transfers in local time: contacts after a silence (seconds)."""
    if known.bin:
        starts = burst_starts(*bin_runs(series.epochs, known.bin), silence)
    else:
        hourly = HOUR if one_per_bin(series.epochs, HOUR) else 0
        starts = burst_starts(series.epochs, series.gaps, silence + hourly)
    return [start + known.offset for start in starts]


def _of_part(series: Series, known: Known, part: float) -> Evidence | None:
    """Exactly one in each part of the hour or day, from the best place on."""
    cells = series.span / part
    silence = min(SESSION, SILENCE * part)
    pauses = sum([gap > silence for gap in series.gaps])
    if not 0.8 * cells <= pauses <= 1.25 * cells:
        return None
    starts = _starts(series, known, silence)
    kept = trials = 0
    for place in range(PHASES):
        counts = Counter([(start + place * part / PHASES) // part for start in starts])
        once = sum([count == 1 for count in counts.values()])
        if once > kept:
            kept, trials = once, int(max(counts) - min(counts)) + 1
    log10_p = log10_tail(kept - 2, trials - 2, STEADY_KEPT) + PARTS_LOOKS
    if log10_p >= 0:
        return None
    counted = (0.75 * kept / trials, log10_p, float(part), 0.5, kept, kept, trials)
    return Evidence(ONCE, *counted)


def _of_days(series: Series, known: Known) -> Evidence | None:
    """Exactly one in each day, working day, week or fortnight."""
    pauses = sum([gap > SESSION for gap in series.gaps])
    if not FEWEST - 1 <= pauses <= MOST_EACH * (series.span / DAY + 2):
        return None
    starts = _starts(series, known, SESSION)
    low, width = _waking(starts)
    cut = (low - (DAY - width) / 2) % DAY if DAY - width >= REST else 0
    days: dict[int, list[float]] = {}
    for start in starts:
        days.setdefault(int((start - cut) // DAY), []).append(start)
    if len(days) < FEWEST:
        return None
    step = stamps(series.resolution, known.bin).step
    found = _judge(days, sorted(days), 1, EVERY_DAY, DAYS_LOOKS, step)
    span = max(days) - min(days) + 1
    if span < WEEK_MIN_DAYS:
        return found
    week = frozenset(map(day_of_week, days))
    if week <= WEEKDAYS and len(week) > 1:
        return better(found, _judge(days, sorted(days), 1, WEEKDAYS, RARE_LOOKS, step))
    if len(week) == 1 and span > WEEK_MIN_DAYS:
        for weeks, looks in ((1, DAYS_LOOKS), (2, RARE_LOOKS)):
            found = better(found, _judge(days, sorted(days), 7 * weeks, week, looks, step))
    return found


def _waking(starts: Sequence[float]) -> tuple[float, float]:
    """Where, in seconds after midnight, the shortest stretch of the day begins that holds all
    starts, and how long it is (seconds)."""
    times = sorted([start % DAY for start in starts])
    rests = list(map(sub, times[1:], times)) + [times[0] + DAY - times[-1]]
    longest = max(rests)
    return times[(rests.index(longest) + 1) % len(times)], DAY - longest


def _judge(
    days: dict[int, list[float]],
    active: list[int],
    length: int,
    week: frozenset[int],
    looks: float,
    step: float,
) -> Evidence | None:
    """What people and chance would keep of the times of so many days, on these days of the week."""
    each = Counter(map(len, days.values())).most_common(1)[0][0]
    kept = [day for day in active if len(days[day]) == each]
    if each > MOST_EACH or len(kept) < FEWEST:
        return None
    first, last = active[0], active[-1]
    if length > 1:
        trials = round((last - first) / length) + 1
        if len({round((day - first) / length) for day in kept}) < len(kept):
            return None
        if any((day - first) % length for day in kept):
            return None
    else:
        trials = sum(day_of_week(day) in week for day in range(first, last + 1))
    starts = [start for day in kept for start in days[day]]
    low, width = _waking(starts)
    log10_p = _log10_p(len(kept), trials, starts, width + step, length, each) + looks
    if log10_p >= 0:
        return None
    period = float(length * DAY)
    jitter = width / 2 / period
    counted = (len(kept) / trials * (1 - jitter / 2), log10_p, period, jitter)
    counted += (each * len(kept), len(kept), trials)
    name = TIME_OF_DAY if width <= 2 * NAMED_TIME and length in (1, 7) and each == 1 else ONCE
    at = (low + width / 2) % DAY
    return Evidence(name, *counted, lag=each, at=at, spread=width / 2, weekdays=week)


def _log10_p(
    kept: int, trials: int, starts: Sequence[float], width: float, length: int, each: int
) -> float:
    """log10 p of people's habits and of steady chance, whichever explains it better.

    The first and the last time are given. That a habit was kept, and how narrow its hours are
    (seconds), count alone or together, as Fisher combines them; each of the three is a look.
    """
    came = log10_tail(kept - 2, trials - 2, HABIT_KEPT * (SAME_DAY if length > 1 else 1))
    if width > AWAKE:
        out = len(starts) - _fullest(starts, AWAKE)
        other = log10_tail(out, len(starts), ASLEEP)
    else:
        other = log10_habit_range(len(starts), width) if each == 1 else 0.0
    both = came + other
    both += log10(1 - both * LN10)
    habit = min(came, other, both) + log10(3)
    if width <= AWAKE:
        return habit
    return max(habit, log10_tail(kept - 2, trials - 2, STEADY_KEPT))


def _fullest(starts: Sequence[float], width: float) -> int:
    """The most starts that one stretch of the day (seconds) holds."""
    times = sorted([start % DAY for start in starts])
    circle = times + [time + DAY for time in times]
    return max(bisect_right(circle, time + width) - at for at, time in enumerate(times))
