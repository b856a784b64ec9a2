"""Made-up Zeek connections, as many as wanted: each pair in turn, evenly over a span of hours."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

BEGIN = 1_767_225_600  # midnight, 2026-01-01
HOUR, MINUTE = 3600, 60
SEED = 1
# Senders of RFC 1918; destinations of 198.18.0.0/15, which is kept for benchmarks (RFC 2544).
SENDERS, SITES = 2_000, 1 << 17
# The longest connection ends in the hour in which it begins.
LONGEST = 40.0
LARGE, LARGE_SHARE = (100_000_001, 900_000_000), 0.01
LINE = (
    '{"ts": %.6f, "uid": "C%015x", "id.orig_h": "%s", "id.orig_p": %d, "id.resp_h": "%s", '
    '"id.resp_p": %d, "proto": "tcp", "service": "ssl", "duration": %.6f, "orig_bytes": %d, '
    '"resp_bytes": %d, "conn_state": "SF", "orig_pkts": %d, "resp_pkts": %d}\n'
)


class Shape(NamedTuple):
    """How many connections of how many pairs, over how many hours."""

    connections: int
    pairs: int
    hours: int


def sender(pair: int) -> str:
    """Return the address of a pair's sender.

    >>> sender(0), sender(1_999), sender(2_000)
    ('10.20.0.1', '10.20.7.250', '10.20.0.1')
    """
    place = pair % SENDERS
    return f"10.20.{place // 250}.{place % 250 + 1}"


def destination(pair: int) -> str:
    """Return the address of a pair's destination; no two pairs have both addresses in common.

    >>> destination(0), destination(300)
    ('198.18.0.0', '198.18.208.132')
    """
    place = (pair * 4_547 + pair // SITES) % SITES
    return f"198.{18 + (place >> 16)}.{place >> 8 & 255}.{place & 255}"


def lines(shape: Shape, seed: int = SEED) -> Iterator[str]:
    """Return connections as JSON lines, oldest first: one in a hundred is large."""
    rng = Random(seed)
    step = shape.hours * HOUR / shape.connections
    for number in range(shape.connections):
        pair = number % shape.pairs
        started = BEGIN + number * step
        left = HOUR - started % HOUR
        sent = rng.randint(*LARGE) if rng.random() < LARGE_SHARE else rng.randint(200, 90_000)
        port = 1_024 + number % 60_000
        lasted = rng.random() * min(LONGEST, left / 2)
        yield LINE % (
            started, number, sender(pair), port, destination(pair), 443, lasted, sent,
            rng.randint(100, 9_000), sent // 1_400 + 3, sent // 2_800 + 3,
        )  # fmt: skip


def write(path: Path, shape: Shape, seed: int = SEED) -> None:
    """Write them to a gzipped file, one by one."""
    with gzip.open(path, "wt", compresslevel=1, encoding="ascii") as log:
        log.writelines(lines(shape, seed))
