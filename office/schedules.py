"""Generators of start times: pure functions of a seeded `random.Random` and a span.

Times are epochs in seconds, sorted, with start <= time < end. Every duration is in seconds, every
share is in 0..1, days of the week count from Monday = 0, hours are local to `zone` (any tzinfo).
The demo and the detection benchmark both use these generators.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import accumulate
from random import Random

MINUTE = 60
HOUR = 3600
DAY = 86400
WEEKDAYS = frozenset(range(5))
WEEKEND = frozenset((5, 6))
ALL_DAYS = frozenset(range(7))

# How a day in an office is spread over its 24 hours: a slow start, a dip at lunch, a thin evening.
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 1, 4, 9, 12, 12, 9, 4, 9, 12, 11, 9, 6, 2, 1, 2, 2, 1, 0)


def local_days(start: float, end: float, zone: tzinfo = timezone.utc) -> Iterator[date]:
    """Yield the local calendar days that the span touches.

    >>> [day.isoformat() for day in local_days(0, DAY + 1)]
    ['1970-01-01', '1970-01-02']
    """
    day = datetime.fromtimestamp(start, zone).date()
    last = datetime.fromtimestamp(end, zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def at(day: date, second: float, zone: tzinfo = timezone.utc) -> float:
    """Return the epoch of a wall-clock time, given in seconds after local midnight.

    >>> at(date(1970, 1, 2), 2 * HOUR)
    93600.0
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight + timedelta(seconds=second)).timestamp()


def clip(times: Collection[float], start: float, end: float) -> list[float]:
    """Return the times inside the span, sorted."""
    return sorted(time for time in times if start <= time < end)


def thin(rng: Random, times: Collection[float], missed: float) -> list[float]:
    """Return the times without a random share of them (machine off, network down)."""
    if not missed:
        return list(times)
    return [time for time in times if rng.random() >= missed]


def merge(*series: Collection[float]) -> list[float]:
    """Return the times of several schedules together, such as two implants with one server."""
    return sorted(time for times in series for time in times)


def every(
    rng: Random,
    start: float,
    end: float,
    period: float,
    jitter: float = 0.0,
    missed: float = 0.0,
    drift: float = 0.0,
) -> list[float]:
    """Return times on a fixed grid: cron, Task Scheduler, a timer without accumulated error.

    Each time moves by up to +-`jitter` of a period about the grid; `drift` stretches the period
    (0.001: a clock that loses 0.1 %). The phase is random.
    """
    step = period * (1 + drift)
    phase = start + rng.random() * step
    grid = [phase + index * step for index in range(math.ceil((end - phase) / step))]
    moved = [time + rng.uniform(-jitter, jitter) * period for time in grid] if jitter else grid
    return clip(thin(rng, moved, missed), start, end)


def sleep(
    rng: Random,
    start: float,
    end: float,
    period: float,
    jitter: float = 0.0,
    missed: float = 0.0,
) -> list[float]:
    """Return times of an implant that sleeps between connections, each sleep cut by up to `jitter`.

    The deviations add up, so there is no grid: Cobalt Strike's sleep and jitter work like this.
    """
    times = []
    time = start + rng.random() * period
    while time < end:
        times.append(time)
        time += period * (1 - jitter * rng.random())
    return thin(rng, times, missed)


def poisson(rng: Random, start: float, end: float, mean_gap: float) -> list[float]:
    """Return Poisson arrivals: no schedule."""
    times = []
    time = start + rng.expovariate(1 / mean_gap)
    while time < end:
        times.append(time)
        time += rng.expovariate(1 / mean_gap)
    return times


def daily(
    rng: Random,
    start: float,
    end: float,
    hour: int,
    minute: int = 0,
    spread: float = 0.0,
    days: Collection[int] = ALL_DAYS,
    missed: float = 0.0,
    zone: tzinfo = timezone.utc,
) -> list[float]:
    """Return one run on each of the named days, at a local time within +-`spread` seconds."""
    due = hour * HOUR + minute * MINUTE
    times = [
        at(day, due, zone) + rng.uniform(-spread, spread)
        for day in local_days(start - DAY, end + DAY, zone)
        if day.weekday() in days
    ]
    return clip(thin(rng, times, missed), start, end)


def within(
    times: Collection[float],
    hours: tuple[float, float],
    days: Collection[int] = ALL_DAYS,
    zone: tzinfo = timezone.utc,
) -> list[float]:
    """Return the times inside local hours [from, to) of the named days; 22 to 6 spans midnight."""
    return [time for time in times if _inside(datetime.fromtimestamp(time, zone), hours, days)]


