"""How many events and rows the runs of the saved searches read, of a set that repeats for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from bench.flows.model import DAY

from .matched import CONNECTIONS, DAILY, ROWS, Kind, Matched, Taken
from .schedule import Window, runs, window


class Cost(NamedTuple):
    """What one saved search reads: runs a day, and reads a day of each event (or row) by kind."""

    search: str
    runs: float
    reads: dict[Kind, float]


def read(taken: Taken, seen: Window, period: float, now: float) -> int:
    """Return how many copies of some events lie in a window, one copy each period.

    >>> taken = Taken(np.array([10.0]), np.array([12.0]), np.array([220.0]))
    >>> seen = Window(0, 300, 0, 250)
    >>> read(taken, seen, 100, 200.0), read(taken, seen, 100, 350.0)
    (3, 1)
    """
    first = np.maximum(
        np.ceil((seen.earliest - taken.times) / period),
        np.ceil((seen.indexed_from - taken.indexed) / period),
    )
    first = np.maximum(first, np.floor((now - taken.until) / period) + 1)
    end = np.minimum(
        np.ceil((seen.latest - taken.times) / period),
        np.ceil((seen.indexed_to - taken.indexed) / period),
    )
    return int(np.maximum(end - first, 0).sum())


def costs(stanzas: Mapping[str, Mapping[str, str]], found: Matched, days: int) -> list[Cost]:
    """Return what each saved search reads in so many days of its schedule, at least.

    Days are as many as repeat the whole set.
    """
    days = -(-days // found.days) * found.days
    costs = []
    for name, taken in found.searches.items():
        moments = list(runs(stanzas[name]["cron_schedule"], days))
        windows = [(_window(name, stanzas[name], now), now) for now in moments]
        reads = {
            kind: sum(read(events, seen, found.days * DAY, now) for seen, now in windows)
            * found.days
            / (days * found.events[kind])
            for kind, events in taken.items()
        }
        costs.append(Cost(name, len(moments) / days, reads))
    return costs


def _window(name: str, stanza: Mapping[str, str], now: float) -> Window:
    """Return what a run looks at; the daily rollup asks for the rows stored of yesterday."""
    seen = window(stanza, now)
    if name != DAILY:
        return seen
    midnight = now // DAY * DAY
    return seen._replace(indexed_from=midnight - DAY, indexed_to=midnight)


def by_group(reads: Mapping[Kind, float], group: str, events: Mapping[Kind, int]) -> float:
    """Return the reads of an event of a group, on average over its kinds."""
    kinds = [kind for kind in events if kind.group == group]
    total = sum(events[kind] for kind in kinds)
    return sum(reads.get(kind, 0.0) * events[kind] for kind in kinds) / total if total else 0.0


def total(found: list[Cost]) -> dict[Kind, float]:
    """Return the reads by kind of all saved searches."""
    summed: dict[Kind, float] = {}
    for cost in found:
        for kind, reads in cost.reads.items():
            summed[kind] = summed.get(kind, 0.0) + reads
    return summed


def rows_per_event(found: Matched) -> float:
    return found.number(ROWS) / max(1, found.number(CONNECTIONS))
