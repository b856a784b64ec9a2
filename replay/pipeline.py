"""A compiled search: which events it sees, which of their fields matter, what it finds."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Callable, NamedTuple, Optional

from . import summary_index
from .app import App, Search
from .commands import compile_call
from .commands.base import Command, Fields, Generating, columns_of, every, linked, needed, through
from .commands.nesting import FilterWithSubsearch
from .commands.storing import Outputlookup
from .errors import LocatedError, SplError, refused
from .macros import expand
from .parse import commands
from .scan import Part, Window, extent
from .search_context import SearchContext
from .search_filter import names_index

Row = dict[str, Any]


class Stage(NamedTuple):
    """One command of a search that has run, and the rows that came out of it."""

    command: str
    rows_out: int


class Result(NamedTuple):
    """What one search found; where that is nothing, `searched` is the number of events it saw.

    `held` is how near it came to each of Splunk's limits, by the limit's setting.
    """

    search: str
    columns: list[str]
    rows: list[Row]
    stages: list[Stage]
    earliest: Optional[float]
    latest: Optional[float]
    searched: Optional[int] = None
    held: Optional[dict[str, int]] = None


class Pipeline:
    """The commands of a search, ready to run."""

    def __init__(self, search: Search, app: App, context: Callable[[str], SearchContext]):
        self.search = search
        with _located(f'search "{search.name}"'):
            spl = expand(search.spl, app.macros, app.calls)
            self.calls = commands(spl)
        self.context = context(spl)
        first = self.calls[0]
        self.any_index = first.name == "search" and names_index(first.arguments, first.name)
        self.commands: list[Command] = []
        for place, call in enumerate(self.calls):
            with _located(self.where(place)):
                command = compile_call(call, self.context)
                if place and isinstance(command, Generating):
                    raise refused(call.name, "This command must be the first command of a search.")
                self.commands.append(command)
        linked(self.commands)
        self.texts = [" ".join(call) for call in self.calls]
        self.extent = extent(self.commands, self.texts)

    def where(self, place: int) -> str:
        """Return the words for one of its commands."""
        return f'search "{self.search.name}", command {place + 1} ({self.calls[place].name})'

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
        """Tell whether one of its commands takes events by itself, when it is its turn."""
        return any(
            (isinstance(command, Generating) and command.events_needed(None) != set())
            or (isinstance(command, FilterWithSubsearch) and command is not self.commands[0])
            for command in every(self.commands)
        )

    @property
    def keeps_events(self) -> bool:
        """Tell whether events of main have to stay in memory for it."""
        return any(
            command.reads_main
            if isinstance(command, FilterWithSubsearch)
            else isinstance(command, Generating) and command.events_needed(None) != set()
            for command in every(self.commands)
        )

    @property
    def reads_text(self) -> bool:
        """Tell whether one of its filters may look for free text in events."""
        return any(
            isinstance(command, FilterWithSubsearch) and command.free_text
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
        window = context.bounds, context.indexed, context.earliest, context.clock.now
        return (*window, *self.calls[:length])

    @property
    def window(self) -> Window:
        """The events that it sees."""
        return Window(self.context.bounds, self.context.indexed)

    def part_key(self) -> tuple:
        """Return what its part depends on beside the window, as its subsearches are now."""
        first = self.commands[0]
        written = first.resolve() if isinstance(first, FilterWithSubsearch) else self.texts[0]
        return self.any_index, written, *self.texts[1 : self.extent]

    def decided_by(self, events: list[Row]) -> bool:
        """Tell whether such events may change what it takes for its first filter."""
        first = self.commands[0]
        return isinstance(first, FilterWithSubsearch) and first.sees(events)

    def part(self) -> Part:
        """Return its part, for other searches too."""
        end = self.extent
        return Part(self.commands[:end], self.texts[:end], self.any_index, self.where)

    def stored(self, result: Result, split: bool) -> list[Row]:
        """Return the events that the search's action makes of what it found."""
        if self.search.action is None:
            return []
        name, action = self.search.name, self.search.action
        return summary_index.events_of(name, action, result.rows, self.context, split)

    def run(
        self, rows: Iterable[Row], first: int, length: int, counts: list[int], wanted: Fields
    ) -> Iterator[Row]:
        """Send rows through its commands from the one at `first` to before `length`.

        `counts` takes the number of rows that come out of each; `wanted` are the fields of what
        comes out that are read.
        """
        try:
            yield from through(self.commands[:length], rows, counts, first, wanted)
        except LocatedError:
            raise
        except SplError as error:
            raise LocatedError(f"{self.where(error.place)}: {error}") from None

    def result(self, rows: list[Row], counts: list[int], searched: int, held: dict) -> Result:
        """Return what it found of the events that it saw, once all its commands have run."""
        stages = [Stage(call.name, count) for call, count in zip(self.calls, counts)]
        window = self.context.earliest, self.context.latest
        empty = searched if not rows and self.reads_events else None
        return Result(self.search.name, self._columns(rows), rows, stages, *window, empty, held)

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
