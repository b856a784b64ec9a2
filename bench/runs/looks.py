"""What the rules find: while runs are missing, and when all have been made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from bench.flows import compare, writings
from bench.flows.model import DAY, HOUR, Event
from bench.flows.writings import Case

from .arrivals import shifted
from .daily import packed
from .faults import Done, happened, scheduled
from .rolled import BACKFILL, HOURLY, LATE, rolled

# The sensors of a group are those of a site that says so.
GROUPS = (("t1029_sensor_group", r'replace(sensor, "^(group-\d+)-[a-z]+ ", "\1 ")'),)
SETTINGS = compare.Settings(macros=GROUPS)
# The hourly rollup reads back to this long before the day of arrival, the late one the rest.
SAME_DAY = 4 * HOUR


class Site(NamedTuple):
    """Some weeks that shared their rollup runs: what was planted, and what is wrong."""

    planted: Counter
    wrong: list[str]


class Covered(NamedTuple):
    """What the rules may read: arrivals before `until`, those of older events on `days` alone.

    What arrived before `since` is read at any time.
    """

    until: float
    days: frozenset[int]
    since: float

    def holds(self, event: Event) -> bool:
        arrival = event["_indextime"]
        if arrival < self.since:
            return True
        day = arrival // DAY * DAY
        if event["_time"] < day - SAME_DAY:
            return day in self.days
        return arrival < self.until


def checked(first: int, weeks: int, seed: int) -> Site:
    """Draw weeks, their arrivals and their runs, and look at them twice."""
    rng = Random(f"{seed}/{first}")
    cases, planted = _arriving(first, weeks, seed, rng)
    events = [event for case in cases for event in case.events]
    arrivals = [event["_indextime"] for event in events]
    schedule = scheduled(rng, min(arrivals), max(arrivals))
    done, faults = happened(rolled(events, schedule.runs()), rng)
    daily, unpacked = packed(done, rng)
    done = [*done, *daily]
    moment = rng.randrange(schedule.on + HOUR, schedule.until)
    wrong = _at_a_moment(events, done, moment) + _at_the_end(cases, events, done)
    where = f"site of weeks {first} to {first + weeks - 1}, {schedule}: "
    return Site(planted + faults + unpacked, [where + line for line in wrong])


def _arriving(first: int, weeks: int, seed: int, rng: Random) -> tuple[list[Case], Counter]:
    found, planted = [], Counter()
    kinds = writings.kinds()
    for number in range(first, first + weeks):
        case = writings.write(number, *kinds[number % len(kinds)], Random(f"{seed}/{number}"))
        how, events = shifted(case.events, rng)
        planted[f"weeks with events {how}"] += 1
        found.append(case._replace(events=events))
    return found, planted


def _at_the_end(cases: Sequence[Case], events: list[Event], done: Sequence[Done]) -> list[str]:
    stored = [event for run in done for event in run.events]
    found = compare.searched(events + stored, SETTINGS)
    return [
        f"at the end, {case.kind}, set {case.number}: {line}"
        for case in cases
        for line in compare.differences(case, found)
    ]


def _at_a_moment(events: list[Event], done: Sequence[Done], moment: float) -> list[str]:
    """Compare what the rules find at a moment with what they find in the covered events alone."""
    happened_by = [run for run in done if run.at <= moment]
    stored = [event for run in happened_by for event in run.events]
    known = covered(happened_by)
    first = compare.first_day(events)
    expected = compare.searched([one for one in events if known.holds(one)], SETTINGS, first)
    found = compare.searched([*events, *stored], SETTINGS, first)
    return [
        f"at {moment}, {pair}: {compare.Found(*got)}, of the covered events: {wanted}"
        for pair in sorted(set(expected) | set(found))
        if (got := found.get(pair)) != (wanted := expected.get(pair))
    ]


def covered(done: Sequence[Done]) -> Covered:
    """Return what complete runs cover, from a midnight to the first hour that is missing."""
    complete = {run.due for run in done if run.complete}
    hours = {due.arrival for due in complete if due.search == HOURLY}
    midnight = -(-min(hours, default=0) // DAY) * DAY
    backfilled = [due.arrival for due in complete if due.search == BACKFILL]
    if not backfilled and not any(hour >= midnight for hour in hours):
        return Covered(float("-inf"), frozenset(), float("inf"))
    since = until = backfilled[0] if backfilled else midnight
    while until in hours:
        until += HOUR
    days = {due.arrival for due in complete if due.search == LATE}
    return Covered(until, frozenset(day for day in days if since <= day < until), since)
