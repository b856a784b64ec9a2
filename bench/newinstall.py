"""A new install: how severe a single host's own arrangement with one service is, beside beacons.

    python -m bench.newinstall [--draws N] [--seed N]

Legitimate kinds are services as their products document them: one sender, small transfers. Rows
are scored as Fixed Interval Connections (a day) or Same Time of Day on Several Days (45 days) get
them, and judged by the end of that rule's search (replay). Lists are empty, or learned at once
over 35 or 100 days of the past.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from office import schedules
from replay import Inputs, run
from replay.app import APP
from replay.conf import read_conf
from scheduled_transfer import score

from . import evasive
from .evasive import DEVELOPMENT_SEED, FINAL_SEED, WEEK, pair
from .pairs import DAY, HOUR, Connection, Pair, binned, token
from .realsets import ALERT
from .report import REPORT_HOME, Table, publish
from .services import of_port

NOW = 1_769_904_000  # midnight, UTC
SLOW = 4 * HOUR
MEAN_AGE = 500  # days that an arrangement of a site lasts, on average
LEARNING, OLD = 5, 60  # t1029_learning_days, t1029_old_days
REACHES = {"empty lists": 0, "lists of 35 days": 35, "lists of 100 days": 100}
RULES = {
    1: "T1029 - Fixed Interval Connections - Rule",
    HOUR: "T1029 - Same Time of Day on Several Days - Rule",
}
SEVERE = ("high", "critical")


class Service(NamedTuple):
    """One host's arrangement: its shortest and longest period (seconds), jitter as a share of the
    period, bytes out and in of a transfer (least and most), port, protocol, program."""

    name: str
    period: tuple[float, float]
    jitter: float
    sent: tuple[float, float]
    received: tuple[float, float]
    port: str = "443"
    app: str = "ssl"
    process: str | None = None


SHELL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
SERVICES = (
    Service("Zabbix agent, active checks", (60, 120), 0.01, (300, 2e3), (100, 400), "10051", "-"),
    Service("Nagios passive checks", (300, 300), 0.02, (400, 900), (100, 300), "5667", "-"),
    Service("metrics agent of a cloud service", (10, 15), 0.03, (2e3, 2e4), (300, 900)),
    Service("infrastructure agent", (30, 60), 0.03, (3e3, 15e3), (400, 1_200)),
    Service("Prometheus, remote write", (15, 60), 0.05, (5e3, 6e4), (200, 600)),
    Service("uptime monitor, push", (60, 3_600), 0.01, (400, 900), (3e3, 5e3)),
    Service("dynamic DNS client", (300, 600), 0.01, (500, 900), (3e3, 5e3)),
    Service("check of the public address", (300, 900), 0.01, (80, 500), (200, 4e3), "80", "http"),
    Service("IMAP poll", (60, 600), 0.02, (800, 2_500), (2e3, 4e4), "993"),
    Service("POP3 poll", (300, 900), 0.02, (600, 1_200), (1e3, 3e4), "995"),
    Service("nightly report by mail", (DAY, DAY), 0.0005, (5e3, 2e5), (500, 2e3), "587", "smtp"),
    Service("news feeds", (900, 3_600), 0.05, (600, 3e3), (5e3, 2e5)),
    Service("syslog over TLS, in batches", (30, 60), 0.1, (2e3, 8e4), (200, 1e3), "6514"),
    Service("log shipper", (10, 60), 0.2, (5e3, 1e5), (300, 2e3)),
    Service("forwarder, phone home", (60, 600), 0.01, (700, 1_500), (500, 1_500), "8089"),
    Service("thermostat, MQTT keep-alive", (60, 1_200), 0.01, (300, 900), (200, 900), "8883"),
    Service("camera, keep-alive of its cloud", (30, 60), 0.02, (300, 1_500), (200, 900)),
    Service("television, telemetry", (600, 3_600), 0.05, (2e3, 3e4), (500, 5e3)),
    Service("printer, supplies", (DAY, DAY), 0.001, (5e3, 6e4), (2e3, 8e3)),
    Service("UPS monitoring", (120, 600), 0.01, (400, 1_500), (300, 1_200)),
    Service("storage device, update check", (DAY, DAY), 0.02, (800, 3e3), (5e3, 8e4)),
    Service("licence check", (600, 3_600), 0.02, (1e3, 4e3), (1e3, 8e3)),
    Service("antivirus, reputation", (300, 1_800), 0.1, (1e3, 6e3), (1e3, 2e4)),
    Service("endpoint agent, heartbeat", (30, 120), 0.05, (1e3, 6e3), (500, 2e3)),
    Service("remote management, check-in", (30, 300), 0.05, (800, 4e3), (500, 4e3)),
    Service("VPN, keep-alive", (20, 60), 0.01, (100, 300), (100, 300), "4500", "-"),
    Service("clock of its own server", (64, 1_024), 0.01, (48, 90), (48, 90), "123", "ntp"),
    Service("telephone, registration", (60, 3_600), 0.02, (500, 1_200), (400, 900), "5061"),
    Service("job of cron, web request", (300, HOUR), 0.002, (400, 2e3), (500, 1e4)),
    Service("weather station", (16, 300), 0.02, (400, 900), (200, 600), "80", "http"),
    Service("solar inverter", (300, 300), 0.02, (1e3, 8e3), (300, 1e3)),
    Service("energy meter", (60, 60), 0.01, (500, 2e3), (200, 600), "8883"),
    Service("poll of a repository", (60, 300), 0.02, (1_500, 5e3), (2e3, 3e4), "22", "ssh"),
    Service("build runner, long poll", (50, 60), 0.02, (800, 2e3), (500, 2e3)),
    Service("chat bot, long poll", (30, 50), 0.01, (600, 1_200), (500, 2e3)),
    Service("rates and prices", (60, 3_600), 0.02, (400, 1_200), (1e3, 3e4)),
    Service("nightly copy of settings", (DAY, DAY), 0.0005, (5e4, 2e6), (2e3, 2e4), "22", "ssh"),
    Service("nightly inventory", (DAY, DAY), 0.02, (5e4, 5e5), (1e3, 5e3)),
    Service("browser, synchronisation", (600, 1_800), 0.1, (1e3, 8e3), (1e3, 2e4)),
    Service("calendar", (300, 900), 0.02, (2e3, 8e3), (4e3, 3e4)),
    Service("mail of a telephone, heartbeat", (470, 1_740), 0.05, (500, 1_500), (300, 2e3)),
    Service("signage", (60, 900), 0.02, (1e3, 3e3), (1e3, 5e5)),
    Service("till, batch", (300, 3_600), 0.05, (2e3, 3e4), (500, 4e3)),
    Service("time clock", (60, 600), 0.01, (400, 2e3), (200, 900)),
    Service("weekly scan report", (WEEK, WEEK), 0.0005, (2e5, 3e6), (2e3, 2e4)),
    Service("vehicle tracker gateway", (30, 120), 0.05, (200, 900), (50, 200), "5027", "-"),
    Service("laboratory instrument", (60, 60), 0.01, (1e3, 2e4), (300, 900)),
    Service("backup agent, heartbeat", (60, 300), 0.02, (700, 3e3), (500, 2e3)),
    Service("script, posts its state", (300, HOUR), 0.01, (600, 3e3), (500, 5e3), process=SHELL),
    Service("script, nightly report", (DAY, DAY), 0.001, (1e4, 3e5), (1e3, 9e3), process=SHELL),
)  # fmt: skip
# Calls home that make no secret of their schedule: they differ from a service by their age alone,
# and by what they send.
BEACONS = (
    Service("beacon, asks for work", (30, 300), 0.1, (300, 1_500), (200, 2e3)),
    Service("beacon, slow", (600, HOUR), 0.2, (300, 1_500), (200, 2e3)),
    Service("beacon, odd port", (60, 600), 0.1, (300, 1_500), (200, 2e3), "4443", "-"),
    Service("beacon of a script", (60, 900), 0.2, (300, 1_500), (200, 2e3), process=SHELL),
    Service("beacon that uploads", (60, 900), 0.2, (2e4, 2e5), (200, 2e3)),
    Service("nightly upload", (DAY, DAY), 0.001, (2e6, 8e7), (1e3, 3e4)),
)  # fmt: skip


class Row(NamedTuple):
    """A pair as a rule sees it: in bins of so many seconds, since when it is there (epoch)."""

    kind: str
    pair: Pair
    bin: int
    since: float
    process: str | None = None


def drawn(service: Service, seed: int, age: float) -> Row:
    """One host's arrangement that began so many days ago (at least what its schedule needs)."""
    rng = Random(f"{service.name} {seed}")
    low, high = service.period
    period = low * (high / low) ** rng.random()
    bin_seconds = HOUR if period > SLOW else 1
    look_back = 45 * DAY if bin_seconds == HOUR else DAY
    since = NOW - max(age * DAY, 6 * period)
    start = max(since, NOW - look_back)
    times = schedules.every(rng, start, NOW, period, service.jitter, rng.choice((0, 0, 0.02)))
    size, answer = (_between(rng, *bounds) for bounds in (service.sent, service.received))
    connections = tuple(
        Connection(time, int(size * rng.uniform(0.8, 1.25)), int(answer * rng.uniform(0.8, 1.25)))
        for time in times
    )
    context = {
        "window_start": str(NOW - look_back),
        "window_end": str(NOW),
        "senders": "1",
        "population": str(int(_between(rng, 30, 3_000))),
        "bin_seconds": str(bin_seconds),
        "app": service.app,
        **of_port(service.port),
    }
    own = Pair("10.0.0.1", "203.0.113.9", connections, start, NOW, context)
    return Row(service.name, own, bin_seconds, since, service.process)


