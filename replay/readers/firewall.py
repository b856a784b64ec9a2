"""Firewall logs: key=value (FortiGate and others), Palo Alto's comma-separated TRAFFIC, CSV."""

import csv
import re
from collections.abc import Iterator
from typing import Any, Callable, Optional

from ..times import timestamp
from .source import BadLine, LogFile, Reading

EXPECTED = "a firewall log (key=value, Palo Alto TRAFFIC, or CSV with a header)"
SOURCETYPE, SOURCE = "firewall", "firewall_logs"
HOSTS = ("devname", "dvc", "dvc_name", "host", "hostname")
TIMES = ("_time", "timestamp", "@timestamp", "eventtime", "time", "datetime", "start_time", "ts")

Row = dict[str, Any]

_PAIR = re.compile(r'([A-Za-z_@][\w.@-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)')
_PALO_ALTO = re.compile(r"\b\d+,(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d),[^,]*,([A-Z]+),")
_SYSLOG_TIME = re.compile(r"(?:<\d+>\d* ?)?(\d{4}-\d\d-\d\dT[\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)\s")
# PAN-OS 9 and later, "Traffic Log Fields", under the names that the add-on gives them.
PALO_ALTO_FIELDS = [
    "future_use1",
    "receive_time",
    "serial_number",
    "type",
    "log_subtype",
    "future_use2",
    "generated_time",
    "src_ip",
    "dest_ip",
    "src_translated_ip",
    "dest_translated_ip",
    "rule",
    "src_user",
    "dest_user",
    "app",
    "vsys",
    "src_zone",
    "dest_zone",
    "src_interface",
    "dest_interface",
    "log_forwarding_profile",
    "future_use3",
    "session_id",
    "repeat_count",
    "src_port",
    "dest_port",
    "src_translated_port",
    "dest_translated_port",
    "session_flags",
    "transport",
    "vendor_action",
    "bytes",
    "bytes_out",
    "bytes_in",
    "packets",
    "start_time",
    "duration",
    "http_category",
    "future_use4",
    "sequence_number",
    "action_flags",
    "src_location",
    "dest_location",
    "future_use5",
    "packets_out",
    "packets_in",
    "session_end_reason",
    "devicegroup_level1",
    "devicegroup_level2",
    "devicegroup_level3",
    "devicegroup_level4",
    "vsys_name",
    "dvc_name",
    "action_source",
]
FORTIGATE_ALIASES = {
    "srcip": "src_ip", "dstip": "dest_ip", "srcport": "src_port", "dstport": "dest_port",
    "sentbyte": "bytes_out", "rcvdbyte": "bytes_in", "srcmac": "src_mac", "devname": "dvc",
}  # fmt: skip
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "ipv6-icmp"}
BLOCKED = {"deny", "drop", "blocked", "block", "reset-client", "reset-server", "reset-both"}


