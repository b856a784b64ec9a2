"""Splunk's values: text, numbers and multivalues, and how they turn into one another.

A row is a dict of field name to value; a field that is missing from it is null. A value is a
str (all event fields), a number (computed), or a list of at least two str (multivalue).
"""

import math
from collections.abc import Iterable
from typing import Any, Optional

SIGNIFICANT_DIGITS = 15
# Beyond this, neighbouring doubles are more than 1/8 apart and %.15g is all that is known.
LARGEST_EXACT = 10**15


def number(value: Any) -> Optional[float]:
    """Return the number that a value stands for, or None: field text that looks like one counts.

    >>> number("42"), number("1e3"), number("0x10"), number(" 1"), number("nan")
    (42.0, 1000.0, None, None, None)
    """
    kind = type(value)
    if kind is float or kind is int:
        return value
    if kind is not str:
        return None
    try:
        result = float(value)
    except ValueError:
        return None
    return result if _plain(value) and math.isfinite(result) else None


def _plain(digits: str) -> bool:
    """Tell decimal notation from what only Python takes for a number ("1_000", " 1", "nan")."""
    return " " < digits[0] <= "9" and " " < digits[-1] <= "9" and "_" not in digits


def text(value: Any) -> str:
    """Return a value as Splunk writes it: whole numbers without a point, 15 significant digits.

    >>> text(1767233650.0), text(0.1 + 0.2), text(1740960129.767505)
    ('1767233650', '0.3', '1740960129.767505')
    """
    if type(value) is str:
        return value
    if type(value) is list:
        return "\n".join(text(one) for one in value)
    if value == int(value) and abs(value) < LARGEST_EXACT:
        return str(int(value))
    return _fraction(value)


def _fraction(value: float) -> str:
    """Write a fraction; microseconds of an epoch need a 16th digit, arithmetic noise has a 17th."""
    shortest = repr(value)
    if len(shortest) <= SIGNIFICANT_DIGITS + 2 and "e" not in shortest:
        return shortest
    digits = sum(character.isdigit() for character in shortest.split("e")[0].lstrip("0."))
    if digits <= SIGNIFICANT_DIGITS + 1 and "e" not in shortest:
        return shortest
    return format(value, f".{SIGNIFICANT_DIGITS}g")


def texts(value: Any) -> list[str]:
    """Return the texts of a value: none for null, several for a multivalue."""
    if value is None:
        return []
    if type(value) is list:
        return [text(one) for one in value]
    return [text(value)]


def each(value: Any) -> Iterable[Any]:
    """Return the single values of a value, as they are stored."""
    if value is None:
        return ()
    return value if type(value) is list else (value,)


def multivalue(values: list[Any]) -> Any:
    """Return a list as a row stores it: null when empty, the value itself when it is the only one.

    >>> multivalue([]), multivalue(["a"]), multivalue(["a", "b"])
    (None, 'a', ['a', 'b'])
    """
    if not values:
        return None
    return values[0] if len(values) == 1 else values


def plain_number(value: float) -> float:
    """Return a number as JSON is to write it: whole ones without a point, noise digits rounded."""
    if value == int(value) and abs(value) < LARGEST_EXACT:
        return int(value)
    return float(text(value))


def finite(value: float) -> Optional[float]:
    """Return a computed number, or null where it is none (division by zero, overflow)."""
    return value if math.isfinite(value) else None


def order_key(values: Iterable[Any]) -> Any:
    """Return the sort key of a column: by number where all values are numbers, else by text."""
    if all(number(value) is not None for value in values):
        return lambda value: (number(value), text(value))
    return text
