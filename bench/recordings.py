"""Pairs and their context from recorded traffic: Zeek conn logs and Sysmon network events."""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timezone
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple

from replay import Inputs
from replay.readers import read_events
from replay.readers.source import Report

from .pairs import DAY, Connection, Pair

MIN_CONNECTIONS = 4
# `truth` is the label of labelled recordings.
FIELDS = {
    "id.orig_h",
    "id.resp_h",
    "id.resp_p",
    "service",
    "orig_bytes",
    "resp_bytes",
    "SourceIp",
    "DestinationIp",
    "DestinationPort",
    "truth",
}
INTERNAL = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "127.0.0.0/8",
            "224.0.0.0/4",
            "0.0.0.0/8",
            "255.255.255.255/32",
            "fc00::/7",
            "fe80::/10",
            "::/127",
            "ff00::/8",
        ),
    )
)


class Flow(NamedTuple):
    """One connection as logged, before its direction is known."""

    epoch: float
    origin: str
    responder: str
    port: str
    app: str
    origin_bytes: int | None
    responder_bytes: int | None


class Truth(NamedTuple):
    """One line of truth.csv; `*` stands for any address."""

    src: str
    dst: str
    verdict: str

    @property
    def malicious(self) -> bool:
        return self.verdict.startswith("malicious-") and self.verdict != "malicious-ddos"

    def names(self, pair: Pair) -> bool:
        """Return whether this line names the pair, in either direction."""
        sides = (self.src, self.dst)
        return any(
            all(said in ("*", found) for said, found in zip(sides, key))
            for key in (pair.key, pair.key[::-1])
        )


class Traffic(NamedTuple):
    """The candidates of one recording, and its size in senders and days with activity."""

    pairs: list[Pair]
    senders: int
    sender_days: int


def records(path: Path) -> list[Mapping[str, str]]:
    """The events of a log as replay reads them; a file name that starts with sysmon is Sysmon's."""
    kind = "sysmon" if path.name.startswith("sysmon") else "zeek"
    report = Report()
    events = read_events(Inputs(**{kind: (str(path),)}), FIELDS, timezone.utc, report)
    for message in report.messages():
        print(message, file=sys.stderr)
    return events


def _count(text: str | None) -> int | None:
    return None if text is None else int(text)


def flow_of(event: Mapping[str, str]) -> Flow:
    """Read a Zeek conn event, or a Sysmon EventCode 3, which has no byte counts.

    >>> flow_of({'_time': 9.5, 'id.orig_h': '10.0.0.1', 'id.resp_h': '192.0.2.1',
    ...          'id.resp_p': '443', 'orig_bytes': '7'})
    Flow(epoch=9.5, origin='10.0.0.1', responder='192.0.2.1', port='443', app='', origin_bytes=7, \
responder_bytes=None)
    """
    return Flow(
        event["_time"],
        event.get("id.orig_h") or event["SourceIp"],
        event.get("id.resp_h") or event["DestinationIp"],
        event.get("id.resp_p") or event.get("DestinationPort", ""),
        event.get("service", ""),
        _count(event.get("orig_bytes")),
        _count(event.get("resp_bytes")),
    )


def flows(path: Path) -> list[Flow]:
    """All connections of one log."""
    return [flow_of(record) for record in records(path)]


@cache
def _is_internal(address: str) -> bool | None:
    """None if the value is no IP address (such as a MAC address)."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return any(found in network for network in INTERNAL)


class Scope(NamedTuple):
    """Which connections count: directions, and public addresses that belong to the site."""

    directions: frozenset[str] = frozenset({"outbound"})
    own: frozenset[str] = frozenset()

    def inside(self, address: str) -> bool | None:
        return address in self.own or _is_internal(address)

    def direction(self, flow: Flow) -> str:
        """outbound, internal, inbound or external as the app names them; empty without IP."""
        origin, responder = self.inside(flow.origin), self.inside(flow.responder)
        if origin is None or responder is None:
            return ""
        if origin:
            return "internal" if responder else "outbound"
        return "inbound" if responder else "external"


OUTBOUND = Scope()


class Talk(NamedTuple):
    """A connection from the point of view of its internal party."""

    src: str
    dest_ip: str
    connection: Connection
    port: str
    app: str


def seen_from_inside(flow: Flow, direction: str) -> Talk:
    """Reverse an inbound flow: src is the internal party, bytes_out what it sent."""
    if direction == "inbound":
        connection = Connection(flow.epoch, flow.responder_bytes, flow.origin_bytes)
        return Talk(flow.responder, flow.origin, connection, flow.port, flow.app)
    connection = Connection(flow.epoch, flow.origin_bytes, flow.responder_bytes)
    return Talk(flow.origin, flow.responder, connection, flow.port, flow.app)


def _commonest(texts: Iterable[str]) -> str:
    ranked = Counter(text for text in texts if text).most_common(1)
    return ranked[0][0] if ranked else ""


def traffic(logged: Iterable[Flow], scope: Scope = OUTBOUND) -> Traffic:
    """Group the connections in scope by pair; candidates have at least four.

    Senders and population come from the recording itself. first_seen stays unknown,
    since there is no older data.
    """
    logged = list(logged)
    kept = []
    for flow in logged:
        direction = scope.direction(flow)
        if direction in scope.directions:
            kept.append(seen_from_inside(flow, direction))
    by_pair, hosts, talkers = defaultdict(list), set(), defaultdict(set)
    for talk in kept:
        by_pair[talk.src, talk.dest_ip].append(talk)
        hosts.add(talk.src)
        talkers[talk.dest_ip].add(talk.src)
    start = min(flow.epoch for flow in logged)
    end = max(flow.epoch for flow in logged)
    pairs = [
        Pair(
            src,
            dest_ip,
            tuple(sorted((talk.connection for talk in talks), key=lambda one: one.epoch)),
            start,
            end,
            {
                "window_start": str(start),
                "window_end": str(end),
                "senders": str(len(talkers[dest_ip])),
                "population": str(len(hosts)),
                "dest_port": _commonest(talk.port for talk in talks),
                "app": _commonest(talk.app for talk in talks),
            },
        )
        for (src, dest_ip), talks in sorted(by_pair.items())
        if len(talks) >= MIN_CONNECTIONS
    ]
    days = {(talk.src, talk.connection.epoch // DAY) for talk in kept}
    return Traffic(pairs, len(hosts), len(days))


def truths(folder: Path) -> list[Truth]:
    """The lines of a folder's truth.csv."""
    with (folder / "truth.csv").open(newline="") as lines:
        return [Truth(row["src"], row["dst"], row["verdict"]) for row in csv.DictReader(lines)]


def log_of(folder: Path) -> Path:
    """The one gzipped log of a recording's folder."""
    found = sorted(folder.glob("*.gz"))
    if len(found) != 1:
        raise ValueError(f"{folder}: expected one .gz log, found {len(found)}")
    return found[0]
