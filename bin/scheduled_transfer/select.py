"""Which evidence is the schedule, and how sure it is that there is one."""

from __future__ import annotations

from math import exp, log10

from .detectors import Evidence, beat, better, ceiling, interval, once, time_of_day
from .detectors.densest import SETTLED_SHARE
from .fields import Known
from .series import DAY, Series

# What is over within two minutes (seconds) is one session, not a schedule.
SHORTEST_SPAN = 120
# Detectors compete for one verdict: each costs its share of the certainty. The last two, for
# what the others leave, share one place.
DETECTORS = (interval, time_of_day, once, ceiling, beat)
CORRECTION = log10(len(DETECTORS) - 1)
# Log10 p from which an interval needs no other explanation, unless it is half a day or more.
CONVINCING_LOG10_P, LONG_PERIOD = -6.0, DAY / 2
# How near to a day, or to a week, a period must be for its time of day to say more.
NEAR_DAY = 0.1
# How far from whole days (in days) an interval of several may be.
WHOLE_DAYS = 0.02
# log10 p from which chance is out of the question, and how fast certainty grows below it.
CERTAIN_FROM, CERTAIN_SCALE = -1.3, 1.0
# Share of the regularity that tightness and coverage decide once chance is excluded.
FIT_SHARE = 0.4


def strongest(series: Series, known: Known) -> Evidence | None:
    """The evidence that chance explains worst, None where chance would do.

    Its log10_p is corrected for the number of detectors.
    """
    if not series.gaps or series.span < SHORTEST_SPAN:
        return None
    best = interval.detect(series, known)
    if best is None or best.log10_p > CONVINCING_LOG10_P or best.period > LONG_PERIOD:
        daily = _named(time_of_day.detect(series, known), once.detect(series, known))
        best = _with_time_of_day(best, daily)
    if best is None or best.log10_p > CONVINCING_LOG10_P:
        best = better(best, beat.detect(series, known))
        best = _sure_of(best, ceiling.detect(series, known))
    if best is None or best.log10_p + CORRECTION >= CERTAIN_FROM:
        return None
    return best._replace(log10_p=best.log10_p + CORRECTION)


def regularity(found: Evidence) -> float:
    """Certainty that there is a schedule at all, then how well it is kept (0 to 1).

    >>> exact = Evidence("interval", 1.0, -9.0, 600.0, 0.0, 10, 9, 9)
    >>> round(regularity(exact), 2), round(regularity(exact._replace(strength=0.5)), 2)
    (1.0, 0.8)
    """
    certainty = 1 - exp((found.log10_p - CERTAIN_FROM) / CERTAIN_SCALE)
    return certainty * (1 - FIT_SHARE + FIT_SHARE * found.strength)


def _named(slot: Evidence | None, counted: Evidence | None) -> Evidence | None:
    """The time of day where it is certain and leaves out hardly a transfer, else the rarer."""
    if slot and counted and slot.observed >= SETTLED_SHARE * counted.observed:
        return _sure_of(slot, counted)
    return better(slot, counted)


def _sure_of(one: Evidence | None, other: Evidence | None) -> Evidence | None:
    """The one, as sure as either is, if it is certain; else the rarer."""
    if one and other and _is_certain(one):
        return one._replace(log10_p=min(one.log10_p, other.log10_p))
    return better(one, other)


def _with_time_of_day(fixed: Evidence | None, daily: Evidence | None) -> Evidence | None:
    """The interval, or the time of day where that says more; then as sure as either is."""
    if fixed is None or daily is None:
        return fixed or daily
    if not _time_says_more(daily, fixed):
        return fixed
    if _is_certain(daily):
        return daily
    return daily._replace(log10_p=min(daily.log10_p, fixed.log10_p))


def _time_says_more(daily: Evidence, fixed: Evidence) -> bool:
    """Whether the time of day is the better word, beyond a day if not all gaps fit an interval.

    Every second day, or every third, is an interval nonetheless, if it leaves out fewer transfers.
    """
    days = fixed.period / DAY
    if any(abs(days / whole - 1) < NEAR_DAY for whole in (1, 7)):
        return _is_certain(daily) or daily.observed > SETTLED_SHARE * fixed.observed
    if _is_certain(daily) and days > 1:
        if not fixed.settled:
            return True
        if abs(days - round(days)) < WHOLE_DAYS:
            return daily.strength > fixed.strength
    return daily.log10_p < fixed.log10_p


def _is_certain(found: Evidence) -> bool:
    return found.log10_p + CORRECTION < CERTAIN_FROM
