"""Generating commands: rows out of nothing, a lookup or the events."""

import re
from collections.abc import Iterable, Iterator
from typing import Optional

from ..errors import SplError
from ..lookups import NUMERIC_TYPES, Place
from ..parse import commands as split
from ..parse import flag, options, parse, subtrees, tokens
from ..search_context import SearchContext
from ..search_filter import Predicate, comparisons, compile_filter
from .base import (
    Columns,
    Command,
    DatasetProcessing,
    DistributableStreaming,
    Fields,
    Generating,
    Row,
    extended,
    needed,
)
from .tstats import Tstats


class Makeresults(Generating):
    """makeresults: rows that hold the time only."""

    options = ("count",)

    def __init__(self, arguments: str, context: SearchContext):
        given = options(
            parse("arguments", "options", arguments, "makeresults"), self.options, "makeresults"
        )
        self.count = int(given.get("count", "1"))
        self.now = context.clock.now

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Count rows of one field."""
        return ({"_time": self.now} for _ in range(self.count))


_WHERE = re.compile(r"(.*?)\swhere(?=[\s(])(.*)", re.IGNORECASE | re.DOTALL)


class Inputlookup(Generating):
    """inputlookup: the rows of a lookup, those that pass the filter after WHERE if there is one.

    With append=true it adds them to the rows so far and may stand anywhere.
    """

    options = ("append",)

    @classmethod
    def of(cls, arguments: str, context: SearchContext) -> Command:
        """Return the command, with append=true one that goes on with the rows so far."""
        found = _WHERE.fullmatch(arguments)
        tree = parse("arguments", "inputlookup", found[1] if found else arguments, "inputlookup")
        given = options(tree, cls.options, "inputlookup")
        (name,) = tokens(tree)
        made = cls(name, found[2] if found else None, context)
        return AppendedLookup(made) if flag(given, "append", False, "inputlookup") else made

    def __init__(self, name: str, where: Optional[str], context: SearchContext):
        self.name, self.lookups = name, context.lookups
        place = self.lookups.place(name, "inputlookup")
        table = self.lookups.known(name, "inputlookup")
        self.fields = table.fields if table else []
        self.keep = None if where is None else _table_filter(where, place)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies, so that the table stays as it is."""
        table = self.lookups.table(self.name, "inputlookup")
        self.fields = table.fields
        yield from (dict(row) for row in filter(self.keep, table.rows))

    def columns(self, columns: Columns) -> Columns:
        """The order of the file."""
        return extended(columns or [], self.fields)


class AppendedLookup(DatasetProcessing):
    """inputlookup append=true: the rows of a lookup after those so far."""

    def __init__(self, lookup: Inputlookup):
        self.lookup = lookup

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The lookup is read when all rows before are through."""
        yield from rows
        yield from self.lookup.run(())

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        return self.lookup.columns(columns)


def _table_filter(written: str, place: Place) -> Predicate:
    """Compile what follows where: a search filter of the operators that are documented for it."""
    for field, sign, value in comparisons(written, "inputlookup"):
        if sign == "IN":
            raise SplError("Error in 'inputlookup' command: where does not know IN.")
        if place.collection:
            _check_typed(field, sign, value, place)
    return compile_filter(written, "inputlookup").keep


def _check_typed(field: str, sign: str, value: str, place: Place) -> None:
    """Refuse what a collection cannot compare: numbers in fields of no type, texts unquoted."""
    typed = dict(place.types).get(field) in NUMERIC_TYPES
    if sign == "!=":
        raise SplError(
            f"Error in 'inputlookup' command: where {field}!={value}: whether a record of a "
            "collection without the field passes is not documented; say NOT, or filter afterwards"
        )
    if sign in ("<", ">", "<=", ">=") and not typed:
        raise SplError(
            f"Error in 'inputlookup' command: where {field}{sign}{value}: the collection "
            f"'{place.name}' does not define field.{field} = number"
        )
    if not typed and not value.startswith('"'):
        raise SplError(
            f"Error in 'inputlookup' command: where {field}{sign}{value}: a text in a collection "
            "must stand in double quotation marks"
        )


class Multisearch(Generating):
    """multisearch [search ...] [search ...]: the events of each search, one search after another.

    Splunk runs them at once; which order the rows come in is not documented.
    """

    def __init__(self, arguments: str, context: SearchContext):
        self.context = context
        self.searches = [_streaming(text, context) for text in _bracketed(arguments)]
        if len(self.searches) < 2:
            raise _refused("at least two searches in square brackets are needed.")
        self.nested = [command for _, commands in self.searches for command in commands]

    def events_needed(self, wanted: Fields) -> Fields:
        """Return what each search needs of the events, for what matters after them."""
        found = [needed(commands, wanted) for _, commands in self.searches]
        return None if None in found else {"_time"}.union(*found)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies of the events, from main where a search names no index."""
        for any_index, commands in self.searches:
            events = self.context.events()
            found: Iterable[Row] = (
                dict(event) for event in events if any_index or event.get("index", "main") == "main"
            )
            for command in commands:
                found = command.run(found)
            yield from found


def _bracketed(arguments: str) -> Iterator[str]:
    tree = parse("pipeline", "start", arguments, "multisearch")
    held = [part for segment in tree.children for part in subtrees(segment, "subsearch")]
    between, end = "", 0
    for part in held:
        between += arguments[end : part.meta.start_pos]
        end = part.meta.end_pos
        yield arguments[part.meta.start_pos + 1 : end - 1].strip()
    if (between + arguments[end:]).strip():
        raise _refused("only searches in square brackets can be its arguments.")


def _streaming(text: str, context: SearchContext) -> tuple[bool, list[Command]]:
    """Return whether a search says which indexes it is about, and its commands."""
    if not re.match(r"search\s", text):
        raise _refused("replay only knows searches that begin with the search command.")
    calls, compiled = split(text), context.compiled(text, context)
    for call, command in zip(calls, compiled):
        if not isinstance(command, DistributableStreaming):
            raise _refused(f"'{call.name}' is no streaming command that replay knows here.")
    named = any(field == "index" for field, _, _ in comparisons(calls[0].arguments, "multisearch"))
    return named, compiled


def _refused(message: str) -> SplError:
    return SplError(f"Error in 'multisearch' command: {message}")


COMMANDS = {
    "inputlookup": Inputlookup, "makeresults": Makeresults, "multisearch": Multisearch,
    "tstats": Tstats,
}  # fmt: skip
