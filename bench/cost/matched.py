"""Which events and rollup rows of a set the saved searches take, for any window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timezone
from typing import Any, NamedTuple

import numpy as np

from bench.flows.model import DAY, HOUR, Event
from bench.runs.rolled import DAILY, HOURLY, LATE, Due
from replay import InputError, Inputs, Result, run
from replay.arrival import arrival
from replay.engine import APP, App
from replay.macros import expand
from replay.parse import commands
from replay.readers import read_events
from replay.readers.source import Report
from replay.summary_index import SOURCETYPE

ROWS = "rollup rows"
CONNECTIONS = "connections"
EVER = float("inf")
FIELDS = "_time, _indextime, source, sourcetype, duration, EventCode, arrival"
# Commands that read events beside the first, or in its place.
READS_MORE = {"append", "appendcols", "join", "multisearch", "union", "tstats", "map"}


class Kind(NamedTuple):
    """Connections, rollup rows or other events, and of which log."""

    group: str
    log: str


HOURS, DAYS = Kind(ROWS, "of an hour"), Kind(ROWS, "of a day")


class Taken(NamedTuple):
    """Event times and index times of what a search takes of one kind, and until when it does."""

    times: np.ndarray
    indexed: np.ndarray
    until: np.ndarray


class Matched(NamedTuple):
    """What each saved search takes, by kind; the events of the set by kind; its days."""

    searches: dict[str, dict[Kind, Taken]]
    events: dict[Kind, int]
    days: int

    def number(self, group: str) -> int:
        return sum(count for kind, count in self.events.items() if kind.group == group)


def opening(app: App, name: str) -> str:
    """Return the first command of a saved search, if it takes events, else an empty text."""
    first, *others = commands(expand(app.searches[name]["search"], app.macros))
    more = READS_MORE & {call.name for call in [first, *others]}
    if more:
        raise ValueError(f"{name}: {', '.join(more)} reads events that are not counted")
    return f"search {first.arguments}" if first.name == "search" else ""


def matched(inputs: Inputs) -> Matched:
    """Roll up a set, and run the first commands of all saved searches over it and its rows."""
    app = App.at(APP, {}, {})
    openings = {name: opening(app, name) for name in app.searches}
    texts = sorted({text for text in openings.values() if text})
    spl = [
        f"{text} | search {which}`t1029_events` | table {FIELDS}"
        for text in texts
        for which in ("", "NOT ")
    ]
    events, days = without_gaps(read_events(inputs, None, timezone.utc, Report()))
    indexed = [event["_indextime"] for event in events]
    runs = rollup_runs(min(indexed), max(indexed))
    hours = [one for one in runs if one[0] != DAILY]
    # After the last day is packed.
    now = runs[-1][1] + HOUR
    looks = [(text, "0", str(int(now + DAY))) for text in spl]
    taken: dict[str, dict[Kind, Taken]] = {text: {} for text in texts}
    for ran in (hours, runs):
        results = run(ran, looks, Inputs(events=tuple(events)), now).results[-len(spl) :]
        for text, connections, others in zip(texts, results[::2], results[1::2]):
            found = {**_kinds(connections, CONNECTIONS), **_kinds(others, "other")}
            taken[text] |= {
                kind: one for kind, one in found.items() if ran is hours or kind == DAYS
            }
    rows = [kinds[HOURS] for kinds in taken.values() if HOURS in kinds]
    if rows:
        taken[openings[DAILY]] = {HOURS: rows[0]._replace(until=np.full(len(rows[0].times), EVER))}
    number: dict[Kind, int] = defaultdict(int)
    for kinds in taken.values():
        for kind, found in kinds.items():
            number[kind] = max(number[kind], len(found.times))
    return Matched({name: taken.get(text, {}) for name, text in openings.items()}, number, days)


def without_gaps(events: Sequence[Event]) -> tuple[list[Event], int]:
    """Return events moved by whole days so that no day is without any, and the number of days."""
    if not events:
        raise InputError("no events")
    active = sorted({int(event["_time"] // DAY) for event in events})
    place = {day: active[-1] - len(active) + 1 + rank for rank, day in enumerate(active)}
    found = []
    for event in events:
        day = int(event["_time"] // DAY)
        moved = (place[day] - day) * DAY
        indexed = arrival(event) + moved
        found.append({**event, "_time": event["_time"] + moved, "_indextime": indexed})
    return found, len(active)


def rollup_runs(first: float, last: float) -> list[tuple[str, float]]:
    """Return the runs of the rollup that read what was indexed on the days of two epochs."""
    start, end = int(first // DAY) * DAY, int(last // DAY) * DAY + DAY
    due = [Due(HOURLY, hour) for hour in range(start, end, HOUR)]
    due += [Due(search, day) for search in (LATE, DAILY) for day in range(start, end, DAY)]
    return [(one.search, float(one.at)) for one in due]


def _kinds(result: Result, group: str) -> dict[Kind, Taken]:
    by_kind: dict[Kind, list[Mapping[str, Any]]] = defaultdict(list)
    for row in result.rows:
        by_kind[_kind(row, group)].append(row)
    return {kind: _taken(rows) for kind, rows in by_kind.items()}


def _kind(row: Mapping[str, Any], group: str) -> Kind:
    if row["sourcetype"] == SOURCETYPE:
        return DAYS if row["source"] == DAILY else HOURS
    return Kind(group, f"{row['sourcetype']} {row.get('EventCode', '')}".strip())


def _taken(rows: Sequence[Mapping[str, Any]]) -> Taken:
    times = np.array([float(row["_time"]) for row in rows])
    indexed = np.array([arrival({**row, "_time": float(row["_time"])}) for row in rows])
    until = np.array([_until(row) for row in rows])
    return Taken(times, indexed, until)


def _until(row: Mapping[str, Any]) -> float:
    """Return when the row of an hour is packed into one of its day."""
    if row["sourcetype"] != SOURCETYPE or row["source"] == DAILY:
        return EVER
    return float(Due(DAILY, int(float(row["arrival"])) // DAY * DAY).at)
