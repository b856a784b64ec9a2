"""Uploads to servers that change, or by hosts in turn, on the port that everybody uses all day.

    python -m bench.turns [--sites N] [--seed N] [--days N] [--out DIR]

Each theft is planted into a site of its own, whose only log has addresses and no names. The same
hosts browse, meet, share files and back up to clouds with many addresses. The rules for changing
destinations and for the same time of day run once, at the end, with no learned list.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from office import schedules
from office.logs import write_each, zeek_tsv
from office.network import Flow, Machine
from replay import Inputs, run
from replay.app import short_name
from replay.findings import risk

from .pairs import DAY, HOUR
from .report import REPORT_HOME, Table, publish
from .simulator import FINAL_SEED, FIRST_MIDNIGHT

RULES = (
    "T1029 - One Schedule to Changing Destinations - Rule",
    "T1029 - Same Time of Day on Several Days - Rule",
)
PEOPLE, SERVERS = 34, 4
KB, MB, MINUTE = 1_000, 1_000_000, 60
UPLOAD, ANSWER = (12 * MB, 200 * MB), (2 * KB, 90 * KB)

Sent = tuple[float, Machine, str]


class Site(NamedTuple):
    """A site with its hosts and its span (epochs), and what draws its traffic."""

    rng: Random
    hosts: list[Machine]
    start: float
    end: float

    def nights(self, spread: float) -> list[float]:
        """One time of each night, at a time that the site's attacker has chosen (seconds)."""
        second = self.rng.choice((0, 1, 2, 3, 4, 5, 22, 23)) * HOUR + self.rng.randrange(HOUR)
        days = int((self.end - self.start) // DAY)
        return [
            self.start + day * DAY + second + self.rng.uniform(-spread, spread)
            for day in range(days)
        ]


def server(rng: Random) -> str:
    """An address that nobody else has."""
    return f"192.{rng.randrange(18, 88)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def anew(spread: float) -> Callable[[Site], Iterator[Sent]]:
    """A new server every night."""

    def draw(site: Site) -> Iterator[Sent]:
        host = site.rng.choice(site.hosts)
        for night in site.nights(spread):
            yield night, host, server(site.rng)

    return draw


def in_turn(count: int) -> Callable[[Site], Iterator[Sent]]:
    """So many servers in turn."""

    def draw(site: Site) -> Iterator[Sent]:
        host, servers = site.rng.choice(site.hosts), [server(site.rng) for _ in range(count)]
        for number, night in enumerate(site.nights(2 * MINUTE)):
            yield night, host, servers[number % count]

    return draw


def split(count: int, spread: float) -> Callable[[Site], Iterator[Sent]]:
    """One of so many hosts each night, to one server."""

    def draw(site: Site) -> Iterator[Sent]:
        hosts, one = site.rng.sample(site.hosts, count), server(site.rng)
        for night in site.nights(spread):
            yield night, site.rng.choice(hosts), one

    return draw


THEFTS: dict[str, Callable[[Site], Iterator[Sent]]] = {
    "a new server every night, ±2 min": anew(2 * MINUTE),
    "a new server every night, ±20 min": anew(20 * MINUTE),
    "a new server every night, ±60 min": anew(HOUR),
    "8 servers in turn, ±2 min": in_turn(8),
    "15 servers in turn, ±2 min": in_turn(15),
    "one of 6 hosts every night, ±2 min": split(6, 2 * MINUTE),
    "one of 12 hosts every night, ±2 min": split(12, 2 * MINUTE),
    "one of 12 hosts every night, ±20 min": split(12, 20 * MINUTE),
}


def browsing(site: Site) -> Iterator[Flow]:
    """What people read, and their programs' updates all day."""
    places = [f"198.51.{third}.{last}" for third in (100, 101) for last in range(1, 120)]
    for host in site.hosts:
        liked = site.rng.sample(places, 14)
        for time in schedules.browsing(site.rng, site.start, site.end, 4, 2):
            yield flow(site.rng, time, host, site.rng.choice(liked), (600, 40 * KB), (5 * KB, MB))
        for time in schedules.every(site.rng, site.start, site.end, 3 * HOUR, 0.1):
            one = site.rng.choice(places)
            yield flow(site.rng, time, host, one, (KB, 4 * KB), (2 * KB, 200 * KB))


def cloud(site: Site, network: str, addresses: int) -> str:
    """One of the addresses of a cloud, over as many /24 as they need."""
    number = site.rng.randrange(addresses)
    return f"{network}.{number // 200}.{number % 200 + 1}"


def backup(site: Site) -> Iterator[Flow]:
    """Servers back up at night to a cloud that people use as well, a few connections each time."""
    for host in site.hosts[PEOPLE : PEOPLE + 3]:
        for night in site.nights(20 * MINUTE):
            for piece in range(site.rng.randint(1, 4)):
                one = cloud(site, "198.18", 1_000)
                yield flow(site.rng, night + 60 * piece, host, one, UPLOAD, ANSWER)
    for host in site.hosts[:PEOPLE]:
        for time in schedules.browsing(site.rng, site.start, site.end, 0.5, 2):
            yield flow(site.rng, time, host, cloud(site, "198.18", 1_000), (KB, 9 * MB), UPLOAD)


def own_backup(site: Site) -> Iterator[Flow]:
    """One server backs up at night to a cloud of 60 addresses that nobody else uses."""
    for night in site.nights(20 * MINUTE):
        one = cloud(site, "192.90", 60)
        yield flow(site.rng, night, site.hosts[-1], one, UPLOAD, ANSWER)


def meetings(site: Site) -> Iterator[Flow]:
    """People meet on working days, two of them at a time of their own: a media server each time."""
    for host in site.hosts[:10]:
        second = 9 * HOUR + site.rng.randrange(14) * HOUR / 2
        times = schedules.daily(
            site.rng, site.start, site.end, 0, second / 60, 2 * MINUTE, schedules.WEEKDAYS
        )
        for time in times:
            size = (60 * MB, 300 * MB)
            yield flow(site.rng, time, host, cloud(site, "192.91", 5_000), size, size)


def sharing(site: Site) -> Iterator[Flow]:
    """Large files to places of all kinds, in office hours, now and then."""
    for host in site.hosts[:PEOPLE]:
        often = schedules.poisson(site.rng, site.start, site.end, site.rng.uniform(4, 40) * HOUR)
        for time in schedules.within(often, (8, 19), schedules.WEEKDAYS):
            yield flow(site.rng, time, host, server(site.rng), UPLOAD, ANSWER)


def pictures(site: Site) -> Iterator[Flow]:
    """Programs send pictures to a content network in the evening, when there are any."""
    for host in site.hosts[10:18]:
        usual = site.rng.uniform(18, 23) * HOUR
        for day in range(int((site.end - site.start) // DAY)):
            if site.rng.random() < 0.8:
                time = site.start + day * DAY + usual + site.rng.gauss(0, 1.5) * HOUR
                yield flow(site.rng, time, host, cloud(site, "192.92", 400), UPLOAD, ANSWER)


def new_service(site: Site) -> Iterator[Flow]:
    """Several people begin to send files to one new service."""
    one = server(site.rng)
    for host in site.rng.sample(site.hosts[:PEOPLE], 7):
        for time in schedules.browsing(site.rng, site.start, site.end, 0.3, 1):
            yield flow(site.rng, time, host, one, UPLOAD, ANSWER)


LEGITIMATE = (
    browsing, backup, own_backup, meetings, sharing, pictures, new_service,
)  # fmt: skip


def flow(
    rng: Random,
    start: float,
    host: Machine,
    dest: str,
    sent: tuple[int, int],
    received: tuple[int, int],
    what: str = "",
) -> Flow:
    """A connection on port 443 with sizes between the two, evenly by their logarithm."""
    out, back = (int(low * (high / low) ** rng.random()) for low, high in (sent, received))
    end = round(start + 0.1 + (out + back) / 8e6, 6)
    port = rng.randint(32_768, 60_999)
    ends = (end, round(start, 6), host, host.address, port, dest, 443, "tcp", "ssl")
    return Flow(*ends, out, back, "", what)


def flows(theft: str, seed: int, days: int) -> list[Flow]:
    """All that a site does, in order of the ends; what each flow belongs to stands in it."""
    rng = Random(f"{theft} {seed}")
    start = FIRST_MIDNIGHT + rng.randrange(40) * 7 * DAY
    hosts = [_machine(number) for number in range(PEOPLE + SERVERS)]
    site = Site(rng, hosts, start, start + days * DAY)
    made = [
        one._replace(scenario=draw.__name__.replace("_", " "))
        for draw in LEGITIMATE
        for one in draw(site)
    ]
    own = THEFTS[theft](site)
    made += [flow(rng, at, host, dest, UPLOAD, ANSWER, "theft") for at, host, dest in own]
    return sorted(one for one in made if one.start >= start and one.end < site.end)


def _machine(number: int) -> Machine:
    mac = f"02:00:0a:01:02:{number:02x}"
    return Machine(f"host-{number}", "desk", f"10.1.2.{11 + number}", mac, "tsv", link=mac)


class Told(NamedTuple):
    """A finding: its rule, its risk, and what all of its destinations belong to."""

    rule: str
    risk: float
    what: str


def found(theft: str, seed: int, days: int) -> list[Told]:
    """What the rules find in one site."""
    made = flows(theft, seed, days)
    kinds: dict[tuple[str, str], str] = {(one.src, one.dst): one.scenario for one in made}
    sole = {one.dst: one.scenario for one in made}
    with TemporaryDirectory(prefix="turns-") as folder:
        log = Path(folder) / "conn.log"
        write_each({log: zeek_tsv(made)})
        outcome = run(list(RULES), inputs=Inputs(zeek=(str(log),)), now=made[-1].end + HOUR)
    told = []
    for one in outcome.results:
        for row in one.rows:
            dests = row["dest"] if isinstance(row["dest"], list) else [row["dest"]]
            of = [kinds.get((str(row["src"]), str(dest)), sole[str(dest)]) for dest in dests]
            what = "theft" if "theft" in of else max(sorted(set(of)), key=of.count)
            told.append(Told(short_name(one.search), risk(row), what))
    return told


def measure(seeds: Sequence[int], days: int) -> list[Table]:
    """Thefts found, and findings that are none, in as many sites of each theft as seeds."""
    lines, none = [], dict.fromkeys((draw.__name__.replace("_", " ") for draw in LEGITIMATE), 0)
    for theft in THEFTS:
        sites = [found(theft, seed, days) for seed in seeds]
        own = [[one for one in site if one.what == "theft"] for site in sites]
        by_rule = [
            sum(any(one.rule == short_name(rule) for one in site) for site in own) for rule in RULES
        ]
        best = [max(one.risk for one in site) for site in own if site]
        mean = f"{sum(best) / len(best):.1f}" if best else ""
        lines.append([theft, str(len(own)), str(sum(map(bool, own))), *map(str, by_rule), mean])
        for one in (one for site in sites for one in site if one.what != "theft"):
            none[one.what] += 1
    many = len(seeds) * len(THEFTS)
    heads = ["theft", "sites", "found", "by changing destinations", "by same time of day", "risk"]
    note = f"{PEOPLE + SERVERS} hosts, {days} days, one log without names, no learned list."
    return [
        Table("Uploads to servers that change, or by hosts in turn", note, heads, lines),
        Table(
            "Findings that are none",
            f"In all {many} sites.",
            ["kind", "findings", "a site"],
            [[kind, str(count), f"{count / many:.2f}"] for kind, count in none.items()],
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("--sites", type=int, default=10, help="sites for each theft")
    parser.add_argument("--seed", type=int, default=FINAL_SEED)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    chosen = parser.parse_args(arguments)
    made = measure(range(chosen.seed, chosen.seed + chosen.sites), chosen.days)
    publish(made, chosen.out / "turns.md")


if __name__ == "__main__":
    main()
