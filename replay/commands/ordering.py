"""The order of rows, as sort and dedup take it."""

from collections.abc import Iterable
from typing import Any, Callable, NamedTuple

from lark import Tree

from .. import functions
from ..errors import SplError
from ..parse import subtrees, tokens
from ..values import number, order_key, text
from .base import Row


class Order(NamedTuple):
    """One field to sort by."""

    field: str
    descending: bool
    kind: str


def orders_of(tree: Tree) -> list[Order]:
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
