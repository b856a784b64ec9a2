"""Acceptance criteria of the scorer, compared with the figures of a run."""

from __future__ import annotations

from collections.abc import Sequence

from . import metrics
from .realsets import ALERT, RealTraffic, ScoredRecording
from .report import Table
from .scorers import OURS_REGULARITY, OURS_RISK, Scored
from .simulated import FALSE_POSITIVES, RITA_WITH_SIZES, Results, scores

RITA = ("RITA v5", "RITA v5, best day", RITA_WITH_SIZES)


def _row(criterion: str, wanted: str, measured: str, holds: bool) -> list[str]:
    return [criterion, wanted, measured, "yes" if holds else "NO"]


def _stated(figure: str, scored: Sequence[Scored]) -> list[str]:
    """The number of malicious pairs with regularity 0: reported, without a target."""
    dismissed = sum(one.by[OURS_REGULARITY] == 0 for one in scored)
    return [figure, "stated", f"{dismissed} of {len(scored)}", ""]


def simulator_criteria(results: Results) -> list[list[str]]:
    """The criteria on simulated pairs."""
    true = scores(results.malicious, OURS_REGULARITY)
    false = scores(results.unscheduled, OURS_REGULARITY)
    area, found = metrics.auc(true, false), metrics.true_positive_rate(true, false, FALSE_POSITIVES)
    dense = [one for one in results.malicious if one.case.dense]
    ours = metrics.auc(scores(dense, OURS_REGULARITY), false)
    rita = max(metrics.auc(scores(dense, n), scores(results.unscheduled, n)) for n in RITA)
    risk = metrics.auc(
        scores(results.malicious_known, OURS_RISK), scores(results.automation_known, OURS_RISK)
    )
    percent = f"{FALSE_POSITIVES:.0%}"
    return [
        _row("Simulator, timing: AUC", "0.99", f"{area:.4f}", area >= 0.99),
        _row(f"Simulator, timing: TPR at {percent}", "0.95", f"{found:.4f}", found >= 0.95),
        _row("Simulator, dense beacons: AUC", f"RITA's {rita:.4f}", f"{ours:.4f}", ours >= rita),
        _row("Simulator, against automation: AUC", "0.98", f"{risk:.4f}", risk >= 0.98),
        _stated(
            "Simulator: malicious pairs without a schedule found",
            [one.scored for one in results.malicious_known],
        ),
    ]


def _has_bytes(scored: Scored) -> bool:
    return any(connection.bytes_out for connection in scored.pair.connections)


def _worst_rank(one: ScoredRecording) -> int:
    return max(one.rank(scored, OURS_RISK) for scored in one.true)


def _ranked_criteria(ranked: Sequence[ScoredRecording]) -> list[list[str]]:
    ranks = [_worst_rank(one) for one in ranked]
    first = sum(rank == 1 for rank in ranks)
    risks = [scored.risk for one in ranked for scored in one.true if _has_bytes(scored)]
    return [
        _row(
            "Recorded traffic: recordings that rank all malicious pairs first",
            f"3 of {len(ranked)}",
            f"{first} of {len(ranked)}",
            first >= 3,
        ),
        _row(
            "Recorded traffic: worst rank of a malicious pair",
            "3",
            str(max(ranks)),
            max(ranks) <= 3,
        ),
        _row(
            "Recorded traffic: lowest risk of a malicious pair with byte counts",
            f"{ALERT:g}",
            f"{min(risks):.1f} of {len(risks)} pairs",
            min(risks) >= ALERT,
        ),
    ]


def recorded_criteria(real: RealTraffic) -> list[list[str]]:
    """The criteria on recordings."""
    share = real.infected.alerts(real.infected.true) / len(real.infected.true)
    rates = [one.alerts(one.others) / one.traffic.sender_days for one in real.benign]
    return [
        *_ranked_criteria(real.ranked),
        _row(
            "Recorded traffic: share of the infected sender's pairs found",
            "0.50",
            f"{share:.2f}",
            share >= 0.5,
        ),
        _row(
            "Benign traffic: highest number of findings per host and day",
            "1",
            f"{max(rates):.2f}",
            max(rates) <= 1,
        ),
        _stated(
            "Recorded traffic: malicious pairs without a schedule found",
            [scored for one in [*real.ranked, real.infected] for scored in one.true],
        ),
    ]


def acceptance_table(results: Results | None, real: RealTraffic | None) -> Table:
    """All criteria for which this run has data."""
    rows = simulator_criteria(results) if results else []
    rows += recorded_criteria(real) if real else []
    return Table(
        "Acceptance criteria",
        "The tables below describe how each figure was measured.",
        ["Criterion", "wanted", "measured", "holds"],
        rows,
    )
