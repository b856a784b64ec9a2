"""Events that arrive late, or before the time that they are stamped with."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bench.flows.model import DAY, HOUR, Event

LATE_EVENTS = 0.2
LATE = 0.3 * HOUR, 7 * DAY
AHEAD = 60.0, 12 * HOUR
KINDS = ("on time", "on time", "late", "late", "ahead of time")


def stretched(rng: Random, low: float, high: float) -> float:
    """Return a number between two, small ones as often as large ones."""
    return low * (high / low) ** rng.random()


def shifted(events: Sequence[Event], rng: Random) -> tuple[str, list[Event]]:
    """Return how the events of a week arrive, and these events.

    A sensor whose clock is ahead stamps every event with a time of the future, by as much each.
    """
    kind = rng.choice(KINDS)
    ahead = int(stretched(rng, *AHEAD))
    found = []
    for event in events:
        arrival = event["_indextime"]
        if kind == "ahead of time":
            arrival -= ahead
        elif kind == "late" and rng.random() < LATE_EVENTS:
            arrival += int(stretched(rng, *LATE))
        found.append({**event, "_indextime": arrival})
    return kind, found
