"""A pair of sender and destination: the input of every scorer in the comparison."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

DAY = 86_400
HOUR = 3_600


class Connection(NamedTuple):
    """One connection: start (epoch seconds) and bytes each way (None: no count)."""

    epoch: float
    bytes_out: int | None = None
    bytes_in: int | None = None


class Pair(NamedTuple):
    """A pair's connections in order of time, and its context.

    start and end are those of the recording (epoch seconds): a peer that reads the last day
    counts back from end, even if this pair was not active then.
    """

    src: str
    dest_ip: str
    connections: tuple[Connection, ...]
    start: float
    end: float
    context: dict[str, str]

    @property
    def key(self) -> tuple[str, str]:
        return self.src, self.dest_ip

    @property
    def epochs(self) -> list[float]:
        return [connection.epoch for connection in self.connections]


def _sum_known(counts: Iterable[int | None]) -> int | None:
    """Sum of the known counts; None if there are none, since unknown is not zero."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def binned(connections: Iterable[Connection], seconds: int = 1) -> list[Connection]:
    """One connection for each time bin: the first start and the sum of the bytes.

    >>> binned([Connection(10.2, 5), Connection(10.7, 6), Connection(12.0)])
    [Connection(epoch=10.2, bytes_out=11, bytes_in=None), Connection(epoch=12.0, bytes_out=None, \
bytes_in=None)]
    """
    bins: dict[int, list[Connection]] = {}
    for connection in connections:
        bins.setdefault(int(connection.epoch // seconds), []).append(connection)
    return [
        members[0] if len(members) == 1 else _together(members)
        for _, members in sorted(bins.items())
    ]


def _together(members: list[Connection]) -> Connection:
    return Connection(
        min(member.epoch for member in members),
        _sum_known(member.bytes_out for member in members),
        _sum_known(member.bytes_in for member in members),
    )


def token(connection: Connection) -> str:
    """One observation in the scorer's format, to the second.

    >>> token(Connection(10.9, None, 7)), token(Connection(10.0)), token(Connection(10.0, 5))
    ('10::7', '10', '10:5')
    """
    out, back = (
        "" if count is None else str(count) for count in (connection.bytes_out, connection.bytes_in)
    )
    return f"{int(connection.epoch)}:{out}:{back}".rstrip(":")


def joined(connections: Iterable[Connection]) -> str:
    """All observations in one string, one token for each second with activity."""
    return " ".join(map(token, binned(connections)))


def without_bytes(pair: Pair) -> Pair:
    """The same pair as a source without byte counts would show it."""
    return pair._replace(
        connections=tuple(Connection(connection.epoch) for connection in pair.connections)
    )


def without_context(pair: Pair, *names: str) -> Pair:
    """The same pair without the named context fields."""
    known = {name: value for name, value in pair.context.items() if name not in names}
    return pair._replace(context=known)
