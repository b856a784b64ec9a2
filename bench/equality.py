"""Compares what the rules find in raw events with what they find in the rollup.

python -m bench.equality --data DIR [--set NAME]... [--office [--days N]] [--as-shipped]

Each set is read twice: as events alone, and after the hourly and the late rollup have run over all
of it. Both times all rules run as of one moment. Unless --as-shipped is given, thresholds are
lowered and all directions searched, so that there is much to compare. Left out is what is stamped
before a rule's look-back and logged within it: in the rollup a rule sees the rest of such a
connection, in events nothing. Exit code 1 where a finding differs in any field.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import timezone
from pathlib import Path
from time import perf_counter
from unittest import mock

from bench import logs
from bench.cost.matched import rollup_runs, without_gaps
from bench.flows.model import HOUR, Event
from replay import InputError, Inputs, Result, limits, run
from replay.arrival import arrival
from replay.engine import APP, App
from replay.readers import read_events
from replay.readers.source import Report
from replay.times import moment_of

LOWERED = {
    "t1029_direction": "true()",
    "t1029_interval_risk": "0",
    "t1029_daily_risk": "0",
    "t1029_daily_days": "1",
    "t1029_daily_period": "0",
    "t1029_rotation_risk": "0",
    "t1029_rotation_days": "1",
    "t1029_volume_hour_bytes": "1000",
    "t1029_volume_hours": "1",
    "t1029_recurring_event_bytes": "100",
    "t1029_recurring_connections": "0",
    "t1029_recurring_hours": "1",
    "t1029_rotation_destinations": "1",
    "t1029_service_hours": "1",
    "t1029_service_bytes": "0",
    "t1029_service_risk": "0",
    "t1029_process_risk": "0",
    "t1029_job_risk": "0",
    "t1029_traversal_times": "1",
}
# A finding stores many observations as their number only; here all are compared.
ALL_OBSERVATIONS = {"t1029_stored_characters": "1000000000"}
KEY = "src", "dest", "dest_ip", "schedule_of", "mac", "process", "dest_port", "app"
SHOWN = 5

Row = Mapping[str, object]
Findings = dict[tuple, dict[str, str]]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m bench.equality", description=__doc__)
    made.add_argument("--data", type=Path, help="folder of recordings, a folder each")
    made.add_argument("--set", action="append", default=[], metavar="NAME", help="only these")
    made.add_argument("--office", action="store_true", help="the simulated office too")
    made.add_argument("--days", type=int, default=14, help="days of the office; default 14")
    made.add_argument("--as-shipped", action="store_true", help="with the shipped thresholds")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print a line for each rule and set, with the first differences."""
    options = parser().parse_args(arguments)
    if not options.data and not options.office:
        print("bench.equality: give --data or --office", file=sys.stderr)
        return 2
    # Findings are compared whole, longer than Splunk would store them.
    unbounded = limits.EVENT_CHARACTERS._replace(most=sys.maxsize)
    with mock.patch.object(limits, "EVENT_CHARACTERS", unbounded):
        wrong = _compared(options)
    print(f"{wrong} findings differ")
    return 1 if wrong else 0


def _compared(options: argparse.Namespace) -> int:
    macros = {**ALL_OBSERVATIONS, **({} if options.as_shipped else LOWERED)}
    folders, huge = logs.sets(options.data, options.set) if options.data else ([], [])
    wrong = sum(_printed(folder.name, logs.inputs_of(folder), macros) for folder in folders)
    if options.office:
        with logs.office(options.days) as folder:
            wrong += _printed("office", logs.inputs_of(folder), macros)
    if huge:
        print(f"Left out for their size (name them with --set): {', '.join(huge)}")
    return wrong


def _printed(name: str, inputs: Inputs, macros: Mapping[str, str]) -> int:
    started, wrong = perf_counter(), 0
    try:
        compared = both(inputs, macros)
    except InputError as error:
        print(f"{name}: left out: {error}", flush=True)
        return 0
    for rule, (raw, rolled) in compared.items():
        lines = differences(raw, rolled)
        wrong += len(lines)
        print(f"{name}, {rule}: {len(raw)} findings, {len(lines)} differ")
        print("".join(f"    {line}\n" for line in lines[:SHOWN]), end="", flush=True)
    print(f"{name}: {perf_counter() - started:.0f} s", flush=True)
    return wrong


def both(inputs: Inputs, macros: Mapping[str, str]) -> dict[str, tuple[Findings, Findings]]:
    """Return the findings of each rule in events, and in the rollup."""
    events, _ = without_gaps(read_events(inputs, None, timezone.utc, Report()))
    indexed = [arrival(event) for event in events]
    runs = rollup_runs(min(indexed), max(indexed))
    moment = max(indexed) // HOUR * HOUR + 2 * HOUR
    app = App.at(APP, {}, {})
    rules = [(rule, moment) for rule in app.rules()]
    starts = {moment_of(app.search(rule).earliest, moment, timezone.utc) for rule, _ in rules}
    given = Inputs(events=tuple(not_open_at(starts, events)))
    raw = run(rules, inputs=given, macros=macros).results
    rolled = run([*runs, *rules], inputs=given, macros=macros).results[len(runs) :]
    return {one.search: (findings(one), findings(other)) for one, other in zip(raw, rolled)}


def not_open_at(starts: Iterable[float], events: Iterable[Event]) -> list[Event]:
    """Return the events but those that are stamped before a start and logged after it.

    >>> first, open_then = ({"_time": time, "_indextime": 30.0} for time in (20.0, 10.0))
    >>> not_open_at([15.0], [first, open_then]) == [first]
    True
    """
    return [
        event
        for event in events
        if not any(event["_time"] < start <= arrival(event) for start in starts)
    ]


def findings(result: Result) -> Findings:
    """Return the rows of a rule by what they are about."""
    return {tuple(_text(row.get(name)) for name in KEY): _as_text(row) for row in result.rows}


def _as_text(row: Row) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items() if name != "_time"}


def _text(value: object) -> str:
    """Return a value as text; numbers to the thousandth.

    >>> _text(["443", 5.00000001]), _text(None)
    ('443 5', '')
    """
    if value is None:
        return ""
    values: Iterable[object] = value if isinstance(value, list) else [value]
    return " ".join(
        f"{one:.3f}".rstrip("0").rstrip(".") if isinstance(one, float) else str(one)
        for one in values
    )


def differences(raw: Findings, rolled: Findings) -> list[str]:
    """Return the findings that only one side has, and those with fields that differ."""
    lines = []
    for key in sorted(set(raw) | set(rolled)):
        about = " ".join(part for part in key if part)
        one, other = raw.get(key), rolled.get(key)
        if one is None or other is None:
            lines.append(f"{about}: only in {'events' if other is None else 'the rollup'}")
        elif one != other:
            names = sorted(name for name in one | other if one.get(name) != other.get(name))
            said = [f"{name} {one.get(name)!s:.60} / {other.get(name)!s:.60}" for name in names]
            lines.append(f"{about}: {'; '.join(said)}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