def _inside(moment: datetime, hours: tuple[float, float], days: Collection[int]) -> bool:
    opens, closes = hours
    hour = moment.hour + moment.minute / 60 + moment.second / HOUR
    if opens <= closes:
        return opens <= hour < closes and moment.weekday() in days
    if hour >= opens:
        return moment.weekday() in days
    return hour < closes and (moment.weekday() - 1) % 7 in days


def working_hours(
    rng: Random,
    start: float,
    end: float,
    period: float,
    jitter: float = 0.0,
    missed: float = 0.0,
    hours: tuple[float, float] = (9, 17),
    days: Collection[int] = WEEKDAYS,
    zone: tzinfo = timezone.utc,
) -> list[float]:
    """Return regular times within working hours, by default 9 to 17, Monday to Friday."""
    return within(every(rng, start, end, period, jitter, missed), hours, days, zone)


def interrupted(
    rng: Random,
    times: Collection[float],
    active: float,
    silent: float,
) -> list[float]:
    """Return the times within active periods: `active` seconds on average, then `silent`.

    Both periods vary by +-30 %, so that the interruptions have no schedule.
    """
    kept: list[float] = []
    edge, awake = min(times, default=0.0), False
    for time in sorted(times):
        while time >= edge:
            awake = not awake
            edge += (active if awake else silent) * rng.uniform(0.7, 1.3)
        if awake:
            kept.append(time)
    return kept


def laptop(
    rng: Random,
    times: Collection[float],
    zone: tzinfo = timezone.utc,
    days: Collection[int] = WEEKDAYS,
) -> list[float]:
    """Return the times at which a laptop is awake: office days with one or two pauses."""
    opened: dict[date, list[tuple[float, float]]] = {}
    kept = []
    for time in sorted(times):
        moment = datetime.fromtimestamp(time, zone)
        if moment.weekday() not in days:
            continue
        if moment.date() not in opened:
            opened[moment.date()] = _open_stretches(rng)
        second = moment.hour * HOUR + moment.minute * MINUTE + moment.second
        if any(first <= second < last for first, last in opened[moment.date()]):
            kept.append(time)
    return kept


def _open_stretches(rng: Random) -> list[tuple[float, float]]:
    arrival, leaving = rng.gauss(8.5, 0.5) * HOUR, rng.gauss(17.5, 0.8) * HOUR
    lunch, meeting = rng.gauss(12.3, 0.3) * HOUR, rng.uniform(14, 16) * HOUR
    return [
        (arrival, lunch),
        (lunch + rng.uniform(0.5, 1.1) * HOUR, meeting),
        (meeting + rng.uniform(0.3, 1.0) * HOUR, leaving),
    ]


def bursts(
    rng: Random,
    times: Collection[float],
    count: tuple[int, int],
    gap: tuple[float, float],
) -> list[float]:
    """Return each time as a burst of `count` (low, high) connections, `gap` (low, high) s apart."""
    burst = []
    for time in times:
        burst.append(time)
        for _ in range(rng.randint(*count) - 1):
            time += rng.uniform(*gap)
            burst.append(time)
    return sorted(burst)


def browsing(
    rng: Random,
    start: float,
    end: float,
    sessions: float = 6.0,
    clicks: float = 12.0,
    think: float = 25.0,
    weekend: float = 0.05,
    shift: float = 0.0,
    zone: tzinfo = timezone.utc,
    hours: Sequence[float] = OFFICE_HOURS,
) -> list[float]:
    """Return a person's visits: sessions by hourly weight, with irregular gaps between clicks.

    `sessions`: mean per working day. `clicks`: mean per session. `think`: median gap between clicks
    in seconds. `weekend`: share of sessions kept on Saturday and Sunday. `shift`: hours to move
    the day by (9: a night shift).
    """
    times: list[float] = []
    cumulative = list(accumulate(hours))
    for day in local_days(start - DAY, end, zone):
        mean = sessions * (weekend if day.weekday() in WEEKEND else 1.0) * rng.uniform(0.6, 1.4)
        for _ in range(_poisson_count(rng, mean)):
            hour = rng.choices(range(24), cum_weights=cumulative)[0] + rng.random() + shift
            times += _clicks(rng, at(day, hour * HOUR, zone), clicks, think)
    return clip(times, start, end)


def _clicks(rng: Random, time: float, clicks: float, think: float) -> list[float]:
    session = []
    for _ in range(1 + int(rng.expovariate(1 / max(clicks - 1, 0.01)))):
        session.append(time)
        time += rng.lognormvariate(math.log(think), 1.1)
    return session


def _poisson_count(rng: Random, mean: float) -> int:
    count, product, limit = 0, rng.random(), math.exp(-mean)
    while product > limit:
        count += 1
        product *= rng.random()
    return count