def _between(rng: Random, low: float, high: float) -> float:
    """A number between two, evenly by its logarithm."""
    return low * (high / low) ** rng.random()


def legitimate(seeds: Iterable[int]) -> list[Row]:
    """All services; a site's arrangements start and end at a steady rate."""
    ages = {seed: Random(f"age {seed}") for seed in seeds}
    return [
        drawn(service, seed, rng.expovariate(1 / MEAN_AGE))
        for service in SERVICES
        for seed, rng in ages.items()
    ]


def beacons(seeds: Iterable[int]) -> list[Row]:
    """Calls home that began within the last two weeks."""
    return [
        drawn(one, seed, Random(f"age {seed}").uniform(1, 14)) for one in BEACONS for seed in seeds
    ]


def evaders(seeds: Sequence[int]) -> list[Row]:
    """The evasive kinds after their longest span."""
    found = [(kind, pair(kind, seed, kind.days[-1])) for kind in evasive.KINDS for seed in seeds]
    return [Row(kind.name, one, kind.bin, one.start) for kind, one in found]


def first_seen(since: float, end: float, reach: int) -> float | None:
    """The first_seen that a rule has of a destination (epoch), once so many days are learned."""
    listing = end - reach * DAY
    known = max(since, listing)
    told = known >= listing + LEARNING * DAY or known <= end - OLD * DAY
    return known if reach and told else None


