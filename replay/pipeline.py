"""A compiled search: which events it sees, which of their fields matter, what it finds."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Callable, NamedTuple, Optional

from . import summary_index
from .app import App, Search
from .commands import (
    Command,
    Generating,
    Outputlookup,
    columns_of,
    compile_call,
    every,
    linked,
    needed,
)
from .errors import SplError
from .event_store import EventStore
from .macros import expand
from .opening import Opening, Outcome
from .parse import Call, commands
from .search_context import SearchContext
from .search_filter import comparisons

MAIN = "main"

Row = dict[str, Any]


class Stage(NamedTuple):
    """One command of a search that has run, and the rows that came out of it."""

    command: str
    rows_out: int


class Result(NamedTuple):
    """What one search found; where that is nothing, `searched` is the number of events it saw."""

    search: str
    columns: list[str]
    rows: list[Row]
    stages: list[Stage]
    earliest: Optional[float]
    latest: Optional[float]
    searched: Optional[int] = None


class LocatedError(SplError):
    """An error of a search that already says where it happened."""


class Pipeline:
    """The commands of a search, ready to run."""

    def __init__(self, search: Search, app: App, context: Callable[[str], SearchContext]):
        self.search = search
        with _located(f'search "{search.name}"'):
            spl = expand(search.spl, app.macros)
            self.calls = commands(spl)
        self.context = context(spl)
        self.any_index = not self.calls or _names_index(self.calls[0])
        self.commands: list[Command] = []
        for call in self.calls:
            with _located(self._where(call.place - 1)):
                self.commands.append(compile_call(call, self.context))
        linked(self.commands)
        self._check_generating()
        self.opening = Opening(self.calls, self.commands)

    def _where(self, place: int) -> str:
        return f'search "{self.search.name}", command {place + 1} ({self.calls[place].name})'

    def _check_generating(self) -> None:
        for place, command in enumerate(self.commands):
            if isinstance(command, Generating) and place:
                name = self.calls[place].name
                raise LocatedError(
                    f"{self._where(place)}: Error in '{name}' command: "
                    "This command must be the first command of a search."
                )

    @property
    def generates(self) -> bool:
        """Tell whether it makes its own rows instead of taking events."""
        return isinstance(self.commands[0], Generating)

    @property
    def writes(self) -> bool:
        """Tell whether it writes a lookup, which the searches after it can see."""
        return any(isinstance(command, Outputlookup) for command in every(self.commands))

    @property
    def reads_events(self) -> bool:
        """Tell whether the events of the run matter to it."""
        return not self.generates or self.reads_events_itself

    @property
    def reads_events_itself(self) -> bool:
        """Tell whether one of its commands takes the events beside the rows that it is given."""
        return any(
            isinstance(command, Generating) and command.events_needed(None) != set()
            for command in every(self.commands)
        )

    def fields(self) -> Optional[set[str]]:
        """Return the fields of events that can matter to it, None where all may."""
        found = set() if self.generates else needed(self.commands)
        for command in every(self.commands):
            if isinstance(command, Generating):
                after = self.needs_after(0) if command is self.commands[0] else None
                own = command.events_needed(after)
                found = None if found is None or own is None else found | own
        return found

    def needs_after(self, place: int) -> Optional[set[str]]:
        """Return the fields of the rows from one command that matter after it, None for all."""
        return needed(self.commands[place + 1 :])

    def key(self, length: int) -> tuple:
        """Return what its first commands depend on: their text and the window."""
        context = self.context
        return (context.bounds, context.earliest, context.clock.now, *self.calls[:length])

    def events(self, store: EventStore) -> Iterable[Row]:
        """Return the events that it searches, by time and by index, not to be changed.

        A search that names no index takes those of main, the default index.
        """
        found = self.context._replace(event_store=store).events()
        if self.any_index:
            return found
        return (event for event in found if event.get("index", MAIN) == MAIN)

    def opened(self, store: EventStore, counts: list[int]) -> Iterator[Row]:
        """Send the events that it searches through the commands of its opening."""
        if self.generates:
            return iter(())
        # Filters change nothing, so that only what they keep has to be copied.
        events = self.run(self.events(store), 0, self.opening.start, counts)
        return self._recalled(events, counts) if self.opening.outcomes else map(dict, events)

    def _recalled(self, events: Iterable[Row], counts: list[int]) -> Iterator[Row]:
        start, end, outcomes = self.opening.start, self.opening.end, self.opening.outcomes
        for event in events:
            outcome = outcomes.of(event, self._through_opening)
            passed = outcome if type(outcome) is int else end - start
            for place in range(start, start + passed):
                counts[place] += 1
            if type(outcome) is dict:
                yield dict(outcome)

    def _through_opening(self, row: Row) -> Outcome:
        start, end = self.opening.start, self.opening.end
        for place in range(start, end):
            try:
                found = self.commands[place].one(row)
            except SplError as error:
                raise LocatedError(f"{self._where(place)}: {error}") from None
            if found is None:
                return place - start
            row = found
        return row

    def finds_any(self, events: list[Row]) -> bool:
        """Tell whether some of these events could change what it finds."""
        if self.reads_events_itself:
            return True
        if self.generates:
            return False
        seen = map(dict, self.events(EventStore(events)))
        return any(True for _ in self.commands[0].run(seen))

    def stored(self, result: Result, split: bool) -> list[Row]:
        """Return the events that the search's action makes of what it found."""
        if self.search.action is None:
            return []
        context = self.context
        window = summary_index.Window(context.earliest, context.latest, context.clock.now)
        name, action = self.search.name, self.search.action
        return summary_index.events_of(name, action, result.rows, window, split, context.warn)

    def run(self, rows: Iterable[Row], first: int, length: int, counts: list[int]) -> Iterator[Row]:
        """Send rows through its commands from the one at `first` to before `length`.

        `counts` takes the number of rows that come out of each.
        """
        for place in range(first, length):
            rows = self._counted(place, rows, counts)
        return iter(rows)

    def _counted(self, place: int, rows: Iterable[Row], counts: list[int]) -> Iterator[Row]:
        with _located(self._where(place)):
            for row in self.commands[place].run(rows):
                counts[place] += 1
                yield row

    def result(self, rows: list[Row], counts: list[int]) -> Result:
        """Return what it found, once all its commands have run."""
        stages = [Stage(call.name, count) for call, count in zip(self.calls, counts)]
        context = self.context
        window = context.earliest, context.latest
        searched = len(context.events()) if not rows and self.reads_events else None
        return Result(self.search.name, self._columns(rows), rows, stages, *window, searched)

    def _columns(self, rows: list[Row]) -> list[str]:
        columns = columns_of(self.commands)
        if columns is not None:
            return columns
        return sorted({name for row in rows for name in row})


@contextmanager
def _located(where: str):
    """Say where in a search an error happened, once."""
    try:
        yield
    except LocatedError:
        raise
    except SplError as error:
        raise LocatedError(f"{where}: {error}") from None


def _names_index(call: Call) -> bool:
    """Tell whether the first command of a search says which indexes it is about."""
    if call.name != "search":
        return False
    return any(field == "index" for field, _, _ in comparisons(call.arguments, call.name))
