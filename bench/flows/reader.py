"""Flows read back from rows alone: shows that every kind of writing carries enough to count.

A plain reading, of all rows at once and in any order. It knows nothing of the flows, nor of what
the sensors know; where it gives the same ledger, the SPL of the app can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .model import Counter, Event, Known
from .writings import GROUP

LONGEST_WINDOW = 600


class Piece(NamedTuple):
    """What one row reports: which flow, and its counters at an epoch."""

    flow: tuple
    begin: float
    counter: Counter
    closes: bool = True
    counts: bool = True


class Record(NamedTuple):
    """A VPC flow record: bytes of one direction between two epochs."""

    flow: tuple
    start: float
    end: float
    bytes_out: int
    bytes_in: int


def read(events: Iterable[Event]) -> list[Known]:
    """Return the flows of some rows, exact copies counted once."""
    once = {tuple(sorted(event.items())): event for event in events}.values()
    pieces, records = defaultdict(list), defaultdict(list)
    for event in once:
        if event["sourcetype"] == "aws:cloudwatchlogs:vpcflow":
            record = _record(event)
            records[record.flow].append(record)
        else:
            piece = _piece(event)
            pieces[piece.flow].append(piece)
    return [_flow(found) for found in pieces.values()] + [
        _chain(chain) for found in records.values() for chain in _chains(found)
    ]


def _reporter(event: Event) -> str:
    host = str(event["host"])
    return GROUP if host.startswith(f"{GROUP}-") else host


def _piece(event: Event) -> Piece:
    sourcetype = event["sourcetype"]
    if "uid" in event:
        return _zeek(event)
    if sourcetype == "XmlWinEventLog":
        ends = event["SourceIp"], event["SourcePort"], event["DestinationIp"]
        return _of(event, ends, 0, 0, 0)._replace(counts=False)
    if sourcetype == "fortigate_traffic":
        ends = event["srcip"], event["srcport"], event["dstip"]
        piece = _of(event, ends, event["duration"], event["sentbyte"], event["rcvdbyte"])
        return piece._replace(closes=event["logid"] == "0000000013")
    ends = event["src_ip"], event["src_port"], event["dest_ip"]
    if event.get("log_subtype") == "start":
        return _of(event, ends, 0, 0, 0)._replace(closes=False)
    return _of(event, ends, event["duration"], event["bytes_out"], event["bytes_in"])


def _zeek(event: Event) -> Piece:
    begin = event["ts"]
    counter = Counter(begin + event.get("duration", 0), event["orig_bytes"], event["resp_bytes"])
    ends = event["id.orig_h"], event["id.orig_p"], event["id.resp_h"]
    flow = (_reporter(event), *ends, event["host"], event["uid"])
    return Piece(flow, begin, counter, event["sourcetype"] != "corelight_conn_long")


def _of(event: Event, ends: tuple, lasted: float, sent: int, received: int) -> Piece:
    """Read a row that is stamped when it was written, a session id being good until a restart."""
    begin = event["_time"] - lasted
    session = event.get("sessionid") or event.get("session_id")
    flow = (_reporter(event), *ends, event["host"], session, begin)
    return Piece(flow, begin, Counter(event["_time"], sent, received))


def _flow(pieces: Sequence[Piece]) -> Known:
    reporter, src, _, dest_ip, *_ = pieces[0].flow
    counters = sorted({piece.counter for piece in pieces})
    begin = Counter(pieces[0].begin, 0, 0)
    known = tuple([begin] + [counter for counter in counters if counter != begin])
    closed = any(piece.closes for piece in pieces)
    return Known(reporter, src, dest_ip, known, closed, pieces[0].counts)


def _record(event: Event) -> Record:
    outbound = str(event["src_ip"]).startswith("10.")
    here, there = ("src", "dest") if outbound else ("dest", "src")
    ends = event[f"{here}_ip"], event[f"{here}_port"], event[f"{there}_ip"]
    carried = (event["bytes"], 0) if outbound else (0, event["bytes"])
    return Record((_reporter(event), *ends), event["start_time"], event["end_time"], *carried)


def _chains(records: list[Record]) -> list[list[Record]]:
    """Return the records of one 5-tuple, cut where nothing passed for a capture window."""
    chains: list[list[Record]] = []
    for record in sorted(records, key=lambda one: (one.start, one.end)):
        if not chains or record.start > chains[-1][-1].end + LONGEST_WINDOW:
            chains.append([])
        chains[-1].append(record)
    return chains


def _chain(records: list[Record]) -> Known:
    reporter, src, _, dest_ip = records[0].flow
    spans = defaultdict(lambda: [0, 0])
    for record in records:
        spans[record.start, record.end][0] += record.bytes_out
        spans[record.start, record.end][1] += record.bytes_in
    sent = received = 0
    counters = [Counter(float(records[0].start), 0, 0)]
    for (start, end), carried in sorted(spans.items()):
        counters.append(Counter(float(start), sent, received))
        sent, received = sent + carried[0], received + carried[1]
        counters.append(Counter(float(end), sent, received))
    return Known(reporter, src, dest_ip, tuple(counters))
