"""Transforming commands: a table made of all rows."""

from collections.abc import Iterable, Iterator
from copy import copy

from ..errors import refused
from ..generated import Body
from ..parse import arguments, tokens
from ..search_context import SearchContext
from ..values import order_key, text
from .base import Columns, Reducing, Row, Transforming, chosen
from .statistics import Groups, clause_of


class Stats(Reducing):
    """stats: one row a group, sorted by the BY fields."""

    def __init__(self, written: str, context: SearchContext):
        self.clause = clause_of(written, context, "stats")
        self.reads, self.by_order = self.clause.fields, self.clause.by_order

    def limit_to(self, wanted: set[str]) -> None:
        """Compute what is wanted only; without BY whether there is a row depends on it all."""
        if self.clause.by:
            self.clause = self.clause.only(wanted)
            self.reads = self.clause.fields

    def in_any_order(self) -> "Stats":
        """Return the same command with sums that no order changes."""
        other = copy(self)
        other.clause = self.clause.in_any_order()
        return other

    def write_groups(self, body: Body, groups: str) -> None:
        """Add to the aggregates of the row's groups."""
        self.clause.write(body, groups)

    def merge(self, groups: Groups, others: Groups) -> None:
        """Merge the states of the groups that both have."""
        self.clause.merge(groups, others)

    def rows(self, groups: Groups, keep: bool = False) -> Iterator[Row]:
        """Without BY and with nothing to compute there is no row."""
        by, results = self.clause.by, self.clause.results
        if not by:
            found = results(groups.get((), None) or self.clause.new())
            return iter([found] if found else [])
        taken = groups.__getitem__ if keep else groups.pop
        return ({**dict(zip(by, group)), **results(taken(group))} for group in _ordered(groups))

    def columns(self, columns: Columns) -> Columns:
        """The BY fields, then the aggregates as written, computed or not."""
        return self.clause.by + self.clause.names


def _ordered(groups: Groups) -> list[tuple]:
    """Return the groups in the order of the BY fields; one that all share orders nothing."""
    columns = []
    for column in zip(*groups):
        values = set(column)
        if len(values) > 1:
            by = order_key(values)
            ranks = None if by is text else {value: by(value) for value in values}
            columns.append(map(ranks.__getitem__, column) if ranks else column)
    if not columns:
        return list(groups)
    return [group for _, group in sorted(zip(zip(*columns), groups))]


class Table(Transforming):
    """table: the named fields, in this order."""

    def __init__(self, written: str, context: SearchContext):
        self.names = tokens(arguments("names", written, "table")[0])
        self.plain = not any("*" in name for name in self.names)
        self.reads = set(self.names) if self.plain else None
        self.seen: dict[str, None] = {}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Build rows of these fields."""
        for row in rows:
            names = self.names if self.plain else chosen(row, self.names)
            kept = {name: row[name] for name in names if name in row}
            self.seen.update(dict.fromkeys(kept))
            yield kept

    def columns(self, columns: Columns) -> Columns:
        """The order of the arguments."""
        return list(self.names) if self.plain else chosen(self.seen, self.names)


class Xyseries(Transforming):
    """xyseries x y value: a row for each x, a column for each value of y.

    A row that lacks x or y is left out. Several rows for one x and y, and options, are refused.
    Splunk counts it among the streaming commands; here it needs all rows.
    """

    def __init__(self, written: str, context: SearchContext):
        names = tokens(arguments("names", written, "xyseries")[0])
        if len(names) != 3 or any("*" in name for name in names):
            raise refused("xyseries", "replay knows xyseries <x> <y name> <y value>")
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
            raise refused(
                "xyseries",
                f"two rows for {self.x}={text(row[self.x])} and {self.y}={name} are not supported "
                "by replay: use stats before",
            )
        if self.value in row:
            into[name] = row[self.value]

    def columns(self, columns: Columns) -> Columns:
        """x, then the series."""
        return [self.x, *self.series]


COMMANDS = {"stats": Stats, "table": Table, "xyseries": Xyseries}
