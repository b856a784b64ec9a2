"""Generating commands: rows out of nothing or a lookup."""

import re
from collections.abc import Iterable, Iterator
from typing import Optional

from ..errors import refused
from ..lookups import NUMERIC_TYPES, Place
from ..parse import arguments, flag, tokens
from ..search_context import SearchContext
from ..search_filter import Predicate, comparisons, compile_filter
from .base import Columns, Command, DatasetProcessing, Generating, Row, extended


class Makeresults(Generating):
    """makeresults: rows that hold the time only."""

    options = ("count",)

    def __init__(self, written: str, context: SearchContext):
        _, given = arguments("options", written, "makeresults", self.options)
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
    def of(cls, written: str, context: SearchContext) -> Command:
        """Return the command, with append=true one that goes on with the rows so far."""
        found = _WHERE.fullmatch(written)
        plain = found[1] if found else written
        tree, given = arguments("named", plain, "inputlookup", cls.options)
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
        self.columns = lookup.columns

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The lookup is read when all rows before are through."""
        yield from rows
        yield from self.lookup.run(())


def _table_filter(written: str, place: Place) -> Predicate:
    """Compile what follows where: a search filter of the operators that are documented for it."""
    for field, sign, value in comparisons(written, "inputlookup"):
        if sign == "IN":
            raise refused("inputlookup", "where does not know IN.")
        problem = _problem(field, sign, value, place) if place.collection else None
        if problem:
            raise refused("inputlookup", f"where {field}{sign}{value}: {problem}")
    return compile_filter(written, "inputlookup").keep


def _problem(field: str, sign: str, value: str, place: Place) -> Optional[str]:
    """Say what a collection cannot compare: numbers in fields of no type, texts unquoted."""
    typed = dict(place.types).get(field) in NUMERIC_TYPES
    if sign == "!=":
        return (
            "whether a record of a collection without the field passes is not documented; say "
            "NOT, or filter afterwards"
        )
    if sign in ("<", ">", "<=", ">=") and not typed:
        return f"the collection '{place.name}' does not define field.{field} = number"
    if not typed and not value.startswith('"'):
        return "a text in a collection must stand in double quotation marks"
    return None


COMMANDS = {"inputlookup": Inputlookup, "makeresults": Makeresults}
