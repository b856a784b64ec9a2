"""Commands that bring in what the rows do not hold: lookups, makeresults, custom commands."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from lark import Tree

from .. import chunked
from ..conf import boolean
from ..errors import SplError
from ..lookups import Matcher, merged
from ..parse import options, parse, subtrees, tokens, unquote
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
        (name,) = tokens(tree)
        table = scope.lookups.table(name, "lookup")
        pairs = [_pair(pair) for pair in subtrees(tree, "pair")]
        output = subtrees(tree, "output")
        self.keep_known = bool(output) and output[0].children[0].type == "OUTPUTNEW"
        self.fields = [field for _, field in pairs]
        self.outputs = self._outputs(table.fields, pairs, output)
        for field in [field for field, _ in pairs + self.outputs]:
            if field not in table.fields:
                raise SplError(
                    f"Error in 'lookup' command: The lookup table '{name}' has no field '{field}'."
                )
        self.matcher = Matcher(table, [field for field, _ in pairs])
        self.reads = set(self.fields) | {target for _, target in self.outputs}

    @staticmethod
    def _outputs(fields: list[str], pairs, output) -> list[tuple[str, str]]:
        if output:
            return [_pair(pair) for pair in subtrees(output[0], "pair")]
        matched = {field for field, _ in pairs}
        return [(field, field) for field in fields if field not in matched and field != "_key"]

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """OUTPUT replaces what a row had, OUTPUTNEW fills only what it lacks."""
        for row in rows:
            found = self.matcher.rows(tuple([row.get(field) for field in self.fields]))
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


class Inputlookup(Step):
    """inputlookup: the rows of a lookup."""

    generates = True

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "inputlookup", arguments, "inputlookup")
        append = options(tree, {"append"}, "inputlookup").get("append", "f")
        self.append = boolean(append, "inputlookup, append")
        (name,) = tokens(tree)
        self.table = scope.lookups.table(name, "inputlookup")
        self.generates = not self.append

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies, so that the table stays as it is."""
        return chain(rows, (dict(row) for row in self.table.rows))

    def columns(self, columns: Columns) -> Columns:
        """The order of the file."""
        return extended(columns or [], self.table.fields)


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
