"""One contact in each hour, day or week, at any time in it: counts that are too even.

A schedule that draws its time anew leaves no gap and no time of day to see, but exactly one
transfer each time. People stay away some days, come twice on others, and sleep; what comes by
chance is more uneven still.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log10
from operator import sub
from typing import NamedTuple

from ..active_hours import EVERY_DAY, WEEK_MIN_DAYS, WEEKDAYS, day_of_week
from ..fields import Known
from ..nulls import LN10, log10_habit_range, log10_tail, stamps, widest_bin
from ..series import DAY, HOUR, Series, sessions
from . import ONCE, TIME_OF_DAY, Evidence, better
from .time_of_day import SESSION

# Parts of the hour and of the day (seconds) in each of which a transfer may come, and the places
# within one from which they may count.
PARTS, PHASES = (1_800, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR), 12
# Looks are shared out beforehand: a third for days, a third for weeks, a ninth each for working
# days, for fortnights, and for the parts of a day with their places.
DAYS_LOOKS, RARE_LOOKS, PARTS_LOOKS = log10(3), log10(9), log10(9 * len(PARTS) * PHASES)
# Three transfers are the least that can agree; parts of a day are seen from these many on, and
# where about as many transfers came; most of all times must be kept.
FEWEST, FEWEST_PARTS, FULL = 3, 12, 0.8
# Contacts that follow within this share of the time are one transfer, a session at most; time bins
# must be finer by as much again.
SILENCE, BINS_PER_PART = 1 / 12, 6
# A person with a habit keeps to it, exactly once, on four days of five; in half of the weeks on
# the same day of the week.
HABIT_KEPT, SAME_DAY = 0.8, 0.5
# Gaps that are four times as even as chance (gamma) put exactly one contact, or two, into a time
# that has so many on average this often; chance does in 0.37 and 0.27.
STEADY_KEPT = (0.62, 0.5)
# A person who comes once a day starts within half a day (seconds), but for one time in twenty.
AWAKE, ASLEEP = DAY / 2, 0.05
# A day ends in the middle of its longest rest (seconds), or at midnight if all are short.
REST = DAY / 3
# People meet at the minute: what lies closer (seconds) says no more.
NARROWEST = 120
# A start that moves by less than this each way (seconds) is a time of day.
NAMED_TIME = HOUR
# So many transfers in each day, at most.
MOST_EACH = 2


def detect(series: Series, known: Known) -> Evidence | None:
    """The time, from half an hour to a fortnight, in each of which exactly one transfer came.

    >>> starts = [day * 86400 + day * day * 7919 % 86400 for day in range(40)]
    >>> gaps = list(map(sub, starts[1:], starts))
    >>> found = detect(Series(starts, gaps, [], [], 1), Known(bin=60))
    >>> found.period, found.hits, found.trials
    (86400.0, 40, 40)
    """
    best, span, bins = None, series.span, None
    count = len(series.epochs)
    for part in PARTS:
        fits = FEWEST_PARTS * part < span < count * part / FULL
        if fits and not _too_many_empty(series, part, span):
            bins = bins or widest_bin(series.epochs, known.bin)
            found = _of_part(series, known, part) if part >= BINS_PER_PART * bins else None
            best = better(best, found)
    return better(best, _of_days(series, known)) if span > (FEWEST - 1.5) * DAY else best


def _of_part(series: Series, known: Known, part: float) -> Evidence | None:
    """Exactly one in each part of the hour or day, from the best place on."""
    cells = series.span / part
    silence = min(SESSION, SILENCE * part)
    pauses = sum([gap > silence for gap in series.gaps])
    if not FULL * cells <= pauses <= cells / FULL:
        return None
    starts = sessions(series, known.bin, silence, known.offset)
    kept = trials = 0
    for place in range(PHASES):
        counts = Counter([(start + place * part / PHASES) // part for start in starts])
        once = sum([count == 1 for count in counts.values()])
        if once > kept:
            kept, trials = once, int(max(counts) - min(counts)) + 1
    log10_p = log10_tail(kept - 2, trials - 2, STEADY_KEPT[0]) + PARTS_LOOKS
    if log10_p >= 0:
        return None
    counted = (0.75 * kept / trials, log10_p, float(part), 0.5, kept, kept, trials)
    return Evidence(ONCE, *counted)


def _too_many_empty(series: Series, part: float, span: float) -> bool:
    """Whether long gaps leave out so many parts that, wherever these begin, chance would do."""
    long = max(2 * part, HOUR + SILENCE * part)
    empty = sum([(gap - 1) // part - 1 for gap in series.gaps if gap > long])
    trials = span // part
    return log10_tail(trials - empty, trials, STEADY_KEPT[0]) + PARTS_LOOKS >= 0


class Times(NamedTuple):
    """In each of which a transfer comes: so many days, on certain days of the week; what was looked
    at beside them (log10) costs its share."""

    length: int
    weekdays: frozenset[int]
    looks: float


def _of_days(series: Series, known: Known) -> Evidence | None:
    """Exactly one in each day, working day, week or fortnight."""
    pauses = sum([gap > SESSION for gap in series.gaps])
    if not FEWEST - 1 <= pauses <= MOST_EACH * (series.span / DAY + 2):
        return None
    starts = sessions(series, known.bin, SESSION, known.offset)
    low, width = _waking(starts)
    # The middle of the starts names the day.
    cut = (low + width / 2) % DAY - DAY / 2 if DAY - width >= REST else 0
    days: dict[int, list[float]] = {}
    for start in starts:
        days.setdefault(int((start - cut) // DAY), []).append(start)
    best, step = None, stamps(series.resolution, known.bin).step
    for times in _kinds(days):
        best = better(best, _judge(days, times, step))
    return best


def _kinds(days: Collection[int]) -> list[Times]:
    """The times that the days (numbers) may keep to."""
    week = frozenset(map(day_of_week, days))
    if max(days) - min(days) < WEEK_MIN_DAYS:
        return [Times(1, EVERY_DAY, DAYS_LOOKS)]
    if len(week) == 1:
        return [Times(7, week, DAYS_LOOKS), Times(14, week, RARE_LOOKS)]
    if week <= WEEKDAYS:
        return [Times(1, WEEKDAYS, RARE_LOOKS)]
    return [Times(1, EVERY_DAY, DAYS_LOOKS)]


def _waking(starts: Sequence[float]) -> tuple[float, float]:
    """Where, in seconds after midnight, the shortest stretch of the day begins that holds all
    starts, and how long it is (seconds)."""
    times = sorted([start % DAY for start in starts])
    rests = list(map(sub, times[1:], times)) + [times[0] + DAY - times[-1]]
    longest = max(rests)
    return times[(rests.index(longest) + 1) % len(times)], DAY - longest


def _judge(days: Mapping[int, list[float]], times: Times, step: float) -> Evidence | None:
    """What people and chance would keep of these times, by the starts on each day."""
    each = Counter(map(len, days.values())).most_common(1)[0][0]
    first, last = min(days), max(days)
    kept = [day for day, found in days.items() if len(found) == each]
    due = range(first, last + 1, times.length)
    trials = sum([day_of_week(day) in times.weekdays for day in due])
    on_time = each <= MOST_EACH and len(kept) >= max(FEWEST, FULL * trials)
    if not on_time or any(day not in due for day in kept):
        return None
    starts = [start for day in kept for start in days[day]]
    low, width = _waking(starts)
    habit = HABIT_KEPT**each * (SAME_DAY if times.length > 1 else 1)
    came = log10_tail(len(kept) - 2, trials - 2, habit)
    steady = log10_tail(len(kept) - 2, trials - 2, STEADY_KEPT[each - 1])
    log10_p = times.looks + _log10_p(came, steady, starts, max(width, NARROWEST) + step, each)
    if log10_p >= 0:
        return None
    period = float(times.length * DAY)
    jitter = width / 2 / period
    counted = (len(kept) / trials * (1 - jitter / 2), log10_p, period, jitter)
    counted += (each * len(kept), len(kept), trials)
    named = width <= 2 * NAMED_TIME and times.length <= 7 and each == 1
    at, spread = (low + width / 2) % DAY, width / 2
    name = TIME_OF_DAY if named else ONCE
    return Evidence(name, *counted, each, at=at, spread=spread, weekdays=times.weekdays)


def _log10_p(came: float, steady: float, starts: Sequence[float], width: float, each: int) -> float:
    """log10 p of people's habits, and of steady chance where the starts (within a width, seconds)
    are no person's: of whichever explains them better.

    That a habit was kept (came), and how narrow its hours are, count alone or together; each of
    these is a look.
    """
    if width <= AWAKE:
        narrow = log10_habit_range(len(starts), width) if each == 1 else 0.0
        return min(came, narrow, _both(came, narrow)) + log10(3)
    awake = log10_tail(len(starts) - _fullest(starts, AWAKE), len(starts), ASLEEP)
    return max(min(came, _both(came, awake)) + log10(2), steady)


def _both(one: float, other: float) -> float:
    """log10 p of two independent ones (log10) together, as Fisher combines them."""
    return one + other + log10(1 - (one + other) * LN10)


def _fullest(starts: Sequence[float], width: float) -> int:
    """The most starts that one stretch of the day (seconds) holds."""
    times = sorted([start % DAY for start in starts])
    circle = times + [time + DAY for time in times]
    return max(bisect_right(circle, time + width) - at for at, time in enumerate(times))
