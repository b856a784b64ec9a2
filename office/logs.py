"""Writers of connection logs (Zeek, Sysmon, two firewalls) and of Sysmon's other events.

Zeek and firewalls log a connection when it closes, with the time of its first packet; Sysmon logs
it when it opens, without byte counts.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone, tzinfo
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar, Union
from uuid import NAMESPACE_OID, uuid5
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

from office.events import Event, FileAccessed, ProcessStarted
from office.network import FORTIGATE, PALO_ALTO, PROXY_PORT, SQUID, ZSCALER, Flow, Machine
from office.services import answers
from replay.cores import each

ZEEK_FIELDS = {
    "ts": "time",
    "uid": "string",
    "id.orig_h": "addr",
    "id.orig_p": "port",
    "id.resp_h": "addr",
    "id.resp_p": "port",
    "proto": "enum",
    "service": "string",
    "duration": "interval",
    "orig_bytes": "count",
    "resp_bytes": "count",
    "conn_state": "string",
    "local_orig": "bool",
    "local_resp": "bool",
    "missed_bytes": "count",
    "history": "string",
    "orig_pkts": "count",
    "orig_ip_bytes": "count",
    "resp_pkts": "count",
    "resp_ip_bytes": "count",
    "tunnel_parents": "set[string]",
    "orig_l2_addr": "string",
}
SIDES = ("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p")
# The resolver inside, which machines ask for names.
RESOLVER = "10.20.9.53"
RESOLVED_IN = 0.02
SEGMENT_BYTES = 1448
HEADER_BYTES = 52
PROTOCOL_NUMBERS = {"tcp": 6, "udp": 17}

Value = Union[str, int, float, bool, None]
Seen = TypeVar("Seen", Flow, "WindowsEvent")


def write_all(
    flows: Iterable[Flow], events: Iterable[Event], folder: Path, zone: tzinfo
) -> dict[Path, int]:
    """Write connection and Sysmon logs; return the number of records in each file.

    `zone` is the time zone of the firewalls.
    """
    flows = sorted(flows)
    sysmon = sysmon_entries(flows, events)
    written = {
        folder / "zeek" / "conn.log.gz": zeek_tsv(_by(flows, zeek="tsv")),
        folder / "zeek" / "ssl.log.gz": zeek_ssl(_by(flows, zeek="tsv")),
        folder / "zeek" / "http.log.gz": zeek_http(_by(flows, zeek="tsv")),
        folder / "zeek" / "dns.log.gz": zeek_dns(_by(flows, zeek="tsv")),
        folder / "zeek" / "conn-servers.json": zeek_json(_by(flows, zeek="json")),
        folder / "zeek" / "ssl-servers.json": zeek_ssl_json(_by(flows, zeek="json")),
        folder / "sysmon" / "workstations.json": sysmon_json(_by(sysmon, sysmon="json")),
        folder / "sysmon" / "servers-and-homes.xml": windows_xml(_by(sysmon, sysmon="xml")),
        folder / "firewall" / "fortigate.log": fortigate(_by(flows, firewall=FORTIGATE), zone),
        folder / "firewall" / "paloalto.log": palo_alto(_by(flows, firewall=PALO_ALTO), zone),
        folder / "proxy" / "zscaler.log": zscaler(_by(flows, proxy=ZSCALER), zone),
    }
    return write_each(written)


def _by(seen: Iterable[Seen], **sensor: str) -> list[Seen]:
    ((name, value),) = sensor.items()
    return [one for one in seen if getattr(one.machine, name) == value]


def write_each(logs: Mapping[Path, Iterable[str]]) -> dict[Path, int]:
    """Write files, on all cores, and return the number of records in each."""
    records = each([partial(write, path, lines) for path, lines in logs.items()])
    return dict(zip(logs, records))


def write(path: Path, lines: Iterable[str]) -> int:
    """Write a file, gzipped if its name says so, and return the number of its records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = 0
    with path.open("wb") as raw, _text(path, raw) as out:
        for line in lines:
            out.write(line + "\n")
            records += not line.startswith("#")
    return records


