"""What many searches begin with, such as normalisation, done once for each event of a run.

After its first filters a search often goes on with commands that look at each event by itself.
What these make of an event is the same in every search that has them, whatever its window, and is
kept for the searches that follow.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, Callable, Optional, Union

from .commands import Filter, Single, Step
from .parse import Call
from .readers.source import CORE

Row = dict[str, Any]
# What became of an event: a row, or how many commands it passed before one dropped it.
Outcome = Union[Row, int]


class Opening:
    """The commands a search begins with that look at each event by itself, after `start` filters.

    `end` is that of those which it shares with other searches; `known` is what these made of events
    so far, None where it shares none.
    """

    def __init__(self, calls: Sequence[Call], steps: Sequence[Step]):
        self.start = self.end = sum(1 for _ in takewhile(_is_filter, steps))
        single = takewhile(_is_timeless, steps[self.start :])
        self.texts = [(call.name, call.arguments) for call, _ in zip(calls[self.start :], single)]
        self.known: Optional[Known] = None

    def beginnings(self) -> list[tuple]:
        """Return what outcomes can be known by: its first command, its first two, and so on."""
        return [tuple(self.texts[:length]) for length in range(1, len(self.texts) + 1)]


def _is_filter(step: Step) -> bool:
    return isinstance(step, Filter)


def _is_timeless(step: Step) -> bool:
    return isinstance(step, Single) and step.timeless


class Known:
    """The outcomes of some commands, by event, in the fields that matter afterwards."""

    def __init__(self):
        self.fields: Optional[set[str]] = set(CORE)
        self._outcomes: dict[int, Outcome] = {}

    def need(self, fields: Optional[set[str]]) -> None:
        """Keep more fields, all of them for None."""
        self.fields = None if self.fields is None or fields is None else self.fields | fields

    def outcome(self, event: Row, compute: Callable[[Row], Outcome]) -> Outcome:
        """Return what becomes of an event, not to be changed; the run must hold on to the event."""
        outcome = self._outcomes.get(id(event))
        if outcome is None:
            outcome = self._outcomes[id(event)] = self._kept(compute(dict(event)))
        return outcome

    def _kept(self, outcome: Outcome) -> Outcome:
        fields = self.fields
        if fields is None or type(outcome) is int:
            return outcome
        return {name: value for name, value in outcome.items() if name in fields}


def share(searches: Iterable) -> None:
    """Let searches that begin alike know the same outcomes, of the commands that save most work."""
    searches = list(searches)
    uses = Counter(key for search in searches for key in search.opening.beginnings())
    known: dict[tuple, Known] = {}
    for search in searches:
        key = max(
            search.opening.beginnings(), key=lambda key: (uses[key] - 1) * len(key), default=()
        )
        if uses[key] > 1:
            opening = search.opening
            opening.end = opening.start + len(key)
            opening.known = known.setdefault(key, Known())
            opening.known.need(search.reads(opening.end))
