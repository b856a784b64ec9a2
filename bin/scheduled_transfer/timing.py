"""The schedule: which kind of evidence chance explains worst, in terms common to all."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import exp, log10
from operator import sub
from typing import NamedTuple

from . import alignment, interval, strobe, timeofday, windows, words
from .alignment import Alignment
from .binning import Clock, one_a_bin
from .context import Context
from .interval import Interval
from .named import new
from .observations import Observations
from .timeofday import EVERY_DAY, TimeOfDay
from .weights import (
    BIN_NEAR,
    CERTAIN_FROM,
    CERTAIN_SCALE,
    CLOCK_CONTACTS,
    CONVINCING_LOG10_P,
    DAY,
    FILLED_LOG10_P,
    FINEST,
    FIT_SHARE,
    HIDDEN_LOG10_P,
    HIDDEN_SHARE,
    KINDS,
    MIN_DAYS,
    MOST_DAYS,
    MOST_FILLED,
    NEAR_DAY,
    RESOLVED_BINS,
    SESSION,
    SETTLED_SHARE,
    SHORTEST_SPAN,
    TOLD_STEP,
    WHOLE_DAYS,
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


def strongest(seen: Observations, known: Context) -> Finding | None:
    """The kind of evidence that chance explains worst, None where chance would do."""
    epochs = seen.epochs
    if epochs[-1] - epochs[0] < SHORTEST_SPAN:
        return None
    clock = _clock(seen.resolution, known.bin)
    best = fixed = interval.evidence(epochs, seen.gaps, clock)
    if known.bin and fixed.period < (1 + BIN_NEAR) * known.bin * fixed.lag:
        best = fixed = _of_bins(fixed, seen, clock, known.bin)
    log10_p, describe = fixed.log10_p, _fixed
    if log10_p > CONVINCING_LOG10_P or fixed.period > DAY / 2:
        daily = _time_of_day(seen, known, clock)
        if daily.hits and _time_says_more(daily, fixed):
            best, describe = daily, _daily
            log10_p = daily.log10_p if _is_certain(daily) else min(daily.log10_p, log10_p)
    if log10_p > CONVINCING_LOG10_P and len(epochs) >= CLOCK_CONTACTS:
        aligned = alignment.evidence(epochs, seen.gaps, max(seen.resolution, known.bin))
        if aligned.log10_p < log10_p:
            best, describe, log10_p = aligned, _aligned, aligned.log10_p
    log10_p += CORRECTION
    return new(Finding, (log10_p, describe, best)) if log10_p < CERTAIN_FROM else None


def settled(seen: Observations, known: Context) -> Finding | None:
    """The strongest evidence, no stronger than if its missed beats had come.

    One after the other they are filled in, those of the longest pause first, and the weakest
    verdict on the way is taken: so a beat that is there never makes less of a schedule.
    """
    weakest = found = strongest(seen, known)
    while _may_weaken(found, seen):
        seen = _with_a_missed_beat(seen, found.evidence.period)
        found = strongest(seen, known)
        weakest = _weaker(weakest, found)
    return weakest


def _may_weaken(found: Finding | None, seen: Observations) -> bool:
    """Whether beats are missed, and those that came are few, yet at least half of all."""
    if found is None or found.log10_p < FILLED_LOG10_P or found.describe is not _fixed:
        return False
    period, epochs = found.evidence.period, seen.epochs
    if round(max(seen.gaps) / period) < 2 or len(epochs) > MOST_FILLED:
        return False
    return epochs[-1] - epochs[0] < 2 * len(epochs) * period


def _weaker(one: Finding, other: Finding | None) -> Finding | None:
    if other is None:
        return None
    strength = min(one.evidence.strength, other.evidence.strength)
    evidence = one.evidence._replace(strength=strength)
    return Finding(max(one.log10_p, other.log10_p), one.describe, evidence)


def _with_a_missed_beat(seen: Observations, period: float) -> Observations:
    """The same contacts and the first that the longest pause, of two periods or more, lacks."""
    longest = max(seen.gaps)
    at = seen.gaps.index(longest)
    beat = seen.epochs[at] + longest / round(longest / period)
    if seen.resolution:
        beat = int(beat // seen.resolution) * seen.resolution
    epochs = [*seen.epochs[: at + 1], beat, *seen.epochs[at + 1 :]]
    return seen._replace(epochs=epochs, gaps=list(map(sub, epochs[1:], epochs)))


def judge(finding: Finding | None, seen: Observations, known: Context) -> Timing:
    """The schedule in common terms; UNSCHEDULED where nothing was found."""
    if finding is None:
        return UNSCHEDULED
    return finding.describe(finding.evidence, finding.log10_p, seen, known)


def _time_says_more(daily: TimeOfDay, fixed: Interval) -> bool:
    """Whether the time of day is the better word, beyond a day if not all gaps fit an interval.

    Every second day, or every third, is an interval nonetheless, if it leaves out fewer beats.
    """
    if any(abs(fixed.period / days - 1) < NEAR_DAY for days in (DAY, DAY * len(EVERY_DAY))):
        beats = fixed.hits + fixed.folded + 1
        return _is_certain(daily) or daily.hits > SETTLED_SHARE * beats
    if not _is_certain(daily):
        return daily.log10_p < fixed.log10_p
    if fixed.period > DAY and not fixed.settled:
        return True
    if fixed.period > DAY and abs(fixed.period / DAY - round(fixed.period / DAY)) < WHOLE_DAYS:
        return daily.strength > fixed.strength
    return daily.log10_p < fixed.log10_p


def _is_certain(daily: TimeOfDay) -> bool:
    return daily.log10_p + CORRECTION < CERTAIN_FROM


@lru_cache(maxsize=256)
def _clock(resolution: int, width: float) -> Clock:
    """How the contacts were stamped. Where the row tells its bins there are no others, and their
    first contacts keep their own stamps: what lies on the hour is there by choice."""
    return Clock(min(resolution, TOLD_STEP), (width,)) if width else Clock(resolution)


def _of_bins(found: Interval, seen: Observations, clock: Clock, width: float) -> Interval:
    """The interval between stretches of bins in a row, since within them the bins make it.

    Activity that hardly ever stops has at least one contact a bin, which is all that they tell.
    """
    starts, gaps = _stretches(seen, width)
    between = interval.evidence(starts, gaps, clock) if gaps else interval.NOTHING
    bins = (seen.epochs[-1] - seen.epochs[0]) // width + 1
    if between.log10_p < HIDDEN_LOG10_P or len(seen.epochs) < HIDDEN_SHARE * bins:
        return between
    in_a_row = len(seen.epochs) - len(starts)
    return found._replace(
        log10_p=max(found.log10_p, HIDDEN_LOG10_P),
        period=float(width),
        jitter=0.0,
        hits=in_a_row,
        trials=len(seen.gaps),
        folded=0,
        silences=0,
        lag=1,
        settled=False,
    )


def _stretches(seen: Observations, width: float) -> tuple[list[float], list[float]]:
    """First contacts of the bins (width in seconds) that follow an empty one, and their gaps."""
    bins = [epoch // width for epoch in seen.epochs]
    starts = [seen.epochs[0]]
    starts += [epoch for epoch, at, last in zip(seen.epochs[1:], bins[1:], bins) if at > last + 1]
    return starts, list(map(sub, starts[1:], starts))


def _time_of_day(seen: Observations, known: Context, clock: Clock) -> TimeOfDay:
    """Where every hour has one contact at most, hours in a row are one session."""
    long_enough = seen.epochs[-1] - seen.epochs[0] >= (MIN_DAYS - 1.5) * DAY
    if not long_enough or sum([gap > SESSION for gap in seen.gaps]) < MIN_DAYS - 1:
        return timeofday.NOTHING
    if known.bin:
        starts = interval.burst_starts(*_stretches(seen, known.bin), SESSION)
    else:
        silence = HOUR + SESSION if one_a_bin(seen.epochs, HOUR) else SESSION
        starts = interval.burst_starts(seen.epochs, seen.gaps, silence)
    return timeofday.evidence(starts, known.offset, clock.step)


def _regularity(strength: float, log10_p: float) -> float:
    """Certainty that there is a schedule at all, then how well it is kept."""
    certainty = 1 - exp((log10_p - CERTAIN_FROM) / CERTAIN_SCALE)
    return certainty * (1 - FIT_SHARE + FIT_SHARE * strength)


def _window(seen: Observations, known: Context) -> float:
    """Length of the search window, at least of the row's own span (seconds)."""
    start, end = seen.epochs[0], seen.epochs[-1]
    if known.start is not None:
        start = min(known.start, start)
    if known.end is not None:
        end = max(known.end, end)
    return end - start