def _text(path: Path, raw: io.BufferedWriter) -> io.TextIOWrapper:
    # No name and no time in the gzip header, so that a seed always gives the same bytes.
    if path.suffix == ".gz":
        packed = gzip.GzipFile("", "wb", compresslevel=4, fileobj=raw, mtime=0)
        return io.TextIOWrapper(packed, encoding="utf-8")
    return io.TextIOWrapper(raw, encoding="utf-8")


def zeek_record(flow: Flow, number: int) -> dict[str, Value]:
    """Return a connection as Zeek's conn record; None is unset."""
    out_packets = 3 + flow.bytes_out // SEGMENT_BYTES
    in_packets = 2 + flow.bytes_in // SEGMENT_BYTES
    app = "http" if flow.machine.proxy else flow.app
    return {
        **_sides(flow, number),
        "proto": flow.transport,
        "service": None if app == "unknown" else app,
        "duration": round(flow.end - flow.start, 6),
        "orig_bytes": flow.bytes_out,
        "resp_bytes": flow.bytes_in,
        "conn_state": "SF",
        "local_orig": True,
        "local_resp": bool(flow.machine.proxy),
        "missed_bytes": 0,
        "history": "ShADadFf" if flow.transport == "tcp" else "Dd",
        "orig_pkts": out_packets,
        "orig_ip_bytes": flow.bytes_out + out_packets * HEADER_BYTES,
        "resp_pkts": in_packets,
        "resp_ip_bytes": flow.bytes_in + in_packets * HEADER_BYTES,
        "tunnel_parents": None,
        "orig_l2_addr": flow.machine.link,
    }


def _sides(flow: Flow, number: int) -> dict[str, Value]:
    """Return what all logs of Zeek say first of a connection; one through a proxy is with it."""
    proxied = flow.machine.proxy
    return {
        "ts": flow.start,
        "uid": _uid(flow, number),
        "id.orig_h": flow.src,
        "id.orig_p": flow.src_port,
        "id.resp_h": proxied or flow.dst,
        "id.resp_p": PROXY_PORT if proxied else flow.dst_port,
    }


def _uid(flow: Flow, number: int) -> str:
    return f"C{number:06x}{int(flow.start * 1e6) & 0xFFFFFFFFFF:010x}"


