"""Splunk's values: text, numbers and multivalues, and how they turn into one another.

A row is a dict of field name to value; a field that is missing from it is null. A value is a
str (all event fields), a number (computed), or a list of at least two str (multivalue).
"""

import math
from collections.abc import Iterable
from typing import Any, Optional

SIGNIFICANT_DIGITS = 15
NUMBERS_KEPT = 1 << 16
# Beyond this, neighbouring doubles are more than 1/8 apart and %.15g is all that is known.
LARGEST_EXACT = 10**15


class _Numbers(dict):
    """The numbers of texts, as far as there is room: logs repeat their ports and sizes."""

    def __missing__(self, written: str) -> Optional[float]:
        if len(self) >= NUMBERS_KEPT:
            self.clear()
        found = self[written] = _read(written)
        return found


def _read(written: str) -> Optional[float]:
    try:
        result = float(written)
    except ValueError:
        return None
    # Only Python takes "1_000", " 1" and "nan" for numbers.
    plain = " " < written[0] <= "9" and " " < written[-1] <= "9" and "_" not in written
    return result if plain and result - result == 0 else None


NUMBERS = _Numbers()


def number(value: Any) -> Optional[float]:
    """Return the number that a value stands for, or None: field text that looks like one counts.

    >>> number("42"), number("1e3"), number("0x10"), number(" 1"), number("nan")
    (42.0, 1000.0, None, None, None)
    """
    kind = type(value)
    if kind is float or kind is int:
        return value
    return NUMBERS[value] if kind is str else None


def text(value: Any) -> str:
    """Return a value as Splunk writes it: whole numbers without a point, 15 significant digits.

    >>> text(1767233650.0), text(0.1 + 0.2), text(1740960129.767505)
    ('1767233650', '0.3', '1740960129.767505')
    """
    if type(value) is str:
        return value
    if type(value) is list:
        return "\n".join(text(one) for one in value)
    if -LARGEST_EXACT < value < LARGEST_EXACT:
        whole = int(value)
        return str(whole) if whole == value else _fraction(value)
    return _fraction(value)


def _fraction(value: float) -> str:
    """Write a fraction; microseconds of an epoch need a 16th digit, arithmetic noise has a 17th."""
    shortest = repr(value)
    if len(shortest) <= SIGNIFICANT_DIGITS + 2 and "." in shortest and "e" not in shortest:
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