def _fixed(found: Interval, log10_p: float, seen: Observations, known: Context) -> Timing:
    period, jitter, lag = found.period, found.jitter, found.lag
    every = words.every(period, jitter, lag)
    if period < RESOLVED_BINS * known.bin * lag:
        every = words.at_least_every(period / lag)
    fitting = found.hits + found.folded
    expected = lag * int(_window(seen, known) / period) + 1
    schedule = every
    pauses = period <= DAY and (found.silences or found.folded)
    if pauses and seen.epochs[-1] - seen.epochs[0] > DAY:
        awake = windows.evidence(seen.epochs, known.offset, period)
        if awake and awake.log10_p < CERTAIN_FROM:
            schedule += f", {words.window(awake.first, awake.last, awake.weekdays)}"
            expected = int(expected * (1 - awake.strength) * len(awake.weekdays) / 7) + 1
    told = (
        _regularity(found.strength, log10_p),
        log10_p,
        schedule,
        max(FINEST, round(period, 3)),
        round(jitter, 4),
        fitting + 1,
        max(fitting + 1, expected),
        words.gaps(fitting, found.trials, every, log10_p),
        None,
        strobe.evidence(found) is not None,
    )
    return new(Timing, told)


def _daily(found: TimeOfDay, log10_p: float, seen: Observations, known: Context) -> Timing:
    at = words.clock(found.at, found.spread)
    kind = words.days(found.weekdays)
    days = max(found.days, int(_window(seen, known) / DAY * len(found.weekdays) / 7))
    return Timing(
        _regularity(found.strength, log10_p),
        log10_p,
        f"{kind if found.hits >= MOST_DAYS * found.days else words.some(kind)} {at}",
        float(DAY if len(found.weekdays) > 1 else DAY * len(EVERY_DAY)),
        round(found.spread / DAY, 4),
        found.hits,
        days,
        words.starts(at, found.hits, found.days, kind, log10_p),
        found.at,
    )


def _aligned(found: Alignment, log10_p: float, seen: Observations, known: Context) -> Timing:
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
