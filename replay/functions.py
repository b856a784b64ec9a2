"""The eval functions: what each computes at run time. Null goes in as None and comes out as None.

The names, numbers of arguments and types are in the table at the end of expressions.py.
"""

import hashlib
import ipaddress
import math
import operator
import re
from collections.abc import Iterable
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from itertools import product
from socket import AF_INET, inet_pton
from typing import Any, Callable, Optional
from urllib.parse import unquote

from .errors import SplError
from .values import each, finite, multivalue, number, text, texts

_text_of_number = lru_cache(maxsize=1 << 16)(text)
ADDRESSES_KEPT = 1 << 17


def single(value: Any) -> Any:
    """Refuse a multivalue where Splunk's documentation names no result for one."""
    if type(value) is list:
        known = ", ".join(texts(value)[:3])
        raise SplError(f"a multivalue ({known} ...) where replay knows single values only")
    return value


def single_text(value: Any) -> str:
    """Return the text of a single value."""
    if type(value) is float:
        return _text_of_number(value)
    return value if type(value) is str else text(single(value))


# ---- comparison ----------------------------------------------------------------------------


def comparison(compare: Callable, by_text: bool) -> Callable[[Any, Any], Optional[bool]]:
    """Return a comparison: numbers as numbers, otherwise texts; null where a side is null."""

    def as_text(left, right):
        if left is None or right is None:
            return None
        return compare(single_text(left), single_text(right))

    def as_found(left, right):
        if left is None or right is None:
            return None
        left_number = number(left)
        if left_number is not None:
            right_number = number(right)
            if right_number is not None:
                return compare(left_number, right_number)
        return compare(single_text(left), single_text(right))

    return as_text if by_text else as_found


OPERATORS = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def among(value: Any, choices: Any) -> Optional[bool]:
    """Tell whether a value equals one of the choices, each (comparison, choice)."""
    if value is None:
        return None
    return any(equal(value, choice) for equal, choice in choices)


def both(left: Optional[bool], right: Optional[bool]) -> Optional[bool]:
    """AND of three-valued logic."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Optional[bool], right: Optional[bool]) -> Optional[bool]:
    """OR of three-valued logic."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def negated(value: Optional[bool]) -> Optional[bool]:
    """NOT of three-valued logic."""
    return None if value is None else not value


# ---- arithmetic ----------------------------------------------------------------------------


def arithmetic(compute: Callable[[float, float], float]) -> Callable[[Any, Any], Optional[float]]:
    """Return an operator on numbers; null where a side is no number, or the result is none."""

    def computed(left, right):
        left, right = number(left), number(right)
        if left is None or right is None:
            return None
        try:
            return finite(compute(left, right))
        except (ZeroDivisionError, ValueError, OverflowError):
            return None

    return computed


divide = arithmetic(operator.truediv)
modulo = arithmetic(math.fmod)
_sum = arithmetic(operator.add)


def add(left: Any, right: Any) -> Any:
    """Add two numbers or join two texts; null for a number and a text."""
    total = _sum(left, right)
    if total is not None or left is None or right is None:
        return total
    if number(left) is None and number(right) is None:
        return single_text(left) + single_text(right)
    return None


def on_number(compute: Callable[[float], float]) -> Callable[[Any], Optional[float]]:
    """Return a function of one number; null for anything else."""

    def computed(value):
        value = number(value)
        return None if value is None else compute(value)

    return computed


floor = on_number(math.floor)
ceiling = on_number(math.ceil)
negative = on_number(operator.neg)
# Of base 10; null where there is none.
log = on_number(lambda value: math.log10(value) if value > 0 else None)


def rounded(value: Any, places: Any = 0) -> Optional[float]:
    """Round, an exact half away from zero, to a number of decimal places."""
    value, places = number(value), number(places)
    if value is None or places is None:
        return None
    written, places = repr(value), int(places)
    decimals = len(written) - written.find(".") - 1
    if type(value) is float and places >= 0 and "e" not in written:
        if decimals <= places:
            return value
        # Only a last 5 can be an exact half.
        if decimals > places + 1 or written[-1] != "5":
            return round(value, places)
    try:
        step = Decimal(1).scaleb(-places)
        return float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP))
    except InvalidOperation:
        return value


