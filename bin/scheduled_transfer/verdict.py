"""One pair's verdict: how regular, on which schedule, how risky, and why."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from math import exp
from operator import itemgetter
from typing import NamedTuple

from . import context as contexts
from . import sizes, timing, transfer, words
from .context import Context
from .named import new
from .observations import LARGEST_COUNT, Observations, number, over_at_once, parse
from .timing import Timing
from .transfer import Sign
from .weights import ALIKE, DAY, LARGE, LEAST_TELLING, PRIOR, SCHEDULE, STROBE_RATE_SHARE

HOUR = 3_600
MOST_REASONS, MOST_REMARKS = 5, 3
MOST_RISK = 10.0

_weight = itemgetter(0)


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


DISMISSED = Verdict(
    0.0, words.NO_SCHEDULE, None, None, 0, 0, 0.0, 0.0, (words.NO_SCHEDULE, words.NOT_WEIGHED)
)


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
    known = contexts.read(context)
    if over_at_once(observations) and not (floor or known.listed or known.faults):
        return DISMISSED
    seen = parse(observations)
    least, faults = _floor(floor, known.faults)
    finding = timing.settled(seen, known) if seen.gaps else None
    if finding is None and not _worth_weighing(seen, known):
        return _dismissed(seen, least, faults)
    found = timing.judge(finding, seen, known)
    signs, unknown = _signs(seen, known, found)
    risk = _risk(found.regularity, signs)
    remarks = _remarks(seen, least, risk, faults)
    if unknown:
        remarks.append(words.unknown(unknown))
    told = (
        round(found.regularity, 2),
        found.schedule,
        found.period,
        found.jitter,
        found.beats,
        found.expected,
        round(found.log10_p, 2),
        max(least, risk),
        _reasons(seen, found, signs, remarks[:MOST_REMARKS]),
    )
    return new(Verdict, told)


def _floor(floor: str | float | None, faults: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
    if floor is None or floor == "":
        return 0.0, faults
    try:
        return round(min(MOST_RISK, float(number(str(floor)))), 1), faults
    except ValueError:
        return 0.0, (*faults, f"floor {str(floor)[:40]!r}")


def _worth_weighing(seen: Observations, known: Context) -> bool:
    """Whether a pair without a schedule may matter all the same."""
    if known.listed and seen.epochs:
        return True
    return max(seen.sent, default=0) >= LARGE


def _dismissed(seen: Observations, least: float, faults: tuple[str, ...]) -> Verdict:
    """No schedule and nothing to weigh: the floor, and what could not be read."""
    remarks = _remarks(seen, least, DISMISSED.risk_score, faults)
    if not seen.epochs:
        return DISMISSED._replace(
            log10_p=None, risk_score=least, reasons=(words.NOTHING_READ, *remarks)
        )
    if not remarks:
        return DISMISSED
    return DISMISSED._replace(risk_score=least, reasons=(*DISMISSED.reasons, *remarks))


def _signs(seen: Observations, known: Context, found: Timing) -> tuple[list[Sign], list[str]]:
    """All signs that the facts allow, and the names of the unknown facts."""
    signs, unknown = [], []
    epochs, ports, senders = seen.epochs, known.ports, known.senders
    span = (epochs[-1] - epochs[0]) / DAY
    out, back = _total(seen.sent), _total(seen.received)
    back = known.bytes_in if back is None else back
    if out is None:
        unknown.append("bytes out")
    else:
        signs.append(transfer.volume(out, span * len(epochs) / (len(seen.gaps) or 1)))
    if back is None:
        unknown.append("bytes in")
    elif out is not None:
        signs.append(transfer.bytes_ratio(out, back))
    if senders and known.population:
        signs.append(transfer.rarity(senders, known.population))
    else:
        unknown.append("how many hosts talk to it")
    if known.first_seen is None:
        unknown.append("when it was first seen")
    else:
        signs.append(transfer.newness(max(0.0, epochs[-1] - known.first_seen) / DAY))
    if known.listed:
        signs.append(transfer.ON_A_LIST)
    if ports:
        packet = None if out is None else out / len(epochs)
        signs.append(transfer.service(ports, known.app, packet))
    if found.period is not None:
        signs += _schedule_signs(known, found, span)
    return signs, unknown


def _total(counts: Sequence[int]) -> int | None:
    """Sum of the counts, None without any: unknown is not zero."""
    return min(LARGEST_COUNT, sum(counts)) if counts else None


def _schedule_signs(known: Context, found: Timing, span: float) -> list[Sign]:
    """Signs that lie in the schedule itself, in proportion to how sure it is."""
    sure = found.regularity
    stream = STROBE_RATE_SHARE if found.stream else 1.0
    signs = [
        transfer.rate(DAY / found.period, found.beats, sure * stream),
        transfer.habit(span, sure),
    ]
    if known.hours and found.at is not None:
        hour = int(found.at // HOUR)
        signs.append(transfer.hour_of_day(known.hours[hour] / sum(known.hours), hour, sure))
    return signs


def _risk(regularity: float, signs: list[Sign]) -> float:
    odds = PRIOR + SCHEDULE * regularity + sum(map(_weight, signs))
    return round(MOST_RISK / (1 + exp(-odds)), 1)


def _remarks(seen: Observations, least: float, risk: float, faults: tuple[str, ...]) -> list[str]:
    """Why the risk is higher than the evidence, and what could not be read."""
    remarks = []
    if least > risk:
        remarks.append(words.raised(least, risk))
    if seen.unreadable:
        remarks.append(words.unreadable(seen.unreadable, seen.faults))
    if faults:
        remarks.append(words.unread(faults))
    return remarks


def _reasons(
    seen: Observations, found: Timing, signs: list[Sign], remarks: list[str]
) -> tuple[str, ...]:
    """Most telling first; remarks come last, yet always."""
    # Negative, so that what weighs most comes first and bisection finds the schedule's place.
    telling = [
        (-abs(weight), phrase, facts)
        for weight, phrase, facts in signs
        if abs(weight) >= LEAST_TELLING
    ]
    telling.sort(key=_weight)
    room = MOST_REASONS - len(remarks) - 1
    told = [phrase(*facts) for _, phrase, facts in telling[:room]]
    if not found.period:
        return (found.reason, *told, *remarks)
    told.insert(bisect_left(telling, (-SCHEDULE * found.regularity,)), found.reason)
    if len(told) <= room:
        # They have no weight, since they prove nothing, yet are worth knowing.
        alike = sizes.evidence(seen.sent)
        if alike.strength > ALIKE:
            told.append(words.alike(alike.typical, alike.deviation))
    return (*told, *remarks)
