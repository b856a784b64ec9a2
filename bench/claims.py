"""What is claimed of the scorer, set against what this run measured."""

from __future__ import annotations

from collections.abc import Sequence

from . import metrics
from .realsets import ALERT, Contest, RealTraffic
from .report import Table
from .scorers import OURS_REGULARITY, OURS_RISK, Scored
from .simulated import FALSE_POSITIVES, RITA_WITH_SIZES, Results, scores

RITA = ("RITA v5", "RITA v5, best day", RITA_WITH_SIZES)


def _row(claim: str, wanted: str, measured: str, holds: bool) -> list[str]:
    return [claim, wanted, measured, "yes" if holds else "NO"]


def _stated(figure: str, scored: Sequence[Scored]) -> list[str]:
    """How many true pairs a quick dismissal loses: a figure to know, not a claim."""
    dismissed = sum(one.by[OURS_REGULARITY] == 0 for one in scored)
    return [figure, "stated", f"{dismissed} of {len(scored)}", ""]


def simulator_claims(results: Results) -> list[list[str]]:
    """The claims on simulated pairs."""
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
            "Simulator: malicious pairs dismissed as unscheduled",
            [one.scored for one in results.malicious_known],
        ),
    ]


def _has_bytes(scored: Scored) -> bool:
    return any(connection.bytes_out for connection in scored.pair.connections)


def _worst_rank(one: Contest) -> int:
    return max(one.rank(scored, OURS_RISK) for scored in one.true)


def _ranked_claims(ranked: Sequence[Contest]) -> list[list[str]]:
    ranks = [_worst_rank(one) for one in ranked]
    first = sum(rank == 1 for rank in ranks)
    risks = [scored.risk for one in ranked for scored in one.true if _has_bytes(scored)]
    return [
        _row(
            "Real traffic: recordings with every true pair first",
            f"3 of {len(ranked)}",
            f"{first} of {len(ranked)}",
            first >= 3,
        ),
        _row("Real traffic: worst rank of a true pair", "3", str(max(ranks)), max(ranks) <= 3),
        _row(
            "Real traffic: least risk of a true pair with recorded bytes",
            f"{ALERT:g}",
            f"{min(risks):.1f} of {len(risks)} pairs",
            min(risks) >= ALERT,
        ),
    ]


def real_claims(real: RealTraffic) -> list[list[str]]:
    """The claims on recordings."""
    share = real.infected.alerts(real.infected.true) / len(real.infected.true)
    rates = [one.alerts(one.others) / one.traffic.sender_days for one in real.benign]
    return [
        *_ranked_claims(real.ranked),
        _row("Real traffic: infected sender's pairs found", "0.50", f"{share:.2f}", share >= 0.5),
        _row(
            "Benign traffic: most rows a host day",
            "1",
            f"{max(rates):.2f}",
            max(rates) <= 1,
        ),
        _stated(
            "Real traffic: true pairs dismissed as unscheduled",
            [scored for one in [*real.ranked, real.infected] for scored in one.true],
        ),
    ]


def claims_table(results: Results | None, real: RealTraffic | None) -> Table:
    """All claims that this run could look at."""
    rows = simulator_claims(results) if results else []
    rows += real_claims(real) if real else []
    return Table(
        "Claims",
        "Set against this run's figures; the tables below say how each was measured.",
        ["Claim", "wanted", "measured", "holds"],
        rows,
    )
