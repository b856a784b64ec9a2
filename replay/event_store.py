"""The events of a run: those of the log files, and what searches store in an index."""

from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

Row = dict[str, Any]


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
