"""Custom commands: an app's own program, run over Splunk's chunked protocol."""

import re
from collections.abc import Iterable, Iterator

from .. import chunked
from ..conf import boolean
from ..errors import SplError
from ..parse import unquote
from ..search_context import SearchContext
from ..values import number
from .base import Columns, DatasetProcessing, Row, extended

_ARGUMENT = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^\s"])+', re.DOTALL)


class Custom(DatasetProcessing):
    """A custom command of commands.conf, run as Splunk runs it; it is sent whole rows."""

    reads = None

    def __init__(self, name: str, arguments: str, context: SearchContext):
        stanza = context.commands[name]
        if not boolean(stanza.get("chunked", "false"), f"commands.conf [{name}] chunked"):
            raise SplError(f"Error in '{name}' command: only chunked = true is supported by replay")
        self.script = context.app / "bin" / stanza.get("filename", f"{name}.py")
        if not self.script.exists():
            raise SplError(f"Error in '{name}' command: Could not find '{self.script.name}'.")
        self.info = _searchinfo(name, _ARGUMENT.findall(arguments), context)
        self.warn = context.warn
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


def _searchinfo(name: str, raw: list[str], context: SearchContext) -> chunked.Searchinfo:
    return chunked.Searchinfo(
        command=name,
        args=[_unquoted(argument) for argument in raw],
        raw_args=raw,
        search=context.search,
        sid=context.sid,
        app=context.app.name,
        earliest=context.earliest or 0.0,
        latest=context.clock.now if context.latest is None else context.latest,
    )


def _unquoted(argument: str) -> str:
    return re.sub(r'"(?:\\.|[^"\\])*"', lambda found: unquote(found.group(0)), argument)
