"""The aggregate functions of stats, eventstats and streamstats.

What a function has seen is its state: a plain value, null (None) before the first one. The states
of parts of the rows merge to that of all, in any order; only list, first and last go by the order
of the rows. A multivalue counts as all its values.
"""

import math
import operator
import re
from functools import partial
from typing import Any, Callable, NamedTuple, Optional

from . import limits
from .errors import SplError
from .values import each, multivalue, number, text, texts


class Aggregate(NamedTuple):
    """A function: its state after one more value, of two states, and what comes of a state.

    `quick` is Python that does the same for the most common types, {a} the state, {v} the value
    and {add} the function; `timed` functions add the time of the row as well. `result` is None
    where the state is the result. `in_any_order` stands in where the order of rows is not known.
    """

    add: Callable
    merge: Callable[[Any, Any], Any]
    result: Optional[Callable[[Any], Any]] = None
    quick: str = "{a} = {add}({a}, {v})"
    timed: bool = False
    by_order: bool = False
    in_any_order: Optional["Aggregate"] = None


def _counted(state: Optional[int], value: Any) -> int:
    return (state or 0) + (len(value) if type(value) is list else 1)


def _plus(add: Callable[[Any, float], Any], state: Any, value: Any) -> Any:
    """Add what is a number; texts that are none do not take part."""
    for one in value if type(value) is list else (value,):
        found = number(one)
        if found is not None:
            state = add(state, found)
    return state


def _rounded(state: Optional[float], value: float) -> float:
    return value if state is None else state + value


def _exactly(state: Any, value: float) -> Any:
    """Return a sum that no order changes: whole numbers as one, others as parts without overlap.

    The parts are Shewchuk's, as in math.fsum.
    """
    if type(state) is not list:
        if value % 1 == 0:
            return value if state is None else state + value
        state = [] if state is None else [state]
    parts = []
    for part in state:
        large, small = (value, part) if abs(value) >= abs(part) else (part, value)
        value = large + small
        rest = small - (value - large)
        if rest:
            parts.append(rest)
    return [*parts, value]


def _sums(state: Any, other: Any) -> Any:
    for part in other if type(other) is list else (other,):
        state = _exactly(state, part)
    return state


def _summed(state: Any) -> Optional[float]:
    return math.fsum(state) if type(state) is list else state


def _extreme(better: Callable[[Any, Any], bool], state: Any, value: Any) -> Any:
    """Keep the better of two values as it was written: a number beats a text, whichever is wanted.

    Texts go by spelling. Of two spellings of a number, a computed one is kept, then the first.
    """
    for one in value if type(value) is list else (value,):
        rank, best = number(one), number(state)
        if rank is None:
            spelled = text(one)
            if best is None and (state is None or better(spelled, state)):
                state = spelled
        elif best is None or better(rank, best) or (rank == best and _before(one, state)):
            state = one
    return state


def _before(one: Any, other: Any) -> bool:
    return type(other) is str and (type(one) is not str or one < other)


_BETTER = """\
if type({v}) is type({a}) is float:
    if {v} %s {a}:
        {a} = {v}
elif {a} is None and type({v}) is float:
    {a} = {v}
else:
    {a} = {add}({a}, {v})"""
_ADDED = """\
if type({v}) is type({a}) is float%s:
    {a} += {v}
else:
    {a} = {add}({a}, {v})"""
_KEPT = """\
if type({v}) is str:
    if {a} is None:
        {a} = {v}
    elif type({a}) is set:
        {a}.add({v})
    elif {a} != {v}:
        {a} = {{{a}, {v}}}
else:
    {a} = {add}({a}, {v})"""

_FIRST = "if {a} is None:\n    {a} = {add}({a}, {v})"
_LAST = "{a} = {v} if type({v}) is not list else {add}({a}, {v})"


