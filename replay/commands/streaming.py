"""Distributable streaming commands: each row by itself."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Callable

from lark import Tree

from .. import times
from ..errors import SplError
from ..expressions import compile_assignments, compile_condition
from ..functions import pattern, single_text
from ..lookups import Matcher, merged
from ..lookups import Table as LookupTable
from ..parse import flag, options, parse, subtrees, tokens
from ..search_context import SearchContext
from ..search_filter import compile_filter
from ..values import multivalue, number
from .base import (
    Columns,
    Command,
    DistributableStreaming,
    Fields,
    Filter,
    Row,
    RowByRow,
    chosen,
    extended,
)
from .dataset import FillnullOfAll, filled, fillnull_arguments
from .subsearch import FilterWithSubsearch, has_subsearch


class Search(Filter):
    """search: keep the rows that a filter accepts. First in a search it takes the events.

    Known are comparisons, IN, wildcards, networks in CIDR notation, AND, OR, NOT and brackets; a
    subsearch may make a filter. Free text is not known, but for an address out of a subsearch.
    """

    @classmethod
    def of(cls, arguments: str, context: SearchContext) -> Command:
        """Return a filter, or one that a subsearch makes."""
        kind = FilterWithSubsearch if has_subsearch(arguments) else cls
        return kind(arguments, context)

    def __init__(self, arguments: str, context: SearchContext):
        self.keep, self.reads = compile_filter(arguments)


class Where(Filter):
    """where: keep the rows for which a condition is true, neither false nor null."""

    def __init__(self, arguments: str, context: SearchContext):
        condition = compile_condition(arguments, context.clock, "where")
        self.keep, self.reads = condition.run, condition.fields


class Eval(RowByRow):
    """eval: compute fields, one after the other; a null result removes the field."""

    def __init__(self, arguments: str, context: SearchContext):
        self.one, self.adds, self.reads = compile_assignments(arguments, context.clock)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Assign in place."""
        return map(self.one, rows)


class KeepFields(DistributableStreaming):
    """fields: keep the named fields and the internal ones, or with - remove the named ones."""

    def __init__(self, arguments: str, context: SearchContext):
        tree = parse("arguments", "fields", arguments, "fields")
        self.names = tokens(tree)
        self.remove = "-" in "".join(tokens(tree, "SIGN"))
        self.wildcards = any("*" in name for name in self.names)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cut rows down."""
        cut = self._without if self.remove else self._only
        for row in rows:
            yield cut(row, chosen(row, self.names) if self.wildcards else self.names)

    def needs(self, wanted: Fields) -> Fields:
        """Without wildcards and -, only the named fields can matter."""
        if self.remove:
            return wanted
        return None if self.wildcards else set(self.names)

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


class Rename(DistributableStreaming):
    """rename: all at once; a name that is taken loses its old value, also to a null.

    An asterisk stands for any part of a name, but not for the start of an internal one (_time).
    """

    def __init__(self, arguments: str, context: SearchContext):
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


class Fillnull(DistributableStreaming):
    """fillnull: 0, or value=, for nulls of the named fields, which it creates.

    Without names it fills all fields and is a dataset processing command.
    """

    options = ("value",)

    @classmethod
    def of(cls, arguments: str, context: SearchContext) -> Command:  # noqa: ARG003
        """Return the command for the named fields, or for all."""
        value, names = fillnull_arguments(arguments, cls.options)
        return cls(value, names) if names else FillnullOfAll(value)

    def __init__(self, value: str, names: list[str]):
        self.value, self.adds, self.reads = value, names, set(names)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Fill in place."""
        return filled(rows, self.adds, self.value)


class Bin(DistributableStreaming):
    """bin: the start of the time bin; span= must be given, which makes it streaming."""

    options = ("span",)

    def __init__(self, arguments: str, context: SearchContext):
        tree = parse("arguments", "bin", arguments, "bin")
        given = options(tree, self.options, "bin")
        if "span" not in given:
            raise SplError("Error in 'bin' command: bin without span= is not supported by replay")
        self.span = times.span_of(given["span"])
        self.tz = context.clock.tz
        (self.field,) = tokens(tree)
        if self.field != "_time" and given["span"].isdigit():
            raise SplError("Error in 'bin' command: ranges of numbers are not supported by replay")
        self.target = (tokens(subtrees(tree, "as")[0]) if subtrees(tree, "as") else [self.field])[0]
        self.adds = [self.target]
        self.reads = {self.field}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Round down in place."""
        for row in rows:
            value = number(row.get(self.field))
            if value is not None:
                row[self.target] = self.span.floor(value, self.tz)
            yield row


class Addinfo(DistributableStreaming):
    """addinfo: the window and the id of the search."""

    def __init__(self, arguments: str, context: SearchContext):
        options(parse("arguments", "options", arguments, "addinfo"), self.options, "addinfo")
        self.info = {
            "info_min_time": 0.0 if context.earliest is None else context.earliest,
            "info_max_time": "+Infinity" if context.latest is None else context.latest,
            "info_sid": context.sid,
            "info_search_time": context.clock.now,
        }
        self.adds = list(self.info)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Add in place."""
        for row in rows:
            row.update(self.info)
            yield row


