"""Windows events as text: Splunk's WinEventLog, PowerShell's Format-List, wevtutil's /f:text.

An event is a block of lines. Its first lines are Name=value, Name : value or Name: value; what
follows the message's first line is the event's own data as Windows explains it, Name: value.
"""

import re
from collections.abc import Iterator
from typing import Any, Optional

from .source import LogFile

Event = dict[str, Any]

# The first line of a block: a date, PowerShell's first property, or wevtutil's number.
START = re.compile(
    r"(?:<\d+>)?(?P<date>\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d(?:\.\d+)?(?: [AP]M)?)\s*$"
    r"|(?P<property>TimeCreated|Message)\s+: |(?P<number>Event\[\d+\]:?)"
)
_PAIR = re.compile(r"\s*([A-Za-z@][\w ]*?)\s*(?:=|:(?=\s|$))\s*(.*?)\s*$")
_MESSAGE = re.compile(r"^\s*(?:Message|Description)\s*[=:]", re.MULTILINE)
# wevtutil's names, and PowerShell's: those of the others.
_NAMES = {
    "Event_ID": "EventCode", "Id": "EventCode", "Log_Name": "Channel", "LogName": "Channel",
    "ComputerName": "Computer", "MachineName": "Computer",
}  # fmt: skip


def blocks(log: LogFile) -> Iterator[tuple[int, str]]:
    """Return the blocks of a file with the number of their first lines.

    A block begins as the first one of the file does.
    """
    first: Optional[str] = None
    started, pending = 0, []
    for number, line in log.lines():
        found = START.match(line)
        kind = found and (found["property"] or found.lastgroup)
        first = first or kind
        if kind and kind == first:
            if pending:
                yield started, "\n".join(pending)
            started, pending = number, [line]
        elif pending:
            pending.append(line)
        elif line.strip():
            log.report.bad(log.path, number, f"not an event: {line.strip()[:60]!r}")
    if pending:
        yield started, "\n".join(pending)


def fields(block: str) -> Event:
    """Return the fields of an event that is written as a block of text."""
    parts = _MESSAGE.split(block, maxsplit=1)
    found = {name: value for part in parts for name, value in message(part).items()}
    started = START.match(block.partition("\n")[0])
    if started["date"]:
        found["TimeCreated"] = started["date"]
    return found


def message(written: str) -> Event:
    """Return what the lines of a text name; the first of several lines of one name counts."""
    found: Event = {}
    for line in written.splitlines():
        pair = _PAIR.match(line)
        if pair and pair[2]:
            name = pair[1].replace(" ", "_")
            found.setdefault(_NAMES.get(name, name), pair[2])
    return found