def scored(row: Row, number: int, reach: int) -> dict[str, object]:
    """The row behind `schedulescore`, as an event."""
    told = first_seen(row.since, row.pair.end, reach)
    kept = {name: text for name, text in row.pair.context.items() if name != "first_seen"}
    context = kept if told is None else {**kept, "first_seen": str(told)}
    seen = binned(row.pair.connections, row.bin)
    verdict = score(" ".join(map(token, seen)), None, context)
    fields = {name: value for name, value in verdict._asdict().items() if value is not None}
    return {
        "_time": NOW,
        "sourcetype": "made",
        "number": number,
        "src": f"row {number}",
        "dest": row.pair.dest_ip,
        "total_bytes": sum(one.bytes_out or 0 for one in seen),
        "bytes_in": sum(one.bytes_in or 0 for one in seen),
        "bins": len(seen),
        **context,
        **fields,
        "reasons": list(verdict.reasons),
        **({"process": row.process} if row.process else {}),
    }


def ending(rule: str) -> str:
    """What a rule does with its rows between the scorer and the columns of a finding."""
    text = read_conf(APP, "savedsearches")[rule]["search"]
    judged = text.split("| schedulescore", 1)[1].split("| `t1029_one_per_name`", 1)[0]
    return (
        f"search sourcetype=made {judged} | `t1029_kinds` | `t1029_band` | table number, severity"
    )


def severities(rows: Sequence[Row], reach: int) -> list[str]:
    """The severity of each row; a row that its rule does not report has none."""
    found = [""] * len(rows)
    for bin_seconds, rule in RULES.items():
        events = tuple(
            scored(row, number, reach) for number, row in enumerate(rows) if row.bin == bin_seconds
        )
        told = run(spl=[ending(rule)], inputs=Inputs(events=events), now=NOW + 1).results[0].rows
        for one in told:
            found[int(str(one["number"]))] = str(one["severity"])
    return found


def shares(found: Sequence[str]) -> Iterator[str]:
    """Share of critical, high or above, found, of all rows."""
    counts = Counter(found)
    for wanted in (("critical",), SEVERE, (*SEVERE, "medium", "low")):
        yield f"{sum(counts[one] for one in wanted) / len(found):.3f}"


def tables(seeds: Sequence[int]) -> list[Table]:
    """Both sides together, and each kind with lists of 35 days."""
    sides = {
        "a single host's service": legitimate(seeds),
        "plain beacons, up to 14 days old": beacons(seeds),
        "evasive schedules": evaders(seeds),
    }
    heads = ["", "rows", "critical", "high or above", f"found, risk {ALERT:g} or more"]
    together, each = [], []
    for side, rows in sides.items():
        for lists, reach in REACHES.items():
            found = severities(rows, reach)
            together.append([f"{side}, {lists}", str(len(rows)), *shares(found)])
            by_kind: dict[str, list[str]] = {}
            for row, severity in zip(rows, found):
                by_kind.setdefault(row.kind, []).append(severity)
            if lists == "lists of 35 days":
                each += [[kind, str(len(ones)), *shares(ones)] for kind, ones in by_kind.items()]
    note = f"{len(SERVICES)} kinds of services, {len(seeds)} draws of each."
    return [
        Table("A new install", note, heads, together),
        Table("By kind", "Lists of 35 days.", heads, each),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.newinstall", description=__doc__)
    parser.add_argument("--draws", type=int, default=20, help="rows of each kind")
    parser.add_argument("--seed", type=int, default=FINAL_SEED, help=f"{DEVELOPMENT_SEED} to try")
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    chosen = parser.parse_args(arguments)
    made = tables(range(chosen.seed, chosen.seed + chosen.draws))
    publish(made, chosen.out / "newinstall.md")


if __name__ == "__main__":
    main()
