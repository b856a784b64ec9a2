"""A traffic profile: a schedule with the sizes, port and protocol of its connections."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import tzinfo
from random import Random
from typing import NamedTuple

Times = Callable[[Random, float, float, tzinfo], list[float]]


class Profile(NamedTuple):
    """One sender's traffic to one destination.

    `times(rng, start, end, zone)` gives the connections' start times; `bytes_out` and `bytes_in`
    are the minimum and maximum bytes of one connection; `senders` is the share of the office's
    machines with this profile (0: only one machine); `dense`: at least hourly, around the clock,
    without long silences; `attack_id` is empty for benign traffic.
    """

    name: str
    actor: str
    attack_id: str
    what: str
    times: Times
    bytes_out: tuple[int, int]
    bytes_in: tuple[int, int]
    port: int = 443
    app: str = "ssl"
    dense: bool = False
    senders: float = 0.0


def steady(generator: Callable[..., list[float]], *args: float, **settings: object) -> Times:
    """Bind a generator that does not depend on the time of day."""

    def times(rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
        return generator(rng, start, end, *args, **settings)

    return times


def local(generator: Callable[..., list[float]], *args: float, **settings: object) -> Times:
    """Bind a generator that follows the local time of the office."""

    def times(rng: Random, start: float, end: float, zone: tzinfo) -> list[float]:
        return generator(rng, start, end, *args, zone=zone, **settings)

    return times


def draw(rng: Random, bounds: tuple[int, int]) -> int:
    """Return a size between the two bounds, uniform in its logarithm.

    >>> draw(Random(1), (48, 48))
    48
    """
    low, high = bounds
    if low == high:
        return low
    return round(math.exp(rng.uniform(math.log(max(low, 1)), math.log(high))))
