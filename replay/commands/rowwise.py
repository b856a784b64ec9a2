"""Commands that treat each row by itself: search, where, eval, fields, table, rename, bin, ..."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Callable

from .. import times
from ..errors import SplError
from ..expressions import compile_assignments, compile_condition
from ..functions import pattern, single_text
from ..parse import flag, options, parse, subtrees, tokens
from ..search_filter import compile_filter
from ..values import multivalue, number
from .base import Columns, Filter, Row, Scope, Single, Step, chosen, extended


class Search(Filter):
    """search: keep the rows that a filter accepts."""

    def __init__(self, arguments: str, scope: Scope):
        self.keep, self.reads = compile_filter(arguments)


class Where(Filter):
    """where: keep the rows for which a condition is true, neither false nor null."""

    def __init__(self, arguments: str, scope: Scope):
        condition = compile_condition(arguments, scope.clock, "where")
        self.keep, self.reads = condition.run, condition.fields
        self.timeless = condition.timeless


class Eval(Single):
    """eval: compute fields, one after the other; a null result removes the field."""

    def __init__(self, arguments: str, scope: Scope):
        self.one, self.names, self.reads, self.timeless = compile_assignments(
            arguments, scope.clock
        )

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Assign in place."""
        return map(self.one, rows)

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        return extended(columns, self.names)


class Fields(Step):
    """fields: keep the named fields and the internal ones, or with - remove the named ones."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "fields", arguments, "fields")
        self.names = tokens(tree)
        self.remove = "-" in "".join(tokens(tree, "SIGN"))
        self.bounds = not self.remove and not any("*" in name for name in self.names)
        self.reads = set(self.names) if self.bounds else set() if self.remove else None

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cut rows down."""
        wildcards = any("*" in name for name in self.names)
        cut = self._without if self.remove else self._only
        for row in rows:
            yield cut(row, chosen(row, self.names) if wildcards else self.names)

    @staticmethod
    def _without(row: Row, named: list[str]) -> Row:
        for name in named:
            row.pop(name, None)
        return row

    @staticmethod
    def _only(row: Row, named: list[str]) -> Row:
        internal = [name for name in row if name.startswith("_") and name not in named]
        return {name: row[name] for name in named + internal if name in row}

    def columns(self, columns: Columns) -> Columns:
        """Without -, the order of the arguments stays what it was."""
        if columns is None:
            return None
        named = set(chosen(columns, self.names))
        return [name for name in columns if (name in named) != self.remove]


class Table(Step):
    """table: the named fields, in this order."""

    def __init__(self, arguments: str, scope: Scope):
        self.names = tokens(parse("arguments", "table", arguments, "table"))
        self.bounds = not any("*" in name for name in self.names)
        self.reads = set(self.names) if self.bounds else None
        self.seen = {}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Build rows of these fields."""
        for row in rows:
            names = self.names if self.bounds else chosen(row, self.names)
            kept = {name: row[name] for name in names if name in row}
            self.seen.update(dict.fromkeys(kept))
            yield kept

    def columns(self, columns: Columns) -> Columns:
        """The order of the arguments."""
        return list(self.names) if self.bounds else chosen(self.seen, self.names)


class Rename(Step):
    """rename: all at once; a name that is taken loses its old value, also to a null.

    An asterisk stands for any part of a name, but not for the start of an internal one (_time).
    """

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "rename", arguments, "rename")
        self.pairs = [tokens(renaming) for renaming in subtrees(tree, "renaming")]
        for old, new in self.pairs:
            if old.count("*") != new.count("*"):
                raise SplError(
                    f"Error in 'rename' command: '{old}' and '{new}' have different numbers of "
                    "wildcards."
                )
        self.patterns = [(_renaming(old), new) for old, new in self.pairs if "*" in old]
        self.reads = None if self.patterns else {old for old, _ in self.pairs}
        self.plain = {old: new for old, new in self.pairs if "*" not in old}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rename in place."""
        for row in rows:
            names = self._names(row) if self.patterns else self.plain
            moved = {new: row.pop(old, None) for old, new in names.items()}
            for new, value in moved.items():
                row.pop(new, None)
                if value is not None:
                    row[new] = value
            yield row

    def _names(self, known: Iterable[str]) -> dict[str, str]:
        """Return the old and new names, wildcards resolved for the fields there are."""
        names = dict(self.plain)
        for fits, new in self.patterns:
            for name in known:
                found = fits.fullmatch(name)
                if found and name not in names:
                    parts = iter(found.groups())
                    names[name] = re.sub(r"\*", lambda _, parts=parts: next(parts), new)
        return names

    def columns(self, columns: Columns) -> Columns:
        """A field keeps its place."""
        if columns is None:
            return None
        names = self._names(columns)
        gone = set(names.values())
        kept = [name for name in columns if name not in gone or name in names]
        return list(dict.fromkeys(names.get(name, name) for name in kept))


def _renaming(name: str) -> re.Pattern:
    internal = "(?!_)" if name.startswith("*") else ""
    return re.compile(internal + "(.*)".join(re.escape(part) for part in name.split("*")))


class Fillnull(Step):
    """fillnull: 0 or value= for nulls of the named fields, which it creates, or of all fields."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "fillnull", arguments, "fillnull")
        self.value = options(tree, {"value"}, "fillnull").get("value", "0")
        self.names = tokens(tree)
        self.reads = set(self.names) or None

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Fill in place; all rows are read first where all fields count."""
        names = self.names
        if not names:
            rows = list(rows)
            names = list(dict.fromkeys(name for row in rows for name in row))
        for row in rows:
            for name in names:
                row.setdefault(name, self.value)
            yield row

    def columns(self, columns: Columns) -> Columns:
        """Created fields stand last."""
        return extended(columns, self.names)


