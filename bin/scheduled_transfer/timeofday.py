"""Evidence B: starts at the same time of day, on all days or on certain weekdays.

The null is a person of habits: starts scatter evenly over the hours around, or by 90 minutes
about the usual time. Time of day over 24 hours alone proves nothing, since people keep hours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection
from math import exp, log, log10, pi, sqrt
from operator import sub
from typing import NamedTuple

from .chance import log10_tail, log_ways
from .weights import (
    DAY,
    HABIT_SPREAD,
    MIN_DAYS,
    NEIGHBOURHOOD,
    SLOTS,
    STARTS_A_DAY,
    TIGHT_START,
    WEEK_CHANCE,
    WEEK_MIN_DAYS,
)

# Kinds of days (all, Monday to Friday, one weekday), slots, and wall-clock steps that are tried.
LOOKS = log10(3 * len(SLOTS) * 2)
HABIT_DENSITY = 1 / (HABIT_SPREAD * sqrt(2 * pi))
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
HOUR = 3_600


class TimeOfDay(NamedTuple):
    """A daily slot: 1 means one start within a second of the same time on every such day.

    at is the local time (seconds after midnight) of the middle start, spread half the range of
    the starts (seconds), weekdays the days of the week it keeps (0 is Monday), hits the days it
    was kept of the eligible ones between first and last; step is how far the start moved when
    the clock changed (seconds).
    """

    strength: float
    log10_p: float
    at: float
    spread: float
    weekdays: frozenset[int]
    hits: int
    days: int
    step: int


NOTHING = TimeOfDay(0.0, 0.0, 0.0, 0.0, EVERY_DAY, 0, 0, 0)


def evidence(starts: list[float], offset: float, resolution: int = 0) -> TimeOfDay:
    """The best daily slot of the session starts, in local time (UTC + offset seconds).

    >>> night = [day * 86400 + 8050 for day in range(14)]
    >>> found = evidence(night, 0)
    >>> found.at, found.spread, found.hits, found.days, found.log10_p < -9
    (8050.0, 0.0, 14, 14, True)
    """
    if len(starts) < MIN_DAYS:
        return NOTHING
    local = [start + offset for start in starts]
    clock = sorted([start % DAY for start in local])
    circle = clock + [time + DAY for time in clock[: MIN_DAYS - 1]]
    if min(map(sub, circle[MIN_DAYS - 1 :], circle)) > SLOTS[-1] + resolution:
        return NOTHING
    active = {start // DAY for start in local}
    if len(active) < MIN_DAYS or len(local) > STARTS_A_DAY * len(active):
        return NOTHING
    best = NOTHING
    for slot in SLOTS:
        low = _fullest(clock, slot)
        found = _judge(local, low, slot, (slot + resolution) * _density(clock, low + slot / 2))
        if found.log10_p < best.log10_p:
            best = found
    return best


def _fullest(clock: list[float], slot: float) -> float:
    """Begin of the slot (seconds wide) that holds most starts; its middle names the day.

    The starts lie in its middle, so that those of the other side of a clock change, which
    scatter about the same time, fall into it as well.
    """
    circle = clock + [time + DAY for time in clock]
    counts = [bisect_right(circle, time + slot, i) - i for i, time in enumerate(clock)]
    most = max(counts)
    first = counts.index(most)
    middle = (circle[first] + circle[first + most - 1]) / 2
    return middle % DAY - slot / 2


def _density(clock: list[float], middle: float) -> float:
    """Starts a second that a habit without a clock would put near here, as share of all."""
    low, high = middle - NEIGHBOURHOOD, middle + NEIGHBOURHOOD
    near = sum(
        bisect_right(clock, high + turn) - bisect_left(clock, low + turn) for turn in (-DAY, 0, DAY)
    )
    return min(1.0, near / len(clock)) * max(1 / (2 * NEIGHBOURHOOD), HABIT_DENSITY)


def _judge(local: list[float], low: float, slot: float, rate: float) -> TimeOfDay:
    """Count the days on which the slot was kept, and what chance would have kept."""
    noon = low + slot / 2 - DAY / 2
    starts: dict[int, list[float]] = {}
    for start in local:
        day = int((start - noon) // DAY)
        starts.setdefault(day, []).append(start - day * DAY - low)
    kept = _kept(starts, slot, 0)
    best = _count(starts, kept, low, rate, 0)
    if best.hits < len(starts) and len(starts) >= WEEK_MIN_DAYS:
        later, earlier = (_kept(starts, slot, step) for step in (HOUR, -HOUR))
        # The slot may lie before the change of the clock, or after it.
        for step, before, after in (
            (HOUR, kept, later),
            (HOUR, earlier, kept),
            (-HOUR, kept, earlier),
            (-HOUR, later, kept),
        ):
            begin = low if after is kept else low + step
            found = _count(starts, _changed(before, after), begin, rate, step)
            if found.log10_p < best.log10_p:
                best = found
    return best


def _kept(starts: dict[int, list[float]], slot: float, moved: float) -> dict[int, float | None]:
    """Seconds into the moved slot of each day's first start in it, None without one."""
    return {
        day: min([time - moved for time in found if 0 <= time - moved <= slot], default=None)
        for day, found in starts.items()
    }


