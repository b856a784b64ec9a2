"""Writers: the same connections as Zeek, Sysmon and two firewalls would log them.

Zeek and firewalls log a connection when it closes, with the time of its first packet; Sysmon logs
it when it opens and knows no byte counts.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import Union
from uuid import NAMESPACE_OID, uuid5
from xml.sax.saxutils import escape, quoteattr

from office.network import FORTIGATE, PALO_ALTO, Flow

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
SEGMENT_BYTES = 1448
HEADER_BYTES = 52
PROTOCOL_NUMBERS = {"tcp": 6, "udp": 17}

Value = Union[str, int, float, bool, None]


def write_all(flows: Iterable[Flow], folder: Path, zone: tzinfo) -> dict[Path, int]:
    """Write every log below the folder and return the number of records in each file.

    `zone` is what the firewalls' clocks show.
    """
    flows = sorted(flows)
    opened = sorted(flows, key=lambda flow: flow.start)
    written = {
        folder / "zeek" / "conn.log.gz": zeek_tsv(_by(flows, zeek="tsv")),
        folder / "zeek" / "conn-servers.json": zeek_json(_by(flows, zeek="json")),
        folder / "sysmon" / "workstations.json": sysmon_json(_by(opened, sysmon="json")),
        folder / "sysmon" / "servers-and-homes.xml": sysmon_xml(_by(opened, sysmon="xml")),
        folder / "firewall" / "fortigate.log": fortigate(_by(flows, firewall=FORTIGATE), zone),
        folder / "firewall" / "paloalto.log": palo_alto(_by(flows, firewall=PALO_ALTO), zone),
    }
    return {path: _write(path, lines) for path, lines in written.items()}


def _by(flows: Iterable[Flow], **sensor: str) -> list[Flow]:
    ((name, value),) = sensor.items()
    return [flow for flow in flows if getattr(flow.machine, name) == value]


def _write(path: Path, lines: Iterable[str]) -> int:
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
    return {
        "ts": flow.start,
        "uid": _uid(flow, number),
        "id.orig_h": flow.src,
        "id.orig_p": flow.src_port,
        "id.resp_h": flow.dst,
        "id.resp_p": flow.dst_port,
        "proto": flow.transport,
        "service": None if flow.app == "unknown" else flow.app,
        "duration": round(flow.end - flow.start, 6),
        "orig_bytes": flow.bytes_out,
        "resp_bytes": flow.bytes_in,
        "conn_state": "SF",
        "local_orig": True,
        "local_resp": False,
        "missed_bytes": 0,
        "history": "ShADadFf" if flow.transport == "tcp" else "Dd",
        "orig_pkts": out_packets,
        "orig_ip_bytes": flow.bytes_out + out_packets * HEADER_BYTES,
        "resp_pkts": in_packets,
        "resp_ip_bytes": flow.bytes_in + in_packets * HEADER_BYTES,
        "tunnel_parents": None,
        "orig_l2_addr": flow.machine.mac,
    }


def _uid(flow: Flow, number: int) -> str:
    return f"C{number:06x}{int(flow.start * 1e6) & 0xFFFFFFFFFF:010x}"


def zeek_tsv(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield a Zeek conn log in Zeek's own text format."""
    flows = list(flows)
    yield "#separator \\x09"
    yield "#set_separator\t,"
    yield "#empty_field\t(empty)"
    yield "#unset_field\t-"
    yield "#path\tconn"
    yield f"#open\t{_zeek_stamp(flows[0].end if flows else 0)}"
    yield "#fields\t" + "\t".join(ZEEK_FIELDS)
    yield "#types\t" + "\t".join(ZEEK_FIELDS.values())
    for number, flow in enumerate(flows):
        yield "\t".join(map(_zeek_text, zeek_record(flow, number).values()))
    yield f"#close\t{_zeek_stamp(flows[-1].end if flows else 0)}"


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


def sysmon_record(flow: Flow) -> dict[str, str]:
    """Return a connection as the data of Sysmon's EventCode 3."""
    is_ipv6 = str(":" in flow.src).lower()
    machine = flow.machine.name
    return {
        "RuleName": "-",
        "UtcTime": _utc(flow.start, "%Y-%m-%d %H:%M:%S"),
        "ProcessGuid": _guid(machine, flow.process),
        "ProcessId": str(1000 + sum(map(ord, flow.process)) % 30000),
        "Image": flow.process,
        "User": f"OFFICE\\{machine}",
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


@cache
def _guid(machine: str, process: str) -> str:
    return f"{{{uuid5(NAMESPACE_OID, machine + process)}}}"


def _utc(epoch: float, layout: str) -> str:
    moment = datetime.fromtimestamp(epoch, timezone.utc)
    return f"{moment.strftime(layout)}.{moment.microsecond // 1000:03}"


def sysmon_json(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield Sysmon events as flat JSON lines."""
    for flow in flows:
        yield json.dumps(
            {"EventCode": 3, "Computer": flow.machine.name, **sysmon_record(flow)},
        )


def sysmon_xml(flows: Iterable[Flow]) -> Iterator[str]:
    """Yield Sysmon events as Windows event XML, one a line."""
    for number, flow in enumerate(flows, 1):
        fields = "".join(
            f"<Data Name={quoteattr(name)}>{escape(value)}</Data>"
            for name, value in sysmon_record(flow).items()
        )
        yield (
            '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
            '<Provider Name="Microsoft-Windows-Sysmon"/><EventID>3</EventID><Version>5</Version>'
            f'<TimeCreated SystemTime="{_utc(flow.start, "%Y-%m-%dT%H:%M:%S")}Z"/>'
            f"<EventRecordID>{number}</EventRecordID>"
            "<Channel>Microsoft-Windows-Sysmon/Operational</Channel>"
            f"<Computer>{flow.machine.name}</Computer></System>"
            f"<EventData>{fields}</EventData></Event>"
        )


def fortigate(flows: Iterable[Flow], zone: tzinfo) -> Iterator[str]:
    """Yield FortiGate forward traffic logs as key=value."""
    for number, flow in enumerate(flows, 1):
        moment = datetime.fromtimestamp(flow.start, zone)
        yield (
            f'date={moment:%Y-%m-%d} time={moment:%H:%M:%S} devname="{FORTIGATE}" '
            f"eventtime={int(flow.start * 1e6) * 1000} "
            f'tz="{moment:%z}" logid="0000000013" type="traffic" subtype="forward" '
            f'level="notice" vd="root" srcip={flow.src} srcport={flow.src_port} '
            f'srcintf="lan" dstip={flow.dst} dstport={flow.dst_port} dstintf="wan1" '
            f"sessionid={number} proto={PROTOCOL_NUMBERS[flow.transport]} "
            f'action="{"close" if flow.transport == "tcp" else "accept"}" policyid=1 '
            f'service="{flow.app.upper()}" duration={round(flow.end - flow.start)} '
            f"sentbyte={flow.bytes_out} rcvdbyte={flow.bytes_in}"
        )


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
