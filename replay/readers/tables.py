"""Tables: the rows of CSV files, with any separator and any lines before their header."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain, dropwhile, islice
from typing import Any, NamedTuple, Optional

from .lines import TIMES
from .source import MALFORMED, SNIFFED, BadLine, LogFile

DELIMITERS = ",;\t|"
# Lines that a quoted cell may go over.
LONGEST_CELL = 50
# Other names of a time that a header may have: exports of PAN-OS, FortiAnalyzer, nfdump, flow logs
# of clouds, and what tools make of Windows events.
OTHER_TIMES = {
    "date", "Time Generated", "Receive Time", "Generate Time", "firstSeen",
    "start", "TimeCreated", "SystemTime",
}  # fmt: skip
# The text of an event, of which Splunk may export nothing else.
RAW = "_raw"
# What follows the last row of a table of nfdump.
AFTER = {"Summary", "No matching flows", "No matched flows"}

Event = dict[str, Any]

_COLUMN = re.compile(r"[A-Za-z_@][\w.@ :()/#%{}-]*")
_TIME_AT_THE_END = re.compile(r"(?:.*\.)?(?:UtcTime|utcTime|systemTime|@timestamp|start_time)")


class Columns(NamedTuple):
    """The header of a table; those without a name are an index, or stand for a comma too many."""

    names: list[str]
    delimiter: str


def header(line: str) -> Optional[Columns]:
    """Return the columns that a line names, None where it is no header with a time."""
    # What csv refuses: a null before Python 3.11, and a cell of 128 KiB.
    if "\0" in line or len(line) > SNIFFED:
        return None
    for delimiter in DELIMITERS:
        names = [name.strip() for name in _cells(line, delimiter)]
        used = [name for name in names if name]
        plain = all(map(_COLUMN.fullmatch, used))
        if RAW in used or (len(used) > 1 and plain and any(map(_is_time, used))):
            return Columns(names, delimiter)
    return None


def _is_time(name: str) -> bool:
    return name in TIMES or name in OTHER_TIMES or bool(_TIME_AT_THE_END.fullmatch(name))


def header_of(log: LogFile) -> Optional[Columns]:
    """Return the columns of a file, None where it is no table with a time."""
    return next(filter(None, map(header, log.first_lines())), None)


def rows(log: LogFile, columns: Columns) -> Iterator[tuple[int, Event]]:
    """Return the rows after the line that names the columns, with the numbers of their lines."""
    numbered = dropwhile(lambda one: header(one[1]) != columns, log.filled_lines())
    _, first = next(numbered, (0, ""))
    for number, line in _whole(numbered, columns):
        if line in AFTER:
            return
        if line == first:
            continue
        try:
            yield number, _row(columns, line)
        except MALFORMED as error:
            log.report.bad(log.path, number, str(error))


def first_rows(log: LogFile, columns: Columns) -> list[Event]:
    """Return the first rows, as far as they are known."""
    first = (line.replace("\0", "") for line in log.first_lines())
    first = dropwhile(lambda line: header(line) != columns, first)
    cells = list(csv.reader(first, delimiter=columns.delimiter))[1:]
    return [{name: cell for name, cell in zip(columns.names, row) if name} for row in cells]


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
    return {name: cell.strip() for name, cell in zip(names, cells) if name and cell.strip()}
