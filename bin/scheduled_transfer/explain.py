"""All words: schedules, amounts, chances and reasons as an analyst would say them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from math import floor

from .active_hours import EVERY_DAY, WEEKDAYS, ActiveHours
from .detectors import CLOCK, INTERVAL, ONCE, TIME_OF_DAY, Evidence
from .risk import SCHEDULE, Factor
from .series import DAY, HOUR, MINUTE, WEEK, Series

# More reasons than these are not read.
MOST_REASONS, MOST_REMARKS = 5, 3
# A factor lighter than this moves the risk by a fifth of a point at most: not worth a reason.
LEAST_TELLING = 0.1
# A time kept on a smaller share of its days than this is one of some days.
MOST_DAYS = 0.4
WEEKDAY_NAMES = (
    "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays",
)  # fmt: skip
DAY_KINDS = {EVERY_DAY: "daily", WEEKDAYS: "weekdays"}
UNITS = ((1, "s"), (MINUTE, "min"), (HOUR, "h"), (DAY, "d"))
# Up to one and a half of a unit the smaller one is the more exact.
UNIT_STARTS = tuple(1.5 * unit for unit, _ in UNITS[1:])
AMOUNTS = ((1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB"))
AMOUNT_STARTS = tuple(unit for unit, _ in AMOUNTS[1:])
NO_SCHEDULE = "no schedule found"
NOTHING_READ = ("no readable observation",)
NOT_WEIGHED = (NO_SCHEDULE, "no large transfer, and the destination is on no list")


def schedule(found: Evidence) -> str:
    """The schedule as a person would name it.

    >>> schedule(Evidence("interval", 1.0, -9.0, 600.0, 0.02, 10, 9, 9))
    'every 10 min ±2 %'
    """
    return _SCHEDULES[found.detector](found)


def evidence(found: Evidence, named: str) -> str:
    """Why the schedule, as it was named, is believed."""
    return f"{_EVIDENCE[found.detector](found, named)} (chance {chance(found.log10_p)})"


def _interval(found: Evidence) -> str:
    if found.hidden:
        return f"at least every {duration(found.period / found.lag)}"
    return every(found.period, found.jitter, found.lag)


def _time_of_day(found: Evidence) -> str:
    at = time(found.at, found.spread)
    often = found.hits >= MOST_DAYS * found.trials
    return f"{days(found.weekdays)} {at}" if often else f"some {_counted(found.weekdays)} {at}"


def _counted(weekdays: frozenset[int]) -> str:
    return "days" if weekdays == EVERY_DAY else days(weekdays)


def _clock(found: Evidence) -> str:
    return f"{every(found.period, 0)}, amid other contacts"


def _once(found: Evidence) -> str:
    if found.at is None:
        if found.period == HOUR:
            return "once an hour, at varying minutes"
        return f"once in {duration(found.period)}, at varying times"
    hours = _between(found.at, found.spread)
    if found.period > WEEK:
        return f"every {duration(found.period)}, {days(found.weekdays)} {hours}"
    if found.period > DAY:
        return f"{days(found.weekdays)}, {hours}"
    kind = "" if found.weekdays == EVERY_DAY else f"{days(found.weekdays)} "
    return f"{kind}{_EACH[found.lag]} a day, {hours}"


def _between(at: float, spread: float) -> str:
    """The hours of a start that moves, where they are fewer than half a day's."""
    if spread <= HOUR:
        return time(at, spread)
    if spread > DAY / 4:
        return "at varying times"
    first, last = ((at + way * spread) % DAY for way in (-1, 1))
    return f"between {time(first)} and {time(last)}"


def _once_evidence(found: Evidence) -> str:
    many = "one transfer" if found.lag == 1 else "two transfers"
    unit = {HOUR: "hours", DAY: "days", WEEK: "weeks", 2 * WEEK: "fortnights"}.get(found.period)
    unit = unit or f"stretches of {duration(found.period)}"
    working = "working " if found.period == DAY and found.weekdays == WEEKDAYS else ""
    return f"exactly {many} in {found.hits} of {found.trials} {working}{unit}"


_EACH = ("", "once", "twice")
_SCHEDULES = {INTERVAL: _interval, TIME_OF_DAY: _time_of_day, CLOCK: _clock, ONCE: _once}
_EVIDENCE: dict[str, Callable[[Evidence, str], str]] = {
    INTERVAL: lambda found, named: f"{found.hits} of {found.trials} gaps fit {named}",
    TIME_OF_DAY: lambda found, _: (
        f"starts at {time(found.at, found.spread)} on {found.hits} of {found.trials} "
        f"{_counted(found.weekdays)}"
    ),
    ONCE: lambda found, _: _once_evidence(found),
    CLOCK: lambda found, named: f"about {found.hits} of {found.trials} contacts keep to {named}",
}


def reasons(
    believed: str, sure: float, factors: Sequence[Factor], remarks: Sequence[str]
) -> tuple[str, ...]:
    """Why a schedule is believed, as sure as 0 to 1, among the risk factors, most telling first;
    remarks come last, yet always."""
    remarks = remarks[:MOST_REMARKS]
    room = MOST_REASONS - len(remarks) - 1
    telling = [factor for factor in factors if abs(factor.weight) >= LEAST_TELLING]
    telling.sort(key=lambda factor: -abs(factor.weight))
    told = [_FACTORS[factor.name](*factor.facts) for factor in telling[:room]]
    if not believed:
        return (NO_SCHEDULE, *told, *remarks)
    told.insert(sum([abs(factor.weight) > SCHEDULE * sure for factor in telling]), believed)
    return (*told, *remarks)


