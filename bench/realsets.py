"""Ranks on recorded traffic. Recordings are read from a folder by name and never shipped.

Each recording is a folder with one .gz log and, where malicious flows are known, a truth.csv.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from . import metrics, recordings
from .pairs import DAY
from .recordings import OUTBOUND, Flow, Scope, Traffic
from .report import Table
from .scorers import OURS_CERTAINTY, OURS_REGULARITY, OURS_RISK, Scored, judged

RANKED = (
    "acm_taidoor_24h",
    "acm_zetaswitch_24h",
    "iot23_34_1_24h",
    "ctu_kovter_219_2_derived",
)
INFECTED = "ctu_botnet4_win2_4d"
INBOUND = "rita_missing_host_3d"
PROXY = "rita_proxy_28h"
SYSMON = "sysmon_dev"
BENIGN = ("ctu_sme11_ubuntu_17h", "iot23_benign", "m57_24h")
ALERT = 7.0


class Contest(NamedTuple):
    """One recording after scoring: the true pairs and all others."""

    name: str
    true: list[Scored]
    others: list[Scored]
    traffic: Traffic

    def rank(self, scored: Scored, contestant: str) -> int:
        """Rank among the other pairs; further true pairs are no competition to this one."""
        return metrics.rank_against(
            scored.by[contestant], [other.by[contestant] for other in self.others]
        )

    def alerts(self, pairs: list[Scored]) -> int:
        """How many of these pairs would alert."""
        return sum(scored.risk >= ALERT for scored in pairs)


class RealTraffic(NamedTuple):
    """All recordings after scoring, by what they are good for."""

    ranked: list[Contest]
    infected: Contest
    reported: list[Contest]
    benign: list[Contest]

    @property
    def contests(self) -> list[Contest]:
        return [*self.ranked, self.infected, *self.reported, *self.benign]


def contest(name: str, traffic: Traffic, is_true) -> Contest:
    """Score all candidates of a recording; is_true tells a Pair's guilt."""
    scored = [judged(pair) for pair in traffic.pairs]
    true = [one for one in scored if is_true(one.pair)]
    others = [one for one in scored if not is_true(one.pair)]
    return Contest(name, true, others, traffic)


def from_folder(folder: Path, scope: Scope = OUTBOUND) -> Contest:
    """The contest of a folder whose truth.csv names the malicious flows (none: all benign)."""
    lines = recordings.truths(folder) if (folder / "truth.csv").exists() else []
    malicious = [line for line in lines if line.malicious]
    traffic = recordings.traffic(recordings.flows(recordings.log_of(folder)), scope)
    return contest(folder.name, traffic, lambda pair: any(line.names(pair) for line in malicious))


def inbound_scope(folder: Path) -> Scope:
    """The scope of a beacon that comes in: the address it comes to belongs to the site."""
    own = frozenset(line.dst for line in recordings.truths(folder) if line.malicious)
    return Scope(frozenset({"inbound", "outbound"}), own)


