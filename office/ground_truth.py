"""Ground truth in files: the planted pairs and the site's lists."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from office.benign import BENIGN, JOBS
from office.network import LISTED_DEVICES, Flow, Machine, machines
from office.scenarios import SCENARIOS
from office.schedules import HOUR
from office.simulation import ROUTINES

TRUTH_COLUMNS = ("src", "dst", "dst_port", "scenario", "what", "rule", "dest_name")
LIST_COLUMNS = ("ip", "description", "source", "added", "expires")
DEVICE_COLUMNS = ("mac", "owner", "description", "added")
# Profiles on the site's allow-list, each with its reason.
EXPECTED = {
    "nightly-backup": "nightly backup of the servers, contract with the cloud",
    "unix-backup": "nightly backup of unix-01, same contract",
    "cloud-backup": "nightly backup of server-06 to the cloud's storage, same contract",
}
# added_by and expires of these entries.
APPROVED = ("demo", "2027-03-31")
LARGE_BYTES = 5_000_000


class Truth(NamedTuple):
    """A planted pair, or (`rule` empty) a benign pair that looks like exfiltration.

    `dest_name`: what a service with shared addresses is known by. Behind a proxy `dst` is empty.
    """

    src: str
    dst: str
    dst_port: str
    scenario: str
    what: str
    rule: str
    dest_name: str = ""


class Allowed(NamedTuple):
    """An entry of the site's allow-list, for a network or for a name and all below it (*.name).

    * stands for any port or process.
    """

    destination: str
    src: str
    dest_port: str
    process: str
    reason: str
    added_by: str
    expires: str


class Peaks(NamedTuple):
    """The busiest hour of a scenario to one destination: bytes, and connections over 5 MB."""

    bytes_out: int
    large: int


def truth(flows: Iterable[Flow]) -> list[Truth]:
    """Return the planted and the notable benign pairs of these flows, planted ones first."""
    meaning = {scenario.name: (scenario.what, scenario.rule) for scenario in SCENARIOS}
    profiles = {profile.name: profile for profile in BENIGN + JOBS}
    for routine in ROUTINES:
        meaning[routine.profile] = (f"benign: {profiles[routine.profile].what}", "")
    named = {
        (flow.src, "" if flow.machine.proxy else flow.dst, flow.dst_port, flow.scenario, flow.name)
        for flow in flows
        if flow.scenario
    }
    order = list(meaning)
    rows = [
        Truth(src, dst, str(port), scenario, *meaning[scenario], name)
        for src, dst, port, scenario, name in named
    ]
    return sorted(rows, key=lambda row: (order.index(row.scenario), row))


def write_truth(flows: Iterable[Flow], path: Path) -> list[Truth]:
    """Write truth.csv and return its rows."""
    rows = truth(flows)
    _write_csv(path, TRUTH_COLUMNS, rows)
    return rows


def write_list(path: Path) -> None:
    """Write the list of suspicious addresses that the scenarios use.

    One row has expired and names the mail server: ignoring the date gives a false positive.
    """
    rows = [
        (f"{scenario.destinations[0]}/32", scenario.name, "demo", "2026-10-01", "")
        for scenario in SCENARIOS
        if scenario.listed
    ]
    mail = next(routine for routine in ROUTINES if routine.profile == "mail-poll").destinations[0]
    rows.append((f"{mail}/32", "once abused, since cleaned", "demo", "2026-03-01", "2026-09-30"))
    _write_csv(path, LIST_COLUMNS, rows)


def write_devices(path: Path) -> None:
    """Write the site's list of devices, with the laptop that joins in the second week."""
    rows = [
        (machine.mac, "IT", f"replacement {machine.name}", "2026-10-26")
        for machine in machines()
        if machine.name in LISTED_DEVICES
    ]
    _write_csv(path, DEVICE_COLUMNS, rows)


def allowed() -> list[Allowed]:
    """Return the site's allow-list: one entry for each sender, with the contract's end date.

    Only this list separates a backup from exfiltration of the same size at the same hour.
    """
    ports = {profile.name: str(profile.port) for profile in BENIGN + JOBS}
    return [
        Allowed(destination, machine.address, ports[name], "*", EXPECTED[name], *APPROVED)
        for name, machine, destination in _expected()
    ]


def _expected() -> Iterator[tuple[str, Machine, str]]:
    for routine in ROUTINES:
        if routine.profile in EXPECTED:
            networks = [f"{address}/32" for address in routine.destinations]
            names = [f"*.{host}" for host in routine.hosts]
            for machine, destination in product(routine.machines(), networks + names):
                yield routine.profile, machine, destination


def write_allowed(networks: Path, names: Path) -> None:
    """Write the site's allow-list: a file of networks and one of names."""
    for path, column, by_name in ((networks, "network", False), (names, "name", True)):
        rows = [entry for entry in allowed() if entry.destination.startswith("*.") == by_name]
        _write_csv(path, (column, *Allowed._fields[1:]), rows)


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def peaks(flows: Iterable[Flow]) -> dict[str, Peaks]:
    """Return each scenario's busiest hour, the most that a threshold rule can see."""
    volume: Counter[tuple[str, str, str, int]] = Counter()
    large: Counter[tuple[str, str, str, int]] = Counter()
    for flow in flows:
        if flow.scenario:
            destination = flow.name or flow.dst
            hour = (flow.scenario, flow.src, destination, int(flow.start // HOUR))
            volume[hour] += flow.bytes_out
            large[hour] += flow.bytes_out > LARGE_BYTES
    busiest: dict[str, Peaks] = {}
    for hour, sent in volume.items():
        known = busiest.get(hour[0], Peaks(0, 0))
        busiest[hour[0]] = Peaks(max(known.bytes_out, sent), max(known.large, large[hour]))
    return busiest
