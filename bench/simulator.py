"""Pairs with known guilt, out of the simulated office's habits.

The schedules are the office's own (office/malware.py, office/benign.py). Around them stands what
a site of 240 hosts would know. Seeds for development and for the final figures are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone, tzinfo
from random import Random
from typing import NamedTuple

from office import schedules
from office.benign import AUTOMATION, PEOPLE, RANDOM
from office.habits import Habit, draw, local
from office.malware import MALWARE
from office.schedules import OFFICE_HOURS

from .pairs import DAY, HOUR, Connection, Pair

DEVELOPMENT_SEED = 1
FINAL_SEED = 1_000_003
DAYS = 14
# A weekly schedule has two beats in 14 days, too few for anybody; who looks for one looks back
# six weeks. One person in seven is looked at for as long.
LONG_DAYS = 42
POPULATION = 240
FIRST_MIDNIGHT = 1_767_571_200  # Monday, 5 January 2026
ZONES = (-8.0, -5.0, 0.0, 1.0, 2.0, 5.5, 9.0)
SENSOR_HOURS = (4,) * 24
NIGHT_HOURS = OFFICE_HOURS[12:] + OFFICE_HOURS[:12]

# How many days before the end of the recording the site first saw the destination: the least and
# the most. They overlap on purpose: some thefts are old and some services are new.
KNOWN_DAYS = {"malicious": (2, 45), "automation": (10, 600), "people": (1, 600), "random": (1, 600)}


class Case(NamedTuple):
    """One simulated pair: whose habit it is, what kind, and the pair itself."""

    scenario: str
    kind: str
    dense: bool
    pair: Pair


def _person(rng: Random) -> Habit:
    """A person unlike the office's: any number of visits a day, at any pace, on any shift."""
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
    return Habit(name, "person", "", "visits one site", times, *sizes, senders=rng.random() / 2)


def _implant(rng: Random) -> Habit:
    """An implant unlike the documented ones: any period, jitter, losses and active hours."""
    active = rng.choice(("always", "always", "office", "night", "laptop"))
    # From two minutes to six hours, or to two where only some hours of the day are active.
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
    return Habit(f"any-implant-{active}", "", "T1029", "", times, *bounds, dense=dense)


ACTIVE = {
    "always": lambda _, beats, zone: beats,
    "office": lambda _, beats, zone: schedules.within(beats, (9, 17), schedules.WEEKDAYS, zone),
    "night": lambda _, beats, zone: schedules.within(beats, (20, 6), zone=zone),
    "laptop": lambda rng, beats, zone: schedules.laptop(rng, beats, zone),
}


def _with_rests(rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
    """Arrivals that rest after one another, up to twice as even as memoryless ones: no schedule."""
    evenness, mean = rng.uniform(1, 4), 120 * 180 ** rng.random()
    times, time = [], start + rng.random() * mean
    while time < end:
        times.append(time)
        time += rng.gammavariate(evenness, mean / evenness)
    return times


def _retries(rng: Random, start: float, end: float, zone: tzinfo) -> list[float]:
    """Visits at a person's times, each tried again a few times at the same spacing of seconds."""
    visits = schedules.browsing(rng, start, end, rng.uniform(0.5, 4), clicks=1.2, zone=zone)
    spacing = rng.uniform(1, 30)
    tries = [visit + again * spacing for visit in visits for again in range(rng.randint(2, 6))]
    return schedules.clip(tries, start, end)


UNSCHEDULED = (
    *RANDOM,
    Habit("arrivals-with-rests", "", "", "", _with_rests, (500, 50_000), (500, 500_000)),
    Habit("retries", "", "", "a server that is often down", _retries, (60, 900), (0, 900)),
)


def _host_hours(rng: Random, habit: Habit, kind: str) -> str:
    """The sender's usual day: an office worker, a night worker, or a machine that never sleeps."""
    shape = OFFICE_HOURS
    if "night-" in habit.name and kind == "people":
        shape = NIGHT_HOURS
    elif habit.actor in ("IoT", "backup server", "monitoring agent"):
        shape = SENSOR_HOURS
    return ",".join(str(round(weight * 40 * rng.uniform(0.7, 1.3))) for weight in shape)


def _senders(rng: Random, habit: Habit) -> int:
    return max(1, round(habit.senders * POPULATION * rng.uniform(0.7, 1.3)))


def _context(
    rng: Random, habit: Habit, kind: str, span: tuple[float, float], hours_east: float
) -> dict[str, str]:
    start, end = span
    minutes = round(hours_east * 60)
    sign = "-" if minutes < 0 else "+"
    return {
        "utc_offset": f"{sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}",
        "window_start": str(start),
        "window_end": str(end),
        "senders": str(_senders(rng, habit)),
        "population": str(POPULATION),
        "first_seen": str(int(end - rng.uniform(*KNOWN_DAYS[kind]) * DAY)),
        "dest_port": str(habit.port),
        "app": habit.app,
        "host_hours": _host_hours(rng, habit, kind),
    }


def case(habit: Habit, kind: str, seed: int, days: int = DAYS) -> Case:
    """One pair that keeps the habit for so many days; the same seed gives the same pair."""
    rng = Random(f"{seed} {habit.name}")
    start = FIRST_MIDNIGHT + rng.randrange(300) * DAY
    end = start + days * DAY
    hours_east = rng.choice(ZONES)
    zone = timezone(timedelta(hours=hours_east))
    connections = tuple(
        Connection(round(time, 3), draw(rng, habit.bytes_out), draw(rng, habit.bytes_in))
        for time in habit.times(rng, start, end, zone)
    )
    context = _context(rng, habit, kind, (start, end), hours_east)
    return Case(
        habit.name,
        kind,
        habit.dense,
        Pair("10.0.0.1", "203.0.113.9", connections, start, end, context),
    )


def cases(habits: Sequence[Habit], kind: str, seeds: Sequence[int]) -> Iterator[Case]:
    """One pair of each habit and seed."""
    for seed in seeds:
        for habit in habits:
            yield case(habit, kind, seed, LONG_DAYS if habit.name == "weekly" else DAYS)


class Simulation(NamedTuple):
    """What is compared: thefts, people, traffic without schedule, and benign automation."""

    malicious: list[Case]
    people: list[Case]
    random: list[Case]
    automation: list[Case]

    @property
    def unscheduled(self) -> list[Case]:
        return self.people + self.random


def simulate(first_seed: int, rounds: int = 10) -> Simulation:
    """Draw every malicious habit `rounds` times, and benign ones in like numbers."""
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
