"""The aggregate functions of stats, eventstats and streamstats.

Each is a class with add(value, row) and result(); add() is never called with null, and result()
is None where there was nothing to compute.
"""

import math
import operator
import re
from collections import Counter
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

    __slots__ = ("best", "rank")

    def __init__(self):
        self.best = self.rank = None

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


class Min(Extreme):
    """min."""

    __slots__ = ()

    better = staticmethod(operator.lt)


class Max(Extreme):
    """max."""

    __slots__ = ()

    better = staticmethod(operator.gt)


class Distinct:
    """The distinct texts of a field."""

    __slots__ = ("seen",)

    def __init__(self):
        self.seen = set()

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """Every value of a multivalue on its own."""
        if type(value) is str:
            self.seen.add(value)
        else:
            self.seen.update(texts(value))


class DistinctCount(Distinct):
    """dc."""

    __slots__ = ()

    def result(self) -> int:
        """0 where there was none."""
        return len(self.seen)


class Values(Distinct):
    """values: distinct, in order of spelling."""

    __slots__ = ()

    def result(self) -> Any:
        """One value alone is no multivalue."""
        return multivalue(sorted(self.seen))


class Collected:
    """All values of a field, in the order of the rows."""

    __slots__ = ("found",)

    def __init__(self):
        self.found: list[Any] = []

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """Every value of a multivalue on its own."""
        self.found.extend(each(value))


class ListOf(Collected):
    """list: duplicates and order kept, the first hundred."""

    __slots__ = ()

    def result(self) -> Any:
        """What comes after the hundredth is dropped without a word, as in Splunk."""
        return multivalue([text(one) for one in self.found[:LIST_LIMIT]])


class First(Collected):
    """first: of the first row that has the field."""

    __slots__ = ()

    def result(self) -> Any:
        """By row order, not by time."""
        return self.found[0] if self.found else None


class Last(Collected):
    """last: of the last row that has the field."""

    __slots__ = ()

    def result(self) -> Any:
        """By row order, not by time."""
        return self.found[-1] if self.found else None


class Mode(Collected):
    """mode: the most frequent value, the first of several."""

    __slots__ = ()

    def result(self) -> Any:
        """Counted by text."""
        counts = Counter(text(one) for one in self.found)
        return max(counts, key=counts.get, default=None)


class OfNumbers(Collected):
    """A function of the values that are numbers, in order of size; null where there are none."""

    __slots__ = ("compute",)

    def __init__(self, compute: Callable[[list[float]], float]):
        super().__init__()
        self.compute = compute

    def result(self) -> Optional[float]:
        """What the function gives."""
        known = (number(one) for one in self.found)
        known = sorted(one for one in known if one is not None)
        return self.compute(known) if known else None


def _mean(known: list[float]) -> float:
    return math.fsum(known) / len(known)


def _deviation(known: list[float]) -> float:
    """Of the sample; 0 for a single value."""
    mean, count = _mean(known), len(known)
    if count < 2:
        return 0.0
    return math.sqrt(math.fsum((one - mean) ** 2 for one in known) / (count - 1))


def _range(known: list[float]) -> float:
    return known[-1] - known[0]


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


class Earliest:
    """earliest: the value of the oldest row that has the field."""

    __slots__ = ("time", "value")

    def __init__(self):
        self.value = self.time = None

    def add(self, value: Any, row: dict[str, Any]) -> None:
        """A row without a time does not take part."""
        time = number(row.get("_time"))
        if time is not None and (self.time is None or self.better(time, self.time)):
            self.value, self.time = value, time

    better = staticmethod(operator.lt)

    def result(self) -> Any:
        """By time, not by the order of the rows."""
        return self.value


class Latest(Earliest):
    """latest: the value of the newest row that has the field."""

    __slots__ = ()
    better = staticmethod(operator.gt)


AGGREGATES: dict[str, Callable] = {
    "count": Count, "c": Count, "sum": Sum, "min": Min, "max": Max,
    "avg": partial(OfNumbers, _mean), "mean": partial(OfNumbers, _mean),
    "median": partial(OfNumbers, _median), "stdev": partial(OfNumbers, _deviation),
    "range": partial(OfNumbers, _range), "mode": Mode,
    "dc": DistinctCount, "distinct_count": DistinctCount, "values": Values, "list": ListOf,
    "first": First, "last": Last, "earliest": Earliest, "latest": Latest,
}  # fmt: skip


def aggregate(name: str, written: str, command: str) -> Callable:
    """Return what makes an empty aggregate of this name."""
    if name in AGGREGATES:
        return AGGREGATES[name]
    found = re.fullmatch(r"p(?:erc)?(\d+(?:\.\d+)?)", name)
    if found and 0 <= float(found.group(1)) <= 100:
        return partial(OfNumbers, partial(_percentile, float(found.group(1))))
    raise SplError(f"Error in '{command}' command: The argument '{written}' is invalid.")
