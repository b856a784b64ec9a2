"""Logs inside of others: lines in the records of a shipper, or behind a syslog header.

Filebeat, Logstash and CloudWatch keep a line in `message`, Docker in `log`, journald in `MESSAGE`,
Elastic's integrations in `event.original`, Wazuh in `full_log`, Splunk in `_raw`.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Optional

from ..fields import spellings
from . import syslog
from .records import first, flattened, records, unwrapped
from .source import LogFile

MESSAGES = ("message", "@message", "event.original", "log", "MESSAGE", "full_log")
# The file that a shipper has read a line from.
FILES = ("log.file.path", "source", "filename", "file")
# A record that has one of these says itself what happened.
OWN = {
    "EventID", "EventCode", "winlog.event_id", "event.code", "event_id", "data.win.system.eventID",
    "win.system.eventID",
}  # fmt: skip

# What stands behind a syslog header, maybe after a tag, that no format looks for there.
_INSIDE = re.compile(r"(?:[\w./:-]+ +)?(\{\s*\".*|#(?:separator|fields)\b.*)", re.DOTALL)

Event = dict[str, Any]


class Inner(LogFile):
    """The lines that stand inside of a log, with its numbers."""

    def __init__(self, outer: LogFile):
        self.__dict__.update(vars(outer))
        self.outer = outer


class InRecords(Inner):
    """The lines in the records of a shipper."""

    def beginning(self) -> str:
        """Return the first lines."""
        return "\n".join(map(self._line, first(self.outer)))

    def lines(self, header: str = "") -> Iterator[tuple[int, str]]:
        """Return the lines with the numbers of their records."""
        for number, record in records(self.outer):
            line = self._line(record)
            if line:
                yield number, line
            else:
                self.report.bad(self.path, number, "a record without a message")

    def _line(self, record: Event) -> str:
        fields = flattened(unwrapped(record))
        path = next((fields[name] for name in FILES if type(fields.get(name)) is str), "")
        self.named = re.split(r"[\\/]", path)[-1] or None
        return (_message(fields) or "").strip("\r\n")


class BehindSyslog(Inner):
    """What stands behind the syslog headers of lines."""

    def beginning(self) -> str:
        """Return the first lines."""
        return "\n".join(map(self._line, self.outer.first_lines()))

    def lines(self, header: str = "") -> Iterator[tuple[int, str]]:
        """Return the lines with their numbers; one without a header is itself."""
        for number, line in self.outer.lines():
            yield number, self._line(line)

    def _line(self, line: str) -> str:
        stamped = syslog.header(line)
        if not stamped:
            return line
        self.named = stamped.get("process")
        message = stamped.get("message", "")
        found = _INSIDE.match(message)
        return found[1] if found else message


def inside(log: LogFile) -> Optional[LogFile]:
    """Return what stands inside of a log, None where it is no envelope."""
    if any(_message(flattened(unwrapped(record))) for record in first(log)):
        return InRecords(log)
    stamped = filter(None, map(syslog.header, log.first_lines()))
    if any(_INSIDE.match(fields.get("message", "")) for fields in stamped):
        return BehindSyslog(log)
    return None


def _message(fields: Event) -> Optional[str]:
    """Return the line of a log in a record that does not say itself what happened."""
    if not fields.keys().isdisjoint(OWN) or names_an_address(fields):
        return None
    if "_raw" in fields:
        return fields["_raw"]
    found = () if "_time" in fields or "ts" in fields else map(fields.get, MESSAGES)
    return next((one for one in found if type(one) is str and len(one) > 1), None)


def names_an_address(fields: Event) -> bool:
    """Tell whether a record names a side of a connection."""
    return not fields.keys().isdisjoint(_addresses())


@cache
def _addresses() -> set[str]:
    return {*spellings("src", "dest"), "source.ip", "destination.ip"}
