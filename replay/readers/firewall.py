"""Firewall and flow logs: key=value, Palo Alto's TRAFFIC, AWS's text, CSV and JSON records."""

import csv
import re
from collections.abc import Iterator
from typing import Any, Optional

from ..fields import is_source, spellings
from ..times import timestamp
from . import lines, products, syslog, tables
from .records import flattened, records, unwrapped
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
# PAN-OS 10 and later end with a time that has its zone (High Resolution Timestamp).
_PRECISE = re.compile(r",\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}([+-]\d\d:\d\d|Z)\b")
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
_BLOCKED = re.compile(r"(?:interactive )?(?:den|drop|block|reject|reset|prevent)", re.IGNORECASE)


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
    return "blocked" if _BLOCKED.match(vendor_action) else "allowed"


# ---- Palo Alto -----------------------------------------------------------------------------


def is_palo_alto(line: str, _reading: Reading) -> bool:
    """Tell whether a line is one of Palo Alto's logs."""
    return _PALO_ALTO.search(line) is not None


def read_palo_alto(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a TRAFFIC line, or a THREAT line of the subtype url."""
    return log.converted(log.filled_lines(), lambda line: of_palo_alto(line, reading))


def of_palo_alto(line: str, reading: Reading) -> Event:
    """Return the event of a line of syslog."""
    found = _PALO_ALTO.search(line)
    if not found:
        raise BadLine("not a Palo Alto TRAFFIC line")
    cells = next(csv.reader([line[found.start() :]]))
    is_url = _is_url(*cells[3:5])
    names, last = (URL_FIELDS, "misc") if is_url else (PALO_ALTO_FIELDS, "bytes_in")
    if len(cells) < names.index(last) + 1:
        raise BadLine(f"a Palo Alto {found.group(2)} line of only {len(cells)} fields")
    event = {name: cell for name, cell in zip(names, cells) if cell}
    zone = _precise_zone(line) or syslog.zone(line)
    event["_time"] = timestamp(event.get("generated_time", found.group(1)), reading.tz, zone)
    return _completed(event)


def _is_url(kind: str = "", subtype: str = "") -> bool:
    """Tell whether a log is of URLs; one that is neither of these nor of traffic is bad."""
    if kind != "TRAFFIC" and (kind, subtype) != ("THREAT", "url"):
        raise BadLine(f"not a Palo Alto TRAFFIC line ({kind})")
    return kind == "THREAT"


def _precise_zone(written: str) -> Optional[str]:
    found = _PRECISE.search(written)
    return found and found[1]


def _completed(event: Event) -> Event:
    is_url = _is_url(event.get("type", "TRAFFIC"), event.get("log_subtype", ""))
    event["action"] = _action(event.get("vendor_action", ""))
    dvc = event.get("dvc_name", "firewall")
    event.update(src=event["src_ip"], dest=event["dest_ip"], dvc=dvc)
    if is_url:
        _with_name(event)
    return _named(event, "pan:threat" if is_url else products.PAN)


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
        return _fortigate(event, reading, line)
    event["_time"] = lines.time_of(event, line, reading)
    host = (syslog.header(line) or {}).get("host", "firewall")
    if "RT_FLOW_SESSION_" in line:
        event.setdefault("action", "blocked" if "RT_FLOW_SESSION_DENY" in line else "allowed")
        return _named(_connection(event), "juniper:junos:firewall:structured", host)
    if event.get("service", "").isdecimal():
        event.setdefault("dest_port", event["service"])
    return _named(_connection(_apart(event)), products.sourcetype_of(line) or SOURCETYPE, host)


# SonicWall writes address:port:interface.
_END = re.compile(r"(\d+(?:\.\d+){3}):(\d+)(?::(\w+))?(?::.*)?")


def _apart(event: Event) -> Event:
    """Take the address and the port of each side apart, where they are written as one."""
    for name, side in (("src", "src"), ("dst", "dest")):
        end = _END.fullmatch(event.get(name, ""))
        for part, value in zip(("ip", "port", "interface"), end.groups() if end else ()):
            if value:
                event.setdefault(f"{side}_{part}", value)
    return event


def _fortigate(event: Event, reading: Reading, line: str = "") -> Event:
    event["_time"] = lines.time_of(event, line, reading, ("eventtime",))
    event["vendor_action"] = event.get("action", "")
    event["action"] = _action(event["vendor_action"])
    event = _connection(event) if event["type"] == "traffic" else _aliased(event)
    event.setdefault("app", event.get("service", "unknown"))
    return _named(event, f"fortigate_{event['type']}")


# ---- Cisco FTD -----------------------------------------------------------------------------

# Secure Firewall Threat Defense Syslog Messages, 430002 and 430003: the begin and the end of a
# connection, as name: value.
_FTD = re.compile(r"%FTD-\d-(43000[23]): ")
_FTD_PAIR = re.compile(r"(\w+): (.*?)(?=, \w+: |\s*$)")


def is_ftd(line: str, _reading: Reading) -> bool:
    """Tell whether a line is a connection event of Cisco FTD."""
    return _FTD.search(line) is not None


def read_ftd(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a line."""

    def event(line: str) -> Event:
        found = _FTD.search(line)
        if not found:
            raise BadLine("not a connection event of Cisco FTD (430002 or 430003)")
        fields = dict(_FTD_PAIR.findall(line[found.end() :]))
        fields.update(message_id=found[1], _time=lines.time_of({}, line, reading))
        host = (syslog.header(line) or {}).get("host", "firewall")
        return _named(fields, "cisco:ftd:syslog", host)

    return log.converted(log.filled_lines(), event)


# ---- AWS as text ---------------------------------------------------------------------------

# Amazon VPC, flow log records: the default format; others begin with a line that names theirs.
_VPC_DEFAULT = """
    version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end
    action log-status
"""
_VPC_NAMES = _VPC_DEFAULT.split()
_VPC_HEADER = re.compile(r"(?=.*\b(?:pkt-)?srcaddr\b)[a-z][a-z-]+(?: [a-z][a-z-]+)+")
_VPC_LINE = re.compile(r"(?:\d{4}-\d\d-\d\dT\S+ )?(\d+ (?:\d{12}|unknown|-) eni-\S+ .*)")


def is_vpc(line: str, _reading: Reading) -> bool:
    """Tell whether a line is a flow log record of AWS VPC, or names its fields."""
    return bool(_VPC_HEADER.fullmatch(line) or _VPC_LINE.fullmatch(line))


def read_vpc(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a record."""
    names = list(_VPC_NAMES)

    def rows() -> Iterator[tuple[int, str]]:
        for number, line in log.filled_lines():
            if _VPC_HEADER.fullmatch(line):
                names[:] = line.split()
            else:
                yield number, line

    def event(line: str) -> Event:
        default = _VPC_LINE.fullmatch(line) if names == _VPC_NAMES else None
        cells = (default[1] if default else line).split()
        if len(cells) != len(names):
            raise BadLine(f"{len(cells)} fields where {len(names)} are expected")
        found = {name.replace("-", "_"): cell for name, cell in zip(names, cells) if cell != "-"}
        for side in ("src", "dst"):
            found.setdefault(f"{side}addr", found.get(f"pkt_{side}addr", ""))
        return _record(found, reading)

    return log.converted(rows(), event)


# ---- JSON and CSV --------------------------------------------------------------------------


def read_records(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a record, or a flow of a record that holds several."""

    def event(record: Event) -> Event:
        return _record(flattened(unwrapped(record)), reading)

    return log.converted(products.flows(records(log)), event)


def _record(found: Event, reading: Reading) -> Event:
    product = products.product_of(frozenset(found))
    if product:
        return _of_product(found, product, reading)
    found["_time"] = lines.time_of(found, "", reading)
    if "denied" in found.get("event.type{}", ()):
        found.setdefault("action", "blocked")
    elif "vendor_action" in found:
        found.setdefault("action", _action(found["vendor_action"]))
    own = found.get("sourcetype", "")
    known = is_source(own) or own in products.AZURE_TYPES
    return _named(_connection(found), own if known else SOURCETYPE)


def _of_product(event: Event, product: products.Product, reading: Reading) -> Event:
    if product.sourcetype == products.FORTIGATE:
        event.setdefault("type", "traffic")
        return _fortigate(event, reading)
    written = products.stamp(product, event)
    event = {name: value for name, value in event.items() if value not in ("-", "")}
    event = products.named(product, event)
    zone = _precise_zone("," + event.get("high_res_timestamp", "")) or lines.zone(event)
    event["_time"] = timestamp(written, reading.tz, zone)
    if product.sourcetype == products.PAN:
        return _completed(event)
    if product.sourcetype == products.NETFLOW and "bytes" in event:
        event["bytes_out"] = event["bytes"]
        if event.get("bytes_in") == "0":
            del event["bytes_in"]
    for name in ("vpcflow_action", "vendor_action"):
        if name in event:
            event["action"] = _action(event[name])
    if product.sourcetype == products.VPC and {"start_time", "end_time"} <= event.keys():
        event["duration"] = str(timestamp(event["end_time"]) - timestamp(event["start_time"]))
    event = _aliased(event)
    if "transport" in event:
        event["transport"] = event["transport"].lower()
    return _named(event, product.sourcetype)


def is_record(fields: Event) -> bool:
    """Tell whether a flat record names a side of a connection."""
    addresses = {*spellings("src", "dest"), *ALIASES}
    return not addresses.isdisjoint(fields) or products.product_of(frozenset(fields)) is not None


def is_table(line: str, _reading: Reading) -> bool:
    """Tell whether a line is the header of a CSV file with a time and addresses."""
    columns = tables.header(line)
    return columns is not None and is_record(dict.fromkeys(columns.names, ""))