def smallest(*values: Any) -> Any:
    """Return the least value: numbers come before texts; nulls do not take part."""
    if {*map(type, values)} == {float}:
        return min(values)
    return min(_single_values(values), key=_rank, default=None)


def largest(*values: Any) -> Any:
    """Return the greatest value: texts come after numbers; nulls do not take part."""
    if {*map(type, values)} == {float}:
        return max(values)
    return max(_single_values(values), key=_rank, default=None)


def _single_values(values: Iterable[Any]) -> list[Any]:
    return [one for value in values for one in each(value)]


def _rank(value: Any) -> tuple:
    as_number = number(value)
    return (1, 0, value) if as_number is None else (0, as_number, "")


# ---- text ----------------------------------------------------------------------------------


def on_texts(compute: Callable) -> Callable:
    """Return a function of single texts; null where one of them is null."""

    def computed(*values):
        for value in values:
            if type(value) is not str:
                known = None not in values
                return compute(*[single_text(value) for value in values]) if known else None
        return compute(*values)

    return computed


known_text = on_texts(str)
lower = on_texts(str.lower)
length = on_texts(len)
url_decoded = on_texts(unquote)
sha256 = on_texts(lambda written: hashlib.sha256(written.encode()).hexdigest())


@on_texts
def split(written: str, delimiter: str) -> Any:
    """split: the parts between the delimiters."""
    parts = written.split(delimiter)
    return parts if len(parts) > 1 else parts[0]


def to_number(value: Any, base: Any = 10) -> Optional[float]:
    """tonumber: null where the text is no number; of a base other than 10 it is a whole one."""
    if base == 10:
        return number(value if type(value) is not list else single(value))
    try:
        return None if value is None else int(single_text(value), int(number(base) or 0))
    except ValueError:
        return None


def substring(value: Any, start: Any, size: Any = None) -> Optional[str]:
    """substr: counted from 1, from the end where negative."""
    start, count = number(start), number(size)
    if value is None or start is None:
        return None
    written = single_text(value)
    begin = int(start) - 1 if start > 0 else max(len(written) + int(start), 0) if start else 0
    return written[begin:] if size is None else written[begin : begin + max(int(count or 0), 0)]


