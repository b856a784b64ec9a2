"""Lines of key=value pairs, and the fields that hold the time of a record."""

import csv
import re
from typing import Any, Optional

from ..times import timestamp
from . import syslog
from .source import BadLine, Reading

TIMES = (
    "_time", "event.start", "timestamp", "@timestamp", "eventtime", "time", "datetime",
    "start_time", "ts", "dtime", "itime", "Date/Time", "UtcTime",
    "Timestamp", "TimeGenerated", "EventTime", "StartTime",
)  # fmt: skip
# Fields that hold the zone of the others.
ZONES = (
    "tz", "TZ", "timezone", "Timezone", "TimeZone", "time_zone", "timeZone", "Time Zone",
    "event.timezone",
)  # fmt: skip

Event = dict[str, Any]

_WORD = r"[A-Za-z_@][\w.@-]*"
# No name is looked for inside of a word, which takes long where words are.
_NAME = rf"(?<![A-Za-z_@])({_WORD})"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(rf'{_NAME}=({_QUOTED}|[^\s"]*)')
# The same, where a comma or semicolon may stand between pairs.
_LISTED = re.compile(rf'{_NAME}=({_QUOTED}|[^\s"]*?(?=[,;]*(?:\s|$)|[,;]\s*{_WORD}=))')
_PIPED = re.compile(rf'[^"|=]*=[^"|=]*\|\s*{_NAME}=')
# Values between tabs may hold spaces.
_TABBED = re.compile(rf"(?:[^\t=]*\t)?{_NAME}=[^\t]*\t{_NAME}=")
# A time at the start of a line, which no name stands before.
_LEADING = re.compile(r"(\d{4}-\d\d-\d\d[ T][\d:.]+(?:Z|[+-]\d\d:?\d\d)?|\d{9,10}\.\d+)\s")
_CHECK_POINT = re.compile(rf"\b(\w+):({_QUOTED})(?=[;\]]|\s*$)")
# FortiAnalyzer exports cells of pairs as CSV.
_CELLS = re.compile(rf'"?{_NAME}=[^"]*"?,"{_NAME}=')


# ---- key=value -----------------------------------------------------------------------------


def pairs(line: str) -> Event:
    """Return the key=value pairs of a line; values may be quoted.

    Space, commas, semicolons, bars or tabs stand between them. Check Point writes key:"value".
    """
    if _CELLS.match(line) and "\0" not in line:
        found = (cell.partition("=")[::2] for cell in next(csv.reader([line])))
    elif _PIPED.match(line):
        found = (part.strip().partition("=")[::2] for part in line.split("|"))
    elif "\t" in line and _TABBED.match(line):
        found = (part.strip().partition("=")[::2] for part in line.split("\t"))
    elif ':"' in line and " CheckPoint " in line:
        found = _CHECK_POINT.findall(line)
    else:
        found = (_LISTED if "," in line or ";" in line else _PAIR).findall(line)
    return {
        name: value[1:-1] if value[:1] == '"' else value
        for name, value in found
        if name and value not in ("", '""')
    }


def has_pairs(line: str, _reading: Reading) -> bool:
    """Tell whether a line holds several key=value pairs."""
    return len(pairs(line)) > 1


def zone(event: Event) -> Optional[str]:
    """Return the time zone that a field of an event names, None where none does."""
    return next((event[name] for name in ZONES if event.get(name, "-") != "-"), None)


def time_of(event: Event, line: str, reading: Reading, first: tuple[str, ...] = ()) -> float:
    """Return the time of an event, from its fields, the start of its line or its syslog header.

    A zone that a field or the header names goes before that of the reading, and fields that are
    named go before others.
    """
    named = zone(event) or syslog.zone(line)
    both = f"{event['date']} {event['time']}" if "date" in event and "time" in event else None
    written = next((event[name] for name in first if name in event), both)
    written = written or next((event[name] for name in TIMES if name in event), None)
    leading = None if written else _LEADING.match(line)
    if written or leading:
        return timestamp(written or leading[1], reading.tz, named)
    stamped = syslog.header(line)
    if stamped:
        return syslog.header_time(stamped, reading)
    raise BadLine(f"no time: none of the fields {', '.join(first or TIMES)}")
