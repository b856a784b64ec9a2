"""The office's machines, the sensors that see each of them, and the type of a connection.

Internal addresses are from RFC 1918 and RFC 4193, external ones from the documentation networks
of RFC 5737 and RFC 3849, so no log names a real system.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple

from office.schedules import DAY

FORTIGATE = "fgt-hq"
PALO_ALTO = "pa-branch"
# An explicit proxy inside, whose clients Zeek sees, and one in the cloud with a log of its own.
SQUID, ZSCALER = "10.20.9.9", "zscaler"
PROXY_PORT = 3128


class Machine(NamedTuple):
    """One sender, with the sensors on its path to the outside.

    `link`: the hardware address that Zeek sees (its own, or that of a router on the path).
    `joins`: seconds after the start of the first day. `leases`: it gets its address from DHCP.
    `audits`: Security 4663 is its only record of file access. `proxy`: through it goes all traffic.
    """

    name: str
    kind: str
    address: str
    mac: str
    zeek: str = ""
    firewall: str = ""
    sysmon: str = ""
    system: str = "windows"
    link: str = ""
    joins: float = 0.0
    leases: bool = False
    audits: bool = False
    proxy: str = ""


class Segment(NamedTuple):
    """A group of machines in one network behind the same sensors.

    `zeek` and `sysmon`: the format written (tsv, json, xml; empty: no sensor). `router`: the
    hardware address that hides theirs from Zeek. `first`: the first host number. `static` segments
    have no DHCP leases.
    """

    kind: str
    network: str
    count: int
    zeek: str = ""
    firewall: str = ""
    sysmon: tuple[str, ...] = ("",)
    system: str = "windows"
    router: str = ""
    first: int = 11
    joins: float = 0.0
    static: bool = False
    proxy: str = ""


SEGMENTS = (
    Segment("desk", "10.20.1", 24, zeek="tsv", firewall=FORTIGATE, sysmon=("json", "")),
    Segment("branch", "10.20.2", 12, firewall=PALO_ALTO),
    Segment("lab", "10.20.3", 5, zeek="tsv", router="02:00:0a:14:03:01"),
    Segment("server", "10.20.4", 8, zeek="json", firewall=FORTIGATE, sysmon=("xml", "")),
    Segment("thing", "10.20.5", 4, zeek="tsv", system=""),
    Segment("home", "192.168.178", 5, sysmon=("xml",)),
    Segment("studio", "10.20.6", 3, zeek="tsv", firewall=FORTIGATE, system="macos"),
    Segment("unix", "10.20.7", 3, zeek="json", system="linux"),
    Segment("annex", "10.20.8", 3, zeek="tsv", proxy=SQUID),
    Segment("field", "10.20.10", 2, proxy=ZSCALER),
    Segment("laptop", "10.20.1", 1, "tsv", FORTIGATE, first=210, joins=8 * DAY),
    Segment("stranger", "10.20.1", 1, "tsv", FORTIGATE, system="", first=222, static=True),
)
PEOPLE = frozenset(("desk", "branch", "lab", "home", "studio", "annex", "field", "laptop"))
AUDITING = frozenset(("server-07",))
LISTED_DEVICES = frozenset(("laptop-01",))


class Flow(NamedTuple):
    """One connection; `end` - `start` in seconds, bytes as the sender counts them.

    `run` tells one run of a program from another; empty for a process that keeps running. `name` is
    that of the destination, where a log tells it. Through a proxy `dst` is the server's address,
    which no log of a connection shows.
    """

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
    run: str = ""
    name: str = ""


def machines() -> list[Machine]:
    """Return every machine of the office, the same ones for every seed."""
    return [_machine(segment, index) for segment in SEGMENTS for index in range(segment.count)]


def _machine(segment: Segment, index: int) -> Machine:
    address = f"{segment.network}.{segment.first + index}"
    # The second hexadecimal digit 2 marks a locally administered address, which no vendor owns.
    mac = "02:00:" + ":".join(f"{part:02x}" for part in ip_address(address).packed)
    name = f"{segment.kind}-{index + 1:02}"
    return Machine(
        name,
        segment.kind,
        address,
        mac,
        segment.zeek,
        segment.firewall,
        segment.sysmon[index % len(segment.sysmon)],
        segment.system,
        segment.router or mac,
        segment.joins,
        leases=bool(segment.zeek) and not segment.static,
        audits=name in AUDITING,
        proxy=segment.proxy,
    )


def ipv6(machine: Machine) -> str:
    """Return the machine's address in IPv6, for the few connections that use it."""
    return f"fd00:20::{ip_address(machine.address).packed[3]:x}"
