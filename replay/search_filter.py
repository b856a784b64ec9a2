"""The filters of the search command: case-insensitive, with wildcards and CIDR."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, Callable, NamedTuple, Optional

from lark import Tree

from . import arrival, functions
from .errors import SplError, refused
from .parse import NAMES, parse, subtrees, tokens, unquote
from .values import each, number, text

VALUES_KEPT, FILTERS_KEPT = 1 << 16, 256
# Names with a meaning of their own in Splunk, which replay does not give them.
REFUSED = {
    "earliest", "latest", "eventtype", "savedsearch",
    "savedsplunk", "splunk_server", "splunk_server_group", "hosttag",
}  # fmt: skip

# What Splunk adds to an event: no part of its text.
NOT_IN_THE_TEXT = {"_time", "_indextime", "index", "host", "source", "sourcetype"}
# How Splunk cuts a text into the terms of its index (segmenters.conf, MAJOR and MINOR).
_MAJOR = (
    r"(?:[][<>(){}|!;,'\"*\s&?+]|--"
    r"|%(?:21|26|2526|3B|7C|20|2B|3D|2520|5D|5B|3A|0A|2C|28|29))"
)
_MINOR = r"[/:=@.\-$#%\\_]"
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]+\*?|[\w-]+(?:\.[\w-]+)+")

Predicate = Callable[[dict[str, Any]], bool]


class Filter(NamedTuple):
    """A compiled filter and the fields it reads."""

    keep: Predicate
    fields: set[str]


# Searches repeat their filters, and run again as of another time.
@lru_cache(maxsize=FILTERS_KEPT)
def compile_filter(written: str, command: str = "search", free_text: bool = False) -> Filter:
    """Compile the arguments of a search command, or a filter of the same form in another.

    With free_text it may look for addresses, groups of one, or names anywhere in an event.
    """
    tree = _parsed(written, command)
    if not free_text:
        _refuse_free_text(tree)
    fields: set[str] = set()
    keep = _compiled(tree, fields)
    # Free text reads more than its fields, and no two events are indexed at one time.
    asked_again = free_text or "_indextime" in fields
    return Filter(keep if asked_again else _remembered(keep, fields), fields)


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
    for term in tree.find_pred(lambda part: part.data in ("term", "indexed")):
        if str(term.children[0]) != "*":
            shown = f"free text ({term.children[0]})"
            raise refused("search", f"{shown} is not supported by replay; name a field")


def _parsed(written: str, command: str) -> Tree:
    if not written.strip():
        raise refused(command, "its filter has no arguments.")
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


def refuses(written: str, field: str, value: str) -> bool:
    """Tell whether a filter refuses every event that has this value in this field.

    >>> refuses("index=summary a=1", "index", "main"), refuses("a=1 OR a=2", "index", "main")
    (True, False)
    """
    return _outcome(_parsed(written, "search"), field, value) is False


def _outcome(tree: Tree, field: str, value: str) -> Optional[bool]:
    """Return what a filter says of one value, None where it depends on other fields."""
    if tree.data in ("and", "or", "not"):
        outcomes = [_outcome(child, field, value) for child in tree.children]
        if tree.data == "not":
            return functions.negated(outcomes[0])
        return (functions.both if tree.data == "and" else functions.either)(*outcomes)
    if tree.data in ("compare", "in") and tokens(tree, *NAMES)[0] == field:
        return bool(_compiled(tree, set())({field: value}))
    return None


def names_index(written: str, command: str) -> bool:
    """Tell whether a filter says which indexes it is about."""
    return any(field == "index" for field, _, _ in comparisons(written, command))


def _compiled(tree: Tree, fields: set[str]) -> Predicate:
    return _RULES[tree.data](tree, fields)


def _logic(tree: Tree, fields: set[str]) -> Predicate:
    first, *others = (_compiled(child, fields) for child in tree.children)
    if tree.data == "not":
        return lambda row: not first(row)
    (second,) = others
    if tree.data == "and":
        return lambda row: first(row) and second(row)
    return lambda row: first(row) or second(row)


def _term(tree: Tree, _fields: set[str]) -> Predicate:
    """Find free text as words in the text of an event."""
    written = unquote(tree.children[0])
    if written == "*":
        return lambda row: True
    if not _ADDRESS.fullmatch(written):
        shown = f"free text ({written}) that is no address, group of one, or name,"
        raise refused("search", f"{shown} is not supported by replay")
    words = re.escape(written).replace(r"\*", r"\w*")
    found = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    return lambda row: any(map(found.search, _texts(row)))


def _texts(row: dict[str, Any]) -> Iterator[str]:
    """Return the text of an event, or where none is kept its values, as if each was quoted."""
    if "_raw" in row:
        yield text(row["_raw"])
        return
    for name, value in row.items():
        if name not in NOT_IN_THE_TEXT:
            yield from map(text, each(value))


def _indexed(tree: Tree, _fields: set[str]) -> Predicate:
    """Find an entry of the index: all between two major breakers, or a part between minor ones.

    Several parts together are no entry (INTERMEDIATE_MAJORS).
    """
    (written,) = tree.children
    term = written[len("TERM(") : -1]
    if re.search(_MAJOR, term):
        raise refused("search", f"{written}: replay knows no wildcard or major breaker in a TERM")
    breaker = _MAJOR if re.search(_MINOR, term) else f"{_MAJOR}|{_MINOR}"
    found = re.compile(rf"(?:^|{breaker}){re.escape(term)}(?={breaker}|$)", re.IGNORECASE)
    return lambda row: any(map(found.search, _texts(row)))


def _compare(tree: Tree, fields: set[str]) -> Predicate:
    name, sign = tokens(tree, *NAMES)[0], str(tree.children[1])
    value = unquote(tree.children[2].children[0])
    if name in arrival.MODIFIERS:
        return arrival.indexed(name, sign, value, fields)
    field = _field(tree, fields)
    if sign not in ("=", "!="):
        return _any(field, _ordered(sign, value))
    equals = _equals(value, field)
    return _any(field, equals if sign == "=" else lambda one: not equals(one))


def _in(tree: Tree, fields: set[str]) -> Predicate:
    field = _field(tree, fields)
    choices = [_equals(unquote(value.children[0]), field) for value in subtrees(tree, "value")]
    return _any(field, lambda one: any(choice(one) for choice in choices))


def _field(tree: Tree, fields: set[str]) -> str:
    name = tokens(tree, *NAMES)[0]
    if name in REFUSED or "*" in name:
        raise refused("search", f"'{name}=' is not supported by replay")
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
    if re.fullmatch(r"[0-9a-f.:]+/\d+", wanted):
        with suppress(SplError):
            functions.network(value)
            return lambda one: one.lower() == wanted or bool(functions.cidr_match(value, one))
    return lambda one: one.lower() == wanted


def _wildcard(value: str) -> Callable[[str], bool]:
    pattern = re.compile(
        ".*".join(re.escape(part) for part in value.split("*")), re.IGNORECASE | re.DOTALL
    )
    return lambda one: pattern.fullmatch(one) is not None


def _ordered(sign: str, value: str) -> Callable[[str], bool]:
    limit = number(value)
    if limit is None:
        raise refused("search", f"'{sign}{value}' compares with no number")
    compare = functions.OPERATORS[sign]

    def test(one: str) -> bool:
        found = number(one)
        return found is not None and compare(found, limit)

    return test


def _subsearch(tree: Tree, _fields: set[str]) -> Predicate:
    raise refused("search", f"the subsearch {tree.children[0]} is not supported here")


_RULES = {
    "and": _logic, "or": _logic, "not": _logic, "term": _term, "compare": _compare, "in": _in,
    "indexed": _indexed, "subsearch": _subsearch,
}  # fmt: skip
