"""The terms that the other modules share: flows, counters, and what a sensor knows of a flow."""

from __future__ import annotations

from typing import NamedTuple

HOUR = 3600
DAY = 24 * HOUR

Event = dict[str, object]
Pair = tuple[str, str]


class Flow(NamedTuple):
    """One true connection: times in epoch seconds, bytes of payload.

    `shape` says how the bytes spread over time, as (epoch, share sent by then), linear in between;
    without it the rate is constant.
    """

    src: str
    dest_ip: str
    src_port: int
    dest_port: int
    begin: float
    end: float
    bytes_out: int
    bytes_in: int
    shape: tuple[tuple[float, float], ...] = ()

    def share(self, epoch: float) -> float:
        """Return the share of the bytes that has passed by an epoch, 0 to 1.

        >>> Flow("10.0.0.1", "203.0.113.9", 50000, 443, 100.0, 200.0, 10, 20).share(125.0)
        0.25
        """
        if epoch >= self.end:
            return 1.0
        steps = ((self.begin, 0.0), *self.shape, (self.end, 1.0))
        for (start, before), (stop, after) in zip(steps, steps[1:]):
            if start <= epoch < stop:
                return before + (after - before) * (epoch - start) / (stop - start)
        return 0.0


class Counter(NamedTuple):
    """The bytes that a flow has carried by an epoch, as its sensor counts them."""

    epoch: float
    bytes_out: int
    bytes_in: int


class Known(NamedTuple):
    """What one sensor knows of one flow, by its own clock.

    `reporter` is the sensor, or its sensor group. The first counter is that of the begin. `closed`
    is False where the sensor never wrote that the flow ended; `counts` where it counts no bytes.
    """

    reporter: str
    src: str
    dest_ip: str
    counters: tuple[Counter, ...]
    closed: bool = True
    counts: bool = True

    @property
    def begin(self) -> float:
        return self.counters[0].epoch

    @property
    def pair(self) -> Pair:
        return self.src, self.dest_ip


class Written(NamedTuple):
    """A row of a log, and the epoch at which its sensor wrote it (true time)."""

    event: Event
    written: float
