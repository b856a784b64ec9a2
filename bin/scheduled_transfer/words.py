"""Plain language: schedules, amounts and chances as an analyst would say them."""

from __future__ import annotations

from math import floor

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEEKDAY_NAMES = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays")
DAY_KINDS = {7: "daily", 5: "weekdays"}
NO_SCHEDULE = "no schedule found"


def duration(seconds: float) -> str:
    """A period in the largest unit that keeps it readable.

    >>> duration(33.06), duration(600), duration(904), duration(28800), duration(172800)
    ('33.1 s', '10 min', '15.1 min', '8 h', '2 d')
    """
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= 1.5 * unit:
            return f"{round(seconds / unit, 1):g} {name}"
    return f"{round(seconds, 1):g} s"


def every(period: float, jitter: float) -> str:
    """A fixed interval.

    >>> every(600, 0.036)
    'every 10 min ±4 %'
    """
    return f"every {duration(period)} ±{jitter * 100:.0f} %"


def clock(at: float, spread: float) -> str:
    """A time of day (seconds after midnight) with its spread (seconds), both in minutes.

    >>> clock(8050, 100)
    '02:14 ±2 min'
    """
    minutes = int(at // MINUTE)
    return f"{minutes // 60:02d}:{minutes % 60:02d} ±{spread / MINUTE:.0f} min"


def days(weekdays: frozenset[int]) -> str:
    """The days of the week that a schedule keeps.

    >>> days(frozenset(range(5))), days(frozenset({0}))
    ('weekdays', 'Mondays')
    """
    return DAY_KINDS.get(len(weekdays)) or (WEEKDAY_NAMES + ("Sundays",))[min(weekdays)]


def amount(count: float) -> str:
    """Bytes in decimal units.

    >>> amount(212_400_000), amount(8100), amount(80)
    ('212 MB', '8.1 kB', '80 B')
    """
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}" if count < 999.5 * unit else f"1000 {name}"
    return f"{count:.0f} B"


def chance(log10_p: float) -> str:
    """A probability as odds.

    >>> chance(-9.3), chance(-1.5), chance(-400)
    ('1 in 10^9', '1 in 31', '1 in 10^400')
    """
    if log10_p > -4:
        return f"1 in {floor(10**-log10_p)}"
    return f"1 in 10^{floor(-log10_p)}"
