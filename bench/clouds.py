"""Thefts to services that are known by name, each planted into a site's ordinary traffic.

    python -m bench.clouds [--seed N] [--thefts N] [--workers N] [--office] [--out DIR]

Each theft goes to a bucket, a drive or a name on a content network, whose addresses change and are
shared with what people and backups use there; directly, through a proxy that Zeek sees, or through
one in the cloud that has its own log. All shipped rules run on the logs, as on a site: the learning
searches every night, the rules at the end. The seed is drawn anew for every run, so that nothing
can have been fitted to it; --seed repeats a run.

--office counts the benign findings in the simulated office, with and without its named services.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import tzinfo
from functools import partial
from itertools import product
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Console

from office import schedules
from office.demo import LEARNING
from office.generate import write_lists, write_logs
from office.ground_truth import truth
from office.logs import write_each, zeek_dns, zeek_http, zeek_ssl, zeek_tsv, zscaler
from office.network import SQUID, ZSCALER, Flow, Machine
from office.services import hosting, name_of
from office.simulation import Office, simulate
from office.traffic_profiles import draw
from office.verdicts import Finding, Row, run_rules, texts, with_truth
from replay import Inputs, run
from replay.app import short_name
from replay.engine import APP, App
from replay.findings import risk

from .pairs import DAY, HOUR
from .report import REPORT_HOME, Table, markdown, show
from .rules import CONSOLE_WIDTH, LEARNS_AT
from .simulator import DAYS, FIRST_MIDNIGHT

THEFTS = 40
# The sites log no processes, no devices and no names of machines, of which the others learn.
LEARNED = "T1029 - Destinations - Learn"
WANTED_FIRST, WANTED_RISK = 0.95, 9.0
# Findings that an analyst would look at, and how many more of them for a host and day are too many.
ALERT, MOST_MORE = 7.0, 0.1
KB, MB, MINUTE = 1_000, 1_000_000, 60

Times = Callable[[Random, float, float, tzinfo], list]


class Shape(NamedTuple):
    """How a theft is spread over time, and the bytes of one connection."""

    name: str
    times: Times
    bytes_out: tuple[int, int]


def _clock(rng: Random) -> dict[str, float]:
    return {"hour": rng.choice((0, 1, 2, 3, 4, 5, 22, 23)), "minute": rng.randrange(60)}


def nightly(rng: Random) -> Shape:
    """One large upload a night."""
    times = partial(schedules.daily, spread=rng.uniform(20, 240), **_clock(rng))
    return Shape("nightly", _local(times), (100 * MB, 500 * MB))


def weekdays(rng: Random) -> Shape:
    """One large upload on each working day, at any hour."""
    clock = {"hour": rng.randrange(24), "minute": rng.randrange(60)}
    times = partial(schedules.daily, spread=rng.uniform(20, 240), days=schedules.WEEKDAYS, **clock)
    return Shape("weekdays", _local(times), (120 * MB, 400 * MB))


def hourly(rng: Random) -> Shape:
    """An upload every hour of the working day."""
    times = partial(schedules.working_hours, period=HOUR, jitter=rng.uniform(0.01, 0.05))
    return Shape("hourly, working hours", _local(times), (8 * MB, 40 * MB))


def jittered(rng: Random) -> Shape:
    """A sleep with jitter, around the clock."""
    period, jitter = rng.uniform(1, 5) * HOUR, rng.uniform(0.1, 0.3)

    def times(own: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
        return schedules.sleep(own, start, end, period, jitter)

    return Shape("jittered", times, (20 * MB, 90 * MB))


def pieces(rng: Random) -> Shape:
    """A nightly upload in many connections, each to another address."""
    count = rng.randint(25, 150)
    runs = _local(partial(schedules.daily, spread=rng.uniform(20, 240), **_clock(rng)))

    def times(own: Random, start: float, end: float, zone: tzinfo) -> list[float]:
        return schedules.bursts(own, runs(own, start, end, zone), (count, count + 10), (1, 12))

    return Shape("in pieces", times, (2 * MB, 4_900_000))


def _local(times: Callable[..., list]) -> Times:
    return lambda rng, start, end, zone: times(rng, start, end, zone=zone)


SHAPES = (nightly, weekdays, hourly, jittered, pieces)
SERVICES = {"bucket": "storage", "drive": "drive", "content network": "edge"}
ROUTES = {"direct": "", "proxy": SQUID, "cloud proxy": ZSCALER}


class Case(NamedTuple):
    """One theft: how it is drawn."""

    seed: int
    number: int
    service: str
    route: str
    shape: Callable[[Random], Shape]

    def rng(self, *names: str) -> Random:
        """Return the random stream with this name."""
        return Random("/".join((str(self.seed), str(self.number), *names)))


def cases(seed: int, count: int) -> list[Case]:
    """Draw the thefts: as many as possible differ in service, route or shape."""
    every = list(product(SERVICES, ROUTES, SHAPES))
    rng, drawn = Random(seed), []
    while len(drawn) < count:
        drawn += rng.sample(every, len(every))
    return [Case(seed, number, *one) for number, one in enumerate(drawn[:count])]


class Site(NamedTuple):
    """A fortnight of a site: its flows, the attacker's address, the name of the service it uses."""

    start: float
    end: float
    zone: ZoneInfo
    flows: list[Flow]
    attacker: str
    name: str


