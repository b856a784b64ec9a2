"""The header that syslog puts before a message: its time, host, process and pid."""

import re
from datetime import datetime
from typing import Optional

from ..times import timestamp
from .source import BadLine, Reading

DAY = 86400

# RFC 6587 puts the length before a message that is sent as a stream.
_PRIORITY = r"(?:\d{1,5} (?=<))?(?:<\d{1,3}>)?"
_PROCESS = r"(?P<host>\S+) (?:(?P<process>[^\s:\[]+)(?:\[(?P<pid>\d+)\])?: ?)?(?P<message>.*)"
_FORMS = [
    re.compile(form, re.DOTALL)
    for form in (
        # RFC 5424: a version follows the priority.
        r"(?:\d{1,5} )?<\d{1,3}>\d (?P<time>\S+) (?P<host>\S+) (?P<process>\S+) (?P<pid>\S+) "
        r"(?:\S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?)?(?P<message>.*)",
        # ISO 8601 in the place of the old stamp, as rsyslog and journald write it.
        _PRIORITY + r"(?P<time>\d{4}-\d\d-\d\dT\S+) " + _PROCESS,
        # Cisco's, with a year and maybe a zone.
        _PRIORITY
        + r"(?P<time>[A-Z][a-z]{2} [ \d]\d \d{4} \d\d:\d\d:\d\d(?: [A-Z]{3,5}(?=[ :]))?):? "
        + _PROCESS,
        # RFC 3164.
        _PRIORITY + r"(?P<bare>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) " + _PROCESS,
    )
]


def header(line: str) -> Optional[dict[str, str]]:
    """Return the parts of a line's header, None where there is none."""
    found = next(filter(None, (form.fullmatch(line) for form in _FORMS)), None)
    if not found:
        return None
    return {name: value for name, value in found.groupdict().items() if value}


_ZONED = re.compile(
    _PRIORITY + r"(?:\d )?(?:\d{4}-\d\d-\d\dT[\d:.,]+(Z|[+-]\d\d:?\d\d)"
    r"|[A-Z][a-z]{2} [ \d]\d \d{4} \d\d:\d\d:\d\d ([A-Z]{3,5})(?=[ :]))"
)


def zone(line: str) -> Optional[str]:
    """Return the time zone that the header of a line names, None where it names none."""
    found = _ZONED.match(line)
    return found and (found[1] or found[2])


def header_time(fields: dict[str, str], reading: Reading) -> float:
    """Return the time in a header; one without a year lies before the time of the run."""
    if "time" in fields:
        return timestamp(fields["time"], reading.tz)
    if reading.now is None:
        raise BadLine("its time has no year: give the time of the run with --now")
    return _of_last_year_at_most(fields["bare"], reading)


def _of_last_year_at_most(bare: str, reading: Reading) -> float:
    """Return the time of a stamp without a year: of this year, or the last if it lies ahead."""
    year = datetime.fromtimestamp(reading.now, reading.tz).year
    for candidate in (year, year - 1):
        moment = datetime.strptime(f"{candidate} {bare}", "%Y %b %d %H:%M:%S")
        epoch = moment.replace(tzinfo=reading.tz).timestamp()
        if epoch <= reading.now + DAY:
            break
    return epoch
