"""Schedules that are planted: of documented malware (office/malware.py), and evasive ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from random import Random
from typing import Callable, NamedTuple

from bench import evasive
from bench.evasive import HOURS, WEEKS
from office import traffic_profiles
from office.malware import MALWARE

Times = Callable[[Random, float, float, tzinfo], Iterable[float]]
Sizes = Callable[[Random], tuple[int, int]]
# Days after which a schedule that is not found counts as missed: one that is dense enough to be
# seen within a day, a nightly one, and a weekly one (six weeks: within the longest look-back).
DENSE, NIGHTLY, WEEKLY = 1, 14, 42


class Kind(NamedTuple):
    """A schedule: its starts, the bytes of a contact out and in, the days until it is judged."""

    name: str
    times: Times
    sizes: Sizes
    days: int
    port: str = "443"
    app: str = "ssl"


def _documented(name: str, days: int) -> Kind:
    (profile,) = (one for one in MALWARE if one.name == name)

    def sizes(rng: Random) -> tuple[int, int]:
        return (
            traffic_profiles.draw(rng, profile.bytes_out),
            traffic_profiles.draw(rng, profile.bytes_in),
        )

    told = profile.actor if profile.actor != "unnamed" else "T1029"
    name = f"{told}: {profile.what}"
    return Kind(name, profile.times, sizes, days, str(profile.port), profile.app)


def _evasive(name: str) -> Kind:
    (kind,) = (one for one in evasive.KINDS if one.name == name)
    days = {id(HOURS): DENSE, id(WEEKS): WEEKLY}.get(id(kind.days), NIGHTLY)

    def sizes(rng: Random) -> tuple[int, int]:
        return int(kind.sent * rng.uniform(0.6, 1.6)), rng.randint(900, 9_000)

    return Kind(name, lambda rng, start, end, _: kind.draw(rng, start, end), sizes, days)


DOCUMENTED = (
    _documented("machete-10-min", DENSE),
    _documented("tinyturla-interval", DENSE),
    _documented("cobalt-strike-slow", DENSE),
    _documented("kazuar-interval", DENSE),
    _documented("comrat-office-hours", DENSE),
    _documented("shadowpad-8-h", NIGHTLY),
    _documented("low-and-slow", NIGHTLY),
    _documented("nightly-exfiltration", NIGHTLY),
    _documented("weekday-nightly", NIGHTLY),
    _documented("weekly", WEEKLY),
)
EVASIVE = tuple(
    map(
        _evasive,
        (
            "once a day, at any time",
            "once a working day, 08 to 18 h",
            "once a night, within 4 h",
            "nightly, moves by up to 2 h, within 6 h",
            "nightly, ±10 min",
            "weekly, ±30 min",
            "fortnightly, ±5 min",
            "once in 6 h, at any minute",
            "once an hour, at any minute",
            "a timer of 9 to 40 min, as much noise",
            "sleep of 20 min, cut by up to 50 %",
            "sleep of 20 min, cut by up to 90 %",
        ),
    )
)
KINDS = (*DOCUMENTED, *EVASIVE)