def sysmon_days(folder: Path) -> list[Contest]:
    """One contest a day of Sysmon events with known C2, internal destinations included.

    The recordings of a day come from different labs and hours, so that no longer span is whole.
    """
    log = recordings.log_of(folder)
    by_day: dict[int, list[Flow]] = defaultdict(list)
    guilty: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for record in recordings.records(log):
        flow = recordings.flow_of(record)
        day = int(flow.epoch // DAY)
        by_day[day].append(flow)
        if record.get("truth") == "c2":
            guilty[day].add((flow.origin, flow.responder))
    scope = Scope(frozenset({"internal", "outbound"}))
    contests = []
    for number, day in enumerate(sorted(guilty), start=1):
        traffic = recordings.traffic(by_day[day], scope)
        keys = guilty[day]
        contests.append(
            contest(
                f"{folder.name}, day {number}", traffic, lambda pair, keys=keys: pair.key in keys
            )
        )
    return [one for one in contests if one.true]


def ranks_table(title: str, note: str, contests: Iterable[Contest]) -> Table:
    """One line a true pair: its risk, and its rank by every contestant."""
    contests = list(contests)
    peers = [name for name in contests[0].true[0].by if not name.startswith("This scorer")]
    heads = [
        "Recording",
        "conns",
        "of",
        "risk",
        "rank",
        "regularity",
        "rank",
        "rank by p",
        "schedule",
    ]
    rows = []
    for one in contests:
        for scored in one.true:
            rows.append(
                [
                    one.name,
                    str(len(scored.pair.connections)),
                    str(len(one.others) + len(one.true)),
                    f"{scored.risk:.1f}",
                    str(one.rank(scored, OURS_RISK)),
                    f"{scored.by[OURS_REGULARITY]:.2f}",
                    str(one.rank(scored, OURS_REGULARITY)),
                    str(one.rank(scored, OURS_CERTAINTY)),
                    scored.schedule,
                    *(str(one.rank(scored, peer)) for peer in peers),
                ]
            )
    return Table(title, note, heads + peers, rows)


def benign_table(contests: Iterable[Contest]) -> Table:
    """Alerts a host and day on recordings without a known attack."""
    rows = []
    for one in contests:
        alerts = [scored for scored in one.others if scored.risk >= ALERT]
        busiest = Counter(scored.pair.src for scored in alerts).most_common(1)
        rows.append(
            [
                one.name,
                str(len(one.others)),
                str(one.traffic.sender_days),
                str(len(alerts)),
                f"{len(alerts) / one.traffic.sender_days:.2f}",
                str(busiest[0][1] if busiest else 0),
                f"{max((scored.risk for scored in one.others), default=0):.1f}",
            ]
        )
    return Table(
        "Real traffic without a known attack",
        f"Rows at risk {ALERT:g} or more, on evidence without any floor. A host day is a sender "
        "with traffic to outside on a day. Wanted: at most one row a host day.",
        [
            "Recording",
            "pairs",
            "host days",
            "rows",
            "rows/host day",
            "busiest host",
            "highest risk",
        ],
        rows,
    )


def infected_table(one: Contest) -> Table:
    """Recall on a recording whose sender is infected as a whole."""
    found = one.alerts(one.true)
    return Table(
        "Real traffic of a sender that is infected as a whole (recall only)",
        "Every destination of the infected sender counts as true. Wanted: at least half.",
        ["Recording", "true pairs", f"risk >= {ALERT:g}", "share"],
        [[one.name, str(len(one.true)), str(found), f"{found / max(1, len(one.true)):.2f}"]],
    )


def evaluate(home: Path) -> RealTraffic:
    """Score the folder's recordings."""
    internal = Scope(frozenset({"internal", "outbound"}))
    return RealTraffic(
        [from_folder(home / name) for name in RANKED],
        from_folder(home / INFECTED),
        [
            from_folder(home / INBOUND, inbound_scope(home / INBOUND)),
            from_folder(home / PROXY, internal),
            *sysmon_days(home / SYSMON),
        ],
        [from_folder(home / name) for name in BENIGN],
    )


def tables(real: RealTraffic) -> list[Table]:
    """The recordings' tables."""
    return [
        ranks_table(
            "Real traffic: rank of the true pair among all pairs",
            "1 is best; a tie counts against the true pair; other true pairs do not count. On "
            "evidence without any floor, candidates are pairs with at least "
            f"{recordings.MIN_CONNECTIONS} connections begun inside, to outside. The recordings "
            "are few and small, and were at hand during development.",
            real.ranked,
        ),
        infected_table(real.infected),
        benign_table(real.benign),
        ranks_table(
            "Real traffic, reported but not part of the claim",
            "An inbound beacon, a proxy as the destination, and Sysmon events (no byte counts) to "
            "internal servers, each day by itself.",
            real.reported,
        ),
    ]