PEOPLE, SERVERS = 9, 4
ZONES = ("America/New_York", "UTC", "Europe/Berlin", "Asia/Tokyo")
SITES = tuple(f"198.51.{third}.{last}" for third in (100, 101) for last in range(1, 60))
SHARED_SITES = tuple(f"shop-{number}.edge.example" for number in range(40))


def site(case: Case) -> Site:
    """Return a site's ordinary traffic with the theft planted into it."""
    rng = case.rng("site")
    start = FIRST_MIDNIGHT + rng.randrange(40) * 7 * DAY
    end, zone = start + DAYS * DAY, ZoneInfo(rng.choice(ZONES))
    hosts = [_machine(number, ROUTES[case.route]) for number in range(PEOPLE + SERVERS)]
    flows = list(_ordinary(case, hosts, start, end, zone))
    attacker, name = rng.choice(hosts), f"{_word(rng)}-{rng.randrange(999)}"
    name += f".{SERVICES[case.service]}.example"
    shape = case.shape(case.rng("shape"))
    begin = start + rng.uniform(0, 4) * DAY
    for time in shape.times(case.rng("times"), begin, end, zone):
        flows.append(_flow(rng, attacker, time, name, shape.bytes_out, (2 * KB, 90 * KB)))
    inside = sorted(flow for flow in flows if flow.start >= start and flow.end < end)
    return Site(start, end, zone, inside, attacker.address, name)


def _word(rng: Random) -> str:
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(4))


def _machine(number: int, proxy: str) -> Machine:
    mac = f"02:00:0a:01:02:{number:02x}"
    address = f"10.1.2.{11 + number}"
    return Machine(f"host-{number}", "desk", address, mac, "tsv", link=mac, proxy=proxy)


def _ordinary(
    case: Case, hosts: Sequence[Machine], start: float, end: float, zone: tzinfo
) -> Iterator[Flow]:
    """Yield what people read and share, what servers back up, and what asks for updates."""
    people, servers = hosts[:PEOPLE], hosts[PEOPLE:]
    for machine in people:
        yield from _person(case.rng("person", machine.name), machine, start, end, zone)
    minute = case.rng("backup").randrange(60)
    for machine in hosts:
        rng = case.rng("services", machine.name)
        for time in schedules.every(rng, start, end, 4 * HOUR, 0.1):
            yield _flow(rng, machine, time, "updates.edge.example", (1 * KB, 4 * KB))
        if machine in servers:
            for time in schedules.daily(rng, start, end, 1, minute, 20 * MINUTE, zone=zone):
                yield _flow(rng, machine, time, "vault.storage.example", (10 * MB, 60 * MB))


def _person(
    rng: Random, machine: Machine, start: float, end: float, zone: tzinfo
) -> Iterator[Flow]:
    favourites = [*map(name_of, rng.sample(SITES, 12)), *rng.sample(SHARED_SITES, 6)]
    weights = [1 / rank for rank in range(1, len(favourites) + 1)]
    rng.shuffle(favourites)
    for time in schedules.browsing(rng, start, end, rng.uniform(2, 6), 9, zone=zone):
        name = rng.choices(favourites, weights)[0]
        yield _flow(rng, machine, time, name, (600, 40 * KB), (5 * KB, 900 * KB))
    changes = schedules.within(schedules.poisson(rng, start, end, 9 * HOUR), (8, 20), zone=zone)
    for time in changes:
        yield _flow(rng, machine, time, "files.drive.example", (100 * KB, 9 * MB))