def _changed(
    before: dict[int, float | None], after: dict[int, float | None]
) -> dict[int, float | None]:
    """The one until some day, the other from it on, at the best day."""
    days = sorted(before)
    gain = best = 0
    change = days[-1] + 1
    for day in reversed(days):
        gain += (after[day] is not None) - (before[day] is not None)
        if gain > best:
            best, change = gain, day
    return {day: (after if day >= change else before)[day] for day in days}


def _count(
    starts: dict[int, list[float]],
    kept: dict[int, float | None],
    low: float,
    rate: float,
    step: int,
) -> TimeOfDay:
    inside = {day: time for day, time in kept.items() if time is not None}
    if len(inside) < MIN_DAYS:
        return NOTHING
    week = _weekdays(inside)
    trials = [day for day in starts if (day + 3) % 7 in week]
    looks = log10(sum(map(len, starts.values()))) + LOOKS + (log10(2 * len(starts)) if step else 0)
    # Chance has one start a day at the least.
    if log10_tail(len(inside) - 1, len(trials) - 1, min(1.0, rate)) + looks >= 0:
        return NOTHING
    chances = [1 - (1 - min(1.0, rate)) ** len(starts[day]) for day in trials]
    # The first start anchors the slot: it is given, and is no trial.
    log10_p = log10_tail(len(inside) - 1, len(trials) - 1, sum(chances) / len(chances))
    if log10_p + looks >= 0:
        return NOTHING
    week = chosen(inside, week)
    eligible = sum((day + 3) % 7 in week for day in range(min(inside), max(inside) + 1))
    times = sorted(inside.values())
    spread = (times[-1] - times[0]) / 2
    middle = times[len(times) // 2] if len(times) % 2 else sum(times[len(times) // 2 - 1 :][:2]) / 2
    return TimeOfDay(
        len(inside) / eligible * exp(-spread / TIGHT_START),
        log10_p + looks,
        float((low + middle) % DAY),
        spread,
        week,
        len(inside),
        eligible,
        step,
    )


def _weekdays(days: dict[int, float]) -> frozenset[int]:
    """All days, Monday to Friday, or the one weekday that the days are confined to."""
    found = frozenset((day + 3) % 7 for day in days)
    if max(days) - min(days) + 1 < WEEK_MIN_DAYS:
        return EVERY_DAY
    if len(found) == 1:
        return found
    return WEEKDAYS if found <= WEEKDAYS else EVERY_DAY


def chosen(days: Collection[int], week: frozenset[int]) -> frozenset[int]:
    """The days of the week that the days keep to, where few drawn from all of `week` would.

    >>> sorted(chosen([4, 6, 8, 11, 13, 15], EVERY_DAY))  # 5 January 1970 was a Monday
    [0, 2, 4]
    """
    found = frozenset([(day + 3) % 7 for day in days])
    if found == week:
        return week
    passed = Counter([(day + 3) % 7 for day in range(min(days), max(days) + 1)])
    drawn = log_ways(sum(passed[day] for day in week), len(days))
    fitting = log_ways(len(week), len(found)) + log_ways(sum(map(passed.get, found)), len(days))
    return found if fitting < drawn + log(WEEK_CHANCE) else week