def zeek_tsv(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield a Zeek conn log in Zeek's own text format."""
    flows = list(flows)
    span = (flows[0].end, flows[-1].end) if flows else (0.0, 0.0)
    records = (zeek_record(flow, number) for number, flow in enumerate(flows))
    yield from zeek_lines("conn", ZEEK_FIELDS, span, records)


def _named_records(
    flows: Iterable[Flow], wanted: Callable[[Flow], bool], more: Callable[[Flow], dict[str, Value]]
) -> list[dict[str, Value]]:
    """Return a record of each flow with a name, in order of time, numbered as in the conn log."""
    records = [
        {**_sides(flow, number), **more(flow)}
        for number, flow in enumerate(flows)
        if flow.name and wanted(flow)
    ]
    return sorted(records, key=lambda record: record["ts"])


def _ssl_records(flows: Iterable[Flow]) -> list[dict[str, Value]]:
    """Return the TLS handshakes with services of shared addresses.

    Those with other servers are left out: each has an address of its own, and they would double
    the size of the logs.
    """

    def handshake(flow: Flow) -> dict[str, Value]:
        return {"version": "TLSv13", "server_name": flow.name, "established": True}

    return _named_records(flows, lambda flow: not flow.machine.proxy, handshake)


def _in_zeek_text(path: str, types: Mapping[str, str], records: Sequence[dict]) -> Iterator[str]:
    span = (records[0]["ts"], records[-1]["ts"]) if records else (0.0, 0.0)
    fields = {name: ZEEK_FIELDS[name] for name in SIDES}
    yield from zeek_lines(path, {**fields, **types}, span, records)


def zeek_ssl(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield a Zeek ssl log in Zeek's own text format."""
    types = {"version": "string", "server_name": "string", "established": "bool"}
    return _in_zeek_text("ssl", types, _ssl_records(flows))


def zeek_ssl_json(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield a Zeek ssl log as JSON lines."""
    return map(json.dumps, _ssl_records(flows))


def zeek_http(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield a Zeek http log: what the clients of the proxy ask it for."""

    def request(flow: Flow) -> dict[str, Value]:
        server = f"{flow.name}:{flow.dst_port}"
        return {
            "method": "CONNECT",
            "host": server,
            "uri": server,
            "request_body_len": 0,
            "response_body_len": 0,
            "status_code": 200,
        }

    texts, counts = ("method", "host", "uri"), ("request_body_len", "response_body_len")
    types = {**dict.fromkeys(texts, "string"), **dict.fromkeys((*counts, "status_code"), "count")}
    proxied = _named_records(flows, lambda flow: flow.machine.proxy == SQUID, request)
    return _in_zeek_text("http", types, proxied)


def zeek_dns(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield a Zeek dns log: the names that were asked for before these connections."""

    def query(flow: Flow) -> dict[str, Value]:
        return {
            "ts": round(flow.start - RESOLVED_IN, 6),
            "uid": f"D{int(flow.start * 1e6):x}",
            "id.resp_h": RESOLVER,
            "id.resp_p": 53,
            "query": flow.name,
            "qtype_name": "A",
            "answers": ",".join(answers(flow.name, flow.dst)),
        }

    types = {"query": "string", "qtype_name": "string", "answers": "vector[string]"}
    asked = _named_records(flows, lambda flow: not flow.machine.proxy, query)
    return _in_zeek_text("dns", types, asked)


def zeek_lines(
    path: str,
    fields: Mapping[str, str],
    span: tuple[float, float],
    records: Iterable[Mapping[str, Value]],
) -> Iterator[str]:
    """Yield records between the header and the footer of Zeek's own text format."""
    yield "#separator \\x09"
    yield "#set_separator\t,"
    yield "#empty_field\t(empty)"
    yield "#unset_field\t-"
    yield f"#path\t{path}"
    yield f"#open\t{_zeek_stamp(span[0])}"
    yield "#fields\t" + "\t".join(fields)
    yield "#types\t" + "\t".join(fields.values())
    for record in records:
        yield "\t".join(map(_zeek_text, record.values()))
    yield f"#close\t{_zeek_stamp(span[1])}"


def _zeek_stamp(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%d-%H-%M-%S")


def _zeek_text(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "T" if value else "F"
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def zeek_json(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield a Zeek conn log as JSON lines."""
    for number, flow in enumerate(flows):
        record = zeek_record(flow, number)
        yield json.dumps({key: value for key, value in record.items() if value is not None})


class WindowsEvent(NamedTuple):
    """One event of a Windows event log; `values` are its EventData."""

    time: float
    machine: Machine
    provider: str
    channel: str
    code: int
    version: int
    values: dict[str, str]


def identity(machine: str, image: str, run: str) -> tuple[str, int]:
    """Return the ProcessGuid and the process id of one run of a program."""
    guid = uuid5(NAMESPACE_OID, f"{machine}{image}{run}")
    return f"{{{guid}}}", 1000 + crc32(guid.bytes) % 30000


_identity = cache(identity)


def sysmon_entries(flows: Iterable[Flow], events: Iterable[Event]) -> list[WindowsEvent]:
    """Return the Sysmon events of all machines with Sysmon, in order of time."""
    entries = [
        _sysmon(flow.start, flow.machine, 3, 5, sysmon_connection(flow))
        for flow in flows
        if flow.machine.sysmon
    ]
    for event in events:
        if not event.machine.sysmon:
            continue
        if isinstance(event, ProcessStarted):
            entries.append(_sysmon(event.time, event.machine, 1, 5, _sysmon_start(event)))
        elif isinstance(event, FileAccessed) and not event.machine.audits:
            entries.append(_sysmon(event.time, event.machine, 11, 2, _sysmon_file(event)))
    return sorted(entries, key=lambda entry: entry.time)


def _sysmon(
    time: float, machine: Machine, code: int, version: int, values: dict[str, str]
) -> WindowsEvent:
    provider = "Microsoft-Windows-Sysmon"
    return WindowsEvent(time, machine, provider, f"{provider}/Operational", code, version, values)


def _sysmon_process(time: float, machine: Machine, image: str, run: str) -> dict[str, str]:
    # Called for each connection: cache the processes that keep running, not single runs.
    guid, number = (identity if run else _identity)(machine.name, image, run)
    return {
        "RuleName": "-",
        "UtcTime": utc(time, "%Y-%m-%d %H:%M:%S"),
        "ProcessGuid": guid,
        "ProcessId": str(number),
        "Image": image,
    }


def sysmon_connection(flow: Flow) -> dict[str, str]:
    """Return a connection as the data of Sysmon's EventCode 3."""
    is_ipv6 = str(":" in flow.src).lower()
    return {
        **_sysmon_process(flow.start, flow.machine, flow.process, flow.run),
        "User": f"OFFICE\\{flow.machine.name}",
        "Protocol": flow.transport,
        "Initiated": "true",
        "SourceIsIpv6": is_ipv6,
        "SourceIp": flow.src,
        "SourceHostname": "-",
        "SourcePort": str(flow.src_port),
        "SourcePortName": "-",
        "DestinationIsIpv6": is_ipv6,
        "DestinationIp": flow.dst,
        "DestinationHostname": "-",
        "DestinationPort": str(flow.dst_port),
        "DestinationPortName": "-",
    }


def _sysmon_file(event: FileAccessed) -> dict[str, str]:
    return {
        **_sysmon_process(event.time, event.machine, event.image, event.run),
        "TargetFilename": event.path,
        "CreationUtcTime": utc(event.time, "%Y-%m-%d %H:%M:%S"),
        "User": f"OFFICE\\{event.machine.name}",
    }


def _sysmon_start(event: ProcessStarted) -> dict[str, str]:
    guid, number = identity(event.machine.name, event.parent, event.parent_run)
    return {
        **_sysmon_process(event.time, event.machine, event.image, event.run),
        "OriginalFileName": event.image.rpartition("\\")[2],
        "CommandLine": event.command,
        "CurrentDirectory": "C:\\Windows\\system32\\",
        "User": account(event.user),
        "IntegrityLevel": "System" if event.user == "SYSTEM" else "Medium",
        "Hashes": f"SHA256={sha256(event.image.encode()).hexdigest().upper()}",
        "ParentProcessGuid": guid,
        "ParentProcessId": str(number),
        "ParentImage": event.parent,
        "ParentCommandLine": event.parent_command,
        "ParentUser": account("SYSTEM" if event.job else event.user),
    }


def account(user: str) -> str:
    """Return a user's name with its domain, as Windows shows it."""
    return f"NT AUTHORITY\\{user}" if user == "SYSTEM" else f"OFFICE\\{user}"


def utc(epoch: float, layout: str) -> str:
    """Return a moment in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(epoch, timezone.utc)
    return f"{moment.strftime(layout)}.{moment.microsecond // 1000:03}"


def sysmon_json(entries: Iterable[WindowsEvent]) -> Iterator[str]:
    """Yield Sysmon events as flat JSON lines."""
    for entry in entries:
        named = {"EventCode": entry.code, "Computer": entry.machine.name}
        yield json.dumps({**named, **entry.values})


def windows_xml(entries: Iterable[WindowsEvent]) -> Iterator[str]:
    """Yield the events of a Windows event log as XML, one a line."""
    for number, entry in enumerate(entries, 1):
        fields = "".join(
            f"<Data Name={quoteattr(name)}>{escape(value)}</Data>"
            for name, value in entry.values.items()
        )
        yield (
            '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
            f'<Provider Name="{entry.provider}"/><EventID>{entry.code}</EventID>'
            f"<Version>{entry.version}</Version>"
            f'<TimeCreated SystemTime="{utc(entry.time, "%Y-%m-%dT%H:%M:%S")}Z"/>'
            f"<EventRecordID>{number}</EventRecordID>"
            f"<Channel>{entry.channel}</Channel>"
            f"<Computer>{entry.machine.name}</Computer></System>"
            f"<EventData>{fields}</EventData></Event>"
        )


def fortigate(flows: Iterable[Flow], zone: tzinfo) -> Iterator[str]:
    """Yield FortiGate forward traffic logs as key=value, each when its session has closed."""
    for number, flow in sorted(enumerate(flows, 1), key=lambda numbered: numbered[1].end):
        moment = datetime.fromtimestamp(flow.end, zone)
        yield (
            f'date={moment:%Y-%m-%d} time={moment:%H:%M:%S} devname="{FORTIGATE}" '
            f"eventtime={int(flow.end * 1e6) * 1000} "
            f'tz="{moment:%z}" logid="0000000013" type="traffic" subtype="forward" '
            f'level="notice" vd="root" srcip={flow.src} srcport={flow.src_port} '
            f'srcmac="{flow.machine.link}" srcintf="lan" dstip={flow.dst} '
            f'dstport={flow.dst_port} dstintf="wan1" '
            f"sessionid={number} proto={PROTOCOL_NUMBERS[flow.transport]} "
            f'action="{"close" if flow.transport == "tcp" else "accept"}" policyid=1 '
            f'service="{flow.app.upper()}" duration={round(flow.end - flow.start)} '
            f"sentbyte={flow.bytes_out} rcvdbyte={flow.bytes_in}"
        )


def zscaler(flows: Iterable[Flow], zone: tzinfo) -> Iterator[str]:
    """Yield Zscaler's web log as its feed for Splunk writes it, each when its transfer is over."""
    for number, flow in enumerate(sorted(flows, key=lambda flow: flow.end)):
        pairs = {
            "reason": "Allowed",
            "event_id": number,
            "protocol": "HTTPS",
            "action": "Allowed",
            "transactionsize": flow.bytes_out + flow.bytes_in,
            "responsesize": flow.bytes_in,
            "requestsize": flow.bytes_out,
            "ClientIP": flow.src,
            "serverip": flow.dst,
            "clienttranstime": round((flow.end - flow.start) * 1000),
            "servertranstime": 0,
            "requestmethod": "CONNECT",
            "status": 200,
            "user": f"{flow.machine.name}@office.example",
            "url": f"{flow.name}:{flow.dst_port}",
            "hostname": flow.name,
        }
        moment = datetime.fromtimestamp(flow.end, zone)
        yield "\t".join([f"{moment:%Y-%m-%d %H:%M:%S}", *(f"{k}={v}" for k, v in pairs.items())])


def palo_alto(flows: Iterable[Flow], zone: tzinfo) -> Iterator[str]:
    """Yield PAN-OS traffic logs: comma-separated by position, up to the device's name."""
    for number, flow in enumerate(flows, 1):
        yield ",".join(map(str, _palo_alto_fields(flow, number, zone)))


def _palo_alto_fields(flow: Flow, number: int, zone: tzinfo) -> list[str | int]:
    closed, opened = _pan_stamp(flow.end, zone), _pan_stamp(flow.start, zone)
    packets_out = 3 + flow.bytes_out // SEGMENT_BYTES
    packets_in = 2 + flow.bytes_in // SEGMENT_BYTES
    head: list[str | int] = [1, closed, "000000000001", "TRAFFIC", "end", 2561, closed]
    route = [flow.src, flow.dst, "0.0.0.0", "0.0.0.0", "outbound", "", "", flow.app, "vsys1"]
    zones = ["trust", "untrust", "ethernet1/2", "ethernet1/1", "forward", closed, number, 1]
    ports = [flow.src_port, flow.dst_port, 0, 0, "0x19", flow.transport, "allow"]
    total = [flow.bytes_out + flow.bytes_in, flow.bytes_out, flow.bytes_in]
    spent = [packets_out + packets_in, opened, round(flow.end - flow.start), "any", 0, number]
    tail = ["0x0", "private", "reserved", 0, packets_out, packets_in, "tcp-fin", 0, 0, 0, 0]
    return [*head, *route, *zones, *ports, *total, *spent, *tail, "vsys1", PALO_ALTO]


def _pan_stamp(epoch: float, zone: tzinfo) -> str:
    return datetime.fromtimestamp(epoch, zone).strftime("%Y/%m/%d %H:%M:%S")