class Bin(Step):
    """bin span=: the start of the time bin."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "bin", arguments, "bin")
        given = options(tree, {"span"}, "bin")
        if "span" not in given:
            raise SplError("Error in 'bin' command: bin without span= is not supported by replay")
        self.span = times.span_of(given["span"])
        self.tz = scope.clock.tz
        (self.field,) = tokens(tree)
        if self.field != "_time" and given["span"].isdigit():
            raise SplError("Error in 'bin' command: ranges of numbers are not supported by replay")
        self.target = (tokens(subtrees(tree, "as")[0]) if subtrees(tree, "as") else [self.field])[0]
        self.reads = {self.field}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Round down in place."""
        for row in rows:
            value = number(row.get(self.field))
            if value is not None:
                row[self.target] = self.span.floor(value, self.tz)
            yield row

    def columns(self, columns: Columns) -> Columns:
        """A new field stands last."""
        return extended(columns, [self.target])


class Addinfo(Step):
    """addinfo: the window and the id of the search."""

    def __init__(self, arguments: str, scope: Scope):
        options(parse("arguments", "options", arguments, "addinfo"), (), "addinfo")
        self.info = {
            "info_min_time": 0.0 if scope.earliest is None else scope.earliest,
            "info_max_time": "+Infinity" if scope.latest is None else scope.latest,
            "info_sid": scope.sid,
            "info_search_time": scope.clock.now,
        }

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Add in place."""
        for row in rows:
            row.update(self.info)
            yield row

    def columns(self, columns: Columns) -> Columns:
        """Its fields stand last."""
        return extended(columns, self.info)


class Mvexpand(Step):
    """mvexpand: a row for every value; a row without the field passes unchanged."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "mvexpand", arguments, "mvexpand")
        self.limit = int(options(tree, {"limit"}, "mvexpand").get("limit", "0"))
        (self.field,) = tokens(tree)
        self.reads = {self.field}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copy the row for each value."""
        for row in rows:
            values = row.get(self.field)
            if type(values) is not list:
                yield row
                continue
            for value in values[: self.limit or None]:
                yield {**row, self.field: value}


class Rex(Step):
    """rex: fields from the named groups of a regular expression; without a match a row stays.

    A group that takes no part in the match, or matches nothing, gives no field.
    """

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "rex", arguments, "rex")
        given = options(tree, {"field", "max_match"}, "rex")
        (written,) = tokens(tree)
        self.field = given.get("field", "_raw")
        self.most = int(given.get("max_match", "1"))
        self.pattern = pattern(written)
        self.names = list(self.pattern.groupindex)
        if not self.names:
            raise SplError(
                f"Error in 'rex' command: The regex '{written}' does not extract anything. It "
                "should specify at least one named group. Format: (?<name>...)."
            )
        self.reads = {self.field, *self.names}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Match in place."""
        for row in rows:
            value = row.get(self.field)
            if value is None:
                self._check_raw(row)
            else:
                row.update(self._found(single_text(value)))
            yield row

    def _found(self, value: str) -> Row:
        matches = islice(self.pattern.finditer(value), self.most or None)
        groups = [found.groupdict() for found in matches]
        found = {name: [group[name] for group in groups if group[name]] for name in self.names}
        return {name: multivalue(values) for name, values in found.items() if values}

    def _check_raw(self, row: Row) -> None:
        """Refuse to find nothing in what only replay does not know: the text of an event."""
        if self.field == "_raw" and "sourcetype" in row:
            raise SplError(
                f"Error in 'rex' command: replay keeps no _raw of {row['sourcetype']}; name a field"
            )

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        return extended(columns, self.names)


class Makemv(Step):
    """makemv: a text cut at a delimiter, or into what a regular expression's first group finds."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "makemv", arguments, "makemv")
        given = options(tree, {"delim", "tokenizer", "allowempty"}, "makemv")
        (self.field,) = tokens(tree)
        self.allow_empty = flag(given, "allowempty", False, "makemv")
        self.cut = self._by_pattern(given) if "tokenizer" in given else self._by_text(given)
        self.reads = {self.field}

    @staticmethod
    def _by_pattern(given: dict[str, str]) -> Callable[[str], list[str]]:
        found = pattern(given["tokenizer"])
        if "delim" in given or not found.groups:
            raise SplError(
                "Error in 'makemv' command: tokenizer= stands alone and has a capturing group."
            )
        return lambda value: [match[1] or "" for match in found.finditer(value)]

    @staticmethod
    def _by_text(given: dict[str, str]) -> Callable[[str], list[str]]:
        delimiter = given.get("delim", " ")
        if "\\" in delimiter or not delimiter:
            raise SplError(
                f"Error in 'makemv' command: delim=\"{delimiter}\" is not supported by replay; use "
                'tokenizer="([^...]+)"'
            )
        return lambda value: value.split(delimiter)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cut in place; nothing left is null."""
        for row in rows:
            if self.field in row:
                values = self.cut(single_text(row.pop(self.field)))
                value = multivalue([one for one in values if one or self.allow_empty])
                if value is not None:
                    row[self.field] = value
            yield row


COMMANDS = {
    "search": Search, "where": Where, "eval": Eval, "fields": Fields, "table": Table,
    "rename": Rename, "fillnull": Fillnull, "bin": Bin, "bucket": Bin, "addinfo": Addinfo,
    "mvexpand": Mvexpand, "rex": Rex, "makemv": Makemv,
}  # fmt: skip
