"""Schedules that were made to look like none, and the visits of people that resemble them.

A kind is drawn once over its longest span; what is seen of it after some days is the beginning of
that. Two sets of seeds: one to develop with, the other for the figures of `bench.limits`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import NamedTuple

from office import schedules
from office.schedules import ALL_DAYS, DAY, HOUR, WEEKDAYS

from .pairs import Connection, Pair
from .simulator import FIRST_MIDNIGHT

DEVELOPMENT_SEED, FINAL_SEED = 3_000, 9_000_000
WEEK = 7 * DAY
# Days after which a kind is looked at: of daily, of weekly and of denser schedules.
DAYS = (3, 4, 5, 7, 10, 14, 21, 30, 45, 60)
WEEKS = (14, 21, 28, 35, 42, 56, 70, 84)
HOURS = (1 / 4, 1 / 2, 1, 2, 3, 5, 7, 14)

Draw = Callable[[Random, float, float], Iterable[float]]


class Kind(NamedTuple):
    """A kind of schedule, or of visits: its starts, after how many days it is looked at, how many
    bytes a contact sends, and the bins (seconds) in which a rule sees it."""

    name: str
    draw: Draw
    days: Sequence[float] = DAYS
    sent: int = 20_000_000
    bin: int = HOUR


def once_in(cell: float, kept: Callable[[float], bool] = lambda _: True, phase: float = 0) -> Draw:
    """One contact in each cell of time (seconds), anywhere in it; `phase` is a share of it."""

    def draw(rng: Random, start: float, end: float) -> list[float]:
        begin = start + phase * cell
        cells = range(int((end - begin) // cell))
        return [begin + (n + rng.random()) * cell for n in cells if kept(begin + n * cell)]

    return draw


def nightly(hour: float, window: float, days: Iterable[int] = ALL_DAYS, weeks: int = 1) -> Draw:
    """One contact a day (on the days of the week, every so many weeks), within so many hours."""
    chosen = frozenset(days)

    def draw(rng: Random, start: float, end: float) -> list[float]:
        nights = range(int((end - start) // DAY))
        return [
            start + night * DAY + (hour + rng.random() * window) * HOUR
            for night in nights
            if schedules_day(start + night * DAY) in chosen and night // 7 % weeks == 0
        ]

    return draw


def schedules_day(epoch: float) -> int:
    """Day of the week in universal time, Monday is 0."""
    return int(epoch // DAY + 3) % 7


def moving(step: float, window: float) -> Draw:
    """A nightly start that moves by up to `step` hours each night, within a window of hours."""

    def draw(rng: Random, start: float, end: float) -> list[float]:
        at, times = rng.random() * window, []
        for night in range(int((end - start) // DAY)):
            times.append(start + night * DAY + at * HOUR)
            at += rng.uniform(-step, step)
            at = min(max(at, -at), 2 * window - at)
        return times

    return draw


def together(*draws: Draw) -> Draw:
    """Several of them with one destination."""
    return lambda rng, start, end: schedules.merge(*(draw(rng, start, end) for draw in draws))


def timer(low: float, high: float, jitter: float, missed: float = 0.0) -> Draw:
    """A grid of a period (seconds) between the two, that no clock divides."""
    return lambda rng, start, end: schedules.every(
        rng, start, end, low * (high / low) ** rng.random(), jitter, missed
    )


def sleep(period: float, jitter: float) -> Draw:
    """A sleep that is cut by up to this share."""
    return lambda rng, start, end: schedules.sleep(rng, start, end, period, jitter)


def drifting(first: float, last: float, days: float, jitter: float = 0.05) -> Draw:
    """A period (seconds) that changes steadily over so many days."""

    def draw(rng: Random, start: float, end: float) -> list[float]:
        time, times = start + rng.random() * first, []
        while time < end:
            times.append(time)
            share = (time - start) / days / DAY
            time += first * (last / first) ** share * (1 + rng.uniform(-jitter, jitter))
        return times

    return draw


def noise(gap: float) -> Draw:
    """Contacts at any time, so many seconds apart on average."""
    return lambda rng, start, end: schedules.poisson(rng, start, end, gap)


def working(epoch: float) -> bool:
    """Whether a day is one of Monday to Friday."""
    return schedules_day(epoch) in WEEKDAYS


BEAT = 40_000
KINDS = (
    Kind("once a day, at any time", once_in(DAY)),
    Kind("once a day, at any time, two transfers", together(once_in(DAY), once_in(DAY))),
    Kind("once a working day, at any time", once_in(DAY, working)),
    Kind("once a working day, 08 to 18 h", nightly(8, 10, WEEKDAYS)),
    Kind("once a night, within 8 h", nightly(22, 8)),
    Kind("once a night, within 4 h", nightly(1, 4)),
    Kind("once a night, within 2 h", nightly(2, 2)),
    Kind("nightly, moves by up to 2 h, within 6 h", moving(2, 6)),
    Kind("nightly, ±2 min", nightly(2.2, 4 / 60)),
    Kind("nightly, ±10 min", nightly(2.2, 20 / 60)),
    Kind("weekly, ±5 min", nightly(3.1, 1 / 6, {6}), WEEKS),
    Kind("weekly, ±30 min", nightly(3.1, 1, {6}), WEEKS),
    Kind("weekly, at any time of the week", once_in(WEEK), WEEKS),
    Kind("fortnightly, ±5 min", nightly(3.1, 1 / 6, {6}, 2), WEEKS),
    Kind("once in 6 h, at any minute", once_in(6 * HOUR), (2, *DAYS), 2_000_000),
    Kind("once an hour, at any minute", once_in(HOUR), HOURS, BEAT, 1),
    Kind("once an hour, from an odd minute", once_in(HOUR, phase=0.4), HOURS, BEAT, 1),
    Kind("once in 30 min, at any minute", once_in(HOUR / 2), HOURS, BEAT, 1),
    Kind("two timers of 9 to 40 min", together(timer(540, 1_200, 0.02), timer(1_200, 2_400, 0.02)),
         HOURS, BEAT, 1),
    Kind("three timers of 9 to 60 min",
         together(timer(540, 900, 0.02), timer(900, 1_800, 0.02), timer(1_800, 3_600, 0.02)),
         HOURS, BEAT, 1),
    Kind("a timer of 9 to 40 min, as much noise",
         together(timer(540, 2_400, 0.02), noise(1_140)), HOURS, BEAT, 1),
    Kind("a timer of 9 to 40 min, three times its noise",
         together(timer(540, 2_400, 0.02), noise(380)), HOURS, BEAT, 1),
    Kind("sleep of 20 min, cut by up to 50 %", sleep(1_200, 0.5), HOURS, BEAT, 1),
    Kind("sleep of 20 min, cut by up to 70 %", sleep(1_200, 0.7), HOURS, BEAT, 1),
    Kind("sleep of 20 min, cut by up to 90 %", sleep(1_200, 0.9), HOURS, BEAT, 1),
    Kind("timer of 9 to 40 min, ±30 %", timer(540, 2_400, 0.3), HOURS, BEAT, 1),
    Kind("timer of 9 to 40 min, ±50 %", timer(540, 2_400, 0.5), HOURS, BEAT, 1),
    Kind("drift from 10 to 30 min in 14 days", drifting(600, 1_800, 14), HOURS, BEAT, 1),
)  # fmt: skip


def habit(attend: float, spread: float, weekend: float = 1.0) -> Draw:
    """A visit on most days, at a usual time with this standard deviation (hours)."""

    def draw(rng: Random, start: float, end: float) -> list[float]:
        usual, times = rng.uniform(7, 21), []
        for day in range(int((end - start) // DAY)):
            share = attend * (1 if working(start + day * DAY) else weekend)
            if rng.random() < share:
                times.append(start + (day + (usual + rng.gauss(0, spread)) / 24) * DAY)
        return schedules.clip(times, start, end)

    return draw


def visits(low: float, high: float, weekend: float) -> Draw:
    """A person's sessions, so many a day, in office hours."""
    return lambda rng, start, end: schedules.browsing(
        rng, start, end, rng.uniform(low, high), rng.uniform(1.2, 12), weekend=weekend
    )


