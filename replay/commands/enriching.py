"""Commands that bring in what the rows do not hold: lookups, makeresults, custom commands."""

import re
from collections.abc import Iterable, Iterator

from lark import Tree

from .. import chunked
from ..conf import boolean
from ..errors import SplError
from ..lookups import NUMERIC_TYPES, Matcher, Place, merged
from ..lookups import Table as LookupTable
from ..parse import flag, options, parse, subtrees, tokens, unquote
from ..search_filter import Predicate, comparisons, compile_filter
from ..values import number
from .base import Columns, Row, Scope, Step, extended


def _pair(tree: Tree) -> tuple[str, str]:
    names = tokens(tree)
    return names[0], names[-1]


class Lookup(Step):
    """lookup: fields of the table's matching rows; several matches make a multivalue."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "lookup", arguments, "lookup")
        options(tree, {"local"}, "lookup")
        (self.name,) = tokens(tree)
        self.lookups = scope.lookups
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


_WHERE = re.compile(r"(.*?)\swhere(?=[\s(])(.*)", re.IGNORECASE | re.DOTALL)


class Inputlookup(Step):
    """inputlookup: the rows of a lookup, those that pass a filter if it has one."""

    def __init__(self, arguments: str, scope: Scope):
        found = _WHERE.fullmatch(arguments)
        tree = parse("arguments", "inputlookup", found[1] if found else arguments, "inputlookup")
        given = options(tree, {"append"}, "inputlookup")
        self.generates = not flag(given, "append", False, "inputlookup")
        (self.name,) = tokens(tree)
        self.lookups = scope.lookups
        place, table = (
            self.lookups.place(self.name, "inputlookup"),
            self.lookups.known(self.name, "inputlookup"),
        )
        self.fields = table.fields if table else []
        self.keep = _table_filter(found[2], place) if found else None

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies, so that the table stays as it is; all rows before are through by then."""
        yield from rows
        table = self.lookups.table(self.name, "inputlookup")
        self.fields = table.fields
        yield from (dict(row) for row in filter(self.keep, table.rows))

    def columns(self, columns: Columns) -> Columns:
        """The order of the file."""
        return extended(columns or [], self.fields)


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


class Makeresults(Step):
    """makeresults: rows that hold the time only."""

    generates = True

    def __init__(self, arguments: str, scope: Scope):
        given = options(
            parse("arguments", "options", arguments, "makeresults"), {"count"}, "makeresults"
        )
        self.count = int(given.get("count", "1"))
        self.now = scope.clock.now

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Count rows of one field."""
        return ({"_time": self.now} for _ in range(self.count))


_ARGUMENT = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^\s"])+', re.DOTALL)


class Custom(Step):
    """A custom command of commands.conf, run as Splunk runs it."""

    reads = None

    def __init__(self, name: str, arguments: str, scope: Scope):
        stanza = scope.commands[name]
        if not boolean(stanza.get("chunked", "false"), f"commands.conf [{name}] chunked"):
            raise SplError(f"Error in '{name}' command: only chunked = true is supported by replay")
        self.script = scope.app / "bin" / stanza.get("filename", f"{name}.py")
        if not self.script.exists():
            raise SplError(f"Error in '{name}' command: Could not find '{self.script.name}'.")
        self.info = _searchinfo(name, _ARGUMENT.findall(arguments), scope)
        self.warn = scope.warn
        self.answered: list[str] = []
        self.given: set[str] = set()
        self.numbers: set[str] = set()

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """All rows in chunks, the last one marked; no rows are one empty chunk."""
        rows = list(rows)
        with chunked.Command(self.script, self.info, self.warn) as command:
            for start in range(0, max(len(rows), 1), chunked.CHUNK_ROWS):
                end = start + chunked.CHUNK_ROWS
                chunk = rows[start:end]
                self._learn(chunk)
                columns, answered = command.execute(chunk, end >= len(rows))
                self.answered = extended(self.answered, columns)
                yield from map(self._typed, answered)

    def _learn(self, rows: list[Row]) -> None:
        for row in rows:
            self.given.update(row)
            self.numbers.update(name for name, value in row.items() if type(value) in (int, float))

    def _typed(self, row: Row) -> Row:
        """Give computed numbers back their type, which the protocol's texts have lost."""
        for name, value in row.items():
            if type(value) is str and (name in self.numbers or name not in self.given):
                known = number(value)
                row[name] = value if known is None else known
        return row

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        if columns is None:
            return None
        known = [name for name in columns if name in self.answered or not self.answered]
        return extended(known, self.answered)


def _searchinfo(name: str, raw: list[str], scope: Scope) -> chunked.Searchinfo:
    return chunked.Searchinfo(
        command=name,
        args=[_unquoted(argument) for argument in raw],
        raw_args=raw,
        search=scope.search,
        sid=scope.sid,
        app=scope.app.name,
        earliest=scope.earliest or 0.0,
        latest=scope.clock.now if scope.latest is None else scope.latest,
    )


def _unquoted(argument: str) -> str:
    return re.sub(r'"(?:\\.|[^"\\])*"', lambda found: unquote(found.group(0)), argument)


COMMANDS = {"lookup": Lookup, "inputlookup": Inputlookup, "makeresults": Makeresults}
