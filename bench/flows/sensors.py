"""What a sensor knows of the flows that pass it, and when its rows arrive.

A sensor has a clock of its own (`offset` seconds ahead), sees all flows or some, and may restart:
then the flows that are open are forgotten without a closing row, and session ids start again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor
from random import Random
from typing import NamedTuple

from .model import HOUR, Counter, Event, Flow, Known, Written

# TCP over IPv4 with timestamps: a header of 52 bytes a packet, and packets without payload.
HEADER, PAYLOAD, BARE_PACKETS = 52, 1400, 3
SOON = (1.0, 20.0)
LATE_HOURS = (1.0, 30.0)
LATE_SHARE = 0.3
DUPLICATED_SHARE = 0.4


class Sensor(NamedTuple):
    """A sensor and how it is configured; times in seconds.

    `whole` sensors stamp whole seconds; `ip_bytes` sensors count headers too. `schedule` are the
    ages at which an open flow is reported, and then every `period`. `sees` are the source ports
    of the flows that pass it (None: all). Session ids count on from `first_session`.
    """

    product: str
    host: str
    offset: float = 0.0
    period: int = 0
    schedule: tuple[int, ...] = ()
    start_rows: bool = False
    restart: float | None = None
    group: str | None = None
    sees: frozenset[int] | None = None
    first_session: int = 1
    whole: bool = True
    ip_bytes: bool = True
    counts: bool = True
    packets: bool = False

    @property
    def reporter(self) -> str:
        """The name by which rows of one sensor, or of one sensor group, belong together."""
        return self.group or self.host

    def clock(self, epoch: float) -> float:
        """Return what the sensor's clock shows at a true epoch."""
        shown = epoch + self.offset
        return float(floor(shown)) if self.whole else round(shown, 6)

    def forgets(self, flow: Flow) -> bool:
        """True where the sensor restarted while the flow was open."""
        return self.restart is not None and flow.begin < self.restart <= flow.end

    def carried(self, payload: int) -> int:
        """Return the bytes that the sensor counts for so many bytes of payload.

        >>> Sensor("zeek", "zeek-1", ip_bytes=False).carried(1400)
        1400
        >>> Sensor("fortigate", "fw-1").carried(1400)
        1608
        """
        if not self.ip_bytes or not payload:
            return payload
        return payload + HEADER * (-(-payload // PAYLOAD) + BARE_PACKETS)

    def counter(self, flow: Flow, shown: float) -> Counter:
        """Return what the sensor has counted of a flow when its clock shows a time."""
        share = flow.share(shown - self.offset)
        sent, received = self.carried(flow.bytes_out), self.carried(flow.bytes_in)
        return Counter(shown, floor(share * sent), floor(share * received))


class Session(NamedTuple):
    """A flow as one sensor handles it: its session id there, and what the sensor knows."""

    number: int
    flow: Flow
    known: Known

    @property
    def last(self) -> Counter:
        return self.known.counters[-1]

    def in_rows(self, start_rows: bool) -> bool:
        """False for a flow that was forgotten before any row reported it."""
        return self.known.closed or start_rows or len(self.known.counters) > 1


def sessions(sensor: Sensor, flows: Sequence[Flow]) -> list[Session]:
    """Return the flows that a sensor sees, in the order in which they begin."""
    seen = [flow for flow in flows if sensor.sees is None or flow.src_port in sensor.sees]
    found, number = [], sensor.first_session
    restarted = False
    for flow in sorted(seen, key=lambda flow: flow.begin):
        if sensor.restart is not None and not restarted and flow.begin >= sensor.restart:
            number, restarted = sensor.first_session, True
        found.append(Session(number, flow, known(sensor, flow)))
        number += 1
    return found


def known(sensor: Sensor, flow: Flow) -> Known:
    """Return what a sensor knows of a flow: counters at its begin, in interim rows, at its end."""
    begin, end = sensor.clock(flow.begin), sensor.clock(flow.end)
    closed = not sensor.forgets(flow)
    until = end if closed else sensor.clock(sensor.restart)
    counters = [Counter(begin, 0, 0)]
    counters += [sensor.counter(flow, begin + age) for age in ages(sensor, until - begin)]
    if closed:
        sent, received = sensor.carried(flow.bytes_out), sensor.carried(flow.bytes_in)
        counters.append(Counter(end, sent, received))
    return Known(sensor.reporter, flow.src, flow.dest_ip, tuple(counters), closed, sensor.counts)


def ages(sensor: Sensor, lasted: float) -> list[int]:
    """Return the ages, under `lasted` seconds, at which a sensor reports an open flow.

    >>> ages(Sensor("conn_long", "zeek-1", period=3600, schedule=(600, 1800)), 9500)
    [600, 1800, 5400, 9000]
    """
    found = [age for age in sensor.schedule if age < lasted]
    if sensor.period:
        first = (sensor.schedule[-1] if sensor.schedule else 0) + sensor.period
        found += range(first, int(-(-lasted // 1)), sensor.period)
    return found


def arrived(
    rows: Iterable[Written], rng: Random, duplicated: bool = False, late: bool = False
) -> list[Event]:
    """Return rows as indexed events, in no order; some twice, some hours late.

    Copies are exact and arrive in the same hour, as from a log that is read twice. `_indextime`
    is when an event arrived, in whole seconds of true time.
    """
    events = []
    for row in rows:
        delay = rng.uniform(*SOON)
        if late and rng.random() < LATE_SHARE:
            delay += HOUR * rng.uniform(*LATE_HOURS)
        event = {**row.event, "index": "main", "_indextime": int(row.written + delay)}
        copies = 2 if duplicated and rng.random() < DUPLICATED_SHARE else 1
        events += [dict(event) for _ in range(copies)]
    rng.shuffle(events)
    return events