def remarks(series: Series, least: float, risk: float, faults: Sequence[str]) -> list[str]:
    """Why the risk is higher than the evidence, and what could not be read."""
    said = []
    if least > risk:
        said.append(f"minimum score of this rule: {least:g}")
    if series.unreadable:
        quoted = ", ".join(repr(token[:40]) for token in series.faults)
        said.append(f"{series.unreadable} observations could not be read: {quoted}")
    if faults:
        said.append(f"could not be read and counts as unknown: {', '.join(faults)}")
    return said


def duration(seconds: float, jitter: float = 0.0) -> str:
    """A period in the largest unit that keeps it readable, no finer than its jitter (a share).

    >>> duration(33.06), duration(600), duration(904), duration(28800), duration(172800)
    ('33.1 s', '10 min', '15.1 min', '8 h', '2 d')
    >>> duration(3588, 0.03), duration(0.25)
    ('60 min', '0.25 s')
    """
    if seconds < 1:
        return f"{seconds:.2g} s"
    unit, name = UNITS[bisect(UNIT_STARTS, seconds)]
    count = seconds / unit
    whole = round(count)
    if abs(whole - count) < count * jitter / 4:
        return f"{whole} {name}"
    tenths = f"{count:.1f}"
    return f"{tenths[:-2] if tenths.endswith('.0') else tenths} {name}"


def every(period: float, jitter: float, times: int = 1) -> str:
    """A fixed interval, kept by one schedule or by several in one another.

    >>> every(600, 0.036), every(600, 0, 2)
    ('every 10 min ±4 %', 'every 10 min ±0 %, 2 times')
    """
    once = f"every {duration(period, jitter)} ±{round(jitter * 100)} %"
    return f"{once}, {times} times" if times > 1 else once


def time(at: float, spread: float | None = None) -> str:
    """A time of day (seconds after midnight) with its spread (seconds), both in minutes.

    >>> time(8050, 100), time(3600)
    ('02:14 ±2 min', '01:00')
    """
    minutes = int(at // MINUTE)
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return clock if spread is None else f"{clock} ±{round(spread / MINUTE)} min"


def days(weekdays: frozenset[int]) -> str:
    """The days of the week that a schedule keeps.

    >>> days(frozenset(range(5))), days(frozenset({0})), days(frozenset({5, 6, 0}))
    ('weekdays', 'Mondays', 'Saturdays to Mondays')
    >>> days(frozenset({0, 2, 4}))
    'Mondays, Wednesdays and Fridays'
    """
    if weekdays in DAY_KINDS:
        return DAY_KINDS[weekdays]
    named = [WEEKDAY_NAMES[day] for day in sorted(weekdays)]
    begins = [day for day in weekdays if (day - 1) % 7 not in weekdays]
    if len(named) > 2 and len(begins) == 1:
        first = begins[0]
        return f"{WEEKDAY_NAMES[first]} to {WEEKDAY_NAMES[(first + len(named) - 1) % 7]}"
    *others, last = named
    return f"{', '.join(others)} and {last}" if others else last


def window(active: ActiveHours) -> str:
    """The hours and days in which a schedule is active."""
    if (active.first, active.last) == (0, 24):
        return days(active.weekdays)
    return f"{days(active.weekdays)} {active.first:02d} to {active.last:02d} h"


def amount(count: float) -> str:
    """Bytes in decimal units.

    >>> amount(212_400_000), amount(999_600), amount(8100), amount(80)
    ('212 MB', '1000 kB', '8.1 kB', '80 B')
    """
    if count < 1e3:
        return f"{round(count)} B"
    unit, name = AMOUNTS[bisect(AMOUNT_STARTS, count)]
    count /= unit
    return f"{count:.3g} {name}" if count < 999.5 else f"1000 {name}"


def chance(log10_p: float) -> str:
    """A probability as odds.

    >>> chance(-9.3), chance(-1.5), chance(-400)
    ('1 in 10^9', '1 in 31', '1 in 10^400')
    """
    if log10_p > -4:
        return f"1 in {floor(10**-log10_p)}"
    return f"1 in 10^{floor(-log10_p)}"


def _hosts(senders: float, population: float) -> str:
    talk = "talks" if senders == 1 else "talk"
    return f"{senders:.0f} of {population:.0f} hosts {talk} to it"


_FACTORS: dict[str, Callable[..., str]] = {
    "nothing moved": lambda: "no bytes sent or received",
    "direction": lambda out, back: f"{amount(out)} out, {amount(back)} in",
    "volume": lambda daily: f"{amount(daily)} out a day",
    "prevalence": _hosts,
    "age": lambda known: f"destination first seen {known:.0f} days ago",
    "listed": lambda: "destination is on a list of suspicious addresses",
    "frequency": lambda contacts, span: f"{contacts} contacts in {duration(span)}",
    "held": lambda kept: f"on this schedule for {kept:.1f} days",
    "odd port": lambda port, app: f"port {port}{app and f' ({app})'} has no common service",
    "odd app": lambda port, app: f"{app} on port {port}",
    "time service": lambda: "small packets of the time service (port 123)",
}
