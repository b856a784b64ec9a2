"""Commands that turn rows into what a chart takes: xyseries."""

from collections.abc import Iterable, Iterator

from ..errors import SplError
from ..parse import parse, tokens
from ..values import order_key, text
from .base import Columns, Row, Scope, Step


class Xyseries(Step):
    """xyseries x y value: a row for each x, a column for each value of y.

    A row that lacks x or y is left out. Several rows for one x and y, and options, are refused.
    """

    bounds = True

    def __init__(self, arguments: str, scope: Scope):
        names = tokens(parse("arguments", "table", arguments, "xyseries"))
        if len(names) != 3 or any("*" in name for name in names):
            raise SplError(
                "Error in 'xyseries' command: replay knows xyseries <x> <y name> <y value>"
            )
        self.x, self.y, self.value = names
        self.reads = set(names)
        self.series: list[str] = []

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows in the order of x, columns in the order of y."""
        table: dict[str, Row] = {}
        for row in rows:
            if self.x in row and self.y in row:
                self._add(table.setdefault(text(row[self.x]), {self.x: row[self.x]}), row)
        names = {name for row in table.values() for name in row} - {self.x}
        self.series = sorted(names, key=order_key(names))
        by = order_key(table)
        yield from (table[x] for x in sorted(table, key=by))

    def _add(self, into: Row, row: Row) -> None:
        name = text(row[self.y])
        if name in into:
            raise SplError(
                f"Error in 'xyseries' command: two rows for {self.x}={text(row[self.x])} and "
                f"{self.y}={name} are not supported by replay: use stats before"
            )
        if self.value in row:
            into[name] = row[self.value]

    def columns(self, columns: Columns) -> Columns:
        """x, then the series."""
        return [self.x, *self.series]


COMMANDS = {"xyseries": Xyseries}
