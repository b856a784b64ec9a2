"""Events as the products write them, for cases made by hand or at random."""

import json
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Callable

Event = dict[str, object]
Make = Callable[..., Event]

INSIDE = "10.1.2.3"
OUTSIDE = "203.0.113.9"
# 2026-01-01T00:00:00Z.
NEW_YEAR = 1767225600
HOUR = 3600
DAY = 24 * HOUR
MB = 1_000_000

# What FortiOS writes of an open session, and of one that is over.
STATISTICS = {"logid": "0000000020", "action": "accept"}
CLOSED = {"logid": "0000000013", "action": "close"}

MAC = "00:00:5e:00:53:01"
IMPLANT = "c:\\users\\ann\\update.exe"
SYNC = "c:\\program files\\sync\\sync.exe"
NOTEPAD = "c:\\windows\\system32\\notepad.exe"
POWERSHELL = "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe"


def night(days: int, second: float = 850.0) -> float:
    """Return the epoch of 02:14:10 (or another second after 02:00) so many days on."""
    return NEW_YEAR + days * DAY + 2 * HOUR + second


def at(hour: int, second: float = 850.0) -> float:
    """Return the epoch of a second in an hour, both counted from New Year."""
    return NEW_YEAR + hour * HOUR + second


def zeek(epoch: float, sent: object = None, /, **fields: object) -> Event:
    """Return a Zeek connection as JSON extraction leaves it; a field of None is left out."""
    event = {
        "_time": epoch,
        "host": "zeek-1",
        "source": "zeek_conn.log",
        "sourcetype": "zeek:conn:json",
        "id.orig_h": INSIDE,
        "id.orig_p": 49152,
        "id.resp_h": OUTSIDE,
        "id.resp_p": 443,
        "proto": "tcp",
        "orig_bytes": sent,
        "resp_bytes": 1000,
    }
    return _event(event, fields)


def palo_alto(epoch: float, sent: object = None, /, **fields: object) -> Event:
    """Return a Palo Alto traffic log; a field of None is left out."""
    event = {
        "_time": epoch,
        "host": "fw-1",
        "source": "firewall_logs",
        "sourcetype": "pan:traffic",
        "src_ip": INSIDE,
        "dest_ip": OUTSIDE,
        "dest_port": 443,
        "transport": "tcp",
        "action": "allowed",
        "bytes_out": sent,
        "bytes_in": 1000,
    }
    return _event(event, fields)


def fortigate(epoch: float, sent: object = None, /, **fields: object) -> Event:
    """Return a FortiGate traffic log; a field of None is left out."""
    event = {
        "_time": epoch,
        "host": "fortigate-1",
        "source": "udp:514",
        "sourcetype": "fortigate_traffic",
        "srcip": INSIDE,
        "dstip": OUTSIDE,
        "dstport": "443",
        "action": "close",
        "sentbyte": sent,
        "rcvdbyte": 1000,
    }
    return _event(event, fields)


def stream(epoch: float, sent: object = None, /, **fields: object) -> Event:
    """Return a flow of Splunk Stream, which counts from the server's side."""
    event = {
        "_time": epoch,
        "host": "stream-1",
        "source": "stream:tcp",
        "sourcetype": "stream:tcp",
        "src_ip": INSIDE,
        "src_port": 49152,
        "dest_ip": OUTSIDE,
        "dest_port": 443,
        "transport": "tcp",
        "bytes_in": sent,
        "bytes_out": 1000,
    }
    return _event(event, fields)


def vpc_flow(epoch: float, sent: int, back: int = 100, /, port: int = 49152) -> list[Event]:
    """Return the two records of a flow in one minute: AWS VPC flow logs have one a direction."""
    return [
        {
            "_time": epoch,
            "host": "vpc-1",
            "source": "vpc",
            "sourcetype": "aws:cloudwatchlogs:vpcflow",
            "src_ip": src_ip,
            "src_port": src_port,
            "dest_ip": dest_ip,
            "dest_port": dest_port,
            "bytes": carried,
            "duration": 60,
            "action": "allowed",
        }
        for src_ip, src_port, dest_ip, dest_port, carried in (
            (INSIDE, port, OUTSIDE, 443, sent),
            (OUTSIDE, 443, INSIDE, port, back),
        )
    ]