def rested(evenness: float, low: float, high: float) -> Draw:
    """Gaps with a rest in them, up to twice as even as chance."""

    def draw(rng: Random, start: float, end: float) -> list[float]:
        shape, mean = rng.uniform(1, evenness), low * (high / low) ** rng.random()
        time, times = start + rng.random() * mean, []
        while time < end:
            times.append(time)
            time += rng.gammavariate(shape, mean / shape)
        return times

    return draw


# What people and chance do that comes nearest.
LOOKALIKES = (
    Kind("a visit on four days of five, ±90 min", habit(0.8, 1.5), DAYS),
    Kind("a visit on four days of five, ±3 h", habit(0.8, 3), DAYS),
    Kind("a visit on four working days of five, ±90 min", habit(0.8, 1.5, 0), DAYS),
    Kind("a weekly visit, three weeks of four, ±90 min", habit(0.11, 1.5), WEEKS),
    Kind("office visits, about one a day", visits(0.6, 1.6, 0.1), DAYS),
    Kind("visits at home, about one a day", visits(0.6, 1.6, 1), DAYS),
    Kind("chance, about once a day", rested(1, 0.7 * DAY, 1.4 * DAY), DAYS),
    Kind("rested gaps, about once a day", rested(3, 0.7 * DAY, 1.4 * DAY), DAYS),
    Kind("rested gaps, about once in 6 h", rested(3, 4 * HOUR, 9 * HOUR), DAYS),
    Kind("chance, about once an hour", rested(1, 0.7 * HOUR, 1.4 * HOUR), HOURS, BEAT, 1),
    Kind("rested gaps, about once an hour", rested(3, 0.7 * HOUR, 1.4 * HOUR), HOURS, BEAT, 1),
    Kind("rested gaps, 5 to 60 min", rested(3, 300, 3_600), HOURS, BEAT, 1),
    Kind("office visits, many a day", visits(4, 16, 0.1), HOURS, BEAT, 1),
)  # fmt: skip


def pair(kind: Kind, seed: int, days: float) -> Pair:
    """The first days of a pair of this kind; the same seed gives the same pair.

    One new destination that one sender of 240 talks to, more bytes out than in.
    """
    rng = Random(f"{kind.name} {seed}")
    start = FIRST_MIDNIGHT + rng.randrange(300) * DAY
    end = start + int(days * DAY)
    times = sorted(kind.draw(rng, start, start + max(kind.days) * DAY))
    own = Random(seed)
    connections = tuple(
        Connection(round(time, 3), int(kind.sent * own.uniform(0.6, 1.6)), own.randint(900, 9_000))
        for time in times
        if time < end
    )
    context = {
        "window_start": str(start),
        "window_end": str(end),
        "senders": "1",
        "population": "240",
        "first_seen": str(start),
        "dest_port": "443",
        "app": "ssl",
        "bin_seconds": str(kind.bin),
        "utc_offset": "+0000",
    }
    return Pair("10.0.0.1", "203.0.113.9", connections, start, end, context)
