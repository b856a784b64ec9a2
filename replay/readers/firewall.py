"""Firewall logs: key=value (FortiGate and others), Palo Alto's TRAFFIC, CSV, and JSON."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain, dropwhile, islice
from typing import Any, Callable, NamedTuple, Optional

from ..times import timestamp
from . import syslog
from .records import flattened, json_lines, unwrapped
from .source import MALFORMED, BadLine, LogFile, Reading

EXPECTED = (
    "a firewall log (key=value, Palo Alto TRAFFIC, JSON, or CSV with a header) with a time, "
    "src_ip and dest_ip"
)
SOURCETYPE, SOURCE = "firewall", "firewall_logs"
HOSTS = ("devname", "dvc", "dvc_name", "host", "hostname")
TIMES = (
    "_time",
    "event.start",
    "timestamp",
    "@timestamp",
    "eventtime",
    "time",
    "datetime",
    "start_time",
    "ts",
)
DELIMITERS = ",;\t|"
# Lines that a quoted cell may go over.
LONGEST_CELL = 50

Row = dict[str, Any]

_NAME = r"([A-Za-z_@][\w.@-]*)"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(rf'{_NAME}=({_QUOTED}|[^\s"]*)')
# The same, where a comma or semicolon may stand between pairs.
_LISTED = re.compile(rf'{_NAME}=({_QUOTED}|[^\s"]*?(?=[,;]*(?:\s|$)|[,;]\s*{_NAME[1:-1]}=))')
_PIPED = re.compile(rf'[^"|=]*=[^"|=]*\|\s*{_NAME}=')
_CHECK_POINT = re.compile(rf"\b(\w+):({_QUOTED})(?=[;\]]|\s*$)")
_PALO_ALTO = re.compile(r"\b\d+,(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d),[^,]*,([A-Z]+),")
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
# Names of FortiGate, Juniper, Check Point, ECS and others: names of the data model.
ALIASES = {
    "srcip": "src_ip", "dstip": "dest_ip", "srcport": "src_port", "dstport": "dest_port",
    "sentbyte": "bytes_out", "rcvdbyte": "bytes_in", "srcmac": "src_mac", "devname": "dvc",
    "source-address": "src_ip", "destination-address": "dest_ip", "source-port": "src_port",
    "destination-port": "dest_port", "bytes-from-client": "bytes_out",
    "bytes-from-server": "bytes_in", "protocol-id": "transport", "application": "app",
    "source.ip": "src_ip", "destination.ip": "dest_ip", "source.port": "src_port",
    "destination.port": "dest_port", "source.bytes": "bytes_out", "destination.bytes": "bytes_in",
    "source.mac": "src_mac", "network.transport": "transport", "network.protocol": "app",
    "observer.name": "dvc",
    "dst": "dest_ip", "s_port": "src_port", "spt": "src_port", "dpt": "dest_port",
    "proto": "transport", "sent_bytes": "bytes_out", "received_bytes": "bytes_in",
}  # fmt: skip
# Where the rules look for addresses, see the macro t1029_normalize.
ADDRESSES = (
    "src_ip", "srcip", "source_ip", "source_address", "src",
    "dest_ip", "dstip", "dst_ip", "destination_ip", "dest_address", "dst", "dest",
)  # fmt: skip
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "ipv6-icmp"}
BLOCKED = {"deny", "drop", "blocked", "block", "reset-client", "reset-server", "reset-both"}


def read(log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return the events of a firewall log, in the format of the first line that can be read."""
    for line in log.first_lines():
        if line.lstrip()[:1] in ("{", "[") and not log.foreign():
            return _json(log, reading)
        for parse in (_palo_alto, _key_value):
            if _can_read(parse, line, reading):
                return _by_line(log, reading, parse)
        columns = csv_header(line)
        if columns and set(columns.names) & {*ADDRESSES, *ALIASES}:
            return csv_rows(log, reading, columns, lambda row: _named(_connection(row), SOURCETYPE))
    return _unreadable(log, reading)


def _can_read(parse: Callable[[str, Reading], Row], line: str, reading: Reading) -> bool:
    try:
        return bool(parse(line, reading))
    except MALFORMED:
        return False


