"""The simulation: all connections and events of the office, planted transfers included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from random import Random
from typing import NamedTuple, Union
from zoneinfo import ZoneInfo

from office import schedules
from office.background_jobs import BACKGROUND_JOBS, BackgroundJob, programs_of_the_day
from office.benign import AUTOMATION, JOBS, KB, MB, PEOPLE
from office.events import AddressLeased, Event
from office.jobs import SERVICE_HOST, Job
from office.network import PEOPLE as PEOPLES_KINDS
from office.network import Flow, Machine, ipv6, machines
from office.scenarios import SCENARIOS, Scenario
from office.services import hosting, name_of
from office.traffic_profiles import Profile, draw

ZONE = "Europe/Berlin"
# A Monday. Daylight saving time ends within the first week.
FIRST_DAY = (2026, 10, 19)

SITES = tuple(f"198.51.100.{last}" for last in range(20, 200) if last != 166)
VIDEO = tuple(f"192.0.2.{last}" for last in range(20, 160))
EDGE_SITES = tuple(f"site-{number}.edge.example" for number in range(1, 31))
EDGE_USERS = ("desk-02", "desk-08", "desk-16", "desk-20", "studio-03", "annex", "field")
DRIVE_USERS = ("desk-02", "desk-08", "desk-19", "studio-01", "annex-02", "field-01")
CUSTOMERS = tuple(f"203.0.113.{last}" for last in range(210, 218))
SYSTEM32 = r"C:\Windows\System32"
BROWSER = r"C:\Program Files\Google\Chrome\Application\chrome.exe"
# In the second week every program folder with a version changes to the next version.
OPERA = r"C:\Program Files\Opera\{version}\opera.exe"
BROWSERS = {"desk-07": OPERA, "home-03": OPERA}
UPDATER = r"C:\Program Files (x86)\Google\Update\GoogleUpdate.exe"
VERSIONS = ("131.0.5877.24", "132.0.5905.11")
UPDATED_BETWEEN = (7.5 * schedules.DAY, 10.5 * schedules.DAY)
LEASE_RENEWAL = 12 * schedules.HOUR


class Routine(NamedTuple):
    """A benign profile in this office: senders, destinations and program.

    `members` are kinds of machines or machine names. `notable` routines are large enough to look
    like exfiltration, so truth.csv lists them. `via` is the job that starts each transfer. `hosts`
    are names with shared addresses, in the place of destinations.
    """

    profile: str
    members: tuple[str, ...]
    destinations: tuple[str, ...]
    process: str
    notable: bool = False
    via: Job | None = None
    lasting: bool = False
    hosts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the profile, unique among the routines of a machine."""
        return self.profile

    def machines(self) -> list[Machine]:
        """Return the machines with this routine."""
        return [one for one in machines() if one.kind in self.members or one.name in self.members]


ROUTINES = (
    Routine("ntp", ("server", "thing"), ("192.0.2.123",), SERVICE_HOST),
    Routine("update-check", ("desk", "branch", "home", "server"), ("192.0.2.8",), SERVICE_HOST),
    Routine(
        "antivirus-check",
        ("branch", "home"),
        ("192.0.2.9",),
        r"C:\ProgramData\Microsoft\Windows Defender\Platform\{version}-0\MsMpEng.exe",
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
        via=Job(r"\Backup\Nightly", r'"C:\Program Files\Backup\backup.exe" --all', lag=(20, 60)),
    ),
    Routine(
        "unix-backup",
        ("unix-01",),
        ("203.0.113.5",),
        "/usr/bin/rsync",
        notable=True,
        via=Job(
            "root",
            "/usr/local/sbin/backup.sh",
            user="root",
            lag=(3, 20),
            children=(
                ("/usr/bin/bash", "/bin/bash /usr/local/sbin/backup.sh"),
                ("/usr/bin/rsync", "rsync -a /srv/ backup@203.0.113.5:unix-01/"),
            ),
        ),
    ),
    Routine(
        "browser-update",
        ("desk", "home"),
        ("192.0.2.16",),
        UPDATER,
        via=Job(r"\GoogleUpdateTaskMachineUA", f'"{UPDATER}" /ua /installsource scheduler'),
    ),
    Routine("update-check", ("studio",), ("192.0.2.14",), "/usr/libexec/softwareupdated"),
    Routine("update-check", ("unix",), ("192.0.2.15",), "/usr/lib/apt/methods/https"),
    Routine(
        "video-calls",
        ("desk", "home", "branch-01", "branch-07"),
        VIDEO,
        r"C:\Program Files\Meetings\meetings.exe",
        notable=True,
    ),
    Routine("cloud-sync", ("desk-05",), ("203.0.113.8",), BROWSER, notable=True),
    Routine(
        "cloud-backup",
        ("server-06",),
        (),
        r"C:\Program Files\Backup\backup.exe",
        notable=True,
        hosts=("backup-eu.storage.example",),
    ),
    Routine("drive-sync", DRIVE_USERS, (), BROWSER, hosts=("files.drive.example",)),
    Routine("browsing", EDGE_USERS, (), BROWSER, hosts=EDGE_SITES),
    Routine(
        "large-uploads",
        ("desk-09", "branch-04"),
        CUSTOMERS,
        BROWSER,
        notable=True,
    ),
)


