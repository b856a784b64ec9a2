"""Starts at the same time of day, on all days or on certain days of the week.

The null is a person of habits: starts scatter evenly over the hours around, or by 90 minutes
about the usual time. Time of day over 24 hours alone proves nothing, since people keep hours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp, log10
from operator import sub
from typing import NamedTuple

from ..active_hours import EVERY_DAY, WEEK_MIN_DAYS, WEEKDAYS, chosen, day_of_week
from ..fields import Known
from ..nulls import FINEST, HABIT_START_DENSITY, log10_tail, stamps
from ..series import DAY, HOUR, Series, sessions
from . import TIME_OF_DAY, Evidence, better

# Contacts within half an hour are one session (seconds).
SESSION = 1_800
# Two days on one slot are a coincidence; three begin to be a habit.
MIN_DAYS = 3
# Slots tried (seconds): a job's exact start, a start with little delay, with a randomised one, up
# to the hour that administrators like to spread their jobs over.
SLOTS = (120.0, 600.0, 1_200.0, 2_400.0, 3_600.0)
# The hours around the slot (seconds each way) that tell how busy this time is anyway.
NEIGHBOURHOOD = 10_800.0
# Starts a second that a habit puts near its usual time, at least.
START_DENSITY = max(1 / (2 * NEIGHBOURHOOD), HABIT_START_DENSITY)
# A pair that starts more sessions a day than this has no time of day to speak of.
STARTS_A_DAY = 12
# Spread (seconds) at which a daily start is e times less of a schedule; a job that waits at
# random for some minutes still is one.
TIGHT_START = 3_600.0
# Kinds of days (all, Monday to Friday, one weekday), slots, and steps of the clock that are tried.
LOOKS = log10(3 * len(SLOTS) * 2)


class Slot(NamedTuple):
    """A slot of the local day: its first second after midnight, its width (seconds), and the
    chance that a start of the habit falls into it."""

    low: float
    width: float
    rate: float


def detect(series: Series, known: Known) -> Evidence | None:
    """The best daily slot of the session starts, in local time (UTC + offset seconds).

    >>> night = [day * 86400 + 8050 for day in range(14)]
    >>> found = detect(Series(night, [86400] * 13, [], [], 1), Known())
    >>> found.at, found.spread, found.hits, found.trials, found.log10_p < -9
    (8050.0, 0.0, 14, 14, True)
    """
    if series.span < (MIN_DAYS - 1.5) * DAY:
        return None
    if sum([gap > SESSION for gap in series.gaps]) < MIN_DAYS - 1:
        return None
    local = sessions(series, known.bin, SESSION, known.offset)
    times = sorted([start % DAY for start in local])
    step = stamps(series.resolution, known.bin).step
    widths = _telling(times, int((local[-1] - local[0]) // DAY) + 2, step)
    days = len({start // DAY for start in local}) if widths else 0
    if days < MIN_DAYS or len(local) > STARTS_A_DAY * days:
        return None
    best = None
    for width in widths:
        low = _fullest(times, width)
        rate = min(1.0, (width + step) * _density(times, low + width / 2))
        best = better(best, _judge(local, Slot(low, width, rate)))
    return best


def _telling(times: list[float], days: int, resolution: float) -> list[float]:
    """Slots (seconds) that may hold enough of the starts, which lie in so many days at most."""
    circle = times + [time + DAY for time in times[:WEEK_MIN_DAYS]]
    if days >= WEEK_MIN_DAYS:
        # Either side of a change of the clock has a slot of its own.
        closest = min(map(sub, circle[MIN_DAYS - 1 :], circle), default=DAY)
        return [] if closest > SLOTS[-1] + resolution else list(SLOTS)
    asked = _asked(len(times), days, resolution)
    return [
        width
        for width, hits in asked
        if min(map(sub, circle[hits - 1 :], circle), default=DAY) <= width + FINEST
    ]


@lru_cache(maxsize=4096)
def _asked(count: int, days: int, resolution: float) -> list[tuple[float, int]]:
    """The slots (seconds), each with how many of so many starts must fall into it at least, for
    chance to be rare even if hardly any other start is near."""
    asked: dict[float, int] = {}
    days = min(days, count)
    for width in SLOTS:
        for hits in range(MIN_DAYS, days + 1):
            rate = (width + resolution) * hits / count * START_DENSITY
            if _can_tell(count, hits, days, rate):
                asked.setdefault(width, hits)
    return list(asked.items())


def _can_tell(count: int, hits: int, most: int, rate: float) -> bool:
    """Whether so many hits of so many starts, on so many days at most, may be rarer than chance."""
    for days in range(hits, most + 1):
        # Chance does least where all the other starts come on one day.
        busy = 1 - max(0.0, 1 - rate) ** (count - days + 1)
        chance = (busy + (days - 1) * rate) / days
        if log10_tail(hits - 1, days - 1, chance) + log10(count) + LOOKS < 0:
            return True
    return False


def _fullest(times: list[float], width: float) -> float:
    """Start of the slot (seconds wide) that holds most starts; its middle names the day.

    The starts lie in its middle, so that those of the other side of a clock change, which
    scatter about the same time, fall into it as well.
    """
    circle = times + [time + DAY for time in times]
    counts = [bisect_right(circle, time + width, i) - i for i, time in enumerate(times)]
    most = max(counts)
    first = counts.index(most)
    middle = (circle[first] + circle[first + most - 1]) / 2
    return middle % DAY - width / 2


def _density(times: list[float], middle: float) -> float:
    """Starts a second that a habit without a clock would put near here, as share of all."""
    low, high = middle - NEIGHBOURHOOD, middle + NEIGHBOURHOOD
    near = sum(
        bisect_right(times, high + turn) - bisect_left(times, low + turn) for turn in (-DAY, 0, DAY)
    )
    return min(1.0, near / len(times)) * START_DENSITY


def _judge(local: list[float], slot: Slot) -> Evidence | None:
    """Count the days on which the slot was kept, and what chance would have kept."""
    noon = slot.low + slot.width / 2 - DAY / 2
    starts: dict[int, list[float]] = {}
    for start in local:
        day = int((start - noon) // DAY)
        starts.setdefault(day, []).append(start - day * DAY - slot.low)
    kept = _kept(starts, slot.width, 0)
    best = _count(starts, kept, slot)
    if len(starts) < WEEK_MIN_DAYS or (best and best.hits == len(starts)):
        return best
    later, earlier = (_kept(starts, slot.width, step) for step in (HOUR, -HOUR))
    # The slot may lie before the change of the clock, or after it.
    for low, before, after in (
        (slot.low + HOUR, kept, later),
        (slot.low, earlier, kept),
        (slot.low - HOUR, kept, earlier),
        (slot.low, later, kept),
    ):
        found = _count(starts, _changed(before, after), slot._replace(low=low), 2 * len(starts))
        best = better(best, found)
    return best


def _kept(
    starts: Mapping[int, Sequence[float]], width: float, moved: float
) -> Mapping[int, float | None]:
    """Seconds into the moved slot of each day's first start in it, None without one."""
    return {
        day: min([time - moved for time in found if 0 <= time - moved <= width], default=None)
        for day, found in starts.items()
    }