def _unreadable(log: LogFile, reading: Reading) -> Iterator[Row]:
    """Say what is wrong with the lines of a known format, or that the format is not known."""
    first = log.first_line()
    if log.foreign() or first.lstrip().startswith("<E"):
        raise log.refused(EXPECTED)
    if _PALO_ALTO.search(first):
        return _by_line(log, reading, _palo_alto)
    if len(pairs(first)) > 1:
        return _by_line(log, reading, _key_value)
    raise log.refused(EXPECTED)


def _by_line(log: LogFile, reading: Reading, parse: Callable[[str, Reading], Row]) -> Iterator[Row]:
    return log.converted(_filled(log), lambda line: reading.kept(parse(line, reading)))


def _filled(log: LogFile) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in log.lines() if line.strip())


# ---- Palo Alto -----------------------------------------------------------------------------


def _palo_alto(line: str, reading: Reading) -> Row:
    found = _PALO_ALTO.search(line)
    if not found or found.group(2) != "TRAFFIC":
        raise BadLine("not a Palo Alto TRAFFIC line" + (f" ({found.group(2)})" if found else ""))
    cells = next(csv.reader([line[found.start() :]]))
    if len(cells) < PALO_ALTO_FIELDS.index("bytes_in") + 1:
        raise BadLine(f"a Palo Alto TRAFFIC line of only {len(cells)} fields")
    row = {name: cell for name, cell in zip(PALO_ALTO_FIELDS, cells) if cell}
    row["_time"] = timestamp(row.get("generated_time", found.group(1)), reading.tz)
    row["action"] = _action(row.get("vendor_action", ""))
    row.update(src=row["src_ip"], dest=row["dest_ip"], dvc=row.get("dvc_name", "firewall"))
    return _named(row, "pan:traffic")


def _action(vendor_action: str) -> str:
    return "blocked" if vendor_action.lower() in BLOCKED else "allowed"


def _named(row: Row, sourcetype: str, host: str = "firewall") -> Row:
    host = next((row[name] for name in HOSTS if row.get(name)), host)
    row.update(sourcetype=sourcetype, source=SOURCE, index="main", host=host)
    return row


def _connection(row: Row) -> Row:
    """Return a row under the data model's names too; it has to tell who is connected to whom."""
    row = _aliased(row)
    if row.keys().isdisjoint(ADDRESSES):
        raise BadLine(f"no address: none of the fields {', '.join(ADDRESSES)}")
    return row


def _aliased(row: Row) -> Row:
    for vendor in [name for name in row if name in ALIASES]:
        row.setdefault(ALIASES[vendor], row[vendor])
    for address in ("src", "dest"):
        if address + "_ip" in row:
            row.setdefault(address, row[address + "_ip"])
    for name in ("proto", "protocol", "transport"):
        if name in row:
            row[name] = PROTOCOLS.get(row[name], row[name])
    return row


# ---- key=value -----------------------------------------------------------------------------


def pairs(line: str) -> Row:
    """Return the key=value pairs of a line; values may be quoted.

    Space, commas, semicolons or bars stand between them. Check Point writes key:"value".
    """
    if _PIPED.match(line):
        found = (part.strip().partition("=")[::2] for part in line.split("|"))
    elif ':"' in line and " CheckPoint " in line:
        found = _CHECK_POINT.findall(line)
    else:
        found = (_LISTED if "," in line or ";" in line else _PAIR).findall(line)
    return {
        name: value[1:-1] if value[:1] == '"' else value
        for name, value in found
        if name and value not in ("", '""')
    }


def _key_value(line: str, reading: Reading) -> Row:
    row = pairs(line)
    if len(row) < 2:
        raise BadLine("no key=value pairs")
    if "CEF:" in line or "LEEF:" in line:
        raise BadLine("CEF and LEEF are not supported")
    if "logid" in row and "type" in row:
        return _fortigate(row, reading.tz)
    row["_time"] = time_of(row, line, reading)
    host = (syslog.header(line) or {}).get("host", "firewall")
    if "RT_FLOW_SESSION_" in line:
        row.setdefault("action", "blocked" if "RT_FLOW_SESSION_DENY" in line else "allowed")
        return _named(_connection(row), "juniper:junos:firewall:structured", host)
    if row.get("service", "").isdecimal():
        row.setdefault("dest_port", row["service"])
    return _named(_connection(row), SOURCETYPE, host)


