"""The comparison on simulated pairs, whose labels are known."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from office.malware import MALWARE

from . import metrics
from .pairs import Pair, without_bytes, without_context
from .peers import rita
from .peers.registry import PEERS, Peer
from .realsets import ALERT
from .report import Table
from .scorers import OURS_CERTAINTY, OURS_REGULARITY, OURS_RISK, Scored, judged
from .simulator import DAYS, LONG_DAYS, POPULATION, Case, Simulation

OWN_SIMULATOR = "From this project's simulator (office/), not from recorded traffic."
RITA_WITH_SIZES = "RITA v5, best day, with sizes"
FALSE_POSITIVES = 0.01
RARITY = ("senders", "population", "first_seen")
USERS_OF_CONTEXT = {name: peer for name, peer in PEERS.items() if name.startswith("RITA")}
CONTEXT = (*RARITY, "dest_port", "app")


class Judged(NamedTuple):
    """A simulated case and its score by every method."""

    case: Case
    scored: Scored


def _all(
    cases: Iterable[Case], seen: Callable[[Pair], Pair], peers: Mapping[str, Peer] = PEERS
) -> list[Judged]:
    return [Judged(case, judged(seen(case.pair), peers)) for case in cases]


def timing_only(pair: Pair) -> Pair:
    """The input for comparing timing alone: no sizes and no context."""
    return without_bytes(without_context(pair, *CONTEXT))


def _timing(cases: Iterable[Case]) -> list[Judged]:
    """Timing alone for all methods, and RITA again with sizes, which its score uses."""
    found = _all(cases, timing_only)
    for one in found:
        one.scored.by[RITA_WITH_SIZES] = rita.score_best_day(
            without_context(one.case.pair, *CONTEXT)
        )
    return found


class Results(NamedTuple):
    """All scored cases: timing alone, with full context, and without rarity and age."""

    malicious: list[Judged]
    unscheduled: list[Judged]
    automation_timed: list[Judged]
    malicious_known: list[Judged]
    benign_known: list[Judged]
    malicious_withheld: list[Judged]
    automation_withheld: list[Judged]

    @property
    def automation_known(self) -> list[Judged]:
        return [one for one in self.benign_known if one.case.kind == "automation"]


def run(simulation: Simulation) -> Results:
    """Score every case with timing alone, with full context, and without rarity and age."""

    def withheld(pair: Pair) -> Pair:
        return without_context(pair, *RARITY)

    benign = simulation.automation + simulation.unscheduled
    return Results(
        _timing(simulation.malicious),
        _timing(simulation.unscheduled),
        _timing(simulation.automation),
        _all(simulation.malicious, lambda pair: pair),
        _all(benign, lambda pair: pair),
        _all(simulation.malicious, withheld, USERS_OF_CONTEXT),
        _all(simulation.automation, withheld, USERS_OF_CONTEXT),
    )


def scores(judgements: Iterable[Judged], method: str) -> list[float]:
    """The scores of one method."""
    return [one.scored.by[method] for one in judgements]


def _figures(method: str, true: list[Judged], false: list[Judged]) -> list[str]:
    positives, negatives = scores(true, method), scores(false, method)
    return [
        f"{metrics.auc(positives, negatives):.3f}",
        f"{metrics.true_positive_rate(positives, negatives, FALSE_POSITIVES):.3f}",
    ]


def timing_methods(results: Results) -> list[str]:
    """All methods except risk_score, which uses more than timing."""
    return [name for name in results.malicious[0].scored.by if name != OURS_RISK]


def timing_table(results: Results) -> Table:
    """Malicious schedules against people and random traffic, and dense beacons separately."""
    dense = [one for one in results.malicious if one.case.dense]
    rows = [
        [
            name,
            *_figures(name, results.malicious, results.unscheduled),
            *_figures(name, dense, results.unscheduled),
        ]
        for name in timing_methods(results)
    ]
    return Table(
        "Simulator, timing only: malicious schedules against people and random traffic",
        f"{OWN_SIMULATOR} Without sizes and context unless noted. "
        f"{len(results.malicious)} malicious pairs, of {len(MALWARE)} schedules of documented "
        f"malware and of implants with any other period, jitter and active hours ({len(dense)} "
        "dense beacons), "
        f"{len(results.unscheduled)} of people and without schedule, {DAYS} days each "
        f"({LONG_DAYS} for the weekly schedule and one person in seven). TPR: true "
        f"positives at {FALSE_POSITIVES:.0%} false positives.",
        ["Method", "AUC", "TPR", "AUC, dense", "TPR, dense"],
        rows,
    )


def risk_table(results: Results) -> Table:
    """Malicious pairs against benign automation, and against all benign pairs."""
    names = [name for name in results.malicious_known[0].scored.by if name != OURS_CERTAINTY]
    rows = [
        [
            name,
            *_figures(name, results.malicious_known, results.automation_known),
            *_figures(name, results.malicious_known, results.benign_known),
            *(
                _figures(name, results.malicious_withheld, results.automation_withheld)
                if name in results.malicious_withheld[0].scored.by
                else ["as before"] * 2
            ),
        ]
        for name in names
    ]
    return Table(
        "Simulator: malicious schedules against benign automation",
        f"{OWN_SIMULATOR} All methods get sizes, and context if they use it: 1 to "
        f"{POPULATION} senders, age of the destination, port, service. "
        "Withheld: without senders and age; a nightly backup and nightly exfiltration of the same "
        "size then look the same.",
        [
            "Method",
            "AUC, automation",
            "TPR",
            "AUC, all benign",
            "TPR",
            "AUC, automation, withheld",
            "TPR",
        ],
        rows,
    )


class Scenario(NamedTuple):
    """One scenario's medians and how often it was found."""

    name: str
    kind: str
    pairs: int
    connections: float
    regularity: float
    risk: float
    found: float
    found_by_rita: float
    alerts: float


