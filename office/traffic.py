"""Everything that the office's machines send in the simulated days, planted transfers included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from office import schedules
from office.benign import AUTOMATION, KB, MB, PEOPLE
from office.habits import Habit, draw
from office.network import PEOPLE as PEOPLES_KINDS
from office.network import Flow, Machine, ipv6, machines
from office.scenarios import SCENARIOS, Scenario

ZONE = "Europe/Berlin"
# A Monday. The clocks of the zone go back by an hour within the first week.
FIRST_DAY = (2026, 10, 19)

SITES = tuple(f"198.51.100.{last}" for last in range(20, 200) if last != 166)
VIDEO = tuple(f"192.0.2.{last}" for last in range(20, 160))
CUSTOMERS = tuple(f"203.0.113.{last}" for last in range(210, 218))
SYSTEM32 = r"C:\Windows\System32"
BROWSER = r"C:\Program Files\Google\Chrome\Application\chrome.exe"
SERVICE_HOST = rf"{SYSTEM32}\svchost.exe"


class Routine(NamedTuple):
    """A benign habit in this office: whose it is, where it goes, which program has it.

    `members` are kinds of machines or single names. `notable` routines are large enough to look
    like a theft, so the truth file explains them.
    """

    habit: str
    members: tuple[str, ...]
    destinations: tuple[str, ...]
    process: str
    notable: bool = False


ROUTINES = (
    Routine("ntp", ("server", "thing"), ("192.0.2.123",), SERVICE_HOST),
    Routine("update-check", ("desk", "branch", "home", "server"), ("192.0.2.8",), SERVICE_HOST),
    Routine(
        "antivirus-check",
        ("branch", "home"),
        ("192.0.2.9",),
        r"C:\ProgramData\Microsoft\Windows Defender\Platform\MsMpEng.exe",
    ),
    Routine(
        "mail-poll",
        ("desk", "home"),
        ("198.51.100.7",),
        r"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE",
    ),
    Routine("telemetry", ("desk", "home"), ("192.0.2.10",), rf"{SYSTEM32}\CompatTelRunner.exe"),
    Routine("lamp-bridge", ("thing-01", "thing-02"), ("198.51.100.11",), ""),
    Routine("camera", ("thing-03",), ("198.51.100.12",), ""),
    Routine(
        "monitoring", ("server-02",), ("198.51.100.13",), r"C:\Program Files\Monitoring\agent.exe"
    ),
    Routine(
        "nightly-backup",
        ("server-01",),
        ("203.0.113.5",),
        r"C:\Program Files\Backup\backup.exe",
        notable=True,
    ),
    Routine(
        "video-calls",
        ("desk", "home", "branch-01", "branch-07"),
        VIDEO,
        r"C:\Program Files\Meetings\meetings.exe",
        notable=True,
    ),
    Routine("cloud-sync", ("desk-05",), ("203.0.113.8",), BROWSER, notable=True),
    Routine(
        "large-uploads",
        ("desk-09", "branch-04"),
        CUSTOMERS,
        BROWSER,
        notable=True,
    ),
)


class Office(NamedTuple):
    """The finished simulation: its span as epochs, and its flows in the order they closed."""

    start: float
    end: float
    zone: tzinfo
    flows: list[Flow]


def simulate(seed: int = 1, days: int = 14) -> Office:
    """Return the office's connections in the first `days` days, the same for the same seed."""
    span = _span(seed, days)
    return _office(span, [*_planted(span), *_routine(span), *_browsing(span)])


def only_planted(seed: int = 1, days: int = 14) -> Office:
    """Return the same office without its ordinary traffic."""
    span = _span(seed, days)
    return _office(span, _planted(span))


def _span(seed: int, days: int) -> Span:
    zone = ZoneInfo(ZONE)
    first = datetime(*FIRST_DAY, tzinfo=zone)
    return Span(seed, first.timestamp(), (first + timedelta(days=days)).timestamp(), zone)


