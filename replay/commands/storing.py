"""outputlookup: what a search learns, kept for the searches that run after it."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import SplError, refused
from ..lookups import NUMERIC_TYPES, Contents
from ..parse import arguments, flag, tokens
from ..search_context import SearchContext
from ..values import multivalue, number, text, texts
from .base import DatasetProcessing, Row


class Outputlookup(DatasetProcessing):
    """outputlookup: the rows replace those of a lookup, or are added; they go on as they are.

    Nothing is written to disk. With key_field the rows are added, unless append=f says otherwise.
    """

    reads = None
    options = ("append", "override_if_empty", "key_field")

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("named", written, "outputlookup", self.options)
        (name,) = tokens(tree)
        self.lookups = context.lookups
        self.place = context.lookups.place(name, "outputlookup")
        self.key_field = given.get("key_field")
        if self.key_field and not self.place.collection:
            raise _error(f"key_field={self.key_field} is for collections, '{name}' is a file.")
        self.append = flag(given, "append", bool(self.key_field), "outputlookup")
        self.override = flag(given, "override_if_empty", True, "outputlookup")
        self.lookups.await_rows(self.place)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Write once all rows are there."""
        rows = list(rows)
        if rows or (self.override and not self.append):
            write = self._collection if self.place.collection else self._file
            self.lookups.replace(self.place, write(rows))
        return iter(rows)

    def _file(self, rows: list[Row]) -> Any:
        """Without rows the file is deleted; what is appended keeps to the fields of the file."""
        before = self.lookups.contents(self.place)
        if self.append and before:
            fields = before.fields
            return Contents.of(fields, before.rows + [_cells(row, fields) for row in rows])
        fields = self._columns(rows)
        return Contents.of(fields, [_cells(row, fields) for row in rows]) if rows else None

    def _columns(self, rows: list[Row]) -> list[str]:
        columns = self.columns_before()
        if columns is None:
            columns = sorted({name for row in rows for name in row})
        for name in columns:
            if name.startswith("_"):
                raise _error(f"the internal field {name} in a file is not supported by replay")
        return columns

    def _collection(self, rows: list[Row]) -> Contents:
        before = self.lookups.contents(self.place)
        records = {row["_key"]: row for row in before.rows} if self.append else {}
        for row in rows:
            key = self._key(row) or _new_key(records)
            records[key] = {**self._record(row), "_key": key}
        return Contents.of(before.fields, list(records.values()))

    def _key(self, row: Row) -> Any:
        if self.key_field is None:
            if self.append and "_key" in row:
                raise _error("rows with a _key are appended: say key_field=_key")
            return row.get("_key")
        if self.key_field not in row:
            raise _error(f"a row has no {self.key_field}, which is its key_field")
        return text(row[self.key_field])

    def _record(self, row: Row) -> Row:
        types = dict(self.place.types)
        record = {}
        for name in self.place.fields:
            if name in row:
                numeric = self.place.enforced and types.get(name) in NUMERIC_TYPES
                if numeric and number(row[name]) is None:
                    shown = repr(text(row[name]))
                    raise _error(f"the collection takes numbers only in '{name}', not {shown}")
                record[name] = multivalue(texts(row[name]))
        return record


def _cells(row: Row, fields: list[str]) -> Row:
    """A file holds the values of a multivalue in one cell, with spaces between them."""
    cells = {name: " ".join(texts(row.get(name))) for name in fields}
    return {name: cell for name, cell in cells.items() if cell}


def _new_key(records: dict[str, Row]) -> str:
    count = len(records)
    while f"{count:024x}" in records:
        count += 1
    return f"{count:024x}"


def _error(message: str) -> SplError:
    return refused("outputlookup", message)


COMMANDS = {"outputlookup": Outputlookup}