Happening = Union[Flow, Event]


class Office(NamedTuple):
    """The finished simulation: its span as epochs, flows in the order in which they closed, and
    events in order of time.
    """

    start: float
    end: float
    zone: tzinfo
    flows: list[Flow]
    events: list[Event]


def simulate(seed: int = 1, days: int = 14) -> Office:
    """Return the simulation of the first `days` days; the same seed gives the same result."""
    span = _span(seed, days)
    return _office(span, _all(span, _planted, _leases, *ORDINARY))


def only_planted(seed: int = 1, days: int = 14) -> Office:
    """Return the planted transfers and the DHCP leases without ordinary traffic."""
    span = _span(seed, days)
    return _office(span, _all(span, _planted, _leases))


def unplanted(seed: int = 1, days: int = 14) -> Office:
    """Return the ordinary traffic without the planted transfers."""
    span = _span(seed, days)
    return _office(span, _all(span, _leases, *ORDINARY))


def _all(span: Span, *sources: Callable[[Span], Iterable[Happening]]) -> Iterator[Happening]:
    return (one for source in sources for one in source(span))


def _span(seed: int, days: int) -> Span:
    zone = ZoneInfo(ZONE)
    first = datetime(*FIRST_DAY, tzinfo=zone)
    return Span(seed, first.timestamp(), (first + timedelta(days=days)).timestamp(), zone)


def _office(span: Span, happenings: Iterable[Happening]) -> Office:
    flows, events = [], []
    for one in happenings:
        since = span.start + one.machine.joins
        if isinstance(one, Flow):
            if one.start >= since and one.end < span.end:
                flows.append(one)
        elif since <= one.time < span.end:
            events.append(one)
    events.sort(key=lambda event: (event.time, event.machine.name))
    return Office(span.start, span.end, span.zone, sorted(flows), events)


class Span(NamedTuple):
    """Seed, span and zone for all generators. Each generator has its own random stream."""

    seed: int
    start: float
    end: float
    zone: tzinfo

    def rng(self, *names: str) -> Random:
        """Return the random stream with this name, independent of all others."""
        return Random("/".join((str(self.seed), *names)))

    def times(self, profile: Profile, rng: Random, begins: float = 0.0) -> list[float]:
        """Return the habit's start times, from `begins` seconds after the start."""
        return profile.times(rng, self.start + begins, self.end, self.zone)

    def image(self, machine: Machine, path: str, time: float) -> str:
        """Return the program's path with the version installed on the machine at that time."""
        if "{version}" not in path:
            return path
        updated = self.start + self.rng("update", path, machine.name).uniform(*UPDATED_BETWEEN)
        return path.replace("{version}", VERSIONS[time >= updated])


def _planted(span: Span) -> Iterator[Happening]:
    by_name = {machine.name: machine for machine in machines()}
    for scenario in SCENARIOS:
        yield from _scenario(span, scenario, by_name[scenario.sender])


def _scenario(span: Span, scenario: Scenario, machine: Machine) -> Iterator[Happening]:
    rng = span.rng("scenario", scenario.stream or scenario.name)
    due = span.times(scenario.profile, rng, scenario.begins)
    led = _led_by(span, scenario, machine, scenario.process, due)
    for time, run, events in led:
        yield from events
        if scenario.host:
            destination = rng.choice(hosting(scenario.host))
        else:
            destination = scenario.destination(time - span.start)
        flow = _flow(
            rng, time, machine, scenario.profile, destination, scenario.process, scenario.name, run
        )
        yield flow._replace(name=scenario.host or flow.name)


def _led_by(
    span: Span,
    doing: Scenario | Routine | BackgroundJob,
    machine: Machine,
    image: str,
    times: Iterable[float],
) -> Iterator[tuple[float, str, Iterable[Event]]]:
    """Yield the time and run of each transfer with the events that precede it."""
    via = doing.via
    if via is None:
        yield from ((time, "", ()) for time in times)
        return
    rng = span.rng("via", doing.name, machine.name)
    before = list(via.set_up(machine, image, span.start))
    for due in times:
        run = "" if doing.lasting else f"{doing.name} {due:.0f}"
        events = [*before, *via.trail(rng, machine, due, image, run)]
        before = []
        yield due + rng.uniform(*via.lag), run, events


