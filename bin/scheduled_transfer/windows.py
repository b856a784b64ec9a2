"""Evidence F: the hours and days in which a schedule that stops and starts is awake."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import NamedTuple

from .timeofday import EVERY_DAY, WEEKDAYS, chosen
from .weights import LONGEST_WINDOW, SHORTEST_REST, WEEK_MIN_DAYS, WINDOW_MIN_DAYS

HOUR = 3_600


class Window(NamedTuple):
    """Hours of the local day, on certain days of the week: 1 means awake in a single hour.

    first and last bound the hours (9, 17 is 09:00 to 17:00; they may pass midnight); the null
    of log10_p is a window that begins anywhere each day.
    """

    strength: float
    log10_p: float
    first: int
    last: int
    weekdays: frozenset[int]


def evidence(epochs: Sequence[float], offset: float, period: float) -> Window | None:
    """The shortest run of hours that holds all contacts, None where they fill the day.

    Hours between the beats of a long period (seconds) are no rest.

    >>> nine_to_five = [day * 86400 + hour * 3600 for day in range(5) for hour in range(9, 17)]
    >>> found = evidence(nine_to_five, 0, 3600)
    >>> found.first, found.last
    (9, 17)
    """
    active = {int((epoch + offset) // HOUR) for epoch in epochs}
    days = sorted({hour // 24 for hour in active})
    if len(days) < WINDOW_MIN_DAYS:
        return None
    hours = sorted({hour % 24 for hour in active})
    rests = [later - earlier for earlier, later in zip(hours, hours[1:] + [hours[0] + 24])]
    longest = max(rests)
    awake = 25 - longest if longest * HOUR >= SHORTEST_REST * period else 24
    week = _weekdays(days)
    if awake > LONGEST_WINDOW and week == EVERY_DAY:
        return None
    at = rests.index(longest)
    first, last = hours[(at + 1) % len(hours)], (hours[at] + 1) % 24
    if awake > LONGEST_WINDOW:
        first, last = 0, 24
    chance = min(1.0, awake / 24 * len(week) / 7)
    log10_p = min(0.0, len(days) * log10(chance) + log10(24)) if chance < 1 else 0.0
    return Window(1 - awake / 24 if awake <= 24 else 0.0, log10_p, first, last, week)


def _weekdays(days: list[int]) -> frozenset[int]:
    if days[-1] - days[0] + 1 < WEEK_MIN_DAYS:
        return EVERY_DAY
    weekend = any((day + 3) % 7 > 4 for day in days)
    return chosen(days, EVERY_DAY if weekend else WEEKDAYS)
