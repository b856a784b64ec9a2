"""The filters of the search command: case-insensitive, with wildcards and CIDR."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Callable, NamedTuple

from lark import Tree

from . import functions
from .errors import SplError
from .event_store import ARRIVAL_FIELDS, arrival
from .parse import NAMES, parse, subtrees, tokens, unquote
from .values import each, number, text

VALUES_KEPT = 1 << 16
# Names with a meaning of their own in Splunk, which replay does not give them.
REFUSED = {
    "earliest", "latest", "tag", "eventtype", "savedsearch",
    "savedsplunk", "splunk_server", "splunk_server_group", "hosttag",
}  # fmt: skip

INDEX_TIMES = {"_index_earliest", "_index_latest"}
# What is said to be indexed before this (the year 2100) is every event.
END_OF_TIME = 4_102_444_800

# What Splunk adds to an event: no part of its text.
NOT_IN_THE_TEXT = {"_time", "_indextime", "index", "host", "source", "sourcetype"}
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]+\*?")

Predicate = Callable[[dict[str, Any]], bool]


class Filter(NamedTuple):
    """A compiled filter and the fields it reads."""

    keep: Predicate
    fields: set[str]


def compile_filter(written: str, command: str = "search", free_text: bool = False) -> Filter:
    """Compile the arguments of a search command, or a filter of the same form in another.

    With free_text it may look for addresses, or groups of one, anywhere in an event.
    """
    tree = _parsed(written, command)
    if not free_text:
        _refuse_free_text(tree)
    fields: set[str] = set()
    keep = _compiled(tree, fields)
    # Free text reads more than its fields, and no two events are indexed at one time.
    remembered = not free_text and not fields & ARRIVAL_FIELDS
    return Filter(_remembered(keep, fields) if remembered else keep, fields)


def _remembered(keep: Predicate, fields: set[str]) -> Predicate:
    """Ask once for each combination of values: few are those of sourcetype, source and index."""
    names = sorted(fields)

    @lru_cache(maxsize=VALUES_KEPT)
    def known(*values: Any) -> bool:
        return keep({name: value for name, value in zip(names, values) if value is not None})

    def keep_row(row: dict[str, Any]) -> bool:
        try:
            return known(*map(row.get, names))
        except TypeError:  # A multivalue is a list, which nothing can be known by.
            return keep(row)

    return keep_row


def _refuse_free_text(tree: Tree) -> None:
    for term in tree.find_data("term"):
        if str(term.children[0]) != "*":
            raise SplError(
                f"Error in 'search' command: free text ({term.children[0]}) is not supported by "
                "replay; name a field"
            )


def _parsed(written: str, command: str) -> Tree:
    if not written.strip():
        raise SplError(f"Error in '{command}' command: its filter has no arguments.")
    return parse("search", "start", written, command)


def comparisons(written: str, command: str) -> Iterator[tuple[str, str, str]]:
    """Return the field, the sign (or IN) and the value as written of each comparison in a filter.

    >>> list(comparisons('a=1 NOT (b="x" OR c IN (2, 3))', "where"))
    [('a', '=', '1'), ('b', '=', '"x"'), ('c', 'IN', '2'), ('c', 'IN', '3')]
    """
    for tree in _parsed(written, command).iter_subtrees_topdown():
        if tree.data in ("compare", "in"):
            sign = str(tree.children[1]) if tree.data == "compare" else "IN"
            for value in subtrees(tree, "value"):
                yield tokens(tree, *NAMES)[0], sign, str(value.children[0])


def _compiled(tree: Tree, fields: set[str]) -> Predicate:
    return _RULES[tree.data](tree, fields)


def _and(tree: Tree, fields: set[str]) -> Predicate:
    left, right = (_compiled(child, fields) for child in tree.children)
    return lambda row: left(row) and right(row)


def _or(tree: Tree, fields: set[str]) -> Predicate:
    left, right = (_compiled(child, fields) for child in tree.children)
    return lambda row: left(row) or right(row)


def _not(tree: Tree, fields: set[str]) -> Predicate:
    inner = _compiled(tree.children[0], fields)
    return lambda row: not inner(row)


def _term(tree: Tree, _fields: set[str]) -> Predicate:
    """Find free text as words in the values of an event, which stand for its text, _raw."""
    written = unquote(tree.children[0])
    if written == "*":
        return lambda row: True
    if not _ADDRESS.fullmatch(written):
        raise SplError(
            f"Error in 'search' command: free text ({written}) that is no address, or group of "
            "one, is not supported by replay"
        )
    words = re.escape(written).replace(r"\*", r"\w*")
    found = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    return lambda row: any(
        found.search(text(one))
        for name, value in row.items()
        if name not in NOT_IN_THE_TEXT
        for one in each(value)
    )


def _compare(tree: Tree, fields: set[str]) -> Predicate:
    sign = str(tree.children[1])
    value = unquote(tree.children[2].children[0])
    if tokens(tree, *NAMES)[0] in INDEX_TIMES:
        return _indexed(tokens(tree, *NAMES)[0], sign, value, fields)
    field = _field(tree, fields)
    if sign == "=":
        return _any(field, _equals(value, field))
    if sign == "!=":
        equals = _equals(value, field)
        return _any(field, lambda one: not equals(one))
    return _any(field, _ordered(sign, value))


def _indexed(name: str, sign: str, value: str, fields: set[str]) -> Predicate:
    """Keep the events that were indexed from a time on, or before it; replay reads epochs only."""
    limit = number(value)
    if sign != "=" or limit is None:
        raise SplError(f"Error in 'search' command: '{name}{sign}{value}': replay knows {name}=EPOCH")
    if limit >= END_OF_TIME and name == "_index_latest":
        return lambda row: True
    fields.update(ARRIVAL_FIELDS)
    if name == "_index_latest":
        return lambda row: arrival(row) < limit
    return lambda row: arrival(row) >= limit


def _in(tree: Tree, fields: set[str]) -> Predicate:
    field = _field(tree, fields)
    choices = [_equals(unquote(value.children[0]), field) for value in subtrees(tree, "value")]
    return _any(field, lambda one: any(choice(one) for choice in choices))


def _field(tree: Tree, fields: set[str]) -> str:
    name = tokens(tree, *NAMES)[0]
    if name in REFUSED or "*" in name:
        raise SplError(f"Error in 'search' command: '{name}=' is not supported by replay")
    fields.add(name)
    return name


def _any(field: str, test: Callable[[str], bool]) -> Predicate:
    """True where a value of the field passes; a missing field has none."""
    remembered = lru_cache(maxsize=VALUES_KEPT)(test)

    def keep(row: dict[str, Any]) -> bool:
        value = row.get(field)
        if type(value) is str:
            return remembered(value)
        return any(remembered(text(one)) for one in each(value))

    return keep


def _equals(value: str, field: str) -> Callable[[str], bool]:
    if "*" in value:
        fits = _wildcard(value)
        if field == "index" and value.startswith("*"):
            # index=* is all indexes but the internal ones, whose names begin with _.
            return lambda one: fits(one) and not one.startswith("_")
        return fits
    wanted = value.lower()
    if re.fullmatch(r"[0-9a-f.:]+/\d+", wanted) and _is_network(value):
        return lambda one: one.lower() == wanted or bool(functions.cidr_match(value, one))
    return lambda one: one.lower() == wanted


def _is_network(value: str) -> bool:
    try:
        functions.network(value)
    except SplError:
        return False
    return True


def _wildcard(value: str) -> Callable[[str], bool]:
    pattern = re.compile(
        ".*".join(re.escape(part) for part in value.split("*")), re.IGNORECASE | re.DOTALL
    )
    return lambda one: pattern.fullmatch(one) is not None


def _ordered(sign: str, value: str) -> Callable[[str], bool]:
    limit = number(value)
    if limit is None:
        raise SplError(f"Error in 'search' command: '{sign}{value}' compares with no number")
    compare = functions.OPERATORS[sign]

    def test(one: str) -> bool:
        found = number(one)
        return found is not None and compare(found, limit)

    return test


def _subsearch(tree: Tree, _fields: set[str]) -> Predicate:
    raise SplError(
        f"Error in 'search' command: the subsearch {tree.children[0]} is not supported here"
    )


_RULES = {
    "and": _and, "or": _or, "not": _not, "term": _term, "compare": _compare, "in": _in,
    "subsearch": _subsearch,
}  # fmt: skip
