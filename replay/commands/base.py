"""The types of commands, after the page "Command types" of Splunk's Search Reference.

A command is a class of the type that Splunk gives it; where Splunk's type depends on the arguments,
`of` chooses the class. The type says when a command can hand on rows, and which fields of its input
can matter.
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from typing import Any, Callable, Optional

from ..errors import SplError
from ..generated import Body, Fields
from ..search_context import SearchContext

Row = dict[str, Any]
Columns = Optional[list[str]]


class Command:
    """One compiled command. `options` are the name=value options that replay knows of it."""

    type = ""
    options: tuple[str, ...] = ()
    # The fields of its input that it reads.
    reads: Fields = frozenset()
    # The fields that it adds, whose columns stand last.
    adds: Iterable[str] = ()
    # The commands of the searches that its arguments hold.
    nested: Sequence["Command"] = ()
    # The fields of the run's events that it reads by itself.
    event_fields: Iterable[str] = ()
    # Set by the pipeline: the columns of its input, known once all rows are through.
    columns_before: Callable[[], Columns] = staticmethod(lambda: None)

    @classmethod
    def of(cls, written: str, context: SearchContext) -> "Command":
        """Return the command with these arguments."""
        return cls(written, context)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Return the rows that come out; the rows that go in may be changed."""
        raise NotImplementedError

    def columns(self, columns: Columns) -> Columns:
        """Return the order of columns after it has run, None while it is alphabetical."""
        return extended(columns, self.adds)

    def needs(self, wanted: Fields) -> Fields:
        """Return the fields of its input that can matter where these of its output do."""
        return None if wanted is None or self.reads is None else self.reads | wanted

    def limit_to(self, wanted: set[str]) -> None:
        """Take note, before it runs, that only these and internal fields of its output matter."""


class DistributableStreaming(Command):
    """Looks at each row by itself and hands it on."""

    type = "distributable streaming"


class RowByRow(DistributableStreaming):
    """What it makes of a row depends on the row and its arguments only."""

    # Whether what it makes of a row is the same for every search of a run.
    constant = True

    def one(self, row: Row) -> Row:
        """Change a row."""
        raise NotImplementedError

    def write(self, body: Body, wanted: Fields) -> None:
        """Write what it does to a row, of whose fields only these are read afterwards."""
        body.through(self.one)


class Filter(RowByRow):
    """Drops rows and changes none: what it writes begins a block for those that it keeps."""

    def write_test(self, body: Body, keep: Callable[[Row], Any], reads: Fields) -> None:
        """Begin the block, with a test of a row of which these fields are read."""
        row = "event"
        if reads is None and body.known:
            body.line("row = dict(event)")
            body.to_row("row")
            row = "row"
        elif reads is not None and reads & body.known.keys():
            row = body.dict_of(reads)
        body.begin(f"if {body.constant(keep)}({row}):")


class CentralizedStreaming(Command):
    """Looks at one row after the other; their order matters."""

    type = "centralized streaming"


class Transforming(Command):
    """Makes a table of its input; only the fields that it reads can matter."""

    type = "transforming"

    def needs(self, wanted: Fields) -> Fields:
        """Return what it reads."""
        return self.reads


class Reducing(Transforming):
    """Makes groups of rows, which those of parts of the rows merge to, unless it goes by order."""

    by_order = False

    def in_any_order(self) -> "Reducing":
        """Return the command for rows whose order is not known."""
        raise NotImplementedError

    def write_groups(self, body: Body, groups: str) -> None:
        """Write how a row takes part in groups."""
        raise NotImplementedError

    def merge(self, groups: dict, others: dict) -> None:
        """Add groups to those of other rows; the states of these stay as they are."""
        raise NotImplementedError

    def rows(self, groups: dict, keep: bool = False) -> Iterator[Row]:
        """Return a row for each group, which is let go unless others need it."""
        raise NotImplementedError


class Generating(Command):
    """Makes rows of its own, and so comes first in a search."""

    type = "generating"

    def needs(self, wanted: Fields) -> Fields:
        """Return nothing: it has no input."""
        return set()

    def events_needed(self, wanted: Fields) -> Fields:
        """Return the fields of the run's events that can matter to it and after it."""
        return set(self.event_fields)


class DatasetProcessing(Command):
    """Needs all rows before it hands on the first."""

    type = "dataset processing"


