"""What every command is made of: a step over rows, and the scope of the search it stands in."""

import fnmatch
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import Any, Callable, NamedTuple, Optional

from ..expressions import Clock
from ..lookups import Lookups

Row = dict[str, Any]
Columns = Optional[list[str]]


class Memory:
    """The events of a run, newest first: those of the logs, and what searches store."""

    def __init__(self, events: Iterable[Row] = ()):
        self.events: list[Row] = []
        self.add(list(events))

    def add(self, events: list[Row]) -> None:
        """Put in events where their times belong."""
        if events:
            self.events = sorted(self.events + events, key=itemgetter("_time"), reverse=True)
            self._ages = [-event["_time"] for event in self.events]

    def between(self, start: float, end: float) -> list[Row]:
        """Return the events from a time on, until before another."""
        if not self.events:
            return []
        return self.events[bisect_right(self._ages, -end) : bisect_right(self._ages, -start)]


class Scope(NamedTuple):
    """What a command may know of its search, and the events in its window."""

    clock: Clock
    lookups: Lookups
    commands: dict[str, dict[str, str]]
    app: Any
    search: str
    sid: str
    earliest: Optional[float]
    latest: Optional[float]
    warn: Callable[[str], None]
    memory: Memory
    bounds: tuple[float, float]
    emulate: frozenset[str]

    def events(self) -> list[Row]:
        """Return the run's own events, not to be changed, that are within the bounds in time."""
        return self.memory.between(*self.bounds)


class Step:
    """One compiled command.

    `reads` are the fields it needs of its input, None for all of them; `bounds` says that nothing
    but these fields can matter after it; `generates` that it must come first and makes its rows
    itself; `streams` that these are events; `writes` that what comes after its search can see that
    it has run. `event_fields` are what it reads of the run's events by itself.
    """

    reads: Optional[set[str]] = frozenset()
    bounds = False
    event_fields: Iterable[str] = frozenset()
    generates = False
    streams = False
    writes = False
    # Set by the pipeline that it stands in: the columns of its input, once all rows are through.
    columns_before: Callable[[], Columns] = staticmethod(lambda: None)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Return the rows that come out; the rows that go in may be changed."""
        raise NotImplementedError

    def columns(self, columns: Columns) -> Columns:
        """Return the order of columns after it has run, None while it is alphabetical."""
        return columns

    def spare(self, wanted: set[str]) -> None:
        """Be told, before it runs, that of its fields only these and internal ones matter."""


class Single(Step):
    """A command that looks at each row by itself: it lets it pass, changed or not, or drops it.

    `timeless` says that what it does depends on its arguments and the row, not on when it runs.
    """

    timeless = True

    def one(self, row: Row) -> Optional[Row]:
        """Return what becomes of a row, which may be changed; None drops it."""
        raise NotImplementedError


class Filter(Single):
    """A command that drops rows and changes none."""

    keep: Callable[[Row], Optional[bool]]

    def one(self, row: Row) -> Optional[Row]:
        """Return the row if it is to be kept."""
        return row if self.keep(row) else None

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Filter."""
        return filter(self.keep, rows)


def linked(steps: list[Step]) -> list[Step]:
    """Return steps that follow one another, each told the columns of its input."""
    for place, step in enumerate(steps):
        step.columns_before = partial(columns_of, steps[:place])
    return steps


def columns_of(steps: Iterable[Step]) -> Columns:
    """Return the order of columns after some commands, None while it is alphabetical."""
    columns = None
    for step in steps:
        columns = step.columns(columns)
    return columns


def extended(columns: Columns, names: Iterable[str]) -> Columns:
    """Return columns with new names at the end."""
    if columns is None:
        return None
    return list(dict.fromkeys([*columns, *names]))


def chosen(names: Iterable[str], patterns: list[str]) -> list[str]:
    """Return the names that fit the patterns, in the order of the patterns; * is a wildcard.

    >>> chosen(["src", "src_port", "dest"], ["dest", "src*"])
    ['dest', 'src', 'src_port']
    """
    names = sorted(names)
    found: dict[str, None] = {}
    for pattern in patterns:
        fits = re.compile(fnmatch.translate(pattern.replace("[", "[[]").replace("?", "[?]")))
        found.update((name, None) for name in names if fits.fullmatch(name))
        if "*" not in pattern:
            found.setdefault(pattern)
    return list(found)
