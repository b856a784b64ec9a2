"""One pair's verdict: how regular, on which schedule, how risky, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, log10
from typing import NamedTuple

from . import interval, timeofday, transfer, words
from .observations import Observations, number, parse
from .transfer import Context, Sign
from .weights import (
    CERTAIN_FROM,
    CERTAIN_SCALE,
    DAY,
    FIT_SHARE,
    KINDS,
    PRIOR,
    SCHEDULE,
    SESSION,
)

HOUR = 3_600
MOST_REASONS = 5
MOST_RISK = 10.0
CORRECTION = log10(KINDS)


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


class Timing(NamedTuple):
    """The winning kind of evidence, in common terms; daily is at what time, if at one."""

    regularity: float
    log10_p: float
    schedule: str
    period: float | None
    jitter: float | None
    beats: int
    expected: int
    reason: str
    daily: float | None


UNKNOWN = Timing(0.0, 0.0, words.NO_SCHEDULE, None, None, 0, 0, "", None)


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
    seen = parse(observations)
    known = Context(context)
    least, floor_fault = _floor(floor)
    if floor_fault:
        known.faults.append(floor_fault)
    if not seen.epochs:
        reasons = ("no readable observation", *_faults(seen, known))
        return Verdict(0.0, words.NO_SCHEDULE, None, None, 0, 0, None, least, reasons)
    timing = _timing(seen, known)
    signs, unknown = _signs(seen, known, timing)
    risk = _risk(timing.regularity, signs)
    return Verdict(
        round(timing.regularity, 3),
        timing.schedule,
        timing.period,
        timing.jitter,
        timing.beats,
        timing.expected,
        round(timing.log10_p, 2),
        max(least, risk),
        _reasons(timing, signs, unknown, _faults(seen, known)),
    )


def _floor(floor: str | float | None) -> tuple[float, str]:
    if floor is None or floor == "":
        return 0.0, ""
    try:
        return min(MOST_RISK, round(float(number(str(floor), 1e6)), 1)), ""
    except ValueError:
        return 0.0, f"floor {str(floor)!r}"


def _timing(seen: Observations, known: Context) -> Timing:
    """The kind of evidence that chance explains worst."""
    fixed = interval.evidence(seen.epochs, seen.gaps, seen.resolution)
    best = _fixed(fixed)
    if fixed.log10_p > -6 or fixed.period > DAY / 2:
        starts = _sessions(seen)
        daily = timeofday.evidence(starts, known.offset(), seen.resolution)
        if daily.log10_p < 0 and (daily.log10_p <= fixed.log10_p or _is_days(fixed.period)):
            best = _daily(daily)
    return best


def _sessions(seen: Observations) -> list[float]:
    """Starts of sessions; where every hour has one contact at most, hours in a row are one."""
    hourly = len({epoch // HOUR for epoch in seen.epochs}) == len(seen.epochs)
    return interval.burst_starts(seen.epochs, seen.gaps, HOUR + SESSION if hourly else SESSION)


def _is_days(period: float) -> bool:
    """Whether a period is one day: then the time of day says more."""
    return abs(period / DAY - 1) < 0.1


def _regularity(strength: float, log10_p: float) -> float:
    certainty = 1 - exp(min(0.0, log10_p - CERTAIN_FROM) / CERTAIN_SCALE)
    return certainty * (1 - FIT_SHARE + FIT_SHARE * strength)


def _fixed(found: interval.Interval) -> Timing:
    log10_p = min(0.0, found.log10_p + CORRECTION)
    if log10_p >= CERTAIN_FROM:
        return UNKNOWN._replace(log10_p=log10_p)
    beats = found.hits + found.folded + 1
    schedule = words.every(found.period, found.jitter)
    reason = (
        f"{found.hits + found.folded} of {found.trials} gaps are {schedule[6:]} "
        f"(chance {words.chance(log10_p)})"
    )
    return Timing(
        _regularity(found.strength, log10_p),
        log10_p,
        schedule,
        round(found.period, 3),
        round(found.jitter, 4),
        beats,
        found.trials + 1,
        reason,
        None,
    )


def _daily(found: timeofday.TimeOfDay) -> Timing:
    log10_p = min(0.0, found.log10_p + CORRECTION)
    if log10_p >= CERTAIN_FROM:
        return UNKNOWN._replace(log10_p=log10_p)
    at = words.clock(found.at, found.spread)
    kind = words.days(found.weekdays)
    unit = "days" if kind == "daily" else kind
    return Timing(
        _regularity(found.strength, log10_p),
        log10_p,
        f"{kind} {at}",
        float(DAY if len(found.weekdays) > 1 else 7 * DAY),
        round(min(1.0, found.spread / DAY), 4),
        found.hits,
        found.days,
        f"starts at {at} on {found.hits} of {found.days} {unit} (chance {words.chance(log10_p)})",
        found.at,
    )


def _signs(seen: Observations, known: Context, timing: Timing) -> tuple[list[Sign], list[str]]:
    """All signs that the facts allow, and the names of the unknown facts."""
    signs, unknown = [], []
    span = (seen.epochs[-1] - seen.epochs[0]) / DAY
    out = sum(seen.bytes_out) if seen.bytes_out else None
    back = sum(seen.bytes_in) if seen.bytes_in else known.number("bytes_in")
    if out is None:
        unknown.append("bytes out")
    else:
        signs.append(transfer.volume(out, span))
        if back is None:
            unknown.append("bytes in")
        else:
            signs.append(transfer.bytes_ratio(out, int(back)))
    senders, population = known.number("senders"), known.number("population")
    if senders and population:
        signs.append(transfer.rarity(senders, max(senders, population)))
    else:
        unknown.append("how many hosts talk to it")
    first = known.epoch("first_seen")
    if first is None:
        unknown.append("when it was first seen")
    else:
        signs.append(transfer.newness(max(0.0, seen.epochs[-1] - first) / DAY))
    if known.text("listed"):
        signs.append(transfer.LISTED_SIGN)
    ports = known.ports()
    if ports:
        packet = None if out is None else out / len(seen.epochs)
        signs.append(transfer.service(ports, known.text("app").lower(), packet))
    signs += _schedule_signs(known, timing, span)
    return signs, unknown


def _schedule_signs(known: Context, timing: Timing, span: float) -> list[Sign]:
    """Signs that lie in the schedule itself, in proportion to how sure it is."""
    if not timing.period:
        return []
    signs = [transfer.rate(DAY / timing.period, timing.beats), transfer.habit(span)]
    hours = known.hours()
    if hours and timing.daily is not None:
        hour = int(timing.daily // 3_600)
        signs.append(transfer.idle_hours(hours[hour] / sum(hours), hour))
    return [sign._replace(weight=sign.weight * timing.regularity) for sign in signs]


def _risk(regularity: float, signs: list[Sign]) -> float:
    odds = PRIOR + SCHEDULE * regularity + sum(sign.weight for sign in signs)
    return round(MOST_RISK / (1 + exp(-odds)), 1)


def _faults(seen: Observations, known: Context) -> tuple[str, ...]:
    found = []
    if seen.unreadable:
        quoted = ", ".join(repr(fault[:40]) for fault in seen.faults)
        found.append(f"{seen.unreadable} observations could not be read: {quoted}")
    if known.faults:
        found.append(f"could not be read and counts as unknown: {', '.join(known.faults)}"[:200])
    return tuple(found)


def _reasons(
    timing: Timing, signs: list[Sign], unknown: list[str], faults: tuple[str, ...]
) -> tuple[str, ...]:
    """Most telling first; what could not be read or is not known comes last, yet always."""
    telling = sorted((sign for sign in signs if abs(sign.weight) >= 0.1), key=lambda s: -abs(s[0]))
    first = [(SCHEDULE * timing.regularity, timing.reason)] if timing.reason else []
    told = [text for _, text in sorted(first + telling, key=lambda sign: -abs(sign[0]))]
    last = [*faults, f"not known: {', '.join(unknown)}"] if unknown else [*faults]
    if not timing.reason:
        told.insert(0, words.NO_SCHEDULE)
    return tuple(told[: MOST_REASONS - len(last)] + last)
