"""What the commands of a search know: the events of the run, the search, what the run provides."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from .arrival import arrival
from .expressions import Clock
from .lookups import Lookups

# The index that a search looks at which names none, and that files are in.
MAIN = "main"
# So many new events are put into a list one by one.
FEW = 200
EVER = (float("-inf"), float("inf"))

Row = dict[str, Any]


class Indexed:
    """Events of some indexes, newest first, found by time."""

    def __init__(self) -> None:
        self.events: list[Row] = []
        self._ages: list[float] = []

    def add(self, events: list[Row]) -> None:
        """Put events in where their times belong, after those of the same time."""
        if len(events) > FEW:
            self.events = sorted(self.events + events, key=_time, reverse=True)
            self._ages = [-event["_time"] for event in self.events]
            return
        for event in events:
            place = bisect_right(self._ages, -event["_time"])
            self._ages.insert(place, -event["_time"])
            self.events.insert(place, event)

    def between(self, start: float, end: float) -> list[Row]:
        """Return the events from a time on, until before another."""
        return self.events[bisect_right(self._ages, -end) : bisect_right(self._ages, -start)]


class EventStore:
    """The events that are kept: in main, which is what a search looks at that names no index,
    and elsewhere, where searches store what they find."""

    def __init__(self) -> None:
        self.main, self.elsewhere = Indexed(), Indexed()

    def __len__(self) -> int:
        return len(self.main.events) + len(self.elsewhere.events)

    @property
    def events(self) -> list[Row]:
        """All events, newest first."""
        main, others = self.main.events, self.elsewhere.events
        return sorted(main + others, key=_time, reverse=True) if others else main

    @property
    def times(self) -> list[float]:
        """The times of all events."""
        return [event["_time"] for event in self.main.events + self.elsewhere.events]

    def add(self, events: Iterable[Row]) -> None:
        """Keep more events."""
        parts: tuple[list[Row], list[Row]] = [], []
        for event in events:
            parts[event.get("index", MAIN) != MAIN].append(event)
        self.main.add(parts[0])
        self.elsewhere.add(parts[1])

    def between(self, start: float, end: float, main: bool, elsewhere: bool) -> list[Row]:
        """Return the events from a time on, until before another, newest first."""
        found = self.main.between(start, end) if main else []
        others = self.elsewhere.between(start, end) if elsewhere else []
        return (
            sorted(found + others, key=_time, reverse=True) if found and others else found or others
        )


def _time(event: Row) -> float:
    return event["_time"]


class SearchContext(NamedTuple):
    """The search that a command stands in, its window, and what the run provides.

    `earliest` and `latest` are the window as addinfo shows it; `bounds` are the times of the events
    that the search sees, `indexed` those at which they were indexed. `compiled` turns the text of a
    nested search into its commands; `user` is who runs it, None where that is not given.
    """

    clock: Clock
    lookups: Lookups
    commands: dict[str, dict[str, str]]
    app: Path
    search: str
    sid: str
    user: Optional[str]
    earliest: Optional[float]
    latest: Optional[float]
    warn: Callable[[str], None]
    event_store: EventStore
    bounds: tuple[float, float]
    indexed: tuple[float, float]
    compiled: Callable[[str, "SearchContext"], Sequence[Any]]

    def events(self, main: bool = True, elsewhere: bool = True) -> list[Row]:
        """Return the events within the bounds, newest first; they must not be changed."""
        found = self.event_store.between(*self.bounds, main, elsewhere)
        if self.indexed == EVER:
            return found
        low, high = self.indexed
        return [event for event in found if low <= arrival(event) < high]
