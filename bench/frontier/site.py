"""What a site's own logs say: who sends when, to whom, and how much of it a sensor sees."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from bench.pairs import DAY, HOUR
from replay import InputError, Inputs, Outcome, run
from replay.findings import ends, risk, values
from replay.times import moment_of, zone

from .rules import RULES, VOLUME, lowered, window

PAIRS = (
    "| `t1029_hourly` | table src, dest, dest_name, hour, connections, one_sided, bytes_out, "
    "bytes_in, process, senders"
)
# A host of which fewer days are known may be on at any hour; a shorter rest (hours) is none.
FEWEST_DAYS, SHORTEST_REST = 3, 6
LOWEST = 4

Row = Mapping[str, object]
Pair = tuple[str, str]


class Host(NamedTuple):
    """A sender's hours of the day and days of the week (Monday is 0, both local) with traffic."""

    hours: frozenset[int]
    days: frozenset[int]

    def is_on(self, local: float) -> bool:
        """Whether it may send at a local time (epoch plus the offset of local time)."""
        return local // HOUR % 24 in self.hours and (local // DAY + 3) % 7 in self.days


ALWAYS = Host(frozenset(range(24)), frozenset(range(7)))


class Tie(NamedTuple):
    """A pair of the site: how many of its hosts talk to the destination, and what is seen of it.

    one_sided is the share of connections of which the bytes of one side are missing.
    """

    src: str
    dest: str
    senders: int
    named: bool
    sends: bool
    receives: bool
    one_sided: float
    process: bool

    @property
    def sees(self) -> str:
        """What of a transfer the sensor sees, in words."""
        parts = {"bytes out": self.sends, "bytes in": self.receives}
        parts.update({"names": self.named, "processes": self.process})
        return ", ".join(name for name, seen in parts.items() if seen) or "times"


class Site(NamedTuple):
    """The pairs and hosts of a site, `now` its newest moment (epoch) as the rules run at it.

    seen: when each sender was seen last (epoch, by the hour), oldest first; risks: the highest
    risk of each pair of the site that the rules report from LOWEST on.
    """

    ties: Sequence[Tie]
    hosts: Mapping[str, Host]
    seen: Sequence[float]
    days: float
    now: float
    zone: tzinfo
    risks: Mapping[Pair, float]

    def population(self, start: float) -> int:
        """The senders that a search counts which begins at an epoch."""
        return len(self.seen) - bisect_left(self.seen, start)

    @property
    def offset(self) -> float:
        """Seconds of local time ahead of universal time, at the end."""
        return datetime.fromtimestamp(self.now, self.zone).utcoffset().total_seconds()

    @property
    def end(self) -> float:
        """The end of the rules' windows, before which all plants lie."""
        return moment_of(window(VOLUME).latest, self.now, self.zone)


def read(folder: Path, tz: str = "UTC", lookups: Mapping[str, Path] = {}) -> Site:
    """Read the logs of a folder and run the rules on them; an InputError if nobody sends."""
    outcome = run(
        RULES,
        spl=[PAIRS],
        inputs=Inputs(any=(str(folder),)),
        tz=tz,
        macros=lowered(LOWEST),
        lookups=lookups,
    )
    *found, pairs = outcome.results
    if not pairs.rows:
        raise InputError(f"{folder}: no connection from inside to outside")
    return _site(outcome, pairs.rows, _risks(found, planted(folder)), zone(tz))


def _site(outcome: Outcome, rows: Sequence[Row], risks: dict[Pair, float], tz: tzinfo) -> Site:
    by_pair, by_host = defaultdict(list), defaultdict(list)
    for row in rows:
        by_pair[str(row["src"]), str(row["dest"])].append(row)
        by_host[str(row["src"])].append(datetime.fromtimestamp(float(str(row["hour"])), tz))
    return Site(
        sorted((_tie(pair, hours) for pair, hours in by_pair.items()), key=_stratum),
        {src: host(moments) for src, moments in by_host.items()},
        sorted(max(moments).timestamp() for moments in by_host.values()),
        (outcome.span[1] - outcome.span[0]) / DAY,
        outcome.now,
        tz,
        risks,
    )


def _stratum(tie: Tie) -> tuple:
    return tie.sees, tie.senders, tie.src, tie.dest


def _tie(pair: Pair, hours: Sequence[Row]) -> Tie:
    told = {name for row in hours for name, value in row.items() if value not in (None, "")}
    counts = [sum(float(str(row.get(name) or 0)) for row in hours) for name in SHARES]
    return Tie(
        *pair,
        max(int(float(str(row["senders"]))) for row in hours),
        "dest_name" in told,
        "bytes_out" in told,
        "bytes_in" in told,
        min(1.0, counts[0] / counts[1]) if counts[1] else 0.0,
        "process" in told,
    )


SHARES = "one_sided", "connections"


def host(moments: Sequence[datetime]) -> Host:
    """Return when a host is on, from the local times of its traffic.

    >>> office = [datetime(2026, 1, day, hour) for day in range(5, 13) for hour in range(8, 18)]
    >>> sorted(host([one for one in office if one.weekday() < 5]).hours)
    [8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
    >>> host(office[:20]) == ALWAYS
    True
    """
    days = {moment.date() for moment in moments}
    if len(days) < FEWEST_DAYS:
        return ALWAYS
    seen = sorted({moment.hour for moment in moments})
    rests = [(after - hour - 1) % 24 for hour, after in zip(seen, [*seen[1:], seen[0] + 24])]
    longest = max(range(len(seen)), key=rests.__getitem__)
    off = rests[longest] if rests[longest] >= SHORTEST_REST else 0
    hours = frozenset(range(24)) - {(seen[longest] + 1 + hour) % 24 for hour in range(off)}
    span = (max(days) - min(days)).days + 1
    kept = frozenset(day.weekday() for day in days)
    return Host(hours, kept if span >= 7 and kept <= WORKING else ALWAYS.days)


WORKING = frozenset(range(5))


def _risks(found: Sequence, left_out: frozenset[Pair]) -> dict[Pair, float]:
    risks: dict[Pair, float] = {}
    for result in found:
        for row in result.rows:
            own = [pair for pair in ends(row)[:1] if not left_out.intersection(_known_by(row))]
            risks.update((pair, max(risk(row), risks.get(pair, 0.0))) for pair in own)
    return risks


def _known_by(row: Row) -> list[Pair]:
    addresses = [*values(row, "dest"), *values(row, "dest_ip"), *values(row, "dest_name")]
    return [(src, dest) for src in values(row, "src") for dest in addresses]


def planted(folder: Path) -> frozenset[Pair]:
    """Return the malicious pairs of a recording, or of the office, that its truth.csv names."""
    path = folder / "truth.csv"
    if not path.exists():
        return frozenset()
    with path.open(newline="") as lines:
        return frozenset(
            (row.get("src", ""), dest)
            for row in csv.DictReader(lines)
            if row.get("rule") or row.get("verdict", "").startswith("malicious")
            for dest in (row.get("dst"), row.get("dest_name"))
            if dest
        )