def _office(span: Span, flows: Iterable[Flow]) -> Office:
    kept = sorted(flow for flow in flows if flow.end < span.end)
    return Office(span.start, span.end, span.zone, kept)


class Span(NamedTuple):
    """What every generator needs; each draws from its own stream, so adding one moves no other."""

    seed: int
    start: float
    end: float
    zone: tzinfo

    def rng(self, *names: str) -> Random:
        """Return the random stream of that name."""
        return Random("/".join((str(self.seed), *names)))

    def times(self, habit: Habit, rng: Random, begins: float = 0.0) -> list[float]:
        """Return the habit's start times, from so many seconds after the start on."""
        return habit.times(rng, self.start + begins, self.end, self.zone)


def _planted(span: Span) -> Iterator[Flow]:
    by_name = {machine.name: machine for machine in machines()}
    for scenario in SCENARIOS:
        yield from _scenario(span, scenario, by_name[scenario.sender])


def _scenario(span: Span, scenario: Scenario, machine: Machine) -> Iterator[Flow]:
    rng = span.rng("scenario", scenario.name)
    for time in span.times(scenario.habit, rng, scenario.begins):
        destination = scenario.destination(time - span.start)
        yield _flow(
            rng, time, machine, scenario.habit, destination, scenario.process, scenario.name
        )


def _routine(span: Span) -> Iterator[Flow]:
    habits = {habit.name: habit for habit in AUTOMATION + PEOPLE}
    for routine in ROUTINES:
        for machine in machines():
            if machine.kind in routine.members or machine.name in routine.members:
                yield from _benign(span, routine, habits[routine.habit], machine)


def _benign(span: Span, routine: Routine, habit: Habit, machine: Machine) -> Iterator[Flow]:
    rng = span.rng(routine.habit, machine.name)
    scenario = routine.habit if routine.notable else ""
    for time in span.times(habit, rng):
        destination = rng.choice(routine.destinations)
        yield _flow(rng, time, machine, habit, destination, routine.process, scenario)


def _browsing(span: Span) -> Iterator[Flow]:
    visit = next(habit for habit in PEOPLE if habit.name == "browsing")
    for machine in machines():
        if machine.kind in PEOPLES_KINDS:
            yield from _person(span, machine, visit)


def _person(span: Span, machine: Machine, visit: Habit) -> Iterator[Flow]:
    """Yield what one person looks at: a few favourite sites, and now and then an attachment."""
    rng = span.rng("browsing", machine.name)
    favourites = rng.sample(SITES, 25)
    weights = [1 / rank for rank in range(1, 26)]
    shift = 12 if machine.name == "branch-12" else 0
    attachment = visit._replace(bytes_out=(200 * KB, 9 * MB))
    clicks = schedules.browsing(
        rng, span.start, span.end, 7, 14, zone=span.zone, shift=shift, weekend=0.03
    )
    site, last = favourites[0], 0.0
    for time in clicks:
        if time - last > 10 * schedules.MINUTE or rng.random() < 0.25:
            site = rng.choices(favourites, weights)[0]
        last = time
        habit = attachment if rng.random() < 0.008 else visit
        yield _flow(rng, time, machine, habit, site, BROWSER, "")


def _flow(
    rng: Random,
    start: float,
    machine: Machine,
    habit: Habit,
    destination: str,
    process: str,
    scenario: str,
) -> Flow:
    bytes_out, bytes_in = draw(rng, habit.bytes_out), draw(rng, habit.bytes_in)
    seconds = 0.05 + (bytes_out + bytes_in) / rng.uniform(4 * MB, 12 * MB) + rng.expovariate(2)
    src, dst = machine.address, destination
    if habit.name == "update-check" and machine.kind == "server":
        src, dst = ipv6(machine), "2001:db8::8"
    return Flow(
        round(start + seconds, 6),
        round(start, 6),
        machine,
        src,
        rng.randint(49152, 65535),
        dst,
        habit.port,
        "udp" if habit.app == "ntp" else "tcp",
        habit.app,
        bytes_out,
        bytes_in,
        process,
        scenario,
    )
