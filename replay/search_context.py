"""What the commands of a search know: the events of the run, the search, what the run provides."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from .arrival import arrival
from .expressions import Clock
from .lookups import Lookups

# The index that a search looks at which names none.
MAIN = "main"
# So many new events are put into a list one by one.
FEW = 200
EVER = (float("-inf"), float("inf"))

Row = dict[str, Any]


class EventStore:
    """Events, newest first, found by time."""

    def __init__(self, events: Iterable[Row] = ()):
        self.events: list[Row] = []
        self._ages: list[float] = []
        self.add(list(events))

    def add(self, events: list[Row]) -> None:
        """Put events in where their times belong, after those of the same time."""
        if len(events) > FEW:
            self.events = sorted(self.events + events, key=itemgetter("_time"), reverse=True)
            self._ages = [-event["_time"] for event in self.events]
            return
        for event in events:
            place = bisect_right(self._ages, -event["_time"])
            self._ages.insert(place, -event["_time"])
            self.events.insert(place, event)

    def between(self, start: float, end: float, any_index: bool = True) -> Iterable[Row]:
        """Return the events from a time on, until before another, of any index or of main."""
        found = self.events[bisect_right(self._ages, -end) : bisect_right(self._ages, -start)]
        return found if any_index else [one for one in found if one.get("index", MAIN) == MAIN]


class SearchContext(NamedTuple):
    """The search that a command stands in, its window, and what the run provides.

    `earliest` and `latest` are the window as addinfo shows it; `bounds` are the times of the events
    that the search sees, `indexed` those at which they were indexed. `compiled` turns the text of a
    nested search into its commands.
    """

    clock: Clock
    lookups: Lookups
    commands: dict[str, dict[str, str]]
    app: Path
    search: str
    sid: str
    earliest: Optional[float]
    latest: Optional[float]
    warn: Callable[[str], None]
    event_store: EventStore
    bounds: tuple[float, float]
    indexed: tuple[float, float]
    compiled: Callable[[str, "SearchContext"], Sequence[Any]]

    def events(self, any_index: bool = True) -> Iterable[Row]:
        """Return the events within the bounds, newest first; they must not be changed."""
        found = self.event_store.between(*self.bounds, any_index)
        if self.indexed == EVER:
            return found
        low, high = self.indexed
        return [event for event in found if low <= arrival(event) < high]