def sysmon(epoch: float, **fields: object) -> Event:
    """Return a Sysmon network connection, which has no byte counts."""
    event = {
        "_time": epoch,
        "host": "ws-7",
        "source": "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational",
        "sourcetype": "XmlWinEventLog",
        "EventCode": 3,
        "Computer": "ws-7.example.com",
        "Image": "C:\\Program Files\\Sync\\Sync.exe",
        "Initiated": "true",
        "Protocol": "tcp",
        "SourceIp": INSIDE,
        "DestinationIp": OUTSIDE,
        "DestinationPort": 443,
    }
    return _event(event, fields)


def conn_long(
    begins: float, grown: Iterable[int], every: float = HOUR, **fields: object
) -> list[Event]:
    """Return what Zeek's conn_long writes of an open connection: the bytes so far, each hour."""
    named = {"sourcetype": "corelight_conn_long", "source": "corelight", "uid": "Clong1", **fields}
    return [
        zeek(begins, sent, duration=every * number, **named)
        for number, sent in enumerate(accumulate(grown), start=1)
    ]


def fortigate_session(
    begins: float, grown: Iterable[int], every: int = 120, **fields: object
) -> list[Event]:
    """Return what a FortiGate writes of a session: the bytes so far, every two minutes, and all."""
    named = {"sessionid": 77, "srcport": 49152, **fields}
    totals = list(accumulate(grown))
    return [
        fortigate(
            begins + every * number,
            sent,
            duration=every * number,
            **(CLOSED if number == len(totals) else STATISTICS),
            **named,
        )
        for number, sent in enumerate(totals, start=1)
    ]


def volume(
    hours: Iterable[int], sent: object, make: Make = zeek, /, **fields: object
) -> list[Event]:
    """Return one connection in each hour."""
    return [make(at(hour), sent, **fields) for hour in hours]


def bursts(
    hours: Iterable[int],
    connections: int,
    sent: object = 5_000_001,
    make: Make = zeek,
    /,
    **fields: object,
) -> list[Event]:
    """Return so many connections, a minute apart, in each hour."""
    return [
        make(at(hour, 60.0 * number), sent, **fields)
        for hour in hours
        for number in range(connections)
    ]


def sysmon_bursts(hours: Iterable[int], connections: int, **fields: object) -> list[Event]:
    """Return so many Sysmon connections, a minute apart, in each hour."""
    return [
        sysmon(at(hour, 60.0 * number), **fields) for hour in hours for number in range(connections)
    ]


def minutely(
    number: int, make: Make = zeek, sent: object = 1000, /, **fields: object
) -> list[Event]:
    """Return so many connections, a minute apart."""
    amounts = () if make is sysmon else (sent,)
    return [make(at(5, 60.0 * minute), *amounts, **fields) for minute in range(number)]


def nights(number: int, make: Make = zeek, sent: object = 1000, /, **fields: object) -> list[Event]:
    """Return one connection a night."""
    amounts = () if make is sysmon else (sent,)
    return [make(night(day), *amounts, **fields) for day in range(number)]


def daytime(days: int, hours: int, **fields: object) -> list[Event]:
    """Return one connection in each of the first hours of each day."""
    return [
        zeek(at(24 * day + hour), 1000, **fields) for day in range(days) for hour in range(hours)
    ]


def to(address: str, port: object = 443) -> Event:
    return {"id.resp_h": address, "id.resp_p": port}


def write_json_lines(path: Path, events: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for event in events:
            lines.write(json.dumps(event) + "\n")


def _event(event: Event, fields: Event) -> Event:
    return {name: value for name, value in {**event, **fields}.items() if value is not None}
