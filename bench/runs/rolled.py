"""What each run of the rollup searches stores of some events, where nothing goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone
from typing import Callable, NamedTuple

from bench.flows.model import DAY, HOUR, Event
from replay import Inputs, Result, run, summary_index
from replay.engine import APP, App
from replay.expressions import Clock

HOURLY = "T1029 - Hourly Rollup"
LATE = "T1029 - Late Rollup"
DAILY = "T1029 - Daily Rollup"
BACKFILL = "T1029 - Rollup Backfill"
# Seconds from the end of what a run covers until it is due, by its schedule.
DUE = {HOURLY: 240, LATE: 1020, DAILY: 2400, BACKFILL: 3 * HOUR}
COVERS = {HOURLY: HOUR, LATE: DAY, DAILY: DAY, BACKFILL: 0}


class Ran(NamedTuple):
    """What the summary-index action must know of a run: its clock, window and where it warns."""

    clock: Clock
    earliest: float
    latest: float
    warn: Callable[[str], None]


class Due(NamedTuple):
    """A run by its schedule: the search, and the start of the hour or day whose arrivals it reads.

    A backfill reads all that arrived before.
    """

    search: str
    arrival: int

    @property
    def at(self) -> int:
        """The epoch at which it is due."""
        return self.arrival + COVERS[self.search] + DUE[self.search]


def rolled(events: Sequence[Event], runs: Sequence[Due]) -> dict[Due, list[Event]]:
    """Return the events that each run stores, the receipt last.

    Hourly runs that have nothing to read differ by their arrival hour alone: one of them is run.
    """
    arrivals = {event["_indextime"] // HOUR * HOUR for event in events}
    empty = [due for due in runs if due.search == HOURLY and due.arrival not in arrivals]
    busy = [due for due in runs if due not in set(empty[1:])]
    found = _stored(events, busy)
    for due in empty[1:]:
        found[due] = [moved(event, due.arrival, due.at) for event in found[empty[0]]]
    return found


def _stored(events: Sequence[Event], runs: Sequence[Due]) -> dict[Due, list[Event]]:
    inputs = Inputs(events=tuple(events))
    outcome = run([(due.search, float(due.at)) for due in runs], inputs=inputs)
    results = zip(runs, outcome.results)
    return {due: _action(due.search, float(due.at), result) for due, result in results}


def stored_by(search: str, at: float, inputs: Inputs) -> list[Event]:
    """Return the events that one run of a search stores."""
    return _action(search, at, run([(search, at)], inputs=inputs).results[0])


def _action(search: str, at: float, result: Result) -> list[Event]:
    action = App.at(APP, {}, {}).search(search).action
    ran = Ran(Clock(at, timezone.utc), result.earliest, result.latest, print)
    return summary_index.events_of(search, action, result.rows, ran, split=False)


def moved(event: Event, arrival: int, at: float) -> Event:
    """Return a stored event as if it was stored at another time, or of another arrival hour."""
    own = {"_time": float(arrival)} if is_receipt(event) else {}
    run_name = f"{arrival}-{round(at * 1000)}"
    return {**event, **own, "arrival": str(arrival), "run": run_name, "_indextime": at}


def is_receipt(event: Event) -> bool:
    return "receipt_rows" in event
