"""Commands that depend on the order of rows: sort, dedup, head."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Callable, NamedTuple

from lark import Tree

from .. import functions
from ..errors import SplError
from ..parse import options, parse, subtrees, tokens
from ..values import number, order_key, text
from .base import Row, Scope, Step

SORT_LIMIT = 10_000
HEAD_LIMIT = 10


class Order(NamedTuple):
    """One field to sort by."""

    field: str
    descending: bool
    kind: str


def _orders(tree: Tree) -> list[Order]:
    """A sign before a space holds for the fields after it as well, up to the next sign."""
    orders, held = [], "+"
    for part in subtrees(tree, "sort_by"):
        sign = (tokens(part, "SIGN") or [held])[0]
        held = sign if sign[-1].isspace() else held
        orders.append(_order(part, sign.strip() == "-"))
    return orders


def _order(part: Tree, descending: bool) -> Order:
    typed = subtrees(part, "typed")
    if typed:
        return Order(tokens(typed[0])[0], descending, tokens(typed[0], "TYPE")[0])
    name = tokens(part)[0]
    if name in ("a", "d", "asc", "desc"):
        raise SplError(f"Error in 'sort' command: '{name}' is not supported by replay; use + or -")
    return Order(name, descending, "auto")


def in_order(rows: Iterable[Row], orders: list[Order]) -> list[Row]:
    """Return rows sorted by several fields; rows without the field come last either way."""
    rows = list(rows)
    for order in reversed(orders):
        known = [row for row in rows if order.field in row]
        missing = [row for row in rows if order.field not in row]
        key = _key(order, known)
        known.sort(key=lambda row: key(row[order.field]), reverse=order.descending)
        rows = known + missing
    return rows


def _key(order: Order, rows: list[Row]) -> Callable[[Any], Any]:
    if order.kind == "str":
        return text
    if order.kind == "num":
        return lambda value: (number(value) is not None, number(value) or 0, text(value))
    if order.kind == "ip":
        return lambda value: (functions.address(text(value)) or (0, 0), text(value))
    return order_key(row[order.field] for row in rows)


class Sort(Step):
    """sort: the first 10,000 rows, all with 0."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "sort", arguments, "sort")
        limit = tokens(tree, "COUNT")
        self.limit = int(limit[0]) if limit else SORT_LIMIT
        self.orders = _orders(tree)
        self.reads = {order.field for order in self.orders}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Sort, then cut."""
        return iter(in_order(rows, self.orders)[: self.limit or None])


class Dedup(Step):
    """dedup: the first row, or the first n, of each combination of values."""

    def __init__(self, arguments: str, scope: Scope):
        tree = parse("arguments", "dedup", arguments, "dedup")
        options(tree, (), "dedup")
        self.count = int((tokens(tree, "COUNT") or ["1"])[0])
        self.names = tokens(tree, "WORD", "QUOTED")
        sortby = subtrees(tree, "sortby")
        self.orders = _orders(sortby[0]) if sortby else []
        self.reads = set(self.names) | {order.field for order in self.orders}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows that lack one of the fields are dropped."""
        return iter(in_order(self._kept(rows), self.orders))

    def _kept(self, rows: Iterable[Row]) -> Iterator[Row]:
        seen = {}
        for row in rows:
            if not all(name in row for name in self.names):
                continue
            key = tuple(text(row[name]) for name in self.names)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= self.count:
                yield row


class Head(Step):
    """head: the first rows, 10 of them."""

    def __init__(self, arguments: str, scope: Scope):
        limit = tokens(parse("arguments", "head", arguments, "head"), "COUNT")
        self.limit = int(limit[0]) if limit else HEAD_LIMIT

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cut."""
        return islice(rows, self.limit)


COMMANDS = {"sort": Sort, "dedup": Dedup, "head": Head}