def _fortigate(row: Row, tz: Any) -> Row:
    row["_time"] = _fortigate_time(row, tz)
    row["vendor_action"] = row.get("action", "")
    row["action"] = _action(row["vendor_action"])
    row = _connection(row) if row["type"] == "traffic" else _aliased(row)
    row.setdefault("app", row.get("service", "unknown"))
    return _named(row, f"fortigate_{row['type']}")


def _fortigate_time(row: Row, tz: Any) -> float:
    if "eventtime" in row:
        return timestamp(row["eventtime"], tz)
    if "date" not in row or "time" not in row:
        raise BadLine("no field eventtime, and not both of date and time")
    return timestamp(f"{row['date']} {row['time']}{row.get('tz', '')}", tz)


def time_of(row: Row, line: str, reading: Reading) -> float:
    """Return the time of a key=value line, from its fields or the syslog header before them."""
    if "date" in row and "time" in row:
        return timestamp(f"{row['date']} {row['time']}{row.get('tz', '')}", reading.tz)
    for name in TIMES:
        if name in row:
            return timestamp(row[name], reading.tz)
    stamped = syslog.header(line)
    if stamped:
        return syslog.header_time(stamped, reading)
    raise BadLine(f"no time: none of the fields {', '.join(TIMES)}")


# ---- JSON ----------------------------------------------------------------------------------


def _json(log: LogFile, reading: Reading) -> Iterator[Row]:
    def event(record: Row) -> Row:
        row = flattened(unwrapped(record))
        row["_time"] = time_of(row, "", reading)
        if "denied" in row.get("event.type{}", ()):
            row.setdefault("action", "blocked")
        return reading.kept(_named(_connection(row), SOURCETYPE))

    return log.converted(json_lines(log), event)


# ---- CSV -----------------------------------------------------------------------------------


class Columns(NamedTuple):
    """The header of a CSV file; a comma at its end makes a column without a name."""

    names: list[str]
    delimiter: str


def csv_header(line: str) -> Optional[Columns]:
    """Return the columns that a line names, None where it is no header with a time."""
    for delimiter in DELIMITERS:
        names = [name.strip() for name in _cells(line, delimiter)]
        while names and not names[-1]:
            names.pop()
        plain = all(re.fullmatch(r"[A-Za-z_@][\w.@ :()/#%-]*", name) for name in names)
        if len(names) > 1 and plain and set(names) & {*TIMES, "date"}:
            return Columns([name.strip() for name in _cells(line, delimiter)], delimiter)
    return None


def _cells(line: str, delimiter: str, strict: bool = False) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter, strict=strict), [])


def csv_rows(
    log: LogFile, reading: Reading, columns: Columns, named: Callable[[Row], Row]
) -> Iterator[Row]:
    """Return the rows of a CSV file after the line that names the columns, as `named` has them."""
    lines = dropwhile(lambda one: csv_header(one[1]) != columns, _filled(log))
    next(lines, None)

    def event(line: str) -> Row:
        row = _csv_row(columns, line)
        row["_time"] = time_of(row, "", reading)
        return reading.kept(named(row))

    return log.converted(_whole(lines, columns), event)


def _whole(lines: Iterator[tuple[int, str]], columns: Columns) -> Iterator[tuple[int, str]]:
    """Put the lines of a row together whose quoted cells hold line ends."""
    waiting: deque = deque()
    while True:
        one = waiting.popleft() if waiting else next(lines, None)
        if one is None:
            return
        number, line = one
        if line.count('"') % 2:
            following = list(islice(chain(waiting, lines), LONGEST_CELL))
            used = _closing(line, following, columns)
            line = "\n".join([line, *(text for _, text in following[:used])])
            waiting = deque(following[used:])
        yield number, line


def _closing(line: str, following: list[tuple[int, str]], columns: Columns) -> int:
    """Return how many lines complete a row, 0 where none do."""
    for used, (_, text) in enumerate(following, 1):
        line += "\n" + text
        if text.count('"') % 2:
            try:
                whole = len(_cells(line, columns.delimiter, strict=True)) == len(columns.names)
            except csv.Error:
                whole = False
            return used if whole else 0
    return 0


def _csv_row(columns: Columns, line: str) -> Row:
    names = columns.names
    cells = next(csv.reader(line.splitlines(True), delimiter=columns.delimiter, strict=True))
    if len(cells) != len(names):
        raise BadLine(f"{len(cells)} cells where the header names {len(names)}")
    return {name: cell for name, cell in zip(names, cells) if name and cell}