@lru_cache(maxsize=1024)
def pattern(written: str) -> "re.Pattern":
    """Compile a PCRE as far as Python's syntax agrees with it."""
    for differs in ("[:", r"\Z"):
        if differs in written:
            raise SplError(f"The regex '{written}': {differs} is not supported by replay")
    try:
        return re.compile(re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", written), re.ASCII)
    except re.error as error:
        raise SplError(f"The regex '{written}' is invalid: {error}") from None


# Found anywhere in the text.
matches = on_texts(lambda value, written: pattern(written).search(value) is not None)


@on_texts
def replaced(value: str, expression: str, replacement: str) -> str:
    """replace: every match, with \\1 for the first group."""
    return pattern(expression).sub(_replacement(replacement), value)


@lru_cache(maxsize=1024)
def _replacement(written: str) -> str:
    """Return a replacement as Python writes it."""
    pieces = re.split(r"\\(\d)", written)
    return "".join(
        rf"\g<{piece}>" if place % 2 else piece.replace("\\", r"\\")
        for place, piece in enumerate(pieces)
    )


@on_texts
def like(value: str, wildcard: str) -> bool:
    """like: % for any run, _ for any one character; the case counts."""
    return _like_pattern(wildcard).fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _like_pattern(wildcard: str) -> "re.Pattern":
    special = {"%": ".*", "_": "."}
    parts = [special.get(character) or re.escape(character) for character in wildcard]
    return re.compile("".join(parts), re.DOTALL)


# ---- keys ----------------------------------------------------------------------------------


def key_text(value: Any) -> Any:
    """Return the text that rows are grouped by, the distinct ones of a multivalue as a list."""
    if type(value) is list:
        return list(dict.fromkeys(map(text, value)))
    return None if value is None else _text_of_number(value)


def keys(key: tuple) -> Iterable[tuple]:
    """Return the groups of a row where a field that it is grouped by is a multivalue."""
    return product(*(each(value) for value in key))


# ---- addresses -----------------------------------------------------------------------------


@lru_cache(maxsize=ADDRESSES_KEPT)
def address(written: str) -> Optional[tuple[int, int]]:
    """Return (version, number) of an IP address, or None."""
    with suppress(OSError, ValueError):
        return 4, int.from_bytes(inet_pton(AF_INET, written), "big")
    try:
        parsed = ipaddress.ip_address(written)
    except ValueError:
        return None
    return parsed.version, int(parsed)


@lru_cache(maxsize=4096)
def network(written: str) -> tuple[int, int, int]:
    """Return (version, mask, number) of a network in CIDR notation."""
    try:
        parsed = ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise SplError(
            f"Error in 'eval' command: The argument '{written}' of 'cidrmatch' is no network."
        ) from None
    return parsed.version, int(parsed.netmask), int(parsed.network_address)


def _in_network(cidr: str, written: str) -> bool:
    version, mask, base = network(cidr)
    found = address(written)
    return found is not None and found[0] == version and found[1] & mask == base


# False for what is no address.
cidr_match = on_texts(_in_network)


# ---- multivalues ---------------------------------------------------------------------------


def mv_join(value: Any, delimiter: Any) -> Optional[str]:
    """mvjoin: the values as one text."""
    return None if value is None or delimiter is None else text(delimiter).join(texts(value))


def mv_count(value: Any) -> Optional[int]:
    """mvcount: null, not 0, where there is no value."""
    return None if value is None else len(value) if type(value) is list else 1


def item(value: Any, place: int) -> Any:
    """mvindex of one place, from 0."""
    if type(value) is not list:
        return None if place else value
    return value[place] if place < len(value) else None


def mv_index(value: Any, start: Any, end: Any = ()) -> Any:
    """mvindex: from 0, negative from the end, both ends included."""
    first = number(start)
    last = first if end == () else number(end)
    if value is None or first is None or last is None:
        return None
    values = list(each(value))
    low, high = (int(at) + (len(values) if at < 0 else 0) for at in (first, last))
    if not 0 <= low < len(values) or low > high:
        return None
    return multivalue(values[low : high + 1])


def mv_append(*values: Any) -> Any:
    """mvappend: all values of all arguments, nulls left out."""
    return multivalue(_single_values(values))


def mv_dedup(value: Any) -> Any:
    """mvdedup: each value once, where it first stood."""
    if type(value) is not list:
        return value
    first: dict[str, Any] = {}
    for one in value:
        first.setdefault(text(one), one)
    return multivalue(list(first.values()))


def mv_sort(value: Any) -> Any:
    """mvsort: the values in the order of their texts."""
    return sorted(value, key=text) if type(value) is list else value


def mv_range(start: Any, end: Any, step: Any = 1) -> Any:
    """mvrange: numbers from the start to before the end."""
    first, last, by = number(start), number(end), number(step)
    if first is None or last is None or not by or by < 0:
        return None
    return multivalue([first + place * by for place in range(math.ceil((last - first) / by))])


def mv_map(value: Any, compute: Callable[[Any], Any]) -> Any:
    """mvmap: the expression for every value."""
    if type(value) is not list:
        return None if value is None else compute(value)
    return mv_append(*map(compute, each(value)))


def mv_filter(value: Any, keep: Callable[[Any], Optional[bool]]) -> Any:
    """mvfilter: the values for which the condition is true."""
    return multivalue([one for one in each(value) if keep(one)])
