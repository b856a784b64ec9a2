"""Times: zones, time modifiers such as -7d@h, spans, strftime and strptime in Splunk's dialect."""

import calendar
import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Callable, NamedTuple, Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import InputError, SplError

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
MONTHS = {"mon": 1, "q": 3, "y": 12}
UNITS = {
    "s": "s sec secs second seconds",
    "m": "m min mins minute minutes",
    "h": "h hr hrs hour hours",
    "d": "d day days",
    "w": "w week weeks",
    "mon": "mon month months",
    "q": "q qtr qtrs quarter quarters",
    "y": "y yr yrs year years",
}
UNIT_OF = {alias: unit for unit, aliases in UNITS.items() for alias in aliases.split()}


def zone(name: str) -> tzinfo:
    """Return a time zone by its name in the zone database."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"unknown time zone '{name}'") from None


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
    if unit == "mon":
        return first
    return first.replace(month=1 if unit == "y" else (first.month - 1) // 3 * 3 + 1)


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


# ---- strftime ------------------------------------------------------------------------------

_DIRECTIVE = re.compile(r"%(?:([369])?N|([369])?Q|(:{0,3}z)|(.))", re.DOTALL)
_COMPOUND = {"T": "%H:%M:%S", "F": "%Y-%m-%d", "D": "%m/%d/%y", "R": "%H:%M"}
_STANDARD = set("YymdHIMSpjbBaAUwuVGZ")


def strftime(epoch: float, form: str, tz: tzinfo) -> Optional[str]:
    """Write an epoch in a zone; %N and %Q are fractions of the second; null beyond the calendar."""
    try:
        moment = local(epoch, tz)
    except OUT_OF_RANGE:
        return None
    return "".join(part if type(part) is str else part(moment) for part in _format_parts(form))


@lru_cache(maxsize=256)
def _format_parts(form: str) -> tuple:
    for letter, long_form in _COMPOUND.items():
        form = form.replace("%" + letter, long_form)
    parts, end = [], 0
    for found in _DIRECTIVE.finditer(form):
        parts += [form[end : found.start()], _directive(found)]
        end = found.end()
    return tuple(parts + [form[end:]])


def _directive(found):
    nano, sub, offset, letter = found.groups()
    written = found.group(0)
    if letter is None and offset is None:
        digits = int(nano or sub or (9 if written.endswith("N") else 3))
        return lambda moment: f"{moment.microsecond * 1000:09d}"[:digits]
    if offset:
        return _offset_writer(offset.count(":"))
    special = {
        "%": lambda moment: "%",
        "s": lambda moment: str(int(moment.timestamp() // 1)),
        "e": lambda moment: f"{moment.day:2d}",
        "k": lambda moment: f"{moment.hour:2d}",
        "l": lambda moment: f"{moment.hour % 12 or 12:2d}",
    }
    if letter in special:
        return special[letter]
    if letter not in _STANDARD:
        raise SplError(f"time format '{written}' is not supported by replay")
    return lambda moment: moment.strftime(written)


def _offset_writer(colons: int):
    def write(moment: datetime) -> str:
        seconds = int(moment.utcoffset().total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
        hours, minutes = divmod(seconds // 60, 60)
        return f"{sign}{hours:02d}{':' if colons else ''}{minutes:02d}"

    if colons > 1:
        raise SplError("time format '%::z' is not supported by replay")
    return write


# ---- strptime ------------------------------------------------------------------------------

_MONTH_NAMES = [datetime(2000, month, 1).strftime("%B").lower() for month in range(1, 13)]
_READERS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "e": r"\s?(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "k": r"\s?(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
    "p": r"(?P<p>[AaPp][Mm])",
    "b": r"(?P<b>[A-Za-z]{3})",
    "B": r"(?P<b>[A-Za-z]+)",
    "a": r"[A-Za-z]{3}",
    "A": r"[A-Za-z]+",
    "s": r"(?P<s>\d+)",
    "%": "%",
}
_ZONE = r"(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})"


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
def _time_pattern(form: str):
    for letter, long_form in _COMPOUND.items():
        form = form.replace("%" + letter, long_form)
    pattern, end = [], 0
    for found in _DIRECTIVE.finditer(form):
        pattern += [_spaces(form[end : found.start()]), _reader(found)]
        end = found.end()
    try:
        return re.compile("".join(pattern) + _spaces(form[end:]))
    except re.error:
        raise SplError(f"time format '{form}' names one part twice") from None


def _spaces(literal: str) -> str:
    return r"\s+".join(re.escape(part) for part in re.split(r"\s+", literal))


def _reader(found) -> str:
    nano, sub, offset, letter = found.groups()
    if letter is None and offset is None:
        return rf"(?P<f>\d{{1,{nano or sub or 9}}})"
    if offset or letter == "Z":
        return _ZONE
    if letter not in _READERS:
        raise SplError(f"time format '%{letter}' is not supported by replay")
    return _READERS[letter]


def _epoch(parts, tz: tzinfo) -> float:
    if "s" in parts:
        return float(parts["s"]) + _fraction(parts)
    if "d" not in parts or not {"m", "b"} & set(parts) or not {"Y", "y"} & set(parts):
        raise SplError(
            "strptime without a whole date (year, month, day) is not supported by replay"
        )
    moment = datetime(_year(parts), _month(parts), int(parts["d"]), _hour(parts))
    moment = moment.replace(minute=int(parts.get("M", 0)), second=int(parts.get("S", 0)))
    return moment.replace(tzinfo=_zone_of(parts, tz)).timestamp() + _fraction(parts)


def _year(parts) -> int:
    if "Y" in parts:
        return int(parts["Y"])
    short = int(parts["y"])
    return short + (2000 if short < 69 else 1900)


def _month(parts) -> int:
    if "m" in parts:
        return int(parts["m"])
    name = parts["b"].lower()
    matches = [full for full in _MONTH_NAMES if name in (full, full[:3])]
    if not matches:
        raise ValueError(name)
    return _MONTH_NAMES.index(matches[0]) + 1


def _hour(parts) -> int:
    if "I" in parts:
        return int(parts["I"]) % 12 + (12 if parts.get("p", "").lower() == "pm" else 0)
    return int(parts.get("H", 0))


def _fraction(parts) -> float:
    return float("0." + parts["f"]) if "f" in parts else 0.0


def _zone_of(parts, tz: tzinfo) -> tzinfo:
    written = parts.get("z")
    if written is None:
        return tz
    if written in ("Z", "UTC", "GMT"):
        return timezone.utc
    sign = -1 if written[0] == "-" else 1
    digits = written[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


# ---- time stamps of logs -------------------------------------------------------------------

_ISO = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$"
)


def timestamp(written: str, tz: tzinfo = timezone.utc) -> float:
    """Return the epoch of a log's time stamp; without a zone of its own it is in `tz`.

    Raises ValueError, which names it, where it is none.

    >>> timestamp("2026-01-01T02:14:10.5Z"), timestamp("1767233650500")
    (1767233650.5, 1767233650.5)
    """
    found = _ISO.match(written)
    if found:
        return _iso(found, tz)
    try:
        return epoch_of(float(written))
    except ValueError:
        raise ValueError(f"not a time stamp: {written[:60]!r}") from None


def _iso(found, tz: tzinfo) -> float:
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    parts = {"z": offset + "00" if offset and re.fullmatch(r"[+-]\d\d", offset) else offset}
    moment = datetime(
        int(year), int(month), int(day), int(hour), int(minute), int(second or 0)
    ).replace(tzinfo=_zone_of(parts, tz))
    return moment.timestamp() + (float("0." + fraction) if fraction else 0.0)


def epoch_of(value: float) -> float:
    """Return seconds for an epoch in seconds, milli-, micro- or nanoseconds, by its magnitude."""
    if not 0 <= value < 1e20:
        raise ValueError(f"not an epoch: {value}")
    for limit, scale in ((1e11, 1), (1e14, 1e3), (1e17, 1e6)):
        if value < limit:
            return value / scale
    return value / 1e9
