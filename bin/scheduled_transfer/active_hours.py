"""The hours and days of the week in which a schedule that stops and starts is active."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from math import log, log10
from typing import NamedTuple

from .nulls import log_ways
from .series import HOUR

WEEKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))
# Days that must be seen before hours of activity mean something, and the longest stretch (hours)
# that is worth saying: beyond it a schedule only rests a little.
MIN_DAYS, LONGEST = 3, 16
# Contacts come an hour of the clock early or late: only a rest of more periods than this is one.
SHORTEST_REST = 1.5
# A week must have been seen before one can say that some of its days were left out.
WEEK_MIN_DAYS = 7
# Days drawn at random that would keep to as few days of the week more often than this say nothing
# of the others.
WEEK_CHANCE = 0.05


class ActiveHours(NamedTuple):
    """Hours of the local day, on certain days of the week.

    first and last bound the hours (9, 17 is 09:00 to 17:00; they may pass midnight), hours counts
    those of a week; the null of log10_p is a stretch that starts anywhere each day.
    """

    hours: int
    log10_p: float
    first: int
    last: int
    weekdays: frozenset[int]


def find(epochs: Sequence[float], offset: float, period: float) -> ActiveHours | None:
    """The shortest run of hours that holds all contacts, None where they fill the day.

    Hours between the contacts of a long period (seconds) are no rest.

    >>> nine_to_five = [day * 86400 + hour * 3600 for day in range(5) for hour in range(9, 17)]
    >>> found = find(nine_to_five, 0, 3600)
    >>> found.first, found.last
    (9, 17)
    """
    active = {int((epoch + offset) // HOUR) for epoch in epochs}
    days = sorted({hour // 24 for hour in active})
    if len(days) < MIN_DAYS:
        return None
    hours = sorted({hour % 24 for hour in active})
    rests = [later - earlier for earlier, later in zip(hours, hours[1:] + [hours[0] + 24])]
    longest = max(rests)
    at = rests.index(longest)
    first, last = hours[(at + 1) % len(hours)], (hours[at] + 1) % 24
    awake = min(24, 25 - longest) if longest * HOUR >= SHORTEST_REST * period else 24
    week = _weekdays(days)
    if awake > LONGEST:
        if week == EVERY_DAY:
            return None
        first, last = 0, 24
    chance = awake / 24 * len(week) / 7
    log10_p = min(0.0, len(days) * log10(chance) + log10(24)) if chance < 1 else 0.0
    return ActiveHours(awake * len(week), log10_p, first, last, week)


def day_of_week(day: int) -> int:
    """0 is Monday; day 0, the 1st of January 1970, was a Thursday.

    >>> day_of_week(0)
    3
    """
    return (day + 3) % 7


def chosen(days: Collection[int], week: frozenset[int]) -> frozenset[int]:
    """The days of the week that the days keep to, where few drawn from all of `week` would.

    >>> sorted(chosen([4, 6, 8, 11, 13, 15], EVERY_DAY))  # 5 January 1970 was a Monday
    [0, 2, 4]
    """
    found = frozenset(map(day_of_week, days))
    if found == week:
        return week
    passed = Counter(map(day_of_week, range(min(days), max(days) + 1)))
    drawn = log_ways(sum(passed[day] for day in week), len(days))
    fitting = log_ways(len(week), len(found)) + log_ways(sum(map(passed.get, found)), len(days))
    return found if fitting < drawn + log(WEEK_CHANCE) else week


def _weekdays(days: list[int]) -> frozenset[int]:
    if days[-1] - days[0] + 1 < WEEK_MIN_DAYS:
        return EVERY_DAY
    weekend = any(day_of_week(day) not in WEEKDAYS for day in days)
    return chosen(days, EVERY_DAY if weekend else WEEKDAYS)