def _distinct(state: Any, value: Any) -> Any:
    """Keep a text once: the only one by itself, several as a set."""
    found = set(texts(value)).union(_seen(state))
    return found if len(found) > 1 else next(iter(found), None)


def _seen(state: Any) -> Any:
    return state if type(state) is set else () if state is None else (state,)


def _spelled(state: Any) -> Any:
    return sorted(state) if type(state) is set else state


def _both(state: Any, other: Any) -> Any:
    found = {*_seen(state), *_seen(other)}
    return found if len(found) > 1 else found.pop()


def _collected(state: Optional[list], value: Any) -> list:
    if state is None:
        state = []
    state.extend(each(value))
    return state


def _first(state: Any, value: Any) -> Any:
    return next(iter(each(value))) if state is None else state


def _last(_state: Any, value: Any) -> Any:
    return value[-1] if type(value) is list else value


def _by_time(better: Callable[[float, float], bool], state: Any, value: Any, time: Any) -> Any:
    """Keep the value of the oldest or newest row; a row without a time does not take part."""
    moment = number(time)
    if moment is None or (state is not None and not better(moment, state[0])):
        return state
    return moment, value


def _listed(found: list) -> Any:
    limits.LIST.hold(len(found), "stats")
    return multivalue([text(one) for one in found])


def _of_all(compute: Callable[[list], Any], by_order: bool = True) -> Aggregate:
    return Aggregate(_collected, operator.add, compute, by_order=by_order)


def _of_numbers(compute: Callable[[list], float]) -> Aggregate:
    """Return an aggregate that computes from the values that are numbers, in order of size."""

    def computed(found: list) -> Optional[float]:
        known = sorted(one for one in map(number, found) if one is not None)
        return compute(known) if known else None

    return _of_all(computed, by_order=False)


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


def _first_by(better: Callable[[Any, Any], bool], sign: str) -> Aggregate:
    add = partial(_extreme, better)
    return Aggregate(add, add, quick=_BETTER.replace("%s", sign))


def _timed(better: Callable[[float, float], bool]) -> Aggregate:
    """By time, not by the order of the rows."""

    def merge(state: tuple, other: tuple) -> tuple:
        return other if better(other[0], state[0]) else state

    add = "{a} = {add}({a}, {v}, {t})"
    return Aggregate(partial(_by_time, better), merge, operator.itemgetter(1), add, timed=True)


_EXACT_SUM = Aggregate(partial(_plus, _exactly), _sums, _summed, _ADDED % " and {v}.is_integer()")
AGGREGATES: dict[str, Aggregate] = {
    "count": Aggregate(_counted, operator.add),
    "sum": Aggregate(
        partial(_plus, _rounded), operator.add, quick=_ADDED % "", in_any_order=_EXACT_SUM
    ),
    "min": _first_by(operator.lt, "<"),
    "max": _first_by(operator.gt, ">"),
    "avg": _of_numbers(_mean),
    "median": _of_numbers(_median),
    "dc": Aggregate(_distinct, _both, lambda state: len(_seen(state)), _KEPT),
    "values": Aggregate(_distinct, _both, _spelled, _KEPT),
    "list": _of_all(_listed),
    "first": Aggregate(_first, lambda state, _: state, quick=_FIRST, by_order=True),
    "last": Aggregate(_last, lambda _, other: other, quick=_LAST, by_order=True),
    "earliest": _timed(operator.lt),
    "latest": _timed(operator.gt),
}
# What these give where there was no value.
EMPTY = {"count": 0, "dc": 0}


def aggregate(name: str, written: str, command: str) -> Aggregate:
    """Return the function of this name."""
    if name in AGGREGATES:
        return AGGREGATES[name]
    found = re.fullmatch(r"p(?:erc)?(\d+(?:\.\d+)?)", name)
    if found and 0 <= float(found.group(1)) <= 100:
        return _of_numbers(partial(_percentile, float(found.group(1))))
    raise SplError(f"Error in '{command}' command: The argument '{written}' is invalid.")