def _leases(span: Span) -> Iterator[Event]:
    for machine in machines():
        if machine.leases:
            rng = span.rng("lease", machine.name)
            since = span.start + machine.joins
            times = schedules.every(rng, since, span.end, LEASE_RENEWAL, 0.02)
            yield from (AddressLeased(time, machine, time != times[0]) for time in times)


def _routine(span: Span) -> Iterator[Happening]:
    profiles = {profile.name: profile for profile in AUTOMATION + PEOPLE + JOBS}
    for routine in ROUTINES:
        for machine in routine.machines():
            yield from _benign(span, routine, profiles[routine.profile], machine)


def _benign(
    span: Span, routine: Routine, profile: Profile, machine: Machine
) -> Iterator[Happening]:
    rng = span.rng(routine.profile, *routine.hosts[:1], machine.name)
    scenario = routine.profile if routine.notable else ""
    due = span.times(profile, rng)
    for time, run, events in _led_by(span, routine, machine, routine.process, due):
        yield from events
        host = rng.choice(routine.hosts) if routine.hosts else ""
        destination = rng.choice(hosting(host) or routine.destinations)
        image = span.image(machine, routine.process, time)
        flow = _flow(rng, time, machine, profile, destination, image, scenario, run)
        yield flow._replace(name=host or flow.name)


def _background_jobs(span: Span) -> Iterator[Event]:
    for job in BACKGROUND_JOBS:
        for machine in machines():
            if job.is_for(machine):
                yield from _background_job(span, job, machine)


def _background_job(span: Span, job: BackgroundJob, machine: Machine) -> Iterator[Event]:
    # The stream keeps its first name, since another one would change the simulated times.
    rng = span.rng("chore", job.name, machine.name)
    due = job.times(rng, span.start, span.end, span.zone)
    for _, _, events in _led_by(span, job, machine, job.image, due):
        yield from events


def _ordinary_programs(span: Span) -> Iterator[Event]:
    for machine in machines():
        if machine.sysmon:
            rng = span.rng("programs", machine.name)
            yield from programs_of_the_day(rng, machine, span.start, span.end, span.zone)


def _browsing(span: Span) -> Iterator[Flow]:
    visit = next(profile for profile in PEOPLE if profile.name == "browsing")
    for machine in machines():
        if machine.kind in PEOPLES_KINDS:
            yield from _person(span, machine, visit)


def _person(span: Span, machine: Machine, visit: Profile) -> Iterator[Flow]:
    """Yield the browsing of one person: a few favourite sites and sometimes an upload."""
    rng = span.rng("browsing", machine.name)
    favourites = rng.sample(SITES, 25)
    weights = [1 / rank for rank in range(1, 26)]
    shift = 12 if machine.name == "branch-12" else 0
    attachment = visit._replace(bytes_out=(200 * KB, 9 * MB))
    browser = BROWSERS.get(machine.name, BROWSER)
    clicks = schedules.browsing(
        rng, span.start, span.end, 7, 14, zone=span.zone, shift=shift, weekend=0.03
    )
    site, last = favourites[0], 0.0
    for time in clicks:
        if time - last > 10 * schedules.MINUTE or rng.random() < 0.25:
            site = rng.choices(favourites, weights)[0]
        last = time
        profile = attachment if rng.random() < 0.008 else visit
        image = span.image(machine, browser, time)
        yield _flow(rng, time, machine, profile, site, image, "")


def _flow(
    rng: Random,
    start: float,
    machine: Machine,
    profile: Profile,
    destination: str,
    process: str,
    scenario: str,
    run: str = "",
) -> Flow:
    bytes_out, bytes_in = draw(rng, profile.bytes_out), draw(rng, profile.bytes_in)
    seconds = 0.05 + (bytes_out + bytes_in) / rng.uniform(4 * MB, 12 * MB) + rng.expovariate(2)
    src, dst = machine.address, destination
    if profile.name == "update-check" and machine.kind == "server":
        src, dst = ipv6(machine), "2001:db8::8"
    return Flow(
        round(start + seconds, 6),
        round(start, 6),
        machine,
        src,
        rng.randint(49152, 65535),
        dst,
        profile.port,
        "udp" if profile.app == "ntp" else "tcp",
        profile.app,
        bytes_out,
        bytes_in,
        process,
        scenario,
        run,
        name_of(dst) if machine.proxy else "",
    )


ORDINARY = (_routine, _browsing, _background_jobs, _ordinary_programs)
