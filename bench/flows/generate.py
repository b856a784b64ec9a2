"""True flows, drawn at random: each kind of traffic is one way to be hard to count.

A set is one sender's flows to one destination, sometimes two; up to about a dozen flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Callable

from .model import DAY, HOUR, Flow

# 2026-01-01T00:00:00Z.
NEW_YEAR = 1767225600
FIRST_DAYS = 5
MB = 1_000_000
SMALL = (2_000, 4_000_000)
LARGE = (6 * MB, 90 * MB)
HUGE = (110 * MB, 700 * MB)
Span = tuple[float, float]


def addresses(number: int) -> tuple[str, tuple[str, str]]:
    """Return the sender of a set and its two destinations, which no other set has.

    >>> addresses(300)
    ('10.20.1.44', ('198.18.2.88', '198.18.2.89'))
    """
    high, low = divmod(number, 256)
    other, last = divmod(2 * number, 256)
    half, third = divmod(other, 256)
    outside = f"198.{18 + half}.{third}"
    return f"10.20.{high}.{low}", (f"{outside}.{last}", f"{outside}.{last + 1}")


def flow(rng: Random, begin: float, lasts: float, sizes: Span, shape: Sequence = ()) -> Flow:
    """Return a flow of a random size, its addresses still to be given."""
    low, high = sizes
    sent = int(low * (high / low) ** rng.random())
    received = int(sent * rng.uniform(0.005, 0.2)) + 500
    begin = round(begin, 3)
    return Flow(
        "",
        "",
        rng.randint(1025, 65000),
        443,
        begin,
        round(begin + lasts, 3),
        sent,
        received,
        tuple(shape),
    )


def size(rng: Random) -> Span:
    return rng.choice((SMALL, LARGE, LARGE, HUGE))


def first_day(rng: Random) -> int:
    return NEW_YEAR + rng.randrange(FIRST_DAYS) * DAY


def short(rng: Random) -> list[Flow]:
    """Flows of seconds to minutes, each within one hour."""
    start, sizes = first_day(rng), rng.choice((SMALL, LARGE, HUGE))
    found = []
    for _ in range(rng.randint(1, 12)):
        second = rng.uniform(30, 3000)
        lasts = rng.choice((0.0, rng.uniform(0.2, 5), rng.uniform(1, 500)))
        begin = start + rng.randrange(48) * HOUR + second
        found.append(flow(rng, begin, lasts, sizes))
    return found


def bursts(rng: Random) -> list[Flow]:
    """Several flows in each of a few hours, none over a full hour."""
    start, sizes = first_day(rng), rng.choice((LARGE, LARGE, SMALL, HUGE))
    hours = rng.sample(range(72), rng.choice((2, 3, 3, 3, 5)))
    each = rng.choice((3, 4, 4, 4, 5))
    return [
        flow(rng, start + hour * HOUR + rng.uniform(30, 3000), rng.uniform(0, 400), sizes)
        for hour in hours
        for _ in range(each)
    ]


def full_hour(rng: Random) -> list[Flow]:
    """Flows that begin in the last and first seconds of a full hour."""
    start, sizes = first_day(rng), size(rng)
    near, each = rng.choice(((-8, 8), (-8, 0), (0, 8))), rng.choice((1, 2, 4, 4, 5))
    return [
        flow(
            rng,
            start + hour * HOUR + rng.uniform(*near),
            rng.choice((0.5, 5.0, rng.uniform(1, 900))),
            sizes,
        )
        for hour in rng.sample(range(1, 72), rng.choice((1, 2, 3, 3)))
        for _ in range(each)
    ]


def nightly(rng: Random) -> list[Flow]:
    """A transfer about the same time each night, of up to an hour and a half, and little else."""
    start, second = first_day(rng), rng.uniform(0, 6 * HOUR)
    lasts, sizes = rng.choice((40.0, 400.0, 3000.0, 5400.0)), rng.choice((LARGE, HUGE, HUGE))
    found = [
        flow(rng, start + night * DAY + second + rng.uniform(-60, 60), lasts, sizes)
        for night in range(rng.randint(3, 7))
    ]
    if rng.random() < 0.5:
        found.append(flow(rng, start + 12 * HOUR + rng.uniform(30, 3000), 20.0, SMALL))
    return found


def long(rng: Random) -> list[Flow]:
    """Flows of hours to two days, at a constant rate."""
    start, found = first_day(rng), []
    for _ in range(rng.randint(1, 3)):
        lasts = HOUR * rng.choice((rng.uniform(0.3, 3), rng.uniform(3, 12), rng.uniform(12, 48)))
        rate = rng.choice((1, 30, 67, 130, 130, 300, 600)) * rng.uniform(0.8, 1.2)
        sent = rate * MB * lasts / HOUR
        found.append(flow(rng, start + rng.uniform(0, DAY), lasts, (sent, sent)))
    return found


def one_connection(rng: Random) -> list[Flow]:
    """One flow of days with a burst at about the same time each night, and little in between."""
    start, days = first_day(rng), rng.randint(4, 12)
    begin, end = start + rng.uniform(0, HOUR), start + days * DAY + rng.uniform(0, 6 * HOUR)
    second, lasts = rng.uniform(2 * HOUR, 8 * HOUR), rng.uniform(300, 1500)
    burst, idle = rng.choice((60, 130, 200, 300)) * MB, rng.choice((0.01, 1)) * MB * days
    total, sent, shape = burst * days + idle, 0.0, []
    for day in range(days):
        at = start + day * DAY + second
        sent = burst * day + idle * (at - begin) / (end - begin)
        after = burst * (day + 1) + idle * (at + lasts - begin) / (end - begin)
        shape += [(at, sent / total), (at + lasts, after / total)]
    return [flow(rng, begin, end - begin, (total, total), shape)]


def mixed(rng: Random) -> list[Flow]:
    """Some of everything but the flow of days."""
    found = [made for kind in (short, full_hour, nightly, long) for made in kind(rng)]
    return rng.sample(found, min(len(found), rng.randint(2, 12)))


TRAFFIC: dict[str, Callable[[Random], list[Flow]]] = {
    made.__name__: made for made in (short, bursts, full_hour, nightly, long, one_connection, mixed)
}


def draw(kind: str, number: int, rng: Random) -> list[Flow]:
    """Return the flows of one set, no two with the same ports, ordered by begin."""
    src, destinations = addresses(number)
    used = destinations if rng.random() < 0.2 else destinations[:1]
    flows = sorted(TRAFFIC[kind](rng), key=lambda made: made.begin)
    port = rng.randint(20000, 40000)
    return [
        made._replace(src=src, dest_ip=rng.choice(used), src_port=port + place)
        for place, made in enumerate(flows)
    ]
