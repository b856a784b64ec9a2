"""The types of commands, after the page "Command types" of Splunk's Search Reference.

A command is a class of the type that Splunk gives it; where Splunk's type depends on the arguments,
`of` chooses the class. The type says when a command can hand on rows, and which fields of its input
can matter.
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Callable, Optional

from ..search_context import SearchContext

Row = dict[str, Any]
Columns = Optional[list[str]]
# Names of fields; None stands for all fields.
Fields = Optional[set[str]]


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
    def of(cls, arguments: str, context: SearchContext) -> "Command":
        """Return the command with these arguments."""
        return cls(arguments, context)

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

    def one(self, row: Row) -> Optional[Row]:
        """Return what becomes of a row, which may be changed; None drops it."""
        raise NotImplementedError


class Filter(RowByRow):
    """Drops rows and changes none."""

    keep: Callable[[Row], Optional[bool]]

    def one(self, row: Row) -> Optional[Row]:
        """Return the row if it is to be kept."""
        return row if self.keep(row) else None

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Filter."""
        return filter(self.keep, rows)


class CentralizedStreaming(Command):
    """Looks at one row after the other; their order matters."""

    type = "centralized streaming"


class Transforming(Command):
    """Makes a table of its input; only the fields that it reads can matter."""

    type = "transforming"

    def needs(self, wanted: Fields) -> Fields:
        """Return what it reads."""
        return self.reads


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
