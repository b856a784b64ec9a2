"""Labelled pairs from the traffic profiles of the simulated office.

The schedules are from office/malware.py and office/benign.py, the context that of a site with 240
hosts. Development and the final figures use different seeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone, tzinfo
from random import Random
from typing import NamedTuple

from office import schedules
from office.benign import AUTOMATION, PEOPLE, RANDOM
from office.malware import MALWARE
from office.traffic_profiles import Profile, draw, local

from .pairs import DAY, HOUR, Connection, Pair

DEVELOPMENT_SEED = 1
FINAL_SEED = 1_000_003
DAYS = 14
# A weekly schedule has two transfers in 14 days, too few to detect, so it gets six weeks. So does
# one person in seven.
LONG_DAYS = 42
POPULATION = 240
FIRST_MIDNIGHT = 1_767_571_200  # Monday, 5 January 2026
ZONES = (-8.0, -5.0, 0.0, 1.0, 2.0, 5.5, 9.0)

# Days between the first sight of the destination and the end: minimum and maximum. They overlap on
# purpose: some exfiltration is old and some services are new.
KNOWN_DAYS = {"malicious": (2, 45), "automation": (10, 600), "people": (1, 600), "random": (1, 600)}


class Case(NamedTuple):
    """One simulated pair with its profile and its label."""

    scenario: str
    kind: str
    dense: bool
    pair: Pair


def _person(rng: Random) -> Profile:
    """A random person: any number of visits a day, at any pace, on any shift."""
    night = rng.random() < 0.25
    times = local(
        schedules.browsing,
        sessions=rng.uniform(0.4, 9),
        clicks=rng.uniform(1.2, 30),
        think=rng.uniform(4, 120),
        weekend=rng.uniform(0, 0.6),
        shift=rng.uniform(10, 14) if night else rng.uniform(-2, 2),
    )
    name = "any-night-worker" if night else "any-person"
    sizes = (300, 40_000), (2_000, 900_000)
    return Profile(name, "person", "", "visits one site", times, *sizes, senders=rng.random() / 2)


def _implant(rng: Random) -> Profile:
    """A random implant: any period, jitter, losses and active hours."""
    active = rng.choice(("always", "always", "office", "night", "laptop"))
    # Two minutes to six hours; to two hours if only some hours of the day are active.
    period = 120 * (180 if active == "always" else 60) ** rng.random()
    jitter, missed = rng.uniform(0, 0.4), rng.choice((0, 0, 0.1, 0.2))
    timer = rng.choice((schedules.sleep, schedules.every))
    sizes = (10 ** rng.uniform(2.5, 5), 10 ** rng.uniform(2, 3.5))

    def times(own: Random, start: float, end: float, zone: tzinfo) -> list[float]:
        # On a grid both neighbours of a gap move, which doubles its spread.
        spread = jitter if timer is schedules.sleep else jitter / 2
        beats = timer(own, start, end, period, spread, missed)
        return ACTIVE[active](own, beats, zone)

    dense = active == "always" and period <= HOUR
    bounds = ((round(size), round(size * rng.uniform(1, 20))) for size in sizes)
    return Profile(f"any-implant-{active}", "", "T1029", "", times, *bounds, dense=dense)


ACTIVE = {
    "always": lambda _, beats, zone: beats,
    "office": lambda _, beats, zone: schedules.within(beats, (9, 17), schedules.WEEKDAYS, zone),
    "night": lambda _, beats, zone: schedules.within(beats, (20, 6), zone=zone),
    "laptop": lambda rng, beats, zone: schedules.laptop(rng, beats, zone),
}


def _with_rests(rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
    """Gamma gaps, up to twice as even as Poisson arrivals: no schedule."""
    evenness, mean = rng.uniform(1, 4), 120 * 180 ** rng.random()
    times, time = [], start + rng.random() * mean
    while time < end:
        times.append(time)
        time += rng.gammavariate(evenness, mean / evenness)
    return times


def _retries(rng: Random, start: float, end: float, zone: tzinfo) -> list[float]:
    """A person's visits, each repeated a few times at a fixed spacing of seconds."""
    visits = schedules.browsing(rng, start, end, rng.uniform(0.5, 4), clicks=1.2, zone=zone)
    spacing = rng.uniform(1, 30)
    tries = [visit + again * spacing for visit in visits for again in range(rng.randint(2, 6))]
    return schedules.clip(tries, start, end)


UNSCHEDULED = (
    *RANDOM,
    Profile("arrivals-with-rests", "", "", "", _with_rests, (500, 50_000), (500, 500_000)),
    Profile("retries", "", "", "a server that is often down", _retries, (60, 900), (0, 900)),
)


def _senders(rng: Random, profile: Profile) -> int:
    return max(1, round(profile.senders * POPULATION * rng.uniform(0.7, 1.3)))


def _context(
    rng: Random, profile: Profile, kind: str, span: tuple[float, float], hours_east: float
) -> dict[str, str]:
    start, end = span
    minutes = round(hours_east * 60)
    sign = "-" if minutes < 0 else "+"
    return {
        "utc_offset": f"{sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}",
        "window_start": str(start),
        "window_end": str(end),
        "senders": str(_senders(rng, profile)),
        "population": str(POPULATION),
        "first_seen": str(int(end - rng.uniform(*KNOWN_DAYS[kind]) * DAY)),
        "dest_port": str(profile.port),
        "app": profile.app,
    }


def case(profile: Profile, kind: str, seed: int, days: int = DAYS) -> Case:
    """One pair with this profile for `days` days; the same seed gives the same pair."""
    rng = Random(f"{seed} {profile.name}")
    start = FIRST_MIDNIGHT + rng.randrange(300) * DAY
    end = start + days * DAY
    hours_east = rng.choice(ZONES)
    zone = timezone(timedelta(hours=hours_east))
    connections = tuple(
        Connection(round(time, 3), draw(rng, profile.bytes_out), draw(rng, profile.bytes_in))
        for time in profile.times(rng, start, end, zone)
    )
    context = _context(rng, profile, kind, (start, end), hours_east)
    return Case(
        profile.name,
        kind,
        profile.dense,
        Pair("10.0.0.1", "203.0.113.9", connections, start, end, context),
    )


def cases(profiles: Sequence[Profile], kind: str, seeds: Sequence[int]) -> Iterator[Case]:
    """One pair of each profile and seed."""
    for seed in seeds:
        for profile in profiles:
            yield case(profile, kind, seed, LONG_DAYS if profile.name == "weekly" else DAYS)


class Simulation(NamedTuple):
    """The labelled pairs: malicious, people, traffic without schedule, benign automation."""

    malicious: list[Case]
    people: list[Case]
    random: list[Case]
    automation: list[Case]

    @property
    def unscheduled(self) -> list[Case]:
        return self.people + self.random


def simulate(first_seed: int, rounds: int = 10) -> Simulation:
    """Draw every malicious profile `rounds` times, and similar numbers of benign pairs."""
    seeds = range(first_seed, first_seed + rounds)
    more = range(first_seed, first_seed + 4 * rounds)
    many = range(first_seed, first_seed + 25 * rounds)
    strangers = [
        case(_person(Random(f"person {seed}")), "people", seed, DAYS if seed % 7 else LONG_DAYS)
        for seed in many
    ]
    implants = [case(_implant(Random(f"implant {seed}")), "malicious", seed) for seed in more]
    return Simulation(
        [*cases(MALWARE, "malicious", seeds), *implants],
        [*cases(PEOPLE, "people", more), *strangers],
        list(cases(UNSCHEDULED, "random", more)),
        list(cases(AUTOMATION, "automation", more)),
    )
