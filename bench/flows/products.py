"""The rows that each product writes of a session, under the field names of its usual add-on.

Sources of the shapes:
Zeek       docs.zeek.org, base/protocols/conn/main.zeek: ts is the time of the first packet.
conn_long  github.com/corelight/zeek-long-connections: an open connection again at certain ages,
           with its duration and bytes so far and the uid of its later row in conn.
FortiGate  FortiOS Log Message Reference, ids 13 (forward traffic, at close) and 20 (forward
           traffic statistics of an open session); Administration Guide, "Log fields for
           long-live sessions".
Palo Alto  PAN-OS, "Traffic Log Fields": subtypes start and end, Session ID, Elapsed Time; totals
           are only known at the end.
VPC flow   Amazon VPC User Guide, "Flow log records": one direction a record, one record a capture
           window of at most 60 or 600 seconds; names and _time (the start) as the Splunk add-on
           for AWS extracts them.
Sysmon     learn.microsoft.com/sysinternals: event id 3, network connection, has no byte counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

from .model import Counter, Event, Written
from .sensors import HEADER, Sensor, Session

FIRST_BYTES = 300


def zeek(sensor: Sensor, session: Session) -> Iterator[Written]:
    """Write the row of a closed connection, stamped with its begin."""
    if session.known.closed:
        yield _zeek(sensor, session, session.last, "zeek:conn:json", "zeek_conn.log")


def conn_long(sensor: Sensor, session: Session) -> Iterator[Written]:
    """Write an open connection again and again with its bytes so far, then its closing row."""
    counters = session.known.counters[1:]
    for counter in counters[:-1] if session.known.closed else counters:
        yield _zeek(sensor, session, counter, "corelight_conn_long", "corelight")
    if session.known.closed:
        yield _zeek(sensor, session, session.last, "corelight_conn", "corelight")


def _zeek(
    sensor: Sensor, session: Session, counter: Counter, sourcetype: str, source: str
) -> Written:
    flow, begin = session.flow, session.known.begin
    event: Event = {
        "_time": begin,
        "host": sensor.host,
        "source": source,
        "sourcetype": sourcetype,
        "ts": begin,
        "uid": f"C{flow.src_port:x}{int(1000 * flow.begin):x}",
        "id.orig_h": flow.src,
        "id.orig_p": flow.src_port,
        "id.resp_h": flow.dest_ip,
        "id.resp_p": flow.dest_port,
        "proto": "tcp",
        "service": "ssl",
        "orig_bytes": counter.bytes_out,
        "resp_bytes": counter.bytes_in,
        "conn_state": "SF",
        "local_orig": "T",
        "local_resp": "F",
    }
    if counter.epoch > begin:
        event["duration"] = round(counter.epoch - begin, 6)
    if sensor.packets:
        event.update(_packets(counter))
    return Written(event, counter.epoch - sensor.offset)


def _packets(counter: Counter) -> Event:
    packets = counter.bytes_out // 1400 + 4
    return {
        "missed_bytes": 0,
        "orig_pkts": packets,
        "orig_ip_bytes": counter.bytes_out + HEADER * packets,
    }


def fortigate(sensor: Sensor, session: Session) -> Iterator[Written]:
    """Write statistics of the open session (id 20) and its end (id 13), stamped when written."""
    counters = session.known.counters
    for before, counter in zip(counters, counters[1:]):
        closes = session.known.closed and counter is counters[-1]
        event = {
            **_firewall(sensor, counter, "fortigate_traffic", "udp:514"),
            "logid": "0000000013" if closes else "0000000020",
            "type": "traffic",
            "subtype": "forward",
            "srcip": session.flow.src,
            "srcport": session.flow.src_port,
            "dstip": session.flow.dest_ip,
            "dstport": session.flow.dest_port,
            "proto": 6,
            "service": "HTTPS",
            "action": "close" if closes else "accept",
            "sessionid": session.number,
            "duration": int(counter.epoch - counters[0].epoch),
            "sentbyte": counter.bytes_out,
            "rcvdbyte": counter.bytes_in,
            "sentdelta": counter.bytes_out - before.bytes_out,
            "rcvddelta": counter.bytes_in - before.bytes_in,
        }
        yield Written(event, counter.epoch - sensor.offset)


def palo_alto(sensor: Sensor, session: Session) -> Iterator[Written]:
    """Write the start row, where configured, with the first packets, and the end row."""
    begin = session.known.counters[0]
    if sensor.start_rows:
        first = Counter(begin.epoch, min(FIRST_BYTES, sensor.carried(session.flow.bytes_out)), 0)
        yield _palo_alto(sensor, session, "start", first)
    if session.known.closed:
        yield _palo_alto(sensor, session, "end", session.last)


def _palo_alto(sensor: Sensor, session: Session, subtype: str, counter: Counter) -> Written:
    event = {
        **_firewall(sensor, counter, "pan:traffic", "firewall_logs"),
        **_cim(session, counter),
        "log_subtype": subtype,
        "session_id": session.number,
    }
    return Written(event, counter.epoch - sensor.offset)


def cim_firewall(sensor: Sensor, session: Session) -> Iterator[Written]:
    """Write the row of a closed session under CIM names, stamped with its end."""
    if session.known.closed:
        counter = session.last
        event = {**_firewall(sensor, counter, "firewall", "udp:514"), **_cim(session, counter)}
        yield Written(event, counter.epoch - sensor.offset)


def _firewall(sensor: Sensor, counter: Counter, sourcetype: str, source: str) -> Event:
    return {
        "_time": counter.epoch,
        "host": sensor.host,
        "source": source,
        "sourcetype": sourcetype,
    }


def _cim(session: Session, counter: Counter) -> Event:
    return {
        "src_ip": session.flow.src,
        "src_port": session.flow.src_port,
        "dest_ip": session.flow.dest_ip,
        "dest_port": session.flow.dest_port,
        "transport": "tcp",
        "action": "allowed",
        "duration": int(counter.epoch - session.known.begin),
        "bytes": counter.bytes_out + counter.bytes_in,
        "bytes_out": counter.bytes_out,
        "bytes_in": counter.bytes_in,
    }


def vpc_flow(sensor: Sensor, session: Session) -> Iterator[Written]:
    """Write a record a capture window and direction, of the bytes that passed in it."""
    counters = session.known.counters
    flow = session.flow
    there = (flow.src, flow.src_port, flow.dest_ip, flow.dest_port)
    back = (flow.dest_ip, flow.dest_port, flow.src, flow.src_port)
    for before, after in zip(counters, counters[1:]):
        sent = after.bytes_out - before.bytes_out
        received = after.bytes_in - before.bytes_in
        for ends, carried in ((there, sent), (back, received)):
            if carried:
                event = _record(sensor, ends, before.epoch, after.epoch, carried)
                yield Written(event, after.epoch - sensor.offset)


def _record(sensor: Sensor, ends: tuple, start: float, end: float, carried: int) -> Event:
    src_ip, src_port, dest_ip, dest_port = ends
    return {
        "_time": start,
        "host": sensor.host,
        "source": "eni-1-all",
        "sourcetype": "aws:cloudwatchlogs:vpcflow",
        "src_ip": src_ip,
        "src_port": src_port,
        "dest_ip": dest_ip,
        "dest_port": dest_port,
        "protocol": "tcp",
        "bytes": carried,
        "packets": carried // 1400 + 1,
        "start_time": int(start),
        "end_time": int(end),
        "duration": int(end - start),
        "action": "allowed",
        "vpcflow_action": "ACCEPT",
    }


def sysmon(sensor: Sensor, session: Session) -> Iterator[Written]:
    """Write the begin of a connection, without bytes, by the sender's own clock."""
    flow, begin = session.flow, session.known.begin
    event = {
        "_time": begin,
        "host": sensor.host,
        "source": "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational",
        "sourcetype": "XmlWinEventLog",
        "EventCode": 3,
        "Computer": f"{sensor.host}.example.com",
        "Image": "C:\\Program Files\\Sync\\Sync.exe",
        "Initiated": "true",
        "Protocol": "tcp",
        "SourceIp": flow.src,
        "SourcePort": flow.src_port,
        "DestinationIp": flow.dest_ip,
        "DestinationPort": flow.dest_port,
    }
    yield Written(event, begin - sensor.offset)


PRODUCTS: dict[str, Callable[[Sensor, Session], Iterator[Written]]] = {
    "zeek": zeek,
    "conn_long": conn_long,
    "fortigate": fortigate,
    "palo_alto": palo_alto,
    "cim_firewall": cim_firewall,
    "vpc_flow": vpc_flow,
    "sysmon": sysmon,
}


def rows(sensor: Sensor, found: list[Session]) -> list[Written]:
    """Return all rows that a sensor writes of its sessions."""
    return [row for session in found for row in PRODUCTS[sensor.product](sensor, session)]
