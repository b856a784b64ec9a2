"""Dataset processing commands: all rows first."""

from collections.abc import Iterable, Iterator

from ..parse import options, parse, tokens
from ..search_context import SearchContext
from .base import Command, DatasetProcessing, Row
from .ordering import Order, in_order, orders_of
from .statistics import clause_of, group_of, with_results

SORT_LIMIT = 10_000


class Sort(DatasetProcessing):
    """sort: the first 10,000 rows, all with 0."""

    def __init__(self, arguments: str, context: SearchContext):
        tree = parse("arguments", "sort", arguments, "sort")
        limit = tokens(tree, "COUNT")
        self.limit = int(limit[0]) if limit else SORT_LIMIT
        self.orders = orders_of(tree)
        self.reads = {order.field for order in self.orders}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Sort, then cut."""
        return iter(in_order(rows, self.orders)[: self.limit or None])


class Eventstats(DatasetProcessing):
    """eventstats: its group's aggregates on every row; rows without a BY field pass unchanged."""

    def __init__(self, arguments: str, context: SearchContext):
        self.clause = clause_of(arguments, context, "eventstats")
        self.reads, self.adds = self.clause.fields, self.clause.names

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Two passes over the rows."""
        rows, groups = list(rows), {}
        keys = [group_of(row, self.clause.by) for row in rows]
        for row, key in zip(rows, keys):
            if key is not None:
                self.clause.add(groups.setdefault(key, self.clause.accumulators()), row)
        results = {key: self.clause.results(group) for key, group in groups.items()}
        for row, key in zip(rows, keys):
            yield row if key is None else with_results(row, self.clause, results[key])


class FillnullOfAll(DatasetProcessing):
    """fillnull without names: nulls of all fields."""

    reads = None

    def __init__(self, value: str):
        self.value = value

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Fill in place, once the fields are known."""
        rows = list(rows)
        names = list(dict.fromkeys(name for row in rows for name in row))
        return filled(rows, names, self.value)


def fillnull_arguments(arguments: str, known: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return what fillnull fills in, and the names of the fields."""
    tree = parse("arguments", "fillnull", arguments, "fillnull")
    return options(tree, known, "fillnull").get("value", "0"), tokens(tree)


def filled(rows: Iterable[Row], names: list[str], value: str) -> Iterator[Row]:
    """Fill the nulls of some fields in place."""
    for row in rows:
        for name in names:
            row.setdefault(name, value)
        yield row


class DedupSorted(DatasetProcessing):
    """dedup with sortby: what dedup keeps, sorted."""

    def __init__(self, dedup: Command, orders: list[Order]):
        self.dedup, self.orders = dedup, orders
        self.reads = dedup.reads | {order.field for order in orders}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Keep, then sort."""
        return iter(in_order(self.dedup.run(rows), self.orders))


COMMANDS = {"sort": Sort, "eventstats": Eventstats}
