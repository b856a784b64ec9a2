"""Events as the Network_Traffic data model of Splunk's Common Information Model holds them.

Zeek conn logs and firewall traffic have a place in it, under the names that their add-ons give
their fields; Sysmon has none. The rules for what is missing are those of the model itself: src,
dest, action, dvc, rule, transport and user become "unknown", ports 0, one byte count of three
follows from the other two. Zeek knows no action. All events count as summarised.
"""

from typing import Any, Callable, NamedTuple, Optional

from .fields import kind_of
from .values import number, text

MODEL, DATASET = "Network_Traffic", "All_Traffic"
BASE = {"_time", "host", "source", "sourcetype", "index"}

ZEEK = {
    "src": ("id.orig_h", "id_orig_h"),
    "src_ip": ("id.orig_h", "id_orig_h"),
    "src_port": ("id.orig_p", "id_orig_p"),
    "src_mac": ("orig_l2_addr",),
    "dest": ("id.resp_h", "id_resp_h"),
    "dest_ip": ("id.resp_h", "id_resp_h"),
    "dest_port": ("id.resp_p", "id_resp_p"),
    "dest_mac": ("resp_l2_addr",),
    "bytes": (),
    "bytes_out": ("orig_bytes",),
    "bytes_in": ("resp_bytes",),
    "packets": (),
    "packets_out": ("orig_pkts",),
    "packets_in": ("resp_pkts",),
    "transport": ("proto",),
    "app": ("service",),
    "duration": ("duration",),
    "session_id": ("uid",),
    "dvc": ("host",),
    "action": (),
    "direction": (),
    "rule": (),
    "user": (),
}
FIREWALL = {
    "src": ("src", "src_ip", "srcip"),
    "src_ip": ("src_ip", "srcip"),
    "src_port": ("src_port", "srcport"),
    "src_mac": ("src_mac", "srcmac"),
    "dest": ("dest", "dest_ip", "dstip"),
    "dest_ip": ("dest_ip", "dstip"),
    "dest_port": ("dest_port", "dstport"),
    "dest_mac": ("dest_mac", "dstmac"),
    "bytes": ("bytes",),
    "bytes_out": ("bytes_out", "sentbyte"),
    "bytes_in": ("bytes_in", "rcvdbyte"),
    "packets": ("packets",),
    "packets_out": ("packets_out", "sentpkt"),
    "packets_in": ("packets_in", "rcvdpkt"),
    "transport": ("transport",),
    "app": ("app",),
    "duration": ("duration",),
    "session_id": ("session_id", "sessionid"),
    "dvc": ("dvc", "dvc_name", "devname"),
    "action": ("action",),
    "direction": ("direction",),
    "rule": ("rule",),
    "user": ("user", "src_user"),
}
FIELDS = frozenset(ZEEK)
SWAPPED_BYTES = "zeek-bytes-swapped"
# Versions 3.2 and 4.0 of the Zeek add-on take the originator's bytes for what came in.
SWAPPED = {**ZEEK, "bytes_out": ZEEK["bytes_in"], "bytes_in": ZEEK["bytes_out"]}

UNKNOWN = {"src", "dest", "action", "dvc", "rule", "transport", "user"}
PORTS = {"src_port", "dest_port"}
LOWER = {"transport", "src_mac", "dest_mac"}
# A count, and the total and the other count that it follows from.
SUMS = {
    f"{unit}{side}": (unit, f"{unit}{other}")
    for unit in ("bytes", "packets")
    for side, other in (("_out", "_in"), ("_in", "_out"))
}
TOTALS = {unit: (f"{unit}_out", f"{unit}_in") for unit in ("bytes", "packets")}

Row = dict[str, Any]


class Dataset(NamedTuple):
    """All_Traffic: a function from events to their rows, and the fields of events it reads."""

    row_of: Callable[[Row], Optional[Row]]
    reads: set[str]


def all_traffic(wanted: set[str], swapped: bool) -> Dataset:
    """Return the data set with the wanted fields, named as the model names them (app, ...)."""
    by_kind = {"zeek": SWAPPED if swapped else ZEEK, "firewall": FIREWALL}
    used = wanted | {part for name in wanted for part in SUMS.get(name, TOTALS.get(name, ()))}
    used &= FIELDS
    base = wanted & BASE

    def row_of(event: Row) -> Optional[Row]:
        names = by_kind.get(kind_of(event.get("sourcetype", ""), event.get("source", "")))
        if names is None:
            return None
        found = {name: _first(event, names[name]) for name in used}
        row = {name: event[name] for name in base if name in event}
        for name in wanted - BASE:
            value = _calculated(name, found)
            if value is not None:
                row[f"{DATASET}.{name}"] = value
        return row

    reads = {source for names in by_kind.values() for name in used for source in names[name]}
    return Dataset(row_of, reads | base)


def _first(event: Row, names: tuple[str, ...]) -> Any:
    return next((event[name] for name in names if name in event), None)


def _calculated(name: str, found: Row) -> Any:
    """Return a field as the model computes it."""
    value = found[name]
    if name in PORTS:
        return "0" if number(value) is None else value
    if name in SUMS or name in TOTALS:
        return _counted(name, found)
    if value is None or value == "":
        return "unknown" if name in UNKNOWN else None
    return text(value).lower() if name in LOWER else value


def _counted(name: str, found: Row) -> Any:
    if number(found[name]) is not None:
        return found[name]
    parts = [number(found[part]) for part in SUMS.get(name, TOTALS.get(name, ()))]
    if None in parts:
        return None
    return parts[0] - parts[1] if name in SUMS else parts[0] + parts[1]
