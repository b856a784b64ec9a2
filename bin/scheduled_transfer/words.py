"""Plain language: schedules, amounts, chances and reasons as an analyst would say them."""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache
from math import floor

from .timeofday import EVERY_DAY, WEEKDAYS

MINUTE, HOUR, DAY = 60, 3_600, 86_400
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
NOTHING_READ = "no readable observation"
NOT_WEIGHED = "nothing large was sent and no list names the destination"


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


def at_least_every(period: float) -> str:
    """An interval that time bins show, though they would show a shorter one alike.

    >>> at_least_every(3600)
    'every 60 min or more often'
    """
    return f"every {duration(period)} or more often"


def clock(at: float, spread: float) -> str:
    """A time of day (seconds after midnight) with its spread (seconds), both in minutes.

    >>> clock(8050, 100)
    '02:14 ±2 min'
    """
    minutes = int(at // MINUTE)
    return f"{minutes // 60:02d}:{minutes % 60:02d} ±{round(spread / MINUTE)} min"


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


def some(kind: str) -> str:
    """Of days of which most were left out.

    >>> some("daily"), some("weekdays")
    ('some days', 'some weekdays')
    """
    return f"some {_named(kind)}"


def _named(kind: str) -> str:
    return "days" if kind == "daily" else kind


def window(first: int, last: int, weekdays: frozenset[int]) -> str:
    """The hours and days in which a schedule is awake.

    >>> window(9, 17, frozenset(range(5))), window(0, 24, frozenset({5, 6}))
    ('weekdays 09 to 17 h', 'Saturdays and Sundays')
    """
    if (first, last) == (0, 24):
        return days(weekdays)
    return f"{days(weekdays)} {first:02d} to {last:02d} h"


def amount(count: float) -> str:
    """Bytes in decimal units.

    >>> amount(212_400_000), amount(8100), amount(80)
    ('212 MB', '8.1 kB', '80 B')
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


def gaps(hits: int, trials: int, schedule: str, log10_p: float) -> str:
    """Why an interval is believed."""
    return f"{hits} of {trials} gaps fit {schedule} (chance {chance(log10_p)})"


def starts(at: str, hits: int, eligible: int, kind: str, log10_p: float) -> str:
    """Why a time of day is believed.

    >>> starts('02:14 ±2 min', 14, 14, 'daily', -9.1)
    'starts at 02:14 ±2 min on 14 of 14 days (chance 1 in 10^9)'
    """
    return f"starts at {at} on {hits} of {eligible} {_named(kind)} (chance {chance(log10_p)})"


def aligned(hits: int, contacts: int, schedule: str, log10_p: float) -> str:
    """Why a beat of the clock is believed under noise."""
    return f"about {hits} of {contacts} contacts keep to {schedule} (chance {chance(log10_p)})"


def both_ways(out: float, back: float) -> str:
    """Bytes out and in.

    >>> both_ways(212e6, 8e6)
    '212 MB out, 8 MB in'
    """
    return f"{amount(out)} out, {amount(back)} in"


def nothing_moved() -> str:
    """No byte either way."""
    return "no byte was sent or received"


def daily_volume(daily: float) -> str:
    """Bytes sent a day."""
    return f"{amount(daily)} out a day"


# A search repeats them for every pair of a destination.
@lru_cache(maxsize=4096)
def talkers(senders: float, population: float) -> str:
    """How common the destination is.

    >>> talkers(1, 240)
    '1 of 240 hosts talks to it'
    """
    return f"{senders:.0f} of {population:.0f} hosts {'talks' if senders == 1 else 'talk'} to it"


def age(days_known: float) -> str:
    """Since when the site knows the destination."""
    return f"destination first seen {days_known:.0f} days ago"


def contacts(daily: float) -> str:
    """How often contact is made."""
    return f"in touch {round(daily)} times a day"


def held(days_kept: float) -> str:
    """How long the schedule has held."""
    return f"has kept its schedule for {days_kept:.1f} days"


def odd_port(port: int, app: str) -> str:
    """A port without a common service."""
    return f"port {port}{f' ({app})' if app else ''} belongs to no common service"


def odd_app(port: int, app: str) -> str:
    """A protocol on another's port."""
    return f"{app} on port {port}"


def time_service() -> str:
    """Clock synchronisation."""
    return "small packets of the time service (port 123)"


def listed() -> str:
    """A suspicious address."""
    return "destination is on a list of suspicious addresses"


def hour_of_day(rest: str, hour: int) -> str:
    """What the sender usually does at the hour of the schedule."""
    return f"its sender is usually {rest} at {hour:02d} h"


def alike(typical: float, deviation: float) -> str:
    """Sizes of one kind."""
    return f"most beats send {amount(typical)} ±{round(deviation * 100)} %"


def raised(least: float, evidence: float) -> str:
    """Why the risk is higher than the evidence.

    >>> raised(8.0, 2.1)
    "the rule's floor is 8; the evidence alone gives 2.1"
    """
    return f"the rule's floor is {least:g}; the evidence alone gives {evidence:g}"


def unreadable(count: int, quoted: tuple[str, ...]) -> str:
    """Tokens that could not be read."""
    named = ", ".join(repr(token[:40]) for token in quoted)
    return f"{count} observations could not be read: {named}"


def unread(faults: tuple[str, ...]) -> str:
    """Fields that could not be read."""
    return f"could not be read and counts as unknown: {', '.join(faults)}"


def unknown(names: list[str]) -> str:
    """Facts that nobody told."""
    return f"not known: {', '.join(names)}"
