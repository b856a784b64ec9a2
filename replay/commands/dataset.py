"""Dataset processing commands: all rows first."""

from collections.abc import Iterable, Iterator

from lark import Tree

from .. import limits
from ..errors import refused
from ..parse import arguments, subtrees, tokens
from ..search_context import SearchContext
from ..values import order_key, text
from .base import DatasetProcessing, Row
from .statistics import clause_of


class Sort(DatasetProcessing):
    """sort: so many rows, all with 0; rows without the field come last either way."""

    def __init__(self, written: str, context: SearchContext):
        tree, _ = arguments("sort", written, "sort")
        limit = tokens(tree, "COUNT")
        self.limit = int(limit[0]) if limit else None
        self.orders = _orders(tree)
        self.reads = {field for field, _ in self.orders}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Sort by the ranks of the values, then cut."""
        rows = list(rows)
        if self.limit is None:
            limits.SORT.hold(len(rows), "sort")
        ranks = list(zip(*(_ranks(rows, *order) for order in self.orders)))
        order = sorted(range(len(rows)), key=ranks.__getitem__)
        return (rows[place] for place in order[: self.limit or None])


def _ranks(rows: list[Row], field: str, descending: bool) -> Iterable[int]:
    """Return the rank of each row's value; no value ranks last."""
    values = [row.get(field) for row in rows]
    if list in map(type, values):
        values = [text(value) if type(value) is list else value for value in values]
    # In their order, since what is nearly sorted is soon sorted.
    distinct = [value for value in dict.fromkeys(values) if value is not None]
    by = order_key(distinct)
    keys = list(map(by, distinct))
    placed = {
        key: place for place, key in enumerate(sorted(dict.fromkeys(keys), reverse=descending))
    }
    ranks = dict(zip(distinct, map(placed.__getitem__, keys)))
    ranks[None] = len(rows)
    return map(ranks.__getitem__, values)


def _orders(tree: Tree) -> list[tuple[str, bool]]:
    """Return fields, and whether their order is descending.

    A sign before a space holds for the fields after it as well, up to the next sign.
    """
    orders, held = [], "+"
    for part in subtrees(tree, "sort_by"):
        sign = (tokens(part, "SIGN") or [held])[0]
        held = sign if sign[-1].isspace() else held
        (name,) = tokens(part)
        if name in ("a", "d", "asc", "desc"):
            raise refused("sort", f"'{name}' is not supported by replay; use + or -")
        orders.append((name, sign.strip() == "-"))
    return orders


class Eventstats(DatasetProcessing):
    """eventstats: its group's aggregates on every row; rows without a BY field pass unchanged."""

    def __init__(self, written: str, context: SearchContext):
        self.clause = clause_of(written, context, "eventstats")
        self.reads, self.adds = self.clause.fields, self.clause.names

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Two passes over the rows."""
        rows, groups = list(rows), {}
        limits.EVENTSTATS.hold(len(rows), "eventstats")
        clause = self.clause
        rows = list(clause.along(clause.write_adds)(rows, groups))
        for states in groups.values():
            states[:] = [one.result(state) for one, state in zip(clause.measures, states)]
        yield from clause.along(clause.write_states)(rows, groups)


COMMANDS = {"sort": Sort, "eventstats": Eventstats}
