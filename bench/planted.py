"""Schedules that are planted with what a person would call them, and what only looks like one.

The seeds are drawn anew for every run, so that nothing can have been fitted to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timezone, tzinfo
from random import Random
from typing import NamedTuple

from office import schedules

from . import services
from .pairs import DAY, HOUR, Connection, Pair
from .simulator import DAYS, FIRST_MIDNIGHT, LONG_DAYS

MINUTE = 60
UNITS = {"s": 1, "min": MINUTE, "h": HOUR, "d": DAY}
EVERY = re.compile(r"every ([0-9.]+) (s|min|h|d)")
AT = re.compile(r"([0-2][0-9]):([0-5][0-9])")

Says = Callable[[str], bool]
Times = Callable[[Random, float, float, tzinfo], list]


def every(period: float, near: float = 0.03) -> Says:
    """Whether a schedule names this interval (seconds), or one as near as this share.

    >>> every(600)('every 10.1 min ±2 %'), every(600)('every 5 min ±2 %')
    (True, False)
    """

    def says(schedule: str) -> bool:
        found = EVERY.search(schedule)
        return bool(found) and abs(float(found[1]) * UNITS[found[2]] / period - 1) <= near

    return says


def at(hour: float, days: str = "daily", near: float = 10) -> Says:
    """Whether a schedule names these days and this time of day, within so many minutes.

    >>> at(2.25)('daily 02:14 ±1 min'), at(2.25)('weekdays 02:14 ±1 min')
    (True, False)
    """

    def says(schedule: str) -> bool:
        found = AT.search(schedule)
        if not (found and schedule.startswith(days)):
            return False
        away = abs(int(found[1]) * 60 + int(found[2]) - hour * 60)
        return min(away, 1_440 - away) <= near

    return says


def both(*these: Says) -> Says:
    """Whether a schedule says all of it."""
    return lambda schedule: all(says(schedule) for says in these)


def either(*these: Says) -> Says:
    """Whether a schedule says one of them."""
    return lambda schedule: any(says(schedule) for says in these)


def words(text: str) -> Says:
    """Whether a schedule holds these words.

    >>> words('weekdays')('every 20 min ±0 %, weekdays 09 to 17 h')
    True
    """
    return lambda schedule: text in schedule


def nothing(schedule: str) -> bool:
    """Whether no schedule was found, where there is none."""
    return schedule.startswith("no schedule")


# Groups in which every contact is a transfer of the schedule.
COUNTED = {"plain", "drifting", "interrupted"}


class Planted(NamedTuple):
    """A schedule by its group and name, how it is drawn, and what its words should say."""

    group: str
    name: str
    times: Times
    says: Says
    days: int = DAYS


def _grid(period: float, jitter: float = 0.02, missed: float = 0.0, drift: float = 0.0) -> Times:
    return lambda rng, start, end, zone: schedules.every(
        rng, start, end, period, jitter, missed, drift
    )


def _short(period: float, beats: tuple[int, int], jitter: float, missed: float) -> Times:
    def times(rng: Random, start: float, _end: float, _zone: tzinfo) -> list[float]:
        span = period * rng.randint(*beats)
        return schedules.every(rng, start, start + span, period, jitter, missed)

    return times


def _same_period(count: int, period: float) -> Times:
    def times(rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
        return schedules.merge(
            *(schedules.every(rng, start, end, period, 0.01) for _ in range(count))
        )

    return times


def _two_periods(one: float, other: float) -> Times:
    def times(rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
        return schedules.merge(
            schedules.every(rng, start, end, one, 0.01),
            schedules.every(rng, start, end, other, 0.01),
        )

    return times


def _within(times: Times, hours: tuple, days: object = schedules.ALL_DAYS) -> Times:
    return lambda rng, start, end, zone: schedules.within(
        times(rng, start, end, zone), hours, days, zone
    )


def _interrupted(times: Times, active: float, silent: float) -> Times:
    return lambda rng, start, end, zone: schedules.interrupted(
        rng, times(rng, start, end, zone), active, silent
    )


def _laptop(times: Times) -> Times:
    return lambda rng, start, end, zone: schedules.laptop(rng, times(rng, start, end, zone), zone)


def _noisy(times: Times, mean: float) -> Times:
    return lambda rng, start, end, zone: schedules.merge(
        times(rng, start, end, zone), schedules.poisson(rng, start, end, mean)
    )


def _bursts(times: Times, count: tuple[int, int], gap: tuple[float, float]) -> Times:
    return lambda rng, start, end, zone: schedules.clip(
        schedules.bursts(rng, times(rng, start, end, zone), count, gap), start, end
    )


def _nightly(hour: int, minute: int, spread: float, days: object = schedules.ALL_DAYS) -> Times:
    return lambda rng, start, end, zone: schedules.daily(
        rng, start, end, hour, minute, spread, days, zone=zone
    )


def _clock_change(rng: Random, start: float, end: float, zone: tzinfo) -> list[float]:
    """A nightly job across the end of summer time: in UTC it ran an hour earlier before."""
    change = start + rng.randint(5, 16) * DAY
    nights = schedules.daily(rng, start, end, 2, 14, 120, zone=zone)
    return [night - HOUR * (night < change) for night in nights]


def _sleep(period: float, jitter: float) -> Times:
    return lambda rng, start, end, zone: schedules.sleep(rng, start, end, period, jitter)


def _once_a_day(rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
    return [day + rng.random() * DAY for day in range(int(start), int(end), DAY)]


def _person(rng: Random, start: float, end: float, zone: tzinfo) -> list[float]:
    return schedules.browsing(
        rng, start, end, rng.uniform(0.4, 8), rng.uniform(1.2, 20), rng.uniform(4, 90), zone=zone
    )


def _retries(rng: Random, start: float, end: float, zone: tzinfo) -> list[float]:
    visits = schedules.browsing(rng, start, end, rng.uniform(0.5, 4), clicks=1.2, zone=zone)
    spacing = rng.uniform(1, 30)
    tries = [visit + again * spacing for visit in visits for again in range(rng.randint(2, 6))]
    return schedules.clip(tries, start, end)


def _poisson(rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
    return schedules.poisson(rng, start, end, 30 * 400 ** rng.random())


def _stream(rng: Random, start: float, _end: float, _zone: tzinfo) -> list[float]:
    return schedules.every(rng, start, start + HOUR, rng.uniform(2, 4.5), 0.05)


WEEKDAYS = schedules.WEEKDAYS
WEEKEND = schedules.WEEKEND
QUARTER = _grid(15 * MINUTE)
TEN = _grid(10 * MINUTE)
PLANTED = (
    Planted("plain", "every-minute", _grid(60, 0.05), every(60)),
    Planted("plain", "every-10-min", TEN, every(600)),
    Planted("plain", "every-8-h", _grid(8 * HOUR, 0.01), every(8 * HOUR)),
    Planted("plain", "nightly", _nightly(2, 14, 120), at(2 + 14 / 60)),
    Planted("plain", "weekdays", _nightly(23, 35, 240, WEEKDAYS), at(23 + 35 / 60, "weekdays")),
    Planted("plain", "sundays", _nightly(3, 30, 240, {6}), at(3.5, "Sundays"), LONG_DAYS),
    Planted(
        "plain",
        "three-days-a-week",
        _nightly(1, 30, 60, {0, 2, 4}),
        at(1.5, "Mondays, Wednesdays and Fridays"),
        LONG_DAYS,
    ),
    Planted("plain", "twice-a-day", _grid(12 * HOUR, 0.01), every(12 * HOUR)),
    Planted("plain", "every-second-day", _grid(2 * DAY, 0.01), every(2 * DAY), LONG_DAYS),
    Planted("interleaved", "two-of-10-min", _same_period(2, 600), every(600)),
    Planted("interleaved", "three-of-15-min", _same_period(3, 900), every(900)),
    Planted("interleaved", "two-of-2-h", _same_period(2, 2 * HOUR), every(2 * HOUR)),
    Planted(
        "interleaved",
        "10-and-14-min",
        _two_periods(600, 840),
        either(every(600), every(840)),
    ),
    Planted(
        "interleaved",
        "20-min-and-1-h",
        _two_periods(1_200, 3_600),
        either(every(1_200), every(3_600)),
    ),
    Planted("drifting", "a-thousandth", _grid(600, 0.01, 0.0, 0.001), every(600)),
    Planted("drifting", "a-fiftieth", _grid(900, 0.01, 0.0, 0.02), every(918)),
    Planted("drifting", "sleep-of-30-min", _sleep(1_800, 0.2), every(1_620, 0.05)),
    Planted("drifting", "sleep-of-2-h", _sleep(2 * HOUR, 0.1), every(1.9 * HOUR, 0.05)),
    Planted("drifting", "later-by-5-min-a-day", _grid(DAY + 300, 0.001), every(DAY + 300), 28),
    Planted("drifting", "clock-change", _clock_change, at(2 + 14 / 60), 21),
    Planted("interrupted", "evenings", _within(_grid(240, 0.05), (20, 2)), every(240)),
    Planted(
        "interrupted",
        "office-hours",
        _within(_grid(1_200), (9, 17), WEEKDAYS),
        both(every(1_200), words("weekdays 0")),
    ),
    Planted(
        "interrupted",
        "weekends",
        _within(QUARTER, (0, 24), WEEKEND),
        both(every(900), words("Saturdays and Sundays")),
    ),
    Planted("interrupted", "laptop", _laptop(TEN), every(600)),
    Planted("interrupted", "outages", _interrupted(QUARTER, 7 * HOUR, 1.5 * HOUR), every(900)),
    Planted("interrupted", "a-quarter-missed", _grid(900, 0.02, 0.25), every(900)),
    Planted("interrupted", "two-fifths-missed", _grid(900, 0.02, 0.4), every(900)),
    Planted("interrupted", "three-fifths-missed", _grid(1_300, 0.02, 0.6), every(1_300)),
    Planted("interrupted", "few-some-missed", _short(1_800, (8, 14), 0.02, 0.15), every(1_800)),
    Planted("interrupted", "few-many-missed", _short(HOUR, (10, 20), 0.05, 0.3), every(HOUR, 0.05)),
    Planted("noisy", "5-min-and-as-much-noise", _noisy(_grid(300), 300), every(300)),
    Planted("noisy", "15-min-and-half-noise", _noisy(QUARTER, 1_800), every(900)),
    Planted("noisy", "15-min-exact-and-twice", _noisy(_grid(900, 0.001), 450), every(900)),
    Planted("noisy", "nightly-and-noise", _noisy(_nightly(2, 14, 60), 9 * HOUR), at(2 + 14 / 60)),
    Planted("noisy", "jitter-of-15-percent", _grid(600, 0.15), every(600, 0.05)),
    Planted("varied", "sleep-cut-by-90-percent", _sleep(1_200, 0.9), every(660, 0.1)),
    Planted("varied", "once-a-day", _once_a_day, words("once a day, at varying times"), LONG_DAYS),
    Planted("bursts", "within-2-s", _bursts(_grid(45), (1, 4), (1, 2)), every(45)),
    Planted("bursts", "within-20-s", _bursts(_grid(110), (2, 6), (2, 9)), every(110)),
    Planted("bursts", "within-a-minute", _bursts(_grid(470), (2, 6), (2, 15)), every(470)),
    Planted("bursts", "within-10-min", _bursts(_grid(4_000), (2, 6), (20, 150)), every(4_000)),
    Planted(
        "bursts",
        "nightly-in-pieces",
        _bursts(_nightly(1, 5, 180), (26, 34), (2, 25)),
        at(1 + 5 / 60),
    ),
    Planted("no schedule", "person", _person, nothing),
    Planted("no schedule", "retries", _retries, nothing),
    Planted("no schedule", "memoryless", _poisson, nothing),
    Planted("stream", "every-few-seconds", _stream, words("every")),
)


def pair(planted: Planted, seed: int) -> Pair:
    """One pair that keeps the schedule, in UTC; the same seed gives the same pair."""
    rng = Random(f"{planted.name} {seed}")
    start = FIRST_MIDNIGHT + rng.randrange(300) * DAY
    end = start + planted.days * DAY
    connections = tuple(
        Connection(round(time, 3), rng.randint(46_000, 54_000), rng.randint(500, 3_000))
        for time in planted.times(rng, start, end, timezone.utc)
    )
    context = {
        "window_start": str(start),
        "window_end": str(end),
        "senders": "2",
        "population": "240",
        **services.of_port("443"),
        "app": "ssl",
    }
    return Pair("10.0.0.1", "203.0.113.9", connections, start, end, context)
