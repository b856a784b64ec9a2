"""One pair's verdict: how regular, on which schedule, how risky, and why.

Read the row, detect schedules, select one, weigh the risk factors, explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from . import active_hours, explain, fields, risk, select
from .active_hours import ActiveHours
from .detectors import Evidence
from .fields import Known
from .nulls import FINEST
from .parsing import number, parse
from .series import DAY, WEEK, Series


class Verdict(NamedTuple):
    """What is said of one pair; None stands for unknown.

    regularity and jitter are 0 to 1, period is in seconds, risk_score 0 to 10.
    """

    regularity: float
    schedule: str
    period: float | None
    jitter: float | None
    beats: int
    expected_beats: int
    log10_p: float | None
    risk_score: float
    reasons: tuple[str, ...]


DISMISSED = Verdict(0.0, explain.NO_SCHEDULE, None, None, 0, 0, 0.0, 0.0, ())


def score(
    observations: str | Iterable[str] | None,
    floor: str | float | None = None,
    context: Mapping[str, str] | None = None,
) -> Verdict:
    """Judge one pair from its observations, its floor of risk and what is known around it.

    Never raises for text: what cannot be read is named in a reason and counts as unknown.

    >>> verdict = score('1767233650:150000000 1767320050:150000000 1767406450:150000000', 8)
    >>> verdict.schedule, verdict.beats, verdict.expected_beats, verdict.risk_score
    ('daily 02:14 ±0 min', 3, 3, 8.0)
    """
    known = fields.read(context)
    series = parse(observations)
    least, fault = _floor(floor)
    faults = (*known.faults, fault) if fault else known.faults
    found = select.strongest(series, known)
    if found is None and not risk.is_worth_weighing(series, known):
        remarks = explain.remarks(series, least, 0.0, faults)
        reasons = (explain.NOT_WEIGHED if series.epochs else explain.NOTHING_READ) + tuple(remarks)
        log10_p = 0.0 if series.epochs else None
        return Verdict(*DISMISSED[:6], log10_p, least, reasons)
    sure = select.regularity(found) if found else 0.0
    factors = risk.weigh(series, known, found, sure)
    evidence = risk.score(sure, factors)
    remarks = explain.remarks(series, least, evidence, faults)
    named = explain.schedule(found) if found else ""
    believed = explain.evidence(found, named) if found else ""
    reasons = explain.reasons(believed, sure, factors, remarks)
    if found is None:
        return DISMISSED._replace(risk_score=max(least, evidence), reasons=reasons)
    active = _active(found, series, known)
    return Verdict(
        regularity=round(sure, 2),
        schedule=f"{named}, {explain.window(active)}" if active else named,
        period=max(FINEST, round(found.period, 3)),
        jitter=round(found.jitter, 4),
        beats=found.observed,
        expected_beats=_expected(found, active, known.window(series.epochs[0], series.epochs[-1])),
        log10_p=round(found.log10_p, 2),
        risk_score=max(least, evidence),
        reasons=reasons,
    )


def _active(found: Evidence, series: Series, known: Known) -> ActiveHours | None:
    """The hours of a schedule that pauses, where chance would not make them."""
    if not found.pauses or found.period > DAY or series.span <= DAY:
        return None
    active = active_hours.find(series.epochs, known.offset, found.period)
    return active if active and active.log10_p < select.CERTAIN_FROM else None


def _expected(found: Evidence, active: ActiveHours | None, window: float) -> int:
    """Transfers that the schedule would have made in the window (seconds), as observed at least."""
    if found.at is not None and found.period <= WEEK:
        return found.lag * max(found.trials, int(window / DAY * len(found.weekdays) / 7))
    expected = found.lag * int(window / found.period) + 1
    if active:
        expected = expected * active.hours // (7 * 24) + 1
    return max(found.observed, expected)


# Rows of a search share their floor.
@lru_cache(maxsize=4096)
def _floor(floor: str | float | None) -> tuple[float, str]:
    """The least risk_score, 0 if it cannot be read, and then the fault."""
    if floor is None or floor == "":
        return 0.0, ""
    try:
        return round(min(risk.MOST_RISK, float(number(str(floor)))), 1), ""
    except ValueError:
        return 0.0, f"floor {str(floor)[:40]!r}"
