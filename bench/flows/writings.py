"""Kinds of writing: which sensors report a set of flows, and how their rows come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Callable, NamedTuple

from . import generate, ledger
from .model import HOUR, Event, Flow, Known
from .products import rows
from .sensors import Sensor, arrived, sessions

MOST_OFFSET = 5.0
SESSIONS_OF_A_SET = 100
GROUP = "group-1"
LONGEST_IN_WINDOWS = 50 * HOUR
CLOSE_CALL = 0.02
TRIES = 40
LONG_SCHEDULE = (600, 1800, 3600)


class Draw(NamedTuple):
    """What a kind of writing may look at to choose its sensors."""

    rng: Random
    flows: Sequence[Flow]
    number: int

    def sensor(self, product: str, host: str, **settings: object) -> Sensor:
        """Return a sensor with a clock of its own, and session ids that no other set has."""
        fixed = dict(PRODUCTS_KNOW[product])
        offset = round(self.rng.uniform(-MOST_OFFSET, MOST_OFFSET), 3)
        first = 1 + self.number * SESSIONS_OF_A_SET
        return Sensor(product, host, offset, **{"first_session": first, **fixed, **settings})

    def some(self) -> frozenset[int]:
        """Return the source ports of most of the flows."""
        return self.ports(lambda _: self.rng.random() < 0.8)

    def ports(self, wanted: Callable[[Flow], bool]) -> frozenset[int]:
        return frozenset(flow.src_port for flow in self.flows if wanted(flow))

    def all_but(self, ports: frozenset[int]) -> frozenset[int]:
        return self.ports(lambda flow: flow.src_port not in ports)

    def moment(self) -> float:
        """Return an epoch between the first begin and the last end."""
        last = max(flow.end for flow in self.flows)
        return round(self.rng.uniform(self.flows[0].begin, last), 3)


PRODUCTS_KNOW: dict[str, dict[str, object]] = {
    "zeek": {"whole": False, "ip_bytes": False},
    "conn_long": {"whole": False, "ip_bytes": False, "schedule": LONG_SCHEDULE, "period": HOUR},
    "fortigate": {},
    "palo_alto": {},
    "cim_firewall": {},
    "vpc_flow": {},
    "sysmon": {"whole": False, "counts": False},
}


class Writing(NamedTuple):
    """A kind of writing; `fits` are the kinds of traffic that it can be asked to write."""

    sensors: Callable[[Draw], list[Sensor]]
    duplicated: bool = False
    late: bool = False
    fits: Callable[[str], bool] = lambda _: True


def _statistics(draw: Draw, host: str = "fw-1", **settings: object) -> Sensor:
    longest = max(flow.end - flow.begin for flow in draw.flows)
    period = draw.rng.choice((120, 300, 600) if longest < 4 * HOUR else (600, 1800, 3600))
    return draw.sensor("fortigate", host, period=period, **settings)


def _rotation(product: str, hosts: tuple[str, str], **settings: object) -> Callable:
    def sensors(draw: Draw) -> list[Sensor]:
        change = draw.moment()
        first = draw.ports(lambda flow: flow.begin < change)
        seen = first, draw.all_but(first)
        return [draw.sensor(product, host, sees=s, **settings) for host, s in zip(hosts, seen)]

    return sensors


def _divided(product: str, hosts: tuple[str, str], **settings: object) -> Callable:
    def sensors(draw: Draw) -> list[Sensor]:
        one = draw.ports(lambda _: draw.rng.random() < 0.5)
        seen = one, draw.all_but(one)
        return [draw.sensor(product, host, sees=s, **settings) for host, s in zip(hosts, seen)]

    return sensors


def _in_windows(traffic: str) -> bool:
    """One-way records cut a flow without pauses into few pieces; not one of days with bursts."""
    return traffic not in ("one_connection",)


TAPS = "zeek-1", "zeek-2"
MEMBERS = f"{GROUP}-a", f"{GROUP}-b"

WRITINGS: dict[str, Writing] = {
    "zeek": Writing(lambda d: [d.sensor("zeek", "zeek-1")]),
    "zeek_packets": Writing(lambda d: [d.sensor("zeek", "zeek-1", packets=True)]),
    "zeek_duplicated": Writing(lambda d: [d.sensor("zeek", "zeek-1")], duplicated=True),
    "zeek_late": Writing(lambda d: [d.sensor("zeek", "zeek-1")], late=True),
    "conn_long": Writing(lambda d: [d.sensor("conn_long", "zeek-1")]),
    "conn_long_duplicated": Writing(lambda d: [d.sensor("conn_long", "zeek-1")], True, True),
    "conn_long_open": Writing(lambda d: [d.sensor("conn_long", "zeek-1", restart=d.moment())]),
    "fortigate": Writing(lambda d: [d.sensor("fortigate", "fw-1")]),
    "fortigate_statistics": Writing(lambda d: [_statistics(d)]),
    "fortigate_duplicated": Writing(lambda d: [_statistics(d)], duplicated=True),
    "fortigate_late": Writing(lambda d: [_statistics(d)], late=True),
    "fortigate_restart": Writing(lambda d: [_statistics(d, restart=d.moment())]),
    "palo_alto": Writing(lambda d: [d.sensor("palo_alto", "pan-1")]),
    "palo_alto_start_rows": Writing(lambda d: [d.sensor("palo_alto", "pan-1", start_rows=True)]),
    "palo_alto_restart": Writing(
        lambda d: [d.sensor("palo_alto", "pan-1", start_rows=True, restart=d.moment())]
    ),
    "cim_firewall": Writing(lambda d: [d.sensor("cim_firewall", "fw-9")]),
    "cim_firewall_duplicated": Writing(lambda d: [d.sensor("cim_firewall", "fw-9")], True, True),
    "vpc_flow_60": Writing(
        lambda d: [d.sensor("vpc_flow", "vpc", period=60)],
        fits=lambda traffic: traffic in ("short", "bursts", "full_hour", "nightly"),
    ),
    "vpc_flow_600": Writing(lambda d: [d.sensor("vpc_flow", "vpc", period=600)], fits=_in_windows),
    "sysmon": Writing(lambda d: [d.sensor("sysmon", "ws-1")]),
    "two_taps": Writing(lambda d: [d.sensor("zeek", tap) for tap in TAPS]),
    "two_taps_partial": Writing(
        lambda d: [d.sensor("zeek", TAPS[0]), d.sensor("zeek", TAPS[1], sees=d.some())]
    ),
    "zeek_and_fortigate": Writing(
        lambda d: [d.sensor("zeek", "zeek-1"), d.sensor("fortigate", "fw-1", sees=d.some())]
    ),
    "zeek_and_statistics": Writing(
        lambda d: [d.sensor("zeek", "zeek-1"), _statistics(d)], duplicated=True
    ),
    "zeek_and_palo_alto": Writing(
        lambda d: [
            d.sensor("zeek", "zeek-1", sees=d.some()),
            d.sensor("palo_alto", "pan-1", start_rows=True),
        ]
    ),
    "zeek_and_sysmon": Writing(
        lambda d: [d.sensor("zeek", "zeek-1", sees=d.some()), d.sensor("sysmon", "ws-1")]
    ),
    "conn_long_and_statistics": Writing(
        lambda d: [d.sensor("conn_long", "zeek-1"), _statistics(d)], late=True
    ),
    "rotation": Writing(_rotation("zeek", TAPS)),
    "rotation_firewalls": Writing(_rotation("fortigate", ("fw-1", "fw-2"))),
    "group_failover": Writing(_rotation("fortigate", MEMBERS, group=GROUP)),
    "group_divided": Writing(_divided("zeek", MEMBERS, group=GROUP)),
}


class Case(NamedTuple):
    """A set of flows in one writing: the rows, and what the sensors know."""

    number: int
    traffic: str
    writing: str
    flows: Sequence[Flow]
    sensors: Sequence[Sensor]
    events: Sequence[Event]
    known: Sequence[Known]

    @property
    def kind(self) -> str:
        return f"{self.traffic} / {self.writing}"


def kinds() -> list[tuple[str, str]]:
    """Return every kind of traffic with every kind of writing that fits it."""
    return [
        (traffic, name)
        for name, writing in WRITINGS.items()
        for traffic in generate.TRAFFIC
        if writing.fits(traffic)
    ]


def write(number: int, traffic: str, name: str, rng: Random) -> Case:
    """Draw a set and write it; again until it is clear."""
    for _ in range(TRIES):
        flows = generate.draw(traffic, number, rng)
        sensors = WRITINGS[name].sensors(Draw(rng, flows, number))
        case = written(number, traffic, name, flows, sensors, rng)
        if is_clear(case):
            return case
    raise ValueError(f"no clear set of {traffic} / {name} in {TRIES} tries")


def is_clear(case: Case) -> bool:
    """False for a set without rows, or with an hour within 2 % of a threshold of bytes."""
    found = [one for ties in ledger.ledgers(case.known).values() for one in ties]
    return bool(case.events) and not any(ledger.is_close_call(one, CLOSE_CALL) for one in found)


def written(
    number: int,
    traffic: str,
    name: str,
    flows: Sequence[Flow],
    sensors: Sequence[Sensor],
    rng: Random,
) -> Case:
    """Return flows as some sensors write them."""
    by_sensor = [(sensor, sessions(sensor, flows)) for sensor in sensors]
    made = [row for sensor, found in by_sensor for row in rows(sensor, found)]
    events = arrived(made, rng, WRITINGS[name].duplicated, WRITINGS[name].late)
    known = [
        session.known
        for sensor, found in by_sensor
        for session in found
        if session.in_rows(sensor.start_rows)
    ]
    return Case(number, traffic, name, flows, sensors, events, known)


def cases(sets: int, seed: int, only: str = "") -> Iterator[Case]:
    """Return so many sets, each kind in turn; `only` keeps the kinds that hold a text."""
    chosen = [kind for kind in kinds() if only in " / ".join(kind)]
    if not chosen:
        raise ValueError(f"no kind holds {only!r}; there are: {'; '.join(WRITINGS)}")
    for number in range(sets):
        traffic, name = chosen[number % len(chosen)]
        yield write(number, traffic, name, Random(f"{seed}/{number}"))
