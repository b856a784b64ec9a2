"""Lines of key=value pairs and of CSV, and the fields that hold their time."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain, dropwhile, islice
from typing import Any, Callable, NamedTuple, Optional

from ..times import timestamp
from . import syslog
from .source import BadLine, LogFile, Reading

TIMES = (
    "_time", "event.start", "timestamp", "@timestamp", "eventtime", "time", "datetime",
    "start_time", "ts",
)  # fmt: skip
DELIMITERS = ",;\t|"
# Lines that a quoted cell may go over.
LONGEST_CELL = 50

Event = dict[str, Any]

_NAME = r"([A-Za-z_@][\w.@-]*)"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(rf'{_NAME}=({_QUOTED}|[^\s"]*)')
# The same, where a comma or semicolon may stand between pairs.
_LISTED = re.compile(rf'{_NAME}=({_QUOTED}|[^\s"]*?(?=[,;]*(?:\s|$)|[,;]\s*{_NAME[1:-1]}=))')
_PIPED = re.compile(rf'[^"|=]*=[^"|=]*\|\s*{_NAME}=')
# Values between tabs may hold spaces.
_TABBED = re.compile(rf"(?:[^\t=]*\t)?{_NAME}=[^\t]*\t{_NAME}=")
# A time at the start of a line, which no name stands before.
_LEADING = re.compile(r"(\d{4}-\d\d-\d\d[ T][\d:.]+(?:Z|[+-]\d\d:?\d\d)?|\d{9,10}\.\d+)\s")
_CHECK_POINT = re.compile(rf"\b(\w+):({_QUOTED})(?=[;\]]|\s*$)")
_COLUMN = re.compile(r"[A-Za-z_@][\w.@ :()/#%-]*")


# ---- key=value -----------------------------------------------------------------------------


def pairs(line: str) -> Event:
    """Return the key=value pairs of a line; values may be quoted.

    Space, commas, semicolons, bars or tabs stand between them. Check Point writes key:"value".
    """
    if _PIPED.match(line):
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


def time_of(event: Event, line: str, reading: Reading) -> float:
    """Return the time of an event, from its fields, the start of its line or its syslog header."""
    if "date" in event and "time" in event:
        return timestamp(f"{event['date']} {event['time']}{event.get('tz', '')}", reading.tz)
    for name in TIMES:
        if name in event:
            return timestamp(event[name], reading.tz)
    leading = _LEADING.match(line)
    if leading:
        return timestamp(leading[1], reading.tz)
    stamped = syslog.header(line)
    if stamped:
        return syslog.header_time(stamped, reading)
    raise BadLine(f"no time: none of the fields {', '.join(TIMES)}")


# ---- CSV -----------------------------------------------------------------------------------


class Columns(NamedTuple):
    """The header of a CSV file; a comma at its end makes a column without a name."""

    names: list[str]
    delimiter: str


def csv_header(line: str) -> Optional[Columns]:
    """Return the columns that a line names, None where it is no header with a time."""
    for delimiter in DELIMITERS:
        names = [name.strip() for name in _cells(line, delimiter)]
        used = names[: max((place for place, name in enumerate(names, 1) if name), default=0)]
        plain = all(_COLUMN.fullmatch(name) for name in used)
        if len(used) > 1 and plain and set(used) & {*TIMES, "date"}:
            return Columns(names, delimiter)
    return None


def is_csv(line: str, _reading: Reading) -> bool:
    """Tell whether a line is the header of a CSV file with a time."""
    return csv_header(line) is not None


def csv_events(
    log: LogFile, reading: Reading, columns: Columns, named: Callable[[Event], Event]
) -> Iterator[Event]:
    """Return the rows of a CSV file after the line that names the columns, as `named` has them."""
    numbered = dropwhile(lambda one: csv_header(one[1]) != columns, log.filled_lines())
    next(numbered, None)

    def event(line: str) -> Event:
        row = _row(columns, line)
        row["_time"] = time_of(row, "", reading)
        return named(row)

    return log.converted(_whole(numbered, columns), event)


def _cells(line: str, delimiter: str, strict: bool = False) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter, strict=strict), [])


def _whole(numbered: Iterator[tuple[int, str]], columns: Columns) -> Iterator[tuple[int, str]]:
    """Put the lines of a row together whose quoted cells hold line ends."""
    waiting: deque = deque()
    while True:
        one = waiting.popleft() if waiting else next(numbered, None)
        if one is None:
            return
        number, line = one
        if line.count('"') % 2:
            following = list(islice(chain(waiting, numbered), LONGEST_CELL))
            used = _closing(line, following, columns)
            line = "\n".join([line, *(text for _, text in following[:used])])
            waiting = deque(following[used:])
        yield number, line


def _closing(line: str, following: list[tuple[int, str]], columns: Columns) -> int:
    """Return how many lines complete a row, 0 where none do."""
    for used, (_, text) in enumerate(following, 1):
        line += "\n" + text
        if text.count('"') % 2:
            try:
                whole = len(_cells(line, columns.delimiter, strict=True)) == len(columns.names)
            except csv.Error:
                whole = False
            return used if whole else 0
    return 0


def _row(columns: Columns, line: str) -> Event:
    names = columns.names
    cells = next(csv.reader(line.splitlines(True), delimiter=columns.delimiter, strict=True))
    if len(cells) != len(names):
        raise BadLine(f"{len(cells)} cells where the header names {len(names)}")
    return {name: cell for name, cell in zip(names, cells) if name and cell}