def _share(values: Iterable[bool]) -> float:
    return statistics.fmean(map(float, values))


def _by_scenario(judgements: Iterable[Judged]) -> dict[str, list[Judged]]:
    grouped: dict[str, list[Judged]] = {}
    for one in judgements:
        grouped.setdefault(one.case.scenario, []).append(one)
    return grouped


def scenarios(results: Results) -> list[Scenario]:
    """Every scenario, malicious first; found: above the 1 % threshold on timing."""
    false = results.unscheduled
    limit = metrics.threshold_at(scores(false, OURS_REGULARITY), FALSE_POSITIVES)
    rita_limit = metrics.threshold_at(scores(false, RITA_WITH_SIZES), FALSE_POSITIVES)
    timed = _by_scenario(results.malicious + false + results.automation_timed)
    known = _by_scenario(results.malicious_known + results.benign_known)
    return [
        Scenario(
            name,
            ones[0].case.kind,
            len(ones),
            statistics.median(len(one.case.pair.connections) for one in ones),
            statistics.median(scores(timed[name], OURS_REGULARITY)),
            statistics.median(scores(ones, OURS_RISK)),
            _share(score > limit for score in scores(timed[name], OURS_REGULARITY)),
            _share(score > rita_limit for score in scores(timed[name], RITA_WITH_SIZES)),
            _share(score >= ALERT for score in scores(ones, OURS_RISK)),
        )
        for name, ones in known.items()
    ]


def scenario_table(rows: Iterable[Scenario]) -> Table:
    """The scenarios as a table."""
    return Table(
        "Simulator, by scenario",
        f"{OWN_SIMULATOR} Medians. Found: share of the pairs above the regularity that "
        f"{FALSE_POSITIVES:.0%} of people and random traffic reach, on timing alone (RITA: with "
        "sizes); automation is regular and rightly found. Alerts: "
        f"share with risk_score {ALERT:g} or more, with full context.",
        [
            "Scenario",
            "kind",
            "pairs",
            "connections",
            "regularity",
            "found",
            "found by RITA",
            "risk_score",
            "alerts",
        ],
        [
            [
                row.name,
                row.kind,
                str(row.pairs),
                f"{row.connections:.0f}",
                f"{row.regularity:.2f}",
                f"{row.found:.2f}",
                f"{row.found_by_rita:.2f}",
                f"{row.risk:.1f}",
                f"{row.alerts:.2f}",
            ]
            for row in rows
        ],
    )


def tables(results: Results) -> list[Table]:
    """The simulator's tables."""
    return [
        timing_table(results),
        risk_table(results),
        scenario_table(scenarios(results)),
    ]