def read(log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return the events of a firewall log, each line by its own format."""
    first = log.first_line()
    if "%ASA-" in first or "%FTD-" in first or "%PIX-" in first or first.lstrip().startswith("<E"):
        raise log.refused(EXPECTED)
    if _PALO_ALTO.search(first):
        return _by_line(log, reading, _palo_alto)
    if len(_PAIR.findall(first)) > 1:
        return _by_line(log, reading, _key_value)
    if csv_header(first):
        return csv_rows(log, reading, SOURCETYPE, SOURCE)
    raise log.refused(EXPECTED)


def _by_line(log: LogFile, reading: Reading, parse: Callable[[str, Any], Row]) -> Iterator[Row]:
    return log.converted(_filled(log), lambda line: reading.kept(parse(line, reading.tz)))


def _filled(log: LogFile) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in log.lines() if line.strip())


# ---- Palo Alto -----------------------------------------------------------------------------


def _palo_alto(line: str, tz: Any) -> Row:
    found = _PALO_ALTO.search(line)
    if not found or found.group(2) != "TRAFFIC":
        raise BadLine("not a Palo Alto TRAFFIC line" + (f" ({found.group(2)})" if found else ""))
    cells = next(csv.reader([line[found.start() :]]))
    if len(cells) < PALO_ALTO_FIELDS.index("bytes_in") + 1:
        raise BadLine(f"a Palo Alto TRAFFIC line of only {len(cells)} fields")
    row = {name: cell for name, cell in zip(PALO_ALTO_FIELDS, cells) if cell}
    row["_time"] = timestamp(row.get("generated_time", found.group(1)), tz)
    row["action"] = _action(row.get("vendor_action", ""))
    row.update(src=row["src_ip"], dest=row["dest_ip"], dvc=row.get("dvc_name", "firewall"))
    return _named(row, "pan:traffic", SOURCE)


def _action(vendor_action: str) -> str:
    return "blocked" if vendor_action.lower() in BLOCKED else "allowed"


def _named(row: Row, sourcetype: str, source: str) -> Row:
    host = next((row[name] for name in HOSTS if row.get(name)), "firewall")
    row.update(sourcetype=sourcetype, source=source, index="main", host=host)
    return row


# ---- key=value -----------------------------------------------------------------------------


def pairs(line: str) -> Row:
    """Return the key=value pairs of a line; values may be quoted."""
    return {
        name: value[1:-1] if value[:1] == '"' else value
        for name, value in _PAIR.findall(line)
        if value not in ("", '""')
    }


def _key_value(line: str, tz: Any) -> Row:
    row = pairs(line)
    if len(row) < 2:
        raise BadLine("no key=value pairs")
    if "logid" in row and "type" in row:
        return _fortigate(row, tz)
    row["_time"] = time_of(row, line, tz)
    return _named(row, SOURCETYPE, SOURCE)


def _fortigate(row: Row, tz: Any) -> Row:
    row["_time"] = _fortigate_time(row, tz)
    for vendor, name in FORTIGATE_ALIASES.items():
        if vendor in row:
            row.setdefault(name, row[vendor])
    for address in ("src", "dest"):
        if address + "_ip" in row:
            row.setdefault(address, row[address + "_ip"])
    row["vendor_action"] = row.get("action", "")
    row["action"] = _action(row["vendor_action"])
    if "proto" in row:
        row["transport"] = row["proto"] = PROTOCOLS.get(row["proto"], row["proto"])
    row.setdefault("app", row.get("service", "unknown"))
    return _named(row, f"fortigate_{row['type']}", SOURCE)


def _fortigate_time(row: Row, tz: Any) -> float:
    if "eventtime" in row:
        return timestamp(row["eventtime"], tz)
    if "date" not in row or "time" not in row:
        raise BadLine("no field eventtime, and not both of date and time")
    return timestamp(f"{row['date']} {row['time']}{row.get('tz', '')}", tz)


def time_of(row: Row, line: str, tz: Any) -> float:
    """Return the time of a key=value line, from its fields or the syslog header before them."""
    if "date" in row and "time" in row:
        return timestamp(f"{row['date']} {row['time']}{row.get('tz', '')}", tz)
    for name in TIMES:
        if name in row:
            return timestamp(row[name], tz)
    stamped = _SYSLOG_TIME.match(line)
    if stamped:
        return timestamp(stamped.group(1), tz)
    raise BadLine(f"no time: none of the fields {', '.join(TIMES)}")


# ---- CSV -----------------------------------------------------------------------------------


def csv_header(line: str) -> Optional[list[str]]:
    """Return the names of a CSV header, None where the line is none."""
    names = [name.strip() for name in next(csv.reader([line]), [])]
    plain = all(re.fullmatch(r"[A-Za-z_@][\w.@ :-]*", name) for name in names)
    return names if len(names) > 1 and plain and set(names) & set(TIMES + ("date",)) else None


def csv_rows(log: LogFile, reading: Reading, sourcetype: str, source: str) -> Iterator[Row]:
    """Return the rows of a CSV file whose first line names the fields."""
    lines = _filled(log)
    names = csv_header(next(lines)[1])
    if names is None:
        raise log.refused(f"CSV with a header that names a time ({', '.join(TIMES)})")
    return log.converted(
        lines,
        lambda line: reading.kept(_csv_row(names, line, reading.tz, sourcetype, source)),
    )


def _csv_row(names: list[str], line: str, tz: Any, sourcetype: str, source: str) -> Row:
    cells = next(csv.reader([line], strict=True))
    if len(cells) != len(names):
        raise BadLine(f"{len(cells)} cells where the header names {len(names)}")
    row = {name: cell for name, cell in zip(names, cells) if cell}
    row["_time"] = time_of(row, "", tz)
    return _named(row, sourcetype, source)