def every(commands: Iterable[Command]) -> Iterator[Command]:
    """Return commands and those of the searches that they hold."""
    for command in commands:
        yield command
        yield from every(command.nested)


def needed(commands: Sequence[Command], wanted: Fields = None) -> Fields:
    """Return the fields of the rows that go into some commands that can matter in the end."""
    for command in reversed(commands):
        wanted = command.needs(wanted)
    return wanted


def needed_after(commands: Sequence[Command], wanted: Fields = None) -> list[Fields]:
    """Return for each command the fields of its rows that can matter in the end."""
    found = []
    for command in reversed(commands):
        found.append(wanted)
        wanted = command.needs(wanted)
    return found[::-1]


def through(
    commands: Sequence[Command],
    rows: Iterable[Row],
    counts: Optional[list[int]] = None,
    first: int = 0,
    wanted: Fields = None,
) -> Iterator[Row]:
    """Send rows through commands that follow one another, from the one at `first` on.

    Those that look at each row by itself run as one function. `counts` takes the number of rows
    that come out of each command; `wanted` are the fields that matter in the end.
    """
    told = counts if counts is not None else [0] * len(commands)
    place = first
    while place < len(commands):
        end = place + runs_of(commands[place:])
        if end > place:
            rows = _together(commands, place, end, rows, told, needed(commands[end:], wanted))
        else:
            end = place + 1
            rows = _counted(commands[place], place, rows, told)
        place = end
    return iter(rows) if counts is not None else _inner(rows)


def _inner(rows: Iterable[Row]) -> Iterator[Row]:
    """Leave it to the search around to say where an error happened."""
    try:
        yield from rows
    except SplError as error:
        error.place = None
        raise


def runs_of(commands: Sequence[Command]) -> int:
    """Return how many commands at the beginning can run as one function."""
    count = sum(1 for _ in takewhile(lambda one: isinstance(one, RowByRow), commands))
    return count + (count < len(commands) and isinstance(commands[count], Reducing))


def _counted(command: Command, place: int, rows: Iterable[Row], counts: list) -> Iterator[Row]:
    with at(place):
        for row in command.run(rows):
            counts[place] += 1
            yield row


def _together(commands, place: int, end: int, rows, counts: list, wanted: Fields) -> Iterator[Row]:
    body, reduces = Body(), isinstance(commands[end - 1], Reducing)
    groups: dict = {}
    try:
        _write(body, commands, place, end, wanted)
        run = body.function("rows, counts, groups")
        found = run(rows, counts, groups)
        for row in commands[end - 1].rows(groups) if reduces else found:
            counts[end - 1] += reduces
            yield row
    except SplError as error:
        with at(body.marked(error)):
            raise
    finally:
        passed_on(commands[: end - reduces], counts, place)


def _write(body: Body, commands, place: int, end: int, wanted: Fields) -> None:
    body.begin("for event in rows:")
    body.line("get = event.get")
    after = needed_after(commands[place:end], wanted)
    for here, command in enumerate(commands[place:end], place):
        body.mark(here)
        if isinstance(command, Reducing):
            command.write_groups(body, "groups")
            return
        command.write(body, after[here - place])
        if here == place or isinstance(command, Filter):
            body.line(f"counts[{here}] += 1")
    body.to_row("event", wanted)
    body.line("yield event")


def passed_on(commands: Sequence[Command], counts: list[int], first: int = 0) -> None:
    """Fill in the counts of commands after the first that hand on every row."""
    for place in range(first + 1, len(commands)):
        if not isinstance(commands[place], (Filter, Reducing)):
            counts[place] = counts[place - 1]


@contextmanager
def at(place: int) -> Iterator[None]:
    """Say at which command of a search an error happened, if it is not known yet."""
    try:
        yield
    except SplError as error:
        if error.place is None:
            error.place = place
        raise


def linked(commands: list[Command], before: Callable[[], Columns] = lambda: None) -> list[Command]:
    """Return commands that follow one another, each able to ask for the columns of its input."""
    for place, command in enumerate(commands):
        command.columns_before = partial(columns_of, commands[:place], before)
    return commands


def columns_of(
    commands: Iterable[Command], before: Callable[[], Columns] = lambda: None
) -> Columns:
    """Return the order of columns after some commands, None while it is alphabetical."""
    columns = before()
    for command in commands:
        columns = command.columns(columns)
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
