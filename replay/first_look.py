"""What a first look at logs shows: what was read, the pairs by risk, what no rule could see."""

import ipaddress
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Callable, NamedTuple, Optional

from rich.console import Console
from rich.table import Table
from rich.text import Text

from . import times
from .app import App, short_name
from .engine import Outcome
from .fields import kinds
from .findings import Pair, Row, ends, folded, pairs_table, ranked
from .pipeline import Result
from .readers import Inputs
from .render import LABEL, amount
from .values import texts

WIDTH = 100
SHOWN = 20
BELOW = 5
HOUR = 3600
DAY = 24 * HOUR
DIRECTIONS = {
    "outbound": "inside to outside",
    "inbound": "outside to inside",
    "internal": "inside to inside",
    "external": "outside to outside",
}
FIELDS = "src, dest_ip, name, dest_port, bytes_out, bytes_in, process, app, mac, file, job"
NEEDED = {"t1029_health_counts", "t1029_health_gaps", "t1029_flow_events", "t1029_pairs(1)"}
SOURCES = "index=* NOT index=summary | stats count BY sourcetype | sort 0 -count, sourcetype"
COUNTS = (
    '%s | eval kind="%s" | `t1029_health_counts`'
    f" | table kind, sourcetype, events, {', '.join(DIRECTIONS)}, {FIELDS}"
)
# Pairs in bins of a minute, as docs/searching.md advises for a search of one's own.
PAIRS = (
    "`t1029_flow_events` | `t1029_pairs(60)` | schedulescore | where risk_score > 0"
    " | sort 0 -risk_score, src, dest"
    " | table src, dest, dest_ip, dest_name, schedule, total_bytes, risk_score"
)
NOWHERE = "`t1029_events` | `t1029_normalize` | where nowhere=1 | stats count"
GAPS = '* | `t1029_health_gaps` | where need="must" AND met=0 | table search, aspect, gap'
OUTSIDE = (
    '`t1029_events` | `t1029_normalize` | where direction="external" | stats count BY src, dest_ip'
)
NO_EVENT = "no event"
# The run itself stores what the rules find.
STORED = {"kind": "Stored findings", "sourcetype": "stash", "events": 1, "src": 1}
# A network is named by the longest of these prefixes that misses few of the connections.
PREFIXES = {4: (32, 24, 16), 6: (128, 64, 48)}
FEW = 0.1


class Look(NamedTuple):
    """What is shown: lines on what was read, and on what that hides from the rules; the pairs."""

    read: list[str]
    advice: list[str]
    pairs: list[Pair]
    below: list[Pair]
    blind: list[str]
    count: int
    events: int


def _counts() -> list[str]:
    found = ((kind["search"], name) for name, kind in kinds().items())
    return [COUNTS % one for one in found if one[1] != STORED["kind"]]


def searches(app: App, days: Optional[int] = None) -> list:
    """Return what is searched beside the rules; of an app without the macros, the sources only.

    Pairs are those of the last `days`, None for all.
    """
    if not app.macros.keys() >= NEEDED:
        return [SOURCES]
    return [SOURCES, NOWHERE, *_counts(), PAIRS if days is None else (PAIRS, f"-{days}d", "now")]


def seen(outcome: Outcome, app: App, tz, again: Callable[..., Outcome]) -> Look:
    """Return what a run of all rules and of `searches` shows; `again` runs others on the logs."""
    beside = {SOURCES, NOWHERE, PAIRS, *_counts()}
    rules = [result for result in outcome.results if result.search not in beside]
    found = {result.search: result.rows for result in outcome.results}
    findings = [(result.search, row) for result in rules for row in result.rows]
    counts = [row for spl in _counts() for row in found.get(spl, ())]
    directions = Counter()
    for row in counts:
        if re.search("connections|Firewall|Proxy", row["kind"]):
            directions.update({name: int(row[name]) for name in DIRECTIONS})
    searched = re.findall(r'"(\w+)"', app.macros.get("t1029_direction", {}).get("definition", ""))
    return Look(
        [
            *_read(outcome, found[SOURCES], tz),
            *_connections(directions, searched, found.get(NOWHERE, ())),
        ],
        [*_hidden(directions, searched, again), *_short(rules, outcome)],
        ranked(findings),
        list(_below(found.get(PAIRS, ()), {pair for _, row in findings for pair in ends(row)})),
        list(_blind(counts, again)) if counts else [],
        len(findings),
        outcome.events,
    )


def _read(outcome: Outcome, sources: list[Row], tz) -> Iterator[str]:
    shown = ", ".join(f"{row['sourcetype']} {int(row['count']):,}" for row in sources)
    yield f"Read {amount(outcome.events, 'event')}{': ' if shown else ''}{shown}"
    if outcome.span[0] is not None:
        first, last = (f"{times.local(one, tz):%Y-%m-%d %H:%M}" for one in outcome.span)
        yield f"From {first} to {last} {tz}, {_days(outcome.span)}"


def _days(span: tuple[float, float]) -> str:
    length = span[1] - span[0]
    if length < HOUR:
        return amount(math.ceil(length / 60), "minute")
    return f"{length / DAY:.1f} days" if length >= DAY else f"{length / HOUR:.1f} hours"


def _connections(directions: Counter, searched: list[str], nowhere: Iterable[Row]) -> Iterator[str]:
    told = [
        f"{directions[name]:,} {words}{' (searched)' if name in searched else ''}"
        for name, words in DIRECTIONS.items()
        if directions[name] or name in searched
    ]
    told += [
        f"{int(row['count']):,} to no other host (multicast, broadcast, loopback)"
        for row in nowhere
        if int(row["count"])
    ]
    if directions:
        yield f"Connections: {', '.join(told)}"