def _flow(
    rng: Random,
    machine: Machine,
    start: float,
    name: str,
    sent: tuple[int, int],
    received: tuple[int, int] = (2 * KB, 200 * KB),
) -> Flow:
    bytes_out, bytes_in = draw(rng, sent), draw(rng, received)
    seconds = 0.1 + (bytes_out + bytes_in) / rng.uniform(4 * MB, 12 * MB) + rng.expovariate(2)
    own = name[len("www-") : -len(".example")].replace("-", ".")
    address = rng.choice(hosting(name) or (own,))
    return Flow(
        *(round(start + seconds, 6), round(start, 6), machine, machine.address),
        *(rng.randint(32768, 60999), address, 443, "tcp", "ssl", bytes_out, bytes_in, "", ""),
        name=name,
    )


def write_site(folder: Path, made: Site) -> Inputs:
    """Write the logs of a site and return what replay reads of them."""
    if all(flow.machine.proxy == ZSCALER for flow in made.flows):
        log = folder / "zscaler.log"
        write_each({log: zscaler(made.flows, made.zone)})
        return Inputs(log=(("zscalernss-web", str(log)),))
    kinds = {"conn": zeek_tsv, "ssl": zeek_ssl, "http": zeek_http, "dns": zeek_dns}
    write_each({folder / f"{kind}.log": of(made.flows) for kind, of in kinds.items()})
    return Inputs(zeek=(str(folder),))


class Placed(NamedTuple):
    """Where a theft stands among all findings: `rank` 1 is first, 0 that it was not found."""

    case: Case
    shape: str
    name: str
    rank: int
    risk: float
    rule: str
    schedule: str
    rows: int
    next: float

    @property
    def is_first(self) -> bool:
        """True where the theft is the first of all findings, with the wanted risk."""
        return self.rank == 1 and self.risk >= WANTED_RISK


def placed(case: Case, shape: str, made: Site, found: Mapping[str, Sequence[Row]]) -> Placed:
    """Compare the best row about the theft with those about other pairs; ties count against it."""
    rows = [(rule, row) for rule, results in found.items() for row in results]
    is_own = partial(_is_theft, made)
    own = sorted((one for one in rows if is_own(one[1])), key=lambda one: -risk(one[1]))
    others = [risk(row) for _, row in rows if not is_own(row) and _names_a_pair(row)]
    following = max(others, default=0.0)
    if not own:
        return Placed(case, shape, made.name, 0, 0.0, "", "", 0, following)
    rule, best = own[0]
    rank = 1 + sum(other >= risk(best) for other in others)
    schedule = ", ".join(texts(best.get("schedule")))
    told = short_name(rule)
    return Placed(case, shape, made.name, rank, risk(best), told, schedule, len(own), following)


def _is_theft(made: Site, row: Row) -> bool:
    """Tell whether a row is about the attacker and the name, or its registered domain."""
    known = {*texts(row.get("dest_name")), *texts(row.get("dest_domain"))}
    domain = made.name.partition(".")[2]
    return made.attacker in texts(row.get("src")) and not known.isdisjoint((made.name, domain))


def _names_a_pair(row: Row) -> bool:
    return any(row.get(name) for name in ("dest", "dest_ip", "dest_name"))