def _changed(
    before: Mapping[int, float | None], after: Mapping[int, float | None]
) -> Mapping[int, float | None]:
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
    starts: Mapping[int, Sequence[float]],
    kept: Mapping[int, float | None],
    slot: Slot,
    changes: int = 1,
) -> Evidence | None:
    """The days that kept the slot as evidence, None where chance would do."""
    inside = {day: time for day, time in kept.items() if time is not None}
    if len(inside) < MIN_DAYS:
        return None
    week = _weekdays(inside)
    trials = [len(found) for day, found in starts.items() if day_of_week(day) in week]
    chances = [1 - (1 - slot.rate) ** count for count in trials]
    looks = log10(sum(map(len, starts.values()))) + LOOKS + log10(changes)
    # The first start anchors the slot: it is given, and is no trial.
    rate = sum(chances) / len(chances)
    log10_p = log10_tail(len(inside) - 1, len(trials) - 1, rate) + looks
    return _evidence(inside, chosen(inside, week), slot.low, log10_p) if log10_p < 0 else None


def _evidence(
    inside: Mapping[int, float], week: frozenset[int], low: float, log10_p: float
) -> Evidence:
    """The days inside the slot in terms common to all detectors."""
    days = range(min(inside), max(inside) + 1)
    eligible = sum(day_of_week(day) in week for day in days)
    times = sorted(inside.values())
    half = len(times) // 2
    middle = times[half] if len(times) % 2 else (times[half - 1] + times[half]) / 2
    spread = (times[-1] - times[0]) / 2
    period = float(DAY if len(week) > 1 else DAY * len(EVERY_DAY))
    kept, strength = len(inside), len(inside) / eligible * exp(-spread / TIGHT_START)
    counted = (strength, log10_p, period, spread / DAY, kept, kept, eligible)
    at = float((low + middle) % DAY)
    return Evidence(TIME_OF_DAY, *counted, at=at, spread=spread, weekdays=week)


def _weekdays(days: Mapping[int, float]) -> frozenset[int]:
    """All days, Monday to Friday, or the one weekday that the days are confined to."""
    found = frozenset(map(day_of_week, days))
    if max(days) - min(days) + 1 < WEEK_MIN_DAYS:
        return EVERY_DAY
    weekdays = WEEKDAYS if found <= WEEKDAYS else EVERY_DAY
    return found if len(found) == 1 else weekdays
