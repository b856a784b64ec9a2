"""Detectors of schedules: one module each, one shape, `detect(series, known) -> Evidence | None`.

A detector judges the contacts against its own null, corrected for all that it has tried. It has
no words: `explain` has them, by the name of the detector.
"""

from __future__ import annotations

from typing import NamedTuple

from ..active_hours import EVERY_DAY

INTERVAL, TIME_OF_DAY, CLOCK, ONCE = "interval", "time of day", "clock", "once in each"


class Evidence(NamedTuple):
    """A schedule that one detector found: strength 1 means that it is kept exactly, all the time.

    log10_p is of the detector's null, corrected for its looks; period is in seconds and jitter its
    share. observed are the transfers that keep the schedule; hits of trials is what was counted
    (gaps, days or contacts). lag schedules of the period stand in one another, or so many transfers
    come each time; pauses is set for missed transfers or silences, settled that hardly any gap is
    left out, hidden that bins may hide a shorter period. at is the local time of day (seconds after
    midnight) on the weekdays.
    """

    detector: str
    strength: float
    log10_p: float
    period: float
    jitter: float
    observed: int
    hits: int
    trials: int
    lag: int = 1
    pauses: bool = False
    settled: bool = False
    hidden: bool = False
    at: float | None = None
    spread: float = 0.0
    weekdays: frozenset[int] = EVERY_DAY


def better(one: Evidence | None, other: Evidence | None) -> Evidence | None:
    """The one that chance explains worse; the first where neither is."""
    return other if other and (one is None or other.log10_p < one.log10_p) else one