def searches(start: float, end: float, app: App) -> list[tuple[str, float]]:
    """Return the learning search of every night, then the rules, each with its epoch."""
    nights = range(int(start // DAY * DAY + DAY + LEARNS_AT), int(end), DAY)
    last = end + HOUR
    return [
        *((LEARNED, float(night)) for night in nights),
        *((rule, last) for rule in app.rules()),
    ]


def measure(case: Case) -> Placed:
    """Plant one theft, run all rules, and see where it stands."""
    made, shape = site(case), case.shape(case.rng("shape")).name
    app = App.at(APP, {}, {})
    with TemporaryDirectory(prefix="clouds-") as folder:
        outcome = run(
            searches(made.start, made.end, app),
            inputs=write_site(Path(folder), made),
            tz=made.zone.key,
        )
    rules = set(app.rules())
    found = {one.search: one.rows for one in outcome.results if one.search in rules}
    return placed(case, shape, made, found)


def table(every: Sequence[Placed]) -> Table:
    """One line a theft."""
    lines = [
        [
            f"{one.case.number + 1}",
            one.case.service,
            one.case.route,
            one.shape,
            str(one.rank or "not found"),
            f"{one.risk:.1f}",
            f"{one.next:.1f}",
            str(one.rows),
            one.rule,
            one.schedule,
        ]
        for one in every
    ]
    first, wanted = sum(one.is_first for one in every), WANTED_FIRST * len(every)
    note = (
        f"{first} of {len(every)} are the first of all findings, with risk {WANTED_RISK:g} or more "
        f"(wanted: {wanted:.0f}). Rank among the findings about other pairs, ties counted against "
        "the theft; next: the highest risk of those; rows: findings about the theft."
    )
    heads = ("", "service", "route", "shape", "rank", "risk", "next", "rows", "rule", "schedule")
    return Table("Thefts to services that are known by name", note, heads, lines)


# ---- the office ----------------------------------------------------------------------------


class Benign(NamedTuple):
    """Benign findings of an office at `ALERT` or more, and its hosts with traffic, by day."""

    what: str
    findings: int
    host_days: int

    @property
    def rate(self) -> float:
        """Findings for a host and day."""
        return self.findings / self.host_days


def benign(what: str, office: Office) -> Benign:
    """Run the demo's rules on an office and count what is benign of their findings."""
    with TemporaryDirectory(prefix="office-") as place:
        folder = Path(place)
        write_logs(office, folder)
        found = run_rules(folder, write_lists(folder), LEARNING)
    findings = with_truth(found, truth(office.flows))
    days = {(flow.src, int(flow.start // DAY)) for flow in office.flows}
    return Benign(what, sum(map(_is_benign_alert, findings)), len(days))


def _is_benign_alert(finding: Finding) -> bool:
    return not finding.planted and risk(finding.row) >= ALERT


def without_services(office: Office) -> Office:
    """Return the office without the traffic that is known by name."""
    return office._replace(flows=[flow for flow in office.flows if not flow.name])


def office_table(seed: int) -> tuple[Table, bool]:
    """Return benign findings with and without the named services, and whether they suffice."""
    office = simulate(seed)
    both = [
        benign("without named services", without_services(office)),
        benign("with named services", office),
    ]
    more = both[1].rate - both[0].rate
    lines = [[one.what, str(one.findings), str(one.host_days), f"{one.rate:.4f}"] for one in both]
    note = f"{more:+.4f} findings a host and day with the services (wanted: at most +{MOST_MORE})."
    heads = ("office", f"benign findings at {ALERT:g} or more", "host days", "a host and day")
    return Table("Benign findings in the simulated office", note, heads, lines), more <= MOST_MORE


def _measured(every: Sequence[Case], workers: int, console: Console) -> list[Placed]:
    """Measure all thefts, and say how each came out once it is known."""
    done = []
    for one in _each(every, workers):
        done.append(one)
        rank = f"rank {one.rank}, risk {one.risk:.1f}" if one.rank else "not found"
        case = one.case
        console.print(f"{len(done)} {case.service}, {case.route}, {one.shape}: {rank}")
    return done


def _each(every: Sequence[Case], workers: int) -> Iterator[Placed]:
    if workers < 2:
        yield from map(measure, every)
        return
    # Not a multiprocessing.Pool: its workers may not start the scorer's process.
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(measure, every)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write clouds.md; 1 where it is not as wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.clouds", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    parser.add_argument("--thefts", type=int, default=THEFTS)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--office", action="store_true", help="benign findings in the office too")
    parser.add_argument("--out", metavar="DIR", type=Path, default=REPORT_HOME)
    options = parser.parse_args(arguments)
    console = Console(width=CONSOLE_WIDTH)
    console.print(f"seed {options.seed}")
    every = _measured(cases(options.seed, options.thefts), options.workers, console)
    tables, good = [table(every)], sum(map(_is_first, every)) >= WANTED_FIRST * len(every)
    if options.office:
        drawn, few = office_table(options.seed)
        tables, good = [*tables, drawn], good and few
    for one in tables:
        show(one, console)
    options.out.mkdir(parents=True, exist_ok=True)
    written = f"Seed {options.seed}.\n\n" + "\n".join(map(markdown, tables))
    (options.out / "clouds.md").write_text(written, encoding="utf-8")
    return 0 if good else 1


def _is_first(one: Placed) -> bool:
    return one.is_first


if __name__ == "__main__":
    raise SystemExit(main())
