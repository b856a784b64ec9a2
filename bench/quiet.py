"""A new install where nobody attacks: rows a host and day, with the past learned and without.

    python -m bench.quiet [--data DIR] [--days N] [--past N] [--seed N] [--each]

Traffic is the simulated office without its planted transfers, people's and machines' apart, and, of
DIR, the recordings without an attack. Each rule runs once over its look-back, which is as often as
its throttling lets it report a pair. A host day is a sender with traffic in scope on a day of that
look-back. Lists are empty, or the Learn searches have read the traffic and --past days before it:
of these, what the first days of the traffic show (t1029_learning_days) is taken to have been there
all along. A recording shorter than that has no past. There is no allow-list.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from office.generate import DEVICES, SUSPICIOUS, write_lists, write_logs
from office.network import PEOPLE, machines
from office.simulation import ZONE, unplanted
from office.verdicts import FURTHER_LOGS, RECORDS
from replay import Inputs, run
from replay.app import short_name
from replay.conf import read_conf
from replay.engine import APP

from . import realsets
from .evasive import DEVELOPMENT_SEED, FINAL_SEED
from .newinstall import LEARNING, SEVERE
from .pairs import DAY
from .realsets import ALERT
from .recordings import log_of
from .report import REPORT_HOME, Table, publish
from .rules import LEARN, events_of

BUDGET = 0.02
PAST = "-180d@d"
LEARNED = (
    "t1029_destinations", "t1029_known_processes", "t1029_known_devices", "t1029_host_addresses",
    "t1029_host_users",
)  # fmt: skip
HOST_DAYS = (
    '| `t1029_hourly` | eval host_day=src . " " . `t1029_day(first)` '
    "| stats dc(host_day) AS days BY src"
)
SEARCHES = read_conf(APP, "savedsearches")
Row = Mapping[str, object]


class Traffic(NamedTuple):
    """Logs without an attack, their time zone, the group of a sender, and what people listed."""

    name: str
    inputs: Inputs
    zone: str = "UTC"
    groups: Mapping[str, str] = {}
    lists: Mapping[str, Path] = {}

    def group(self, src: str) -> str:
        return self.groups.get(src, "")


class Found(NamedTuple):
    """A row of a rule, and one by the host days it looked at: of the sender's group, of all."""

    group: str
    rule: str
    row: Row
    rate: float
    rate_of_all: float

    @property
    def risk(self) -> float:
        return float(str(self.row["risk_score"]))

    @property
    def severe(self) -> bool:
        return self.row["severity"] in SEVERE


class Seen(NamedTuple):
    """The rows of all rules at the risk of an alert or above, and all host days by group."""

    rows: list[Found]
    host_days: Mapping[str, int]


def window(name: str) -> tuple[str, str]:
    """The look-back of a search as time modifiers."""
    return SEARCHES[name]["dispatch.earliest_time"], SEARCHES[name]["dispatch.latest_time"]


def learned(traffic: Traffic, folder: Path, past: float) -> dict[str, Path]:
    """The lists after each Learn search has run once over the past, as files by lookup."""
    searches = [one["search"] for name, one in SEARCHES.items() if name.endswith(LEARN)]
    texts = [(text, PAST, "now") for text in searches]
    kept = [f"| inputlookup {name}" for name in LEARNED]
    ran = run(spl=[*texts, *kept], inputs=traffic.inputs, tz=traffic.zone).results
    files = {}
    for name, result in zip(LEARNED, ran[len(texts) :]):
        if result.rows:
            files[name] = folder / f"{name}.csv"
            with files[name].open("w", encoding="utf-8", newline="") as lines:
                table = csv.DictWriter(lines, result.columns)
                table.writeheader()
                table.writerows(aged(result.rows, past * DAY))
    return files


def aged(rows: Sequence[Row], past: float) -> list[Row]:
    """Rows of a learned list as if it had started so many seconds before the traffic.

    >>> aged([{"first_seen": 0}, {"first_seen": 9 * DAY, "last_seen": 9 * DAY}], 2 * DAY)
    [{'first_seen': -172800}, {'first_seen': 777600, 'last_seen': 777600}]
    """
    seen = [float(str(row["first_seen"])) for row in rows if "first_seen" in row]
    ends = [float(str(row.get("last_seen", row["first_seen"]))) for row in rows if seen]
    if not seen or max(ends) - min(seen) < LEARNING * DAY:
        return list(rows)
    started = min(seen) + LEARNING * DAY
    return [
        {**row, "first_seen": int(since - past)} if since < started else row
        for row, since in zip(rows, seen)
    ]


