"""Firewall logs: key=value (FortiGate and others), Palo Alto's TRAFFIC, CSV, and JSON."""

import csv
import re
from collections.abc import Iterator
from typing import Any

from ..fields import spellings
from ..times import timestamp
from . import lines, syslog
from .records import flattened, json_lines, unwrapped
from .source import BadLine, LogFile, Reading, placed

SOURCETYPE, SOURCE = "firewall", "firewall_logs"
HOSTS = ("devname", "dvc", "dvc_name", "host", "hostname")

Event = dict[str, Any]

_PALO_ALTO = re.compile(r"\b\d+,(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d),[^,]*,([A-Z]+),")
# PAN-OS 9 and later, "Traffic Log Fields", under the names that the add-on gives them.
_PALO_ALTO_NAMES = """
    future_use1 receive_time serial_number type log_subtype future_use2 generated_time src_ip
    dest_ip src_translated_ip dest_translated_ip rule src_user dest_user app vsys src_zone dest_zone
    src_interface dest_interface log_forwarding_profile future_use3 session_id repeat_count src_port
    dest_port src_translated_port dest_translated_port session_flags transport vendor_action bytes
    bytes_out bytes_in packets start_time duration http_category future_use4 sequence_number
    action_flags src_location dest_location future_use5 packets_out packets_in session_end_reason
    devicegroup_level1 devicegroup_level2 devicegroup_level3 devicegroup_level4 vsys_name dvc_name
    action_source
"""
PALO_ALTO_FIELDS = _PALO_ALTO_NAMES.split()
# "URL Filtering Log Fields": as those of traffic up to the action; no bytes.
_URL_NAMES = "misc threat raw_category severity direction sequence_number"
URL_FIELDS = PALO_ALTO_FIELDS[: PALO_ALTO_FIELDS.index("bytes")] + _URL_NAMES.split()
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
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "ipv6-icmp"}
BLOCKED = {"deny", "drop", "blocked", "block", "reset-client", "reset-server", "reset-both"}


def _named(event: Event, sourcetype: str, host: str = "firewall") -> Event:
    host = next((event[name] for name in HOSTS if event.get(name)), host)
    return placed(event, sourcetype, SOURCE, host)


def _connection(event: Event) -> Event:
    """Return an event under the data model's names too; it has to name an address."""
    event = _aliased(event)
    addresses = spellings("src", "dest")
    if event.keys().isdisjoint(addresses):
        raise BadLine(f"no address: none of the fields {', '.join(addresses)}")
    return event


def _aliased(event: Event) -> Event:
    for vendor in [name for name in event if name in ALIASES]:
        event.setdefault(ALIASES[vendor], event[vendor])
    for address in ("src", "dest"):
        if address + "_ip" in event:
            event.setdefault(address, event[address + "_ip"])
    for name in ("proto", "protocol", "transport"):
        if name in event:
            event[name] = PROTOCOLS.get(event[name], event[name])
    return event


def _action(vendor_action: str) -> str:
    return "blocked" if vendor_action.lower() in BLOCKED else "allowed"


# ---- Palo Alto -----------------------------------------------------------------------------


def is_palo_alto(line: str, _reading: Reading) -> bool:
    """Tell whether a line is one of Palo Alto's logs."""
    return _PALO_ALTO.search(line) is not None


def read_palo_alto(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a TRAFFIC line, or a THREAT line of the subtype url."""
    return log.converted(log.filled_lines(), lambda line: _palo_alto(line, reading))


def _palo_alto(line: str, reading: Reading) -> Event:
    found = _PALO_ALTO.search(line)
    cells = next(csv.reader([line[found.start() :]])) if found else []
    is_url = cells[3:5] == ["THREAT", "url"]
    if not found or (found.group(2) != "TRAFFIC" and not is_url):
        raise BadLine("not a Palo Alto TRAFFIC line" + (f" ({found.group(2)})" if found else ""))
    names, last = (URL_FIELDS, "misc") if is_url else (PALO_ALTO_FIELDS, "bytes_in")
    if len(cells) < names.index(last) + 1:
        raise BadLine(f"a Palo Alto {found.group(2)} line of only {len(cells)} fields")
    event = {name: cell for name, cell in zip(names, cells) if cell}
    event["_time"] = timestamp(event.get("generated_time", found.group(1)), reading.tz)
    event["action"] = _action(event.get("vendor_action", ""))
    dvc = event.get("dvc_name", "firewall")
    event.update(src=event["src_ip"], dest=event["dest_ip"], dvc=dvc)
    if is_url:
        _with_name(event)
    return _named(event, "pan:threat" if is_url else "pan:traffic")


def _with_name(event: Event) -> None:
    """Take the host name from a URL without a scheme, as the add-on does."""
    event["url"] = event.get("misc", "")
    host = event["url"].partition("/")[0]
    if "/" in event["url"] and host:
        event.update(dest_hostname=host, dest_name=host.partition(":")[0])


# ---- key=value -----------------------------------------------------------------------------


def read_pairs(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a line of key=value pairs."""
    return log.converted(log.filled_lines(), lambda line: _pairs(line, reading))


def _pairs(line: str, reading: Reading) -> Event:
    event = lines.pairs(line)
    if len(event) < 2:
        raise BadLine("no key=value pairs")
    if "CEF:" in line or "LEEF:" in line:
        raise BadLine("CEF and LEEF are not supported")
    if "logid" in event and "type" in event:
        return _fortigate(event, reading.tz)
    event["_time"] = lines.time_of(event, line, reading)
    host = (syslog.header(line) or {}).get("host", "firewall")
    if "RT_FLOW_SESSION_" in line:
        event.setdefault("action", "blocked" if "RT_FLOW_SESSION_DENY" in line else "allowed")
        return _named(_connection(event), "juniper:junos:firewall:structured", host)
    if event.get("service", "").isdecimal():
        event.setdefault("dest_port", event["service"])
    return _named(_connection(event), SOURCETYPE, host)


def _fortigate(event: Event, tz: Any) -> Event:
    event["_time"] = _fortigate_time(event, tz)
    event["vendor_action"] = event.get("action", "")
    event["action"] = _action(event["vendor_action"])
    event = _connection(event) if event["type"] == "traffic" else _aliased(event)
    event.setdefault("app", event.get("service", "unknown"))
    return _named(event, f"fortigate_{event['type']}")


def _fortigate_time(event: Event, tz: Any) -> float:
    if "eventtime" in event:
        return timestamp(event["eventtime"], tz)
    if "date" not in event or "time" not in event:
        raise BadLine("no field eventtime, and not both of date and time")
    return timestamp(f"{event['date']} {event['time']}{event.get('tz', '')}", tz)


# ---- JSON and CSV --------------------------------------------------------------------------


def read_json(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a record."""

    def event(record: Event) -> Event:
        found = flattened(unwrapped(record))
        found["_time"] = lines.time_of(found, "", reading)
        if "denied" in found.get("event.type{}", ()):
            found.setdefault("action", "blocked")
        return _named(_connection(found), SOURCETYPE)

    return log.converted(json_lines(log), event)


def is_csv(line: str, _reading: Reading) -> bool:
    """Tell whether a line is the header of a CSV file with a time and addresses."""
    columns = lines.csv_header(line)
    addresses = {*spellings("src", "dest"), *ALIASES}
    return columns is not None and not addresses.isdisjoint(columns.names)


def read_csv(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a row."""
    header = next(line for line in log.first_lines() if is_csv(line, reading))
    return lines.csv_events(
        log, reading, lines.csv_header(header), lambda row: _named(_connection(row), SOURCETYPE)
    )
