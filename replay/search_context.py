"""What the commands of a search know of the search and of the run."""

from collections.abc import Sequence
from math import isinf
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from .event_store import EventStore, arrival
from .expressions import Clock
from .lookups import Lookups


class SearchContext(NamedTuple):
    """The search that a command stands in, its window, and what the run provides.

    `earliest` and `latest` are the window as addinfo shows it; `bounds` are the times of the events
    that the search sees, and `indexed` those at which they were indexed. `compiled` turns the text of a nested search into its commands.
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
    emulate: frozenset[str]
    compiled: Callable[[str, "SearchContext"], Sequence[Any]]

    def events(self) -> list[dict[str, Any]]:
        """Return the events within the bounds, newest first; they must not be changed."""
        found = self.event_store.between(*self.bounds)
        low, high = self.indexed
        if isinf(low) and isinf(high):
            return found
        return [event for event in found if low <= arrival(event) < high]
