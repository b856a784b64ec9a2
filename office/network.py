"""The office's machines, which of their connections which sensor sees, and one connection.

Inside addresses are RFC 1918 and RFC 4193; whatever is outside lives in the documentation
networks of RFC 5737 and RFC 3849, so that no log names anybody.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple

FORTIGATE = "fgt-hq"
PALO_ALTO = "pa-branch"


class Machine(NamedTuple):
    """One sender, with the sensors on its path to the outside."""

    name: str
    kind: str
    address: str
    mac: str
    zeek: str = ""
    firewall: str = ""
    sysmon: str = ""


class Segment(NamedTuple):
    """A group of machines in one network behind the same sensors.

    `zeek` and `sysmon` name the format that is written (tsv, json, xml; empty: not seen).
    """

    kind: str
    network: str
    count: int
    zeek: str = ""
    firewall: str = ""
    sysmon: tuple[str, ...] = ("",)


SEGMENTS = (
    Segment("desk", "10.20.1", 24, zeek="tsv", firewall=FORTIGATE, sysmon=("json", "")),
    Segment("branch", "10.20.2", 12, firewall=PALO_ALTO),
    Segment("lab", "10.20.3", 5, zeek="tsv"),
    Segment("server", "10.20.4", 6, zeek="json", firewall=FORTIGATE, sysmon=("xml", "")),
    Segment("thing", "10.20.5", 4, zeek="tsv"),
    Segment("home", "192.168.178", 5, sysmon=("xml",)),
)
PEOPLE = frozenset(("desk", "branch", "lab", "home"))


class Flow(NamedTuple):
    """One connection; `end` - `start` in seconds, bytes as the sender counts them."""

    end: float
    start: float
    machine: Machine
    src: str
    src_port: int
    dst: str
    dst_port: int
    transport: str
    app: str
    bytes_out: int
    bytes_in: int
    process: str
    scenario: str


def machines() -> list[Machine]:
    """Return every machine of the office, always the same ones."""
    return [_machine(segment, index) for segment in SEGMENTS for index in range(segment.count)]


def _machine(segment: Segment, index: int) -> Machine:
    address = f"{segment.network}.{11 + index}"
    # The second hexadecimal digit 2 marks an address that no vendor has been given.
    mac = "02:00:" + ":".join(f"{part:02x}" for part in ip_address(address).packed)
    sysmon = segment.sysmon[index % len(segment.sysmon)]
    name = f"{segment.kind}-{index + 1:02}"
    return Machine(name, segment.kind, address, mac, segment.zeek, segment.firewall, sysmon)


def ipv6(machine: Machine) -> str:
    """Return the machine's address in IPv6, for those few connections that use it."""
    return f"fd00:20::{ip_address(machine.address).packed[3]:x}"