def found(traffic: Traffic, lists: Mapping[str, Path]) -> Seen:
    """What the rules find, each over its look-back."""
    rules = [name for name in SEARCHES if name.endswith(" - Rule")]
    looks = sorted({window(name) for name in rules})
    texts = [(HOST_DAYS, *look) for look in looks]
    ran = run(
        rules, spl=texts, inputs=traffic.inputs, tz=traffic.zone, lookups={**traffic.lists, **lists}
    ).results
    days: dict[tuple[str, str], Counter[str]] = {}
    for look, result in zip(looks, ran[len(rules) :]):
        days[look] = Counter()
        for row in result.rows:
            days[look][traffic.group(str(row["src"]))] += int(str(row["days"]))
    rows = [
        Found(group, name, row, 1 / max(1, own[group]), 1 / max(1, sum(own.values())))
        for name, result in zip(rules, ran)
        for row in result.rows
        if float(str(row["risk_score"])) >= ALERT
        for group, own in [(traffic.group(str(row["src"])), days[window(name)])]
    ]
    return Seen(rows, max(days.values(), key=lambda own: sum(own.values())))


def of_office(folder: Path, days: int, seed: int) -> Traffic:
    """The office's ordinary traffic of so many days, written as its logs."""
    write_logs(unplanted(seed, days), folder)
    zeek, sysmon, firewall = ((str(folder / kind),) for kind in ("zeek", "sysmon", "firewall"))
    log = tuple((sourcetype, str(folder / place)) for sourcetype, place in FURTHER_LOGS)
    groups = {
        one.address: f"office, {'people' if one.kind in PEOPLE else 'machines'}"
        for one in machines()
    }
    inputs = Inputs(zeek, sysmon, firewall, log, (str(folder / RECORDS),))
    people = write_lists(folder)
    kept = {name: people[name] for name in (SUSPICIOUS, DEVICES)}
    return Traffic("office", inputs, ZONE, groups, kept)


def of_recording(folder: Path) -> Traffic:
    return Traffic(folder.name, Inputs(events=tuple(events_of(log_of(folder)))))


def measured(traffic: Traffic, past: float) -> dict[str, Seen]:
    """The rows by the state of the lists."""
    with tempfile.TemporaryDirectory(prefix="quiet-") as folder:
        lists = learned(traffic, Path(folder), past)
        return {"empty": found(traffic, {}), "learned": found(traffic, lists)}


def lines(traffic: Traffic, by_lists: Mapping[str, Seen]) -> list[list[str]]:
    """One line for each group of senders and state of the lists, and for all senders."""
    made = []
    for group in sorted({*traffic.groups.values()}):
        for lists, seen in by_lists.items():
            own = [(one.severe, one.rate) for one in seen.rows if one.group == group]
            made.append([group, lists, str(seen.host_days.get(group, 0)), *_counted(own)])
    for lists, seen in by_lists.items():
        days = str(sum(seen.host_days.values()))
        counted = _counted((one.severe, one.rate_of_all) for one in seen.rows)
        made.append([traffic.name, lists, days, *counted])
    return made


def _counted(rows: Iterable[tuple[bool, float]]) -> Iterator[str]:
    """Number and rate of all rows, then of the severe ones."""
    rows = list(rows)
    for wanted in ([rate for _, rate in rows], [rate for severe, rate in rows if severe]):
        yield str(len(wanted))
        yield f"{sum(wanted):.4f}"


def causes(name: str, by_lists: Mapping[str, Seen]) -> list[list[str]]:
    """Every row with the past learned, and what it says of itself."""
    seen = by_lists["learned"].rows
    return [
        [
            one.group or name,
            short_name(one.rule),
            f"{one.risk:.1f} {one.row['severity']}",
            str(one.row["summary"]),
            "; ".join(_each(one.row.get("reasons"))),
        ]
        for one in sorted(seen, key=lambda one: (one.group, one.rule, -one.risk))
    ]


def _each(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value or "")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.quiet", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="DIR", help="recordings")
    parser.add_argument("--days", type=int, default=14, help="of the office; 0: without it")
    parser.add_argument("--past", type=float, default=100, help="days before it that are learned")
    parser.add_argument("--seed", type=int, default=FINAL_SEED, help=f"{DEVELOPMENT_SEED} to try")
    parser.add_argument("--each", action="store_true", help="every row with the past learned")
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    chosen = parser.parse_args(arguments)
    together: list[list[str]] = []
    each: list[list[str]] = []
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        office = [of_office(Path(folder), chosen.days, chosen.seed)] if chosen.days else []
        recorded = [chosen.data / name for name in realsets.BENIGN] if chosen.data else []
        for traffic in (*office, *map(of_recording, recorded)):
            by_lists = measured(traffic, chosen.past)
            together += lines(traffic, by_lists)
            each += causes(traffic.name, by_lists)
    of = f"{chosen.days} days of the office, seed {chosen.seed}"
    note = f"{of}, {chosen.past:g} days learned before. Wanted: at most {BUDGET:g} rows."
    risk = f"rows, risk {ALERT:g} or more"
    heads = ["", "lists", "host days", risk, "a host and day", "high or above", "a host and day"]
    tables = [Table("Rows where nobody attacks", note, heads, together)]
    if chosen.each:
        heads = ["", "rule", "risk", "summary", "reasons"]
        tables.append(Table("Each row", "The past is learned.", heads, each))
    publish(tables, chosen.out / "quiet.md", 200)


if __name__ == "__main__":
    main()