class Mvexpand(DistributableStreaming):
    """mvexpand: a row for every value; a row without the field passes unchanged."""

    options = ("limit",)

    def __init__(self, arguments: str, context: SearchContext):
        tree = parse("arguments", "mvexpand", arguments, "mvexpand")
        self.limit = int(options(tree, self.options, "mvexpand").get("limit", "0"))
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


class Rex(DistributableStreaming):
    """rex: fields from the named groups of a regular expression; without a match a row stays.

    A group that takes no part in the match, or matches nothing, gives no field.
    """

    options = ("field", "max_match")

    def __init__(self, arguments: str, context: SearchContext):
        tree = parse("arguments", "rex", arguments, "rex")
        given = options(tree, self.options, "rex")
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
        self.adds = self.names
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


class Makemv(DistributableStreaming):
    """makemv: a text cut at a delimiter, or into what a regular expression's first group finds."""

    options = ("delim", "tokenizer", "allowempty")

    def __init__(self, arguments: str, context: SearchContext):
        tree = parse("arguments", "makemv", arguments, "makemv")
        given = options(tree, self.options, "makemv")
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


def _pair(tree: Tree) -> tuple[str, str]:
    names = tokens(tree)
    return names[0], names[-1]


class Lookup(DistributableStreaming):
    """lookup: fields of the table's matching rows; several matches make a multivalue.

    With local=true it is an orchestrating command in Splunk, with the same result.
    """

    options = ("local",)

    def __init__(self, arguments: str, context: SearchContext):
        tree = parse("arguments", "lookup", arguments, "lookup")
        options(tree, self.options, "lookup")
        (self.name,) = tokens(tree)
        self.lookups = context.lookups
        self.pairs = [_pair(pair) for pair in subtrees(tree, "pair")]
        output = subtrees(tree, "output")
        self.keep_known = bool(output) and output[0].children[0].type == "OUTPUTNEW"
        self.wanted = [_pair(pair) for pair in subtrees(output[0], "pair")] if output else None
        self.fields = [field for _, field in self.pairs]
        table = self.lookups.known(self.name, "lookup")
        self.outputs = self._outputs(table) if table else self.wanted or []
        self.reads = set(self.fields) | {target for _, target in self.outputs}

    def _outputs(self, table: LookupTable) -> list[tuple[str, str]]:
        """Return what the table gives to which field; what it has not is an error."""
        matched = {field for field, _ in self.pairs}
        others = [field for field in table.fields if field not in matched and field != "_key"]
        outputs = self.wanted or [(field, field) for field in others]
        for field in [field for field, _ in self.pairs + outputs]:
            if field not in table.fields:
                raise SplError(
                    f"Error in 'lookup' command: The lookup table '{self.name}' has no field "
                    f"'{field}'."
                )
        return outputs

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """OUTPUT replaces what a row had, OUTPUTNEW fills only what it lacks."""
        table = self.lookups.table(self.name, "lookup")
        self.outputs = self._outputs(table)
        matcher = Matcher(table, [field for field, _ in self.pairs])
        for row in rows:
            found = matcher.rows(tuple([row.get(field) for field in self.fields]))
            for field, target in self.outputs:
                if self.keep_known and target in row:
                    continue
                value = merged(found, field)
                if value is not None:
                    row[target] = value
                elif target in row:
                    raise self._unknown(target)
            yield row

    @staticmethod
    def _unknown(target: str) -> SplError:
        """Return the error for OUTPUT without a match on a known field, documented nowhere."""
        return SplError(
            f"Error in 'lookup' command: OUTPUT to '{target}', which the row has already, finds "
            "nothing: use a new name, or OUTPUTNEW"
        )

    def columns(self, columns: Columns) -> Columns:
        """Its fields stand last."""
        return extended(columns, (target for _, target in self.outputs))


COMMANDS = {
    "search": Search, "where": Where, "eval": Eval, "fields": KeepFields, "rename": Rename,
    "fillnull": Fillnull, "bin": Bin, "bucket": Bin, "addinfo": Addinfo, "mvexpand": Mvexpand,
    "rex": Rex, "makemv": Makemv, "lookup": Lookup,
}  # fmt: skip
