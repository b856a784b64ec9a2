"""When a saved search runs, by its cron_schedule, and what its runs look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from replay.times import moment_of

MINUTES_OF_A_DAY = 1440
# A Monday, far from the schedule of a search that runs once a year.
MONDAY = datetime(2026, 3, 2, tzinfo=timezone.utc)
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
EVER = float("inf")


class Window(NamedTuple):
    """What one run looks at: event times and index times, from each until before the next."""

    earliest: float
    latest: float
    indexed_from: float
    indexed_to: float


def values(field: str, low: int, high: int) -> set[int]:
    """Return what a field of a cron schedule stands for.

    >>> sorted(values("*/6", 0, 23)), sorted(values("1-3,9", 0, 59))
    ([0, 6, 12, 18], [1, 2, 3, 9])
    """
    found = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        found |= set(range(int(first), int(last or first) + 1, int(step or 1)))
    return found


def runs(cron: str, days: int) -> Iterator[float]:
    """Return the epochs of the runs in some days."""
    written = cron.split()
    if len(written) != len(FIELDS):
        raise ValueError(f"not a cron schedule: {cron!r}")
    wanted = [values(field, *bounds) for field, bounds in zip(written, FIELDS)]
    for minute in range(days * MINUTES_OF_A_DAY):
        at = MONDAY + timedelta(minutes=minute)
        shown = at.minute, at.hour, at.day, at.month, at.isoweekday() % 7
        if all(one in allowed for one, allowed in zip(shown, wanted)):
            yield at.timestamp()


def window(stanza: Mapping[str, str], now: float) -> Window:
    """Return what a run at a time looks at; nothing that is not indexed by then."""
    names = "earliest_time", "latest_time", "index_earliest", "index_latest"
    given = (moment_of(stanza.get(f"dispatch.{name}", ""), now, timezone.utc) for name in names)
    earliest, latest, low, high = given
    return Window(
        -EVER if earliest is None else earliest,
        EVER if latest is None else latest,
        -EVER if low is None else low,
        now if high is None else min(high, now),
    )
