"""The aggregate functions of stats, eventstats and streamstats.

Each is a class with add(value, row) and result(); add() is never called with null, and result()
is None where there was nothing to compute. A multivalue counts as all its values.
"""

import math
import operator
import re
from functools import partial
from typing import Any, Callable, Optional

from .errors import SplError
from .values import each, multivalue, number, text, texts

LIST_LIMIT = 100


class Count:
    """count: rows, or values of a field."""

    __slots__ = ("total",)

    def __init__(self):
        self.total = 0

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """Count every value of a multivalue."""
        self.total += len(value) if type(value) is list else 1

    def result(self) -> int:
        """0 where there was none."""
        return self.total


class Sum:
    """sum of what is a number."""

    __slots__ = ("total",)

    def __init__(self):
        self.total = None

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """Texts that are no number do not take part."""
        for one in value if type(value) is list else (value,):
            found = number(one)
            if found is not None:
                self.total = found if self.total is None else self.total + found

    def result(self) -> Optional[float]:
        """The total."""
        return self.total


class Extreme:
    """min or max: a number beats a text, whichever is wanted; texts go by spelling."""

    __slots__ = ("best", "better", "rank")

    def __init__(self, better: Callable[[Any, Any], bool]):
        self.best = self.rank = None
        self.better = better

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """Keep the better of two values as it was written."""
        for one in value if type(value) is list else (value,):
            found = number(one)
            if found is None:
                self._text(text(one))
            elif self.rank is None or self.better(found, self.rank):
                self.best, self.rank = one, found

    def _text(self, value: str) -> None:
        if self.rank is None and (self.best is None or self.better(value, self.best)):
            self.best = value

    def result(self) -> Any:
        """The best value seen."""
        return self.best


class Distinct:
    """A function of the distinct texts of a field."""

    __slots__ = ("compute", "seen")

    def __init__(self, compute: Callable[[set], Any]):
        self.seen = set()
        self.compute = compute

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """Keep a text once."""
        if type(value) is str:
            self.seen.add(value)
        else:
            self.seen.update(texts(value))

    def result(self) -> Any:
        """What the function gives."""
        return self.compute(self.seen)


class Collected:
    """A function of all values of a field, in the order of the rows; null where there are none."""

    __slots__ = ("compute", "found")

    def __init__(self, compute: Callable[[list], Any]):
        self.found: list[Any] = []
        self.compute = compute

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """Keep it."""
        self.found.extend(each(value))

    def result(self) -> Any:
        """What the function gives."""
        return self.compute(self.found) if self.found else None


class ByTime:
    """earliest or latest: the value of the oldest or newest row that has the field."""

    __slots__ = ("better", "time", "value")

    def __init__(self, better: Callable[[float, float], bool]):
        self.value = self.time = None
        self.better = better

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """A row without a time does not take part."""
        time = number(row.get("_time"))
        if time is not None and (self.time is None or self.better(time, self.time)):
            self.value, self.time = value, time

    def result(self) -> Any:
        """By time, not by the order of the rows."""
        return self.value


def _sorted(seen: set) -> Any:
    return multivalue(sorted(seen))


def _listed(found: list) -> Any:
    """What comes after the hundredth is dropped without a word, as in Splunk."""
    return multivalue([text(one) for one in found[:LIST_LIMIT]])


def _of_numbers(compute: Callable[[list], float]) -> Callable:
    """Return an aggregate that computes from the values that are numbers, in order of size."""

    def computed(found: list) -> Optional[float]:
        known = sorted(one for one in map(number, found) if one is not None)
        return compute(known) if known else None

    return partial(Collected, computed)


def _mean(known: list[float]) -> float:
    return math.fsum(known) / len(known)


def _median(known: list[float]) -> float:
    """Round an exact half up, measured in Splunk: (1, 2) gives 2, (1.2, 1.4) gives 1.3."""
    middle = len(known) // 2
    if len(known) % 2:
        return known[middle]
    mean = (known[middle - 1] + known[middle]) / 2
    return math.ceil(mean) if mean % 1 == 0.5 else mean


def _percentile(percent: float, known: list[float]) -> float:
    """Between the two nearest ranks, measured in Splunk: p90 of (1, 2, 3, 4) is 3.7."""
    place = percent / 100 * (len(known) - 1)
    low = int(place)
    high = min(low + 1, len(known) - 1)
    return known[low] + (known[high] - known[low]) * (place - low)


AGGREGATES: dict[str, Callable] = {
    "count": Count,
    "sum": Sum,
    "min": partial(Extreme, operator.lt),
    "max": partial(Extreme, operator.gt),
    "avg": _of_numbers(_mean),
    "median": _of_numbers(_median),
    "dc": partial(Distinct, len),
    "values": partial(Distinct, _sorted),
    "list": partial(Collected, _listed),
    "first": partial(Collected, operator.itemgetter(0)),
    "last": partial(Collected, operator.itemgetter(-1)),
    "earliest": partial(ByTime, operator.lt),
    "latest": partial(ByTime, operator.gt),
}


def aggregate(name: str, written: str, command: str) -> Callable:
    """Return what makes an empty aggregate of this name."""
    if name in AGGREGATES:
        return AGGREGATES[name]
    found = re.fullmatch(r"p(?:erc)?(\d+(?:\.\d+)?)", name)
    if found and 0 <= float(found.group(1)) <= 100:
        return _of_numbers(partial(_percentile, float(found.group(1))))
    raise SplError(f"Error in '{command}' command: The argument '{written}' is invalid.")
