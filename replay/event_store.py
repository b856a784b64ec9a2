"""The events of a run: those of the log files, and what searches store in an index."""

from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from .values import number

Row = dict[str, Any]
# Seconds from the end of what an event reports until it is indexed, where nothing says when it was.
TRANSIT = 10
ARRIVAL_FIELDS = frozenset({"_indextime", "sourcetype", "duration"})
STAMPED_AT_BEGIN = ("zeek", "bro", "corelight")


def arrival(event: Row) -> float:
    """Return when an event was indexed: its _indextime, else a little after what it reports ended.

    Zeek writes a connection when it has ended, under the time at which it began.

    >>> arrival({"_time": 60.0, "sourcetype": "zeek:conn", "duration": "30.5"}), arrival({"_time": 60})
    (100.5, 70)
    """
    known = number(event.get("_indextime"))
    if known is not None:
        return known
    by_begin = str(event.get("sourcetype", "")).startswith(STAMPED_AT_BEGIN)
    lasted = number(event.get("duration")) if by_begin else None
    return event["_time"] + (lasted or 0) + TRANSIT


class EventStore:
    """Events, newest first, found by time."""

    def __init__(self, events: Iterable[Row] = ()):
        self.events: list[Row] = []
        self.add(list(events))

    def add(self, events: list[Row]) -> None:
        """Put events in where their times belong."""
        if events:
            self.events = sorted(self.events + events, key=itemgetter("_time"), reverse=True)
            self._ages = [-event["_time"] for event in self.events]

    def between(self, start: float, end: float) -> list[Row]:
        """Return the events from a time on, until before another."""
        if not self.events:
            return []
        return self.events[bisect_right(self._ages, -end) : bisect_right(self._ages, -start)]