def _hidden(directions: Counter, searched: list[str], again) -> Iterator[str]:
    """Say so where most connections go in one direction that is not searched, and what helps."""
    (name, count), *_ = directions.most_common(1) or [("", 0)]
    every = sum(directions.values())
    if not every or name in searched or 2 * count < every:
        return
    told = f"{count:,} of {every:,} connections are {DIRECTIONS[name]}"
    if name == "external":
        (result,) = again(spl=[OUTSIDE]).results
        own, touching = suggested(result.rows)
        share = f"{100 * touching / count:.0f} % of them begin or end there"
        inward = "" if "inbound" in searched else _inward(result.rows, own, touching)
        yield f"{told}: name your networks, such as --own {own}{inward} ({share})"
    else:
        yield f"{told}, which is not searched: --direction {name} searches them"


def _inward(rows: Iterable[Row], own: str, touching: int) -> str:
    """Return the option that searches connections to a network, where most are."""
    to = sum(int(row["count"]) for row in rows if own in map(str, _networks(row["dest_ip"])))
    return " --direction inbound" if 2 * to > touching else ""


def suggested(rows: Iterable[Row]) -> tuple[str, int]:
    """Return the network that most connections begin or end in, and how many.

    Of equal ones, that with more addresses on the other side, or that which began. `rows` have src,
    dest_ip and count.
    """
    counts: Counter = Counter()
    others: Counter = Counter()
    for row in rows:
        for network in {**_networks(row["dest_ip"]), **_networks(row["src"])}:
            counts[network] += int(row["count"])
            others[network] += 1
    best: dict[int, object] = {}
    for network in sorted(counts, key=lambda one: (counts[one], others[one])):
        best[PREFIXES[network.version].index(network.prefixlen)] = network
    most = counts[best[len(best) - 1]]
    own = next(best[rank] for rank in sorted(best) if counts[best[rank]] >= (1 - FEW) * most)
    return str(own), counts[own]


@cache
def _networks(address: str) -> dict:
    version = ipaddress.ip_address(address).version
    lengths = PREFIXES[version]
    return {ipaddress.ip_network((address, one), strict=False): None for one in lengths}


def _short(rules: list[Result], outcome: Outcome) -> Iterator[str]:
    """Say so where rules look at a part of the logs only."""
    start = outcome.span[0]
    short = [one for one in rules if start and one.earliest and one.earliest > start + HOUR]
    if short:
        days = math.ceil((outcome.now - start) / DAY)
        names = short_name(short[0].search) + (f" and {len(short) - 1} more" if short[1:] else "")
        which = "rules do" if short[1:] else "rule does"
        yield (
            f"{len(short)} {which} not look back to the beginning of these logs ({names}): "
            f"--days {days} widens their look-back"
        )


def _below(rows: Iterable[Row], reported: set) -> Iterator[Pair]:
    """Return the pairs with the highest risk of those that no rule reports."""
    others = (row for row in rows if reported.isdisjoint(ends(row)))
    return (folded([("", row)])._replace(rules=()) for row in islice(others, BELOW))


def _blind(counts: list[Row], again) -> Iterator[str]:
    """Return a line for each rule that no log has enough for: the logs, and what they lack."""
    events = tuple({"_time": 0.0, **row} for row in (*counts, STORED))
    (result,) = again(spl=[GAPS], inputs=Inputs(events=events)).results
    lacks: dict[str, dict[str, list[str]]] = {}
    for row in result.rows:
        gaps = dict(one.replace(" of events", "").split(": ") for one in texts(row["gap"]))
        there = {kind: gap for kind, gap in gaps.items() if gap != NO_EVENT}
        for kind, gap in (there or {" or ".join(gaps): NO_EVENT}).items():
            lacks.setdefault(row["search"], {}).setdefault(kind, []).append(gap)
    for search, logs in lacks.items():
        yield f"{short_name(search)}: {'; '.join(_lack(*one) for one in logs.items())}"


def _lack(kind: str, gaps: list[str]) -> str:
    return f"no {kind}" if NO_EVENT in gaps else f"{kind} with {', '.join(gaps)}"


def _table(pairs: Iterable[Pair]) -> Table:
    rows = (((pair.sender, pair.destination), pair) for pair in pairs)
    return pairs_table(rows, ("sender", "destination"))


def show(look: Look, console: Console) -> None:
    """Print it, one line for each thing that is said."""

    def lines(several: Iterable[str], style: str = "", start: str = "") -> None:
        for line in several:
            console.print(Text(start + line, style=style))

    lines(look.read)
    lines(look.advice, "yellow", "! ")
    about = f" about {amount(len(look.pairs), 'pair')}" if look.pairs else ""
    found = f"{amount(look.count, 'finding')}{about} in {amount(look.events, 'event')}"
    lines([f"\n{found}, {LABEL}"], "bold")
    if look.pairs:
        console.print(_table(look.pairs[:SHOWN]))
        lines([f"{len(look.pairs) - SHOWN} more pairs: --output csv"] if look.pairs[SHOWN:] else [])
    if look.below:
        lines(["\nNot reported by a rule: the next pairs by risk"], "bold")
        console.print(_table(look.below))
    if look.blind:
        lines(["\nNot seen: no log has enough of what these rules need"], "bold")
        lines(look.blind)
    lines(["\n--details prints the findings of each rule with their reasons"], "dim")
