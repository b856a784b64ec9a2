"""Ranks on recorded traffic, read from a folder by name. Recordings are not part of the project.

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


class ScoredRecording(NamedTuple):
    """One recording after scoring: the malicious pairs and all others."""

    name: str
    true: list[Scored]
    others: list[Scored]
    traffic: Traffic

    def rank(self, scored: Scored, method: str) -> int:
        """Rank among the benign pairs; other malicious pairs do not count."""
        return metrics.rank_against(scored.by[method], [other.by[method] for other in self.others])

    def alerts(self, pairs: list[Scored]) -> int:
        """The number of these pairs at or above the alert threshold."""
        return sum(scored.risk >= ALERT for scored in pairs)


class RealTraffic(NamedTuple):
    """All recordings after scoring, by purpose."""

    ranked: list[ScoredRecording]
    infected: ScoredRecording
    reported: list[ScoredRecording]
    benign: list[ScoredRecording]

    @property
    def recordings_scored(self) -> list[ScoredRecording]:
        return [*self.ranked, self.infected, *self.reported, *self.benign]


def scored_recording(name: str, traffic: Traffic, is_true) -> ScoredRecording:
    """Score all candidates of a recording; is_true(pair) is True for a malicious pair."""
    scored = [judged(pair) for pair in traffic.pairs]
    true = [one for one in scored if is_true(one.pair)]
    others = [one for one in scored if not is_true(one.pair)]
    return ScoredRecording(name, true, others, traffic)


def from_folder(folder: Path, scope: Scope = OUTBOUND) -> ScoredRecording:
    """Score the recording of a folder; truth.csv names malicious flows (no file: all benign)."""
    lines = recordings.truths(folder) if (folder / "truth.csv").exists() else []
    malicious = [line for line in lines if line.malicious]
    traffic = recordings.traffic(recordings.flows(recordings.log_of(folder)), scope)
    return scored_recording(
        folder.name, traffic, lambda pair: any(line.names(pair) for line in malicious)
    )


def inbound_scope(folder: Path) -> Scope:
    """The scope for an inbound beacon: its destination address belongs to the site."""
    own = frozenset(line.dst for line in recordings.truths(folder) if line.malicious)
    return Scope(frozenset({"inbound", "outbound"}), own)


def sysmon_days(folder: Path) -> list[ScoredRecording]:
    """One scored recording for each day of Sysmon events with known C2, with internal destinations.

    The recordings come from different labs and hours, so no span longer than a day is complete.
    """
    log = recordings.log_of(folder)
    by_day: dict[int, list[Flow]] = defaultdict(list)
    malicious: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for record in recordings.records(log):
        flow = recordings.flow_of(record)
        day = int(flow.epoch // DAY)
        by_day[day].append(flow)
        if record.get("truth") == "c2":
            malicious[day].add((flow.origin, flow.responder))
    scope = Scope(frozenset({"internal", "outbound"}))
    recordings_scored = []
    for number, day in enumerate(sorted(malicious), start=1):
        traffic = recordings.traffic(by_day[day], scope)
        keys = malicious[day]
        recordings_scored.append(
            scored_recording(
                f"{folder.name}, day {number}", traffic, lambda pair, keys=keys: pair.key in keys
            )
        )
    return [one for one in recordings_scored if one.true]


def ranks_table(title: str, note: str, recordings_scored: Iterable[ScoredRecording]) -> Table:
    """One row for each malicious pair: its risk, and its rank by every method."""
    recordings_scored = list(recordings_scored)
    peers = [name for name in recordings_scored[0].true[0].by if not name.startswith("This scorer")]
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
    for one in recordings_scored:
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


def benign_table(recordings_scored: Iterable[ScoredRecording]) -> Table:
    """Findings per host and day on recordings without a known attack."""
    rows = []
    for one in recordings_scored:
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
        "Recorded traffic without a known attack",
        f"Rows with risk {ALERT:g} or more, without minimum scores. A host day is a sender "
        "with outbound traffic on a day. Wanted: at most one row per host day.",
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


def infected_table(one: ScoredRecording) -> Table:
    """Recall on a recording whose sender is infected: all its pairs count as malicious."""
    found = one.alerts(one.true)
    return Table(
        "Recorded traffic of an infected sender (recall only)",
        "Every destination of the infected sender counts as malicious. Wanted: at least half.",
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
            "Recorded traffic: rank of the malicious pair",
            "1 is best; a tie counts against the malicious pair; other malicious pairs do not "
            "count. Scores without minimum scores. Candidates are pairs with at least "
            f"{recordings.MIN_CONNECTIONS} outbound connections. The recordings are few and "
            "small, and were used during development.",
            real.ranked,
        ),
        infected_table(real.infected),
        benign_table(real.benign),
        ranks_table(
            "Recorded traffic, reported without a target",
            "An inbound beacon, a proxy as the destination, and Sysmon events (no byte counts) to "
            "internal servers, each day separately.",
            real.reported,
        ),
    ]
