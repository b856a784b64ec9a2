"""Times: zones, time modifiers such as -7d@h, spans, strftime and strptime in Splunk's dialect."""

import calendar
import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Callable, NamedTuple, Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import InputError, SplError

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
MONTHS = {"mon": 1, "y": 12}
UNITS = {
    "s": "s sec secs second seconds",
    "m": "m min mins minute minutes",
    "h": "h hr hrs hour hours",
    "d": "d day days",
    "w": "w week weeks",
    "mon": "mon month months",
    "y": "y yr yrs year years",
}
UNIT_OF = {alias: unit for unit, aliases in UNITS.items() for alias in aliases.split()}


def zone(name: str) -> tzinfo:
    """Return a time zone by its name in the zone database."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"unknown time zone '{name}'; expected one such as Europe/Berlin"
        ) from None


# What datetime raises for a time that no calendar shows.
OUT_OF_RANGE = (ValueError, OverflowError, OSError)


def local(epoch: float, tz: tzinfo) -> datetime:
    """Return an epoch as local time, to the microsecond."""
    whole, fraction = divmod(round(epoch * 1_000_000), 1_000_000)
    return datetime.fromtimestamp(whole, tz).replace(microsecond=fraction)


# ---- time modifiers ------------------------------------------------------------------------

_STEP = re.compile(r"([+-])(\d*)([a-z]+)|@(w[0-7]|[a-z]+)")


def relative(epoch: float, modifier: str, tz: tzinfo) -> Optional[float]:
    """Move an epoch by a time modifier such as "-7d@h", step by step; null beyond the calendar.

    >>> relative(1767233650, "-1d@d", timezone.utc)
    1767139200.0
    """
    steps = _steps(modifier)
    try:
        moment = local(epoch, tz)
        for step in steps:
            moment = step(moment)
        return moment.timestamp()
    except OUT_OF_RANGE:
        return None


@lru_cache(maxsize=256)
def _steps(modifier: str) -> list[Callable[[datetime], datetime]]:
    steps, end = [], 0
    for found in _STEP.finditer(modifier):
        if found.start() != end:
            break
        steps.append(_step(modifier, *found.groups()))
        end = found.end()
    if end != len(modifier) or not steps:
        raise SplError(f'Invalid value "{modifier}" for a time modifier')
    return steps


def _step(modifier, sign, amount, unit, snap):
    name = unit or snap
    weekday = re.fullmatch(r"w([0-7])", name)
    if not (weekday and snap) and name not in UNIT_OF:
        raise SplError(f'Invalid value "{modifier}" for a time modifier: unknown unit "{name}"')
    if snap:
        day = int(weekday.group(1)) % 7 if weekday else 0
        return lambda moment: _snap(moment, "w" if weekday else UNIT_OF[name], day)
    count = int(amount or 1) * (1 if sign == "+" else -1)
    return lambda moment: _shift(moment, count, UNIT_OF[name])


def _shift(moment: datetime, count: int, unit: str) -> datetime:
    """Shift by exact seconds up to hours, by the calendar in local time beyond."""
    if unit in ("s", "m", "h"):
        return local(moment.timestamp() + count * SECONDS[unit], moment.tzinfo)
    if unit in SECONDS:
        return moment + timedelta(seconds=count * SECONDS[unit])
    month = moment.year * 12 + moment.month - 1 + count * MONTHS[unit]
    year, month = divmod(month, 12)
    return _clamped(moment, year, month + 1)


def _clamped(moment: datetime, year: int, month: int) -> datetime:
    longest = calendar.monthrange(year, month)[1]
    return moment.replace(year=year, month=month, day=min(moment.day, longest))


def _snap(moment: datetime, unit: str, weekday: int = 0) -> datetime:
    """Round down to the start of a unit in local time; weeks begin on Sunday (@w0)."""
    if unit in ("s", "m", "h"):
        into = {"s": 0, "m": moment.second, "h": moment.minute * 60 + moment.second}[unit]
        return local(moment.timestamp() - into - moment.microsecond / 1e6, moment.tzinfo)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if unit == "w":
        return midnight - timedelta(days=(midnight.isoweekday() - weekday) % 7)
    if unit == "d":
        return midnight
    first = midnight.replace(day=1)
    return first if unit == "mon" else first.replace(month=1)


def moment_of(value: str, now: float, tz: tzinfo) -> Optional[float]:
    """Return the epoch of "now", an epoch or a time modifier; None for "" and 0: no bound."""
    if value in ("", "0"):
        return None
    if value in ("now", "now()"):
        return now
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    return relative(now, value, tz)


class Span(NamedTuple):
    """The length of a time bin; days are local days, anything shorter counts from the epoch."""

    seconds: float
    by_day: bool

    def floor(self, epoch: float, tz: tzinfo) -> float:
        """Return the start of the bin that an epoch falls into."""
        if self.by_day:
            return relative(epoch, "@d", tz)
        return epoch // self.seconds * self.seconds


def span_of(written: str) -> Span:
    """Read a span such as 30s, 10m, 1h or 1d; a bare number is seconds."""
    found = re.fullmatch(r"(\d+)([a-z]*)", written)
    unit = UNIT_OF.get(found.group(2) or "s") if found else None
    if unit not in ("s", "m", "h", "d") or not int(found.group(1)):
        raise SplError(f"The value for option span ({written}) is invalid.")
    if unit == "d" and found.group(1) != "1":
        raise SplError(f"span={written}: bins of several days are not supported by replay")
    return Span(int(found.group(1)) * SECONDS[unit], unit == "d")


# ---- strftime and strptime -----------------------------------------------------------------

_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_COMPOUND = {"%T": "%H:%M:%S", "%F": "%Y-%m-%d"}
_WRITTEN = frozenset("YymdHMSIpjbBaAUwuVGzZ%")
_READERS = {
    "Y": r"(?P<Y>\d{4})",
    **{letter: rf"(?P<{letter}>\d{{1,2}})" for letter in "mdHMS"},
    **dict.fromkeys("zZ", r"(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})"),
    "s": r"(?P<s>\d+)",
    "%": "%",
}


def strftime(epoch: float, form: str, tz: tzinfo) -> Optional[str]:
    """Write an epoch in a zone; null beyond the calendar."""
    form = _checked(form, _WRITTEN)
    try:
        moment = local(epoch, tz)
    except OUT_OF_RANGE:
        return None
    return moment.strftime(form)


@lru_cache(maxsize=256)
def _checked(form: str, known: frozenset) -> str:
    """Return a format without its short forms; what is not known of it is an error."""
    for short, long_form in _COMPOUND.items():
        form = form.replace(short, long_form)
    for letter in _DIRECTIVE.findall(form):
        if letter not in known:
            raise SplError(f"time format '%{letter}' is not supported by replay")
    return form


def strptime(written: str, form: str, tz: tzinfo) -> Optional[float]:
    """Read a time by a format; null where it does not fit. Text after the format is ignored."""
    found = _time_pattern(form).match(written)
    if not found:
        return None
    parts = {key: value for key, value in found.groupdict().items() if value is not None}
    try:
        return _epoch(parts, tz)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _time_pattern(form: str) -> re.Pattern:
    pieces = _DIRECTIVE.split(_checked(form, frozenset(_READERS)))
    pattern = "".join(
        _READERS[piece] if place % 2 else r"\s+".join(map(re.escape, re.split(r"\s+", piece)))
        for place, piece in enumerate(pieces)
    )
    try:
        return re.compile(pattern)
    except re.error:
        raise SplError(f"time format '{form}' names one part twice") from None


def _epoch(parts: dict[str, str], tz: tzinfo) -> float:
    if "s" in parts:
        return float(parts["s"])
    if not parts.keys() >= {"Y", "m", "d"}:
        raise SplError(
            "strptime without a whole date (year, month, day) is not supported by replay"
        )
    zone_written = parts.pop("z", None)
    moment = datetime(*(int(parts.get(letter, 0)) for letter in "YmdHMS"))
    return moment.replace(tzinfo=_zone_of(zone_written, tz)).timestamp()


# Hours ahead of UTC of the names that RFC 822 or one zone alone gives.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "SAST": 2, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}?):?(\d\d)?")


def _zone_of(written: Optional[str], tz: tzinfo, moment: Optional[datetime] = None) -> tzinfo:
    """Return a zone that is written as an offset or by name; `tz` where none is.

    Several zones share some names: that of `tz` at the moment goes before the others.
    """
    if not written:
        return tz
    if written == "Z":
        return timezone.utc
    found = _OFFSET.fullmatch(written)
    if found:
        sign = -1 if found[1] == "-" else 1
        return timezone(sign * timedelta(hours=int(found[2]), minutes=int(found[3] or 0)))
    for fold in (0, 1) if moment else ():
        local_moment = moment.replace(tzinfo=tz, fold=fold)
        if local_moment.tzname() == written:
            return timezone(local_moment.utcoffset())
    if written in _ZONES:
        return timezone(timedelta(hours=_ZONES[written]))
    if "/" in written:
        return zone(written)
    raise ValueError(f"unknown time zone {written[:40]!r}")


# ---- time stamps of logs -------------------------------------------------------------------

_CLOCK = (
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:\s*([AP]M))?"
    r"\s*([A-Z]{1,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?)?$"
)
_ISO = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[T ]" + _CLOCK)
# What else logs write before the clock: 1/31/2026 (with AM or PM, so that it is not the other way
# round), 31.1.2026, Jan 31 2026, 31 Jan 2026.
_DATES = tuple(
    re.compile(form)
    for form in (
        r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})[-/](?P<year>\d{4}),? +(?=.*[AP]M)",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}),? +",
        r"(?:[A-Z][a-z]{2} )?(?P<name>[A-Z][a-z]{2}) +(?P<day>\d{1,2}),? (?P<year>\d{4}),? +",
        r"(?:[A-Z][a-z]{2}, )?(?P<day>\d{1,2}) (?P<name>[A-Z][a-z]{2}) (?P<year>\d{4}),? +",
    )
)
_MONTH_NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec"
# How PowerShell writes a time as JSON: milliseconds.
_POWERSHELL = re.compile(r"/Date\((\d+)\)/")


def timestamp(written: str, tz: tzinfo = timezone.utc, zone_written: Optional[str] = None) -> float:
    """Return the epoch of a log's time stamp.

    One without a zone of its own is in the zone that is written elsewhere in its line, if any, and
    else in `tz`. Raises ValueError, which names it, where it is none.

    >>> timestamp("2026-01-01T02:14:10.5Z"), timestamp("1767233650500")
    (1767233650.5, 1767233650.5)
    >>> timestamp("1/1/2026 3:14:10 AM CET"), timestamp("01.01.2026 03:14:10", zone_written="+0100")
    (1767233650.0, 1767233650.0)
    """
    found = _ISO.match(written)
    if found:
        return _iso(found, tz, zone_written)
    try:
        epoch = float(written)
    except ValueError:
        return _otherwise_written(written, tz, zone_written)
    return epoch_of(epoch)


def _otherwise_written(written: str, tz: tzinfo, zone_written: Optional[str]) -> float:
    milliseconds = _POWERSHELL.fullmatch(written)
    if milliseconds:
        return int(milliseconds[1]) / 1000
    found = _ISO.match(_with_iso_date(written))
    if not found:
        raise ValueError(f"not a time stamp: {written[:60]!r}")
    return _iso(found, tz, zone_written)


def _with_iso_date(written: str) -> str:
    found = next(filter(None, (form.match(written) for form in _DATES)), None)
    if not found:
        return ""
    date = found.groupdict()
    month = date.get("month") or _MONTH_NAMES.find(date["name"]) // 3 + 1
    return f"{date['year']}-{int(month):02}-{int(date['day']):02} {written[found.end() :]}"


def _iso(found, tz: tzinfo, zone_written: Optional[str]) -> float:
    year, month, day, hour, minute, second, fraction, half, own = found.groups()
    if half:
        hour = int(hour) % 12 + 12 * (half == "PM")
    moment = datetime(*map(int, (year, month, day, hour, minute, second or 0)))
    moment = moment.replace(tzinfo=_zone_of(own or zone_written, tz, moment))
    return moment.timestamp() + (float("0." + fraction) if fraction else 0.0)


def epoch_of(value: float) -> float:
    """Return seconds for an epoch in seconds, milli-, micro- or nanoseconds, by its magnitude."""
    if not 0 <= value < 1e20:
        raise ValueError(f"not an epoch: {value}")
    for limit, scale in ((1e11, 1), (1e14, 1e3), (1e17, 1e6)):
        if value < limit:
            return value / scale
    return value / 1e9
