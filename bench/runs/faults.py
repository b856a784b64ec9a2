"""Runs that go wrong: delayed, repeated, killed before they end, skipped and made up later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from bench.flows.model import DAY, HOUR, Event

from .arrivals import stretched
from .rolled import BACKFILL, HOURLY, LATE, Due, is_receipt, moved

FAULTS = ("delayed", "repeated", "killed and repeated", "killed", "skipped")
FAULTY = 0.25
DELAY = 120.0, 6 * HOUR
# Until a run that was killed or skipped is noticed and made up.
NOTICED = 2 * HOUR, 3 * DAY


class Done(NamedTuple):
    """A run as it happened: when, whether it came to its end, and the events that it stored."""

    due: Due
    at: float
    complete: bool
    events: list[Event]


class Schedule(NamedTuple):
    """When the hourly rollup starts (an arrival hour), until when it runs, and the backfill."""

    on: int
    until: int
    backfill: bool

    def runs(self) -> list[Due]:
        """Return all runs that are due.

        >>> [due.search for due in Schedule(0, 2 * HOUR, True).runs()]
        ['T1029 - Hourly Rollup', 'T1029 - Hourly Rollup', 'T1029 - Rollup Backfill']
        """
        found = [Due(HOURLY, hour) for hour in range(self.on, self.until, HOUR)]
        days = range(self.on // DAY * DAY, self.until - DAY + 1, DAY)
        found += [Due(LATE, day) for day in days]
        if self.backfill:
            found.append(Due(BACKFILL, self.on // DAY * DAY + DAY))
        return found


def scheduled(rng: Random, first: int, last: int) -> Schedule:
    """Draw when the rollup is scheduled, for events that arrive between two epochs."""
    on = (first + rng.randrange(-12, 100) * HOUR) // HOUR * HOUR
    until = max(last, on) // DAY * DAY + 2 * DAY
    return Schedule(on, until, rng.random() < 0.5)


def happened(stored: Mapping[Due, Sequence[Event]], rng: Random) -> tuple[list[Done], Counter]:
    """Return the runs as they happened, in the order of time, and how often which fault struck."""
    found, planted = [], Counter()
    for due, events in sorted(stored.items()):
        fault = rng.choice(FAULTS) if rng.random() < FAULTY else "on time"
        planted[f"{due.search}: {fault}"] += 1
        found += _struck(due, events, fault, rng)
    return sorted(found, key=lambda done: done.at), planted


def _struck(due: Due, events: Sequence[Event], fault: str, rng: Random) -> list[Done]:
    at = due.at + rng.random() * 30
    soon = at + stretched(rng, *DELAY)
    later = at + stretched(rng, *NOTICED)
    if fault == "delayed":
        return [complete(due, events, soon)]
    if fault == "repeated":
        return [complete(due, events, at), complete(due, events, soon)]
    if fault == "killed and repeated":
        return [killed(due, events, at, rng), complete(due, events, soon)]
    if fault == "killed":
        return [killed(due, events, at, rng), complete(due, events, later)]
    return [complete(due, events, later if fault == "skipped" else at)]


def complete(due: Due, events: Sequence[Event], at: float) -> Done:
    """Return a run that came to its end."""
    return Done(due, at, True, [moved(event, due.arrival, at) for event in events])


def killed(due: Due, events: Sequence[Event], at: float, rng: Random) -> Done:
    """Return a run that stored some of its rows and no receipt."""
    rows = [event for event in events if not is_receipt(event)]
    kept = rng.sample(rows, rng.randint(0, len(rows)))
    return Done(due, at, False, [moved(event, due.arrival, at) for event in kept])
