"""The daily rollup among runs that went wrong: it packs what was stored by the time it ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from bench.flows.model import DAY
from replay import Inputs

from .arrivals import stretched
from .faults import DELAY, Done, killed
from .rolled import DAILY, HOURLY, Due, stored_by

FAULTS = ("delayed", "repeated", "killed", "skipped")
FAULTY = 0.4


def packed(done: Sequence[Done], rng: Random) -> tuple[list[Done], Counter]:
    """Return the daily runs beside the others, and how often which fault struck."""
    found, planted = [], Counter()
    for day in sorted({run.due.arrival // DAY * DAY for run in done if run.due.search == HOURLY}):
        fault = rng.choice(FAULTS) if rng.random() < FAULTY else "on time"
        planted[f"{DAILY}: {fault}"] += 1
        due = Due(DAILY, day)
        for at in _times(due, fault, rng):
            run = _run(due, done, at)
            found.append(killed(due, run.events, at, rng) if fault == "killed" else run)
    return found, planted


def _times(due: Due, fault: str, rng: Random) -> list[float]:
    """Return when a run happens; before the next midnight, since it packs the day before."""
    at = due.at + rng.random() * 30
    soon = at + stretched(rng, *DELAY)
    return {"delayed": [soon], "repeated": [at, soon], "skipped": []}.get(fault, [at])


def _run(due: Due, done: Sequence[Done], at: float) -> Done:
    rows = [event for run in done for event in run.events if run.at < at]
    return Done(due, at, True, stored_by(due.search, at, Inputs(events=tuple(rows))))
