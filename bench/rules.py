"""Findings of the shipped rules on recorded traffic, and whether they name the infected senders.

    python -m bench.rules --data DIR [--set NAME]... [--out DIR]

Each recording runs as on a site: once a day the learning searches and then all rules, the last
time just after its end. Lists and findings are kept between the runs. A pause as long as the
learning time splits a recording, since the lists are out of date after it. Rows that the rule's
throttling suppresses are not counted. A sender is named if Several Signals for One Sender
reports it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timezone
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from replay import Inputs, run, times
from replay.app import short_name
from replay.engine import APP, App
from replay.readers import read_events
from replay.readers.source import Report

from . import realsets, recordings
from .pairs import DAY, HOUR
from .recordings import OUTBOUND, Scope
from .report import REPORT_HOME, Table, markdown, show

SIGNALS = "T1029 - Several Signals for One Sender - Rule"
LEARN = " - Learn"
LEARNS_AT, LAG = 1.5 * HOUR, 900
PAUSE = 5 * DAY
SETS = (
    *realsets.RANKED,
    realsets.INFECTED,
    realsets.INBOUND,
    realsets.PROXY,
    realsets.SYSMON,
    *realsets.BENIGN,
)
# Labels added to recordings; a detection must not read them.
LABELS = {"truth", "label", "detailed-label"}
CONSOLE_WIDTH = 170
Event = Mapping[str, Any]


class Alert(NamedTuple):
    """A finding that is not throttled, and the epoch of the run."""

    rule: str
    at: float
    src: str


class Reported(NamedTuple):
    """The findings on one recording; host_days: pairs of sender and day with activity."""

    name: str
    infected: frozenset[str]
    alerts: list[Alert]
    host_days: int

    @property
    def named(self) -> set[str]:
        return {alert.src for alert in self.alerts if alert.rule == SIGNALS}

    @property
    def busiest(self) -> int:
        """Highest number of rows of one host on one day."""
        days = Counter((alert.src, alert.at) for alert in self.alerts)
        return max(days.values(), default=0)


def scope_of(folder: Path) -> Scope:
    """The scope of a recording: outbound connections, or wider for some recordings."""
    if folder.name == realsets.INBOUND:
        return realsets.inbound_scope(folder)
    if folder.name in (realsets.PROXY, realsets.SYSMON):
        return Scope(frozenset({"internal", "outbound"}))
    return OUTBOUND


def macros_of(scope: Scope) -> dict[str, str]:
    """The macros with which a site sets this scope.

    >>> macros_of(Scope(frozenset({"inbound"}), frozenset({"203.0.113.9"})))
    {'t1029_direction': 'direction IN ("inbound")', 't1029_own_networks(1)': \
'cidrmatch("203.0.113.9/32", $address$)'}
    """
    wanted = ", ".join(f'"{direction}"' for direction in sorted(scope.directions))
    macros = {"t1029_direction": f"direction IN ({wanted})"}
    if scope.own:
        tests = (f'cidrmatch("{address}/32", $address$)' for address in sorted(scope.own))
        macros["t1029_own_networks(1)"] = " OR ".join(tests)
    return macros


def infected_senders(folder: Path, scope: Scope) -> frozenset[str]:
    """The infected senders, from truth.csv or from the labels of Sysmon events."""
    if folder.name == realsets.SYSMON:
        records = recordings.records(recordings.log_of(folder))
        return frozenset(one["SourceIp"] for one in records if one.get("truth") == "c2")
    if not (folder / "truth.csv").exists():
        return frozenset()
    malicious = (line for line in recordings.truths(folder) if line.malicious)
    return frozenset(line.dst if line.dst in scope.own else line.src for line in malicious)


def events_of(log: Path) -> list[Event]:
    """All events of a log as replay reads them, oldest first, without labels."""
    kind = "sysmon" if log.name.startswith("sysmon") else "zeek"
    events = read_events(Inputs(**{kind: (str(log),)}), None, timezone.utc, Report())
    return [
        {name: value for name, value in event.items() if name not in LABELS}
        for event in reversed(events)
    ]


def parts(events: Sequence[Event], pause: float = PAUSE) -> list[list[Event]]:
    """Split the events at long pauses.

    >>> [len(part) for part in parts([{"_time": 0}, {"_time": 9}, {"_time": 20}], 10)]
    [2, 1]
    """
    found: list[list[Event]] = []
    for event in events:
        if not found or event["_time"] - found[-1][-1]["_time"] > pause:
            found.append([])
        found[-1].append(event)
    return found


def daily(start: float, end: float) -> list[float]:
    """Epochs at which to run the rules: daily, the last time when the end is in every window."""
    last = (end // 60 + 1) * 60 + LAG
    days = int((last - LAG - start) // DAY)
    return [last - DAY * day for day in range(days, -1, -1)]


def schedule(app: App, moments: Iterable[float]) -> list[tuple[str, float]]:
    """Every search with its epoch: the learning searches of the night before, then the rules."""
    learning = [name for name in app.searches if name.endswith(LEARN)]
    chosen = []
    for moment in moments:
        night = moment // DAY * DAY + LEARNS_AT
        chosen += [(name, night) for name in learning if night <= moment]
        chosen += [(name, moment) for name in app.rules()]
    return chosen


def unthrottled(
    found: Iterable[tuple[str, float, Sequence[Event]]], searches: Mapping[str, Mapping[str, str]]
) -> list[Alert]:
    """The rows that pass throttling: the first in each period with the same throttle fields."""
    alerts, until = [], {}
    for rule, moment, rows in found:
        stanza = searches[rule]
        fields = stanza["alert.suppress.fields"].split(",")
        end = -times.moment_of(f"-{stanza['alert.suppress.period']}", 0.0, timezone.utc)
        for row in rows:
            key = (rule, *(str(row.get(field)) for field in fields))
            if until.get(key, float("-inf")) <= moment:
                until[key] = moment + end
                alerts.append(Alert(rule, moment, str(row["src"])))
    return alerts


def measure(folder: Path, app: App) -> Reported:
    """Run all rules over one recording, day by day."""
    scope, log = scope_of(folder), recordings.log_of(folder)
    alerts = []
    for events in parts(events_of(log)):
        moments = daily(events[0]["_time"], events[-1]["_time"])
        chosen = schedule(app, moments)
        outcome = run(chosen, inputs=Inputs(events=tuple(events)), macros=macros_of(scope))
        found = [
            (name, moment, result.rows)
            for (name, moment), result in zip(chosen, outcome.results)
            if not name.endswith(LEARN)
        ]
        alerts += unthrottled(found, app.searches)
    host_days = recordings.traffic(recordings.flows(log), scope).sender_days
    return Reported(folder.name, infected_senders(folder, scope), alerts, host_days)


def _by_rule(alerts: Iterable[Alert]) -> str:
    counts = Counter(short_name(alert.rule) for alert in alerts)
    return ", ".join(f"{rule} {count}" for rule, count in counts.most_common()) or "none"


def table(reported: Iterable[Reported]) -> Table:
    """One line a recording."""
    lines = [
        [
            one.name,
            f"{len(one.infected & one.named)} of {len(one.infected)}" if one.infected else "none",
            str(len(one.named - one.infected)),
            str(len(one.alerts)),
            str(one.host_days),
            f"{len(one.alerts) / max(1, one.host_days):.2f}",
            str(one.busiest),
            _by_rule(one.alerts),
        ]
        for one in reported
    ]
    heads = ("Recording", "infected named", "others named", "rows", "host days", "rows/host day")
    note = (
        "Named: by Several Signals for One Sender. A host day is a sender with traffic in scope on "
        "a day. Wanted: every infected sender named; at most one row per benign host day."
    )
    return Table("Shipped rules", note, (*heads, "busiest host, one day", "rows by rule"), lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write rules.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.rules", description=__doc__)
    parser.add_argument("--data", metavar="DIR", type=Path, required=True)
    parser.add_argument("--set", metavar="NAME", action="append", help="default: the known sets")
    parser.add_argument("--out", metavar="DIR", type=Path, default=REPORT_HOME)
    options = parser.parse_args(arguments)
    app = App.at(APP, {}, {})
    made = table([measure(options.data / name, app) for name in options.set or SETS])
    show(made, Console(width=CONSOLE_WIDTH))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "rules.md").write_text(markdown(made), encoding="utf-8")


if __name__ == "__main__":
    main()
