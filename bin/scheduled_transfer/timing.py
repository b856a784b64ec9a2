"""The schedule: which kind of evidence chance explains worst, in terms common to all."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log10
from typing import NamedTuple

from . import alignment, interval, strobe, timeofday, windows, words
from .alignment import Alignment
from .context import Context
from .interval import Interval
from .observations import Observations
from .timeofday import EVERY_DAY, TimeOfDay
from .weights import (
    CERTAIN_FROM,
    CERTAIN_SCALE,
    CLOCK_CONTACTS,
    CONVINCING_LOG10_P,
    DAY,
    FIT_SHARE,
    KINDS,
    MIN_DAYS,
    NEAR_DAY,
    SESSION,
    SHORTEST_SPAN,
)

HOUR = 3_600
CORRECTION = log10(KINDS)


class Timing(NamedTuple):
    """A schedule and how sure it is; beats of expected ones, phrase and facts say why.

    period is in seconds (None without a schedule), jitter is its share, at the local time of a
    daily schedule (seconds after midnight); stream tells contact every few seconds.
    """

    regularity: float
    log10_p: float
    schedule: str = words.NO_SCHEDULE
    period: float | None = None
    jitter: float | None = None
    beats: int = 0
    expected: int = 0
    reason: str = words.NO_SCHEDULE
    at: float | None = None
    stream: bool = False


UNSCHEDULED = Timing(0.0, 0.0)


class Finding(NamedTuple):
    """The strongest evidence, and how to put it in common terms."""

    log10_p: float
    describe: Callable[..., Timing]
    evidence: NamedTuple


def strongest(seen: Observations, offset: float) -> Finding | None:
    """The kind of evidence that chance explains worst, None where chance would do."""
    if seen.epochs[-1] - seen.epochs[0] < SHORTEST_SPAN:
        return None
    fixed = interval.evidence(seen.epochs, seen.gaps, seen.resolution)
    best = Finding(fixed.log10_p, _fixed, fixed)
    if fixed.log10_p > CONVINCING_LOG10_P or fixed.period > DAY / 2:
        daily = _time_of_day(seen, offset)
        if daily.log10_p < best.log10_p or (daily.log10_p < 0 and _is_of_days(fixed.period)):
            best = Finding(daily.log10_p, _daily, daily)
    if best.log10_p > CONVINCING_LOG10_P and len(seen.epochs) >= CLOCK_CONTACTS:
        clock = alignment.evidence(seen.epochs, seen.gaps, seen.resolution)
        if clock.log10_p < best.log10_p:
            best = Finding(clock.log10_p, _clock, clock)
    log10_p = best.log10_p + CORRECTION
    return Finding(log10_p, *best[1:]) if log10_p < CERTAIN_FROM else None


def judge(finding: Finding | None, seen: Observations, known: Context) -> Timing:
    """The schedule in common terms; UNSCHEDULED where nothing was found."""
    if finding is None:
        return UNSCHEDULED
    return finding.describe(finding.evidence, finding.log10_p, seen, known)


def _is_of_days(period: float) -> bool:
    """Whether the period is a day or a week: then the time of day says more."""
    return any(abs(period / days - 1) < NEAR_DAY for days in (DAY, DAY * len(EVERY_DAY)))


def _time_of_day(seen: Observations, offset: float) -> TimeOfDay:
    """Where every hour has one contact at most, hours in a row are one session."""
    long_enough = seen.epochs[-1] - seen.epochs[0] >= (MIN_DAYS - 1.5) * DAY
    if not long_enough or sum([gap > SESSION for gap in seen.gaps]) < MIN_DAYS - 1:
        return timeofday.NOTHING
    hourly = len({epoch // HOUR for epoch in seen.epochs}) == len(seen.epochs)
    silence = HOUR + SESSION if hourly else SESSION
    starts = interval.burst_starts(seen.epochs, seen.gaps, silence)
    return timeofday.evidence(starts, offset, seen.resolution)


def _regularity(strength: float, log10_p: float) -> float:
    """Certainty that there is a schedule at all, then how well it is kept."""
    certainty = 1 - exp((log10_p - CERTAIN_FROM) / CERTAIN_SCALE)
    return certainty * (1 - FIT_SHARE + FIT_SHARE * strength)


def _window(seen: Observations, known: Context) -> float:
    """Length of the search window, at least of the row's own span (seconds)."""
    start = seen.epochs[0] if known.start is None else min(known.start, seen.epochs[0])
    end = seen.epochs[-1] if known.end is None else max(known.end, seen.epochs[-1])
    return end - start


def _fixed(found: Interval, log10_p: float, seen: Observations, known: Context) -> Timing:
    every = words.every(found.period, found.jitter, found.lag)
    beats = found.hits + found.folded + 1
    expected = found.lag * int(_window(seen, known) / found.period) + 1
    schedule = every
    if found.silences and seen.epochs[-1] - seen.epochs[0] > DAY:
        awake = windows.evidence(seen.epochs, known.offset)
        if awake and awake.log10_p < CERTAIN_FROM:
            schedule += f", {words.window(awake.first, awake.last, awake.weekdays)}"
            expected = int(expected * (1 - awake.strength) * len(awake.weekdays) / 7) + 1
    return Timing(
        _regularity(found.strength, log10_p),
        log10_p,
        schedule,
        round(found.period, 3),
        round(found.jitter, 4),
        beats,
        max(beats, expected),
        words.gaps(found.hits + found.folded, found.trials, every, log10_p),
        stream=strobe.evidence(found) is not None,
    )


def _daily(found: TimeOfDay, log10_p: float, seen: Observations, known: Context) -> Timing:
    at = words.clock(found.at, found.spread)
    kind = words.days(found.weekdays)
    days = max(found.days, int(_window(seen, known) / DAY * len(found.weekdays) / 7))
    return Timing(
        _regularity(found.strength, log10_p),
        log10_p,
        f"{kind} {at}",
        float(DAY if len(found.weekdays) > 1 else DAY * len(EVERY_DAY)),
        round(found.spread / DAY, 4),
        found.hits,
        days,
        words.starts(at, found.hits, found.days, kind, log10_p),
        found.at,
    )


def _clock(found: Alignment, log10_p: float, seen: Observations, known: Context) -> Timing:
    schedule = f"{words.every(found.period, 0)}, amid other contacts"
    expected = int(_window(seen, known) / found.period) + 1
    return Timing(
        _regularity(found.strength, log10_p),
        log10_p,
        schedule,
        float(found.period),
        0.0,
        found.hits,
        max(found.hits, expected),
        words.aligned(found.hits, found.contacts, schedule, log10_p),
    )
