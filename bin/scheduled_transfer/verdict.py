"""One pair's verdict: how regular, on which schedule, how risky, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp
from typing import NamedTuple

from . import context as contexts
from . import sizes, timing, transfer, words
from .context import Context
from .observations import LARGEST_COUNT, Observations, number, over_at_once, parse
from .timing import Timing
from .transfer import Sign
from .weights import (
    ALIKE,
    DAY,
    LARGE,
    LEAST_TELLING,
    PRIOR,
    SCHEDULE,
    STROBE_RATE_SHARE,
)

HOUR = 3_600
MOST_REASONS, MOST_REMARKS = 5, 3
MOST_RISK = 10.0


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
    return Verdict(
        round(found.regularity, 2),
        found.schedule,
        found.period,
        found.jitter,
        found.beats,
        found.expected,
        round(found.log10_p, 2),
        max(least, risk),
        _reasons(seen, found, signs, (*_raised(least, risk), *_faults(seen, faults)), unknown),
    )


def _floor(floor: str | float | None, faults: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
    if floor is None or floor == "":
        return 0.0, faults
    try:
        return round(min(MOST_RISK, float(number(str(floor)))), 1), faults
    except ValueError:
        return 0.0, (*faults, f"floor {str(floor)[:40]!r}")


def _worth_weighing(seen: Observations, known: Context) -> bool:
    """Whether a pair without a schedule may matter all the same."""
    return max(seen.sent, default=0) >= LARGE or bool(seen.epochs and known.listed)


def _dismissed(seen: Observations, least: float, faults: tuple[str, ...]) -> Verdict:
    """No schedule and nothing to weigh: the floor, and what could not be read."""
    named = (*_raised(least, DISMISSED.risk_score), *_faults(seen, faults))
    if not seen.epochs:
        return DISMISSED._replace(
            log10_p=None, risk_score=least, reasons=(words.NOTHING_READ, *named)
        )
    if not named:
        return DISMISSED
    return DISMISSED._replace(risk_score=least, reasons=(*DISMISSED.reasons, *named))


def _signs(seen: Observations, known: Context, found: Timing) -> tuple[list[Sign], list[str]]:
    """All signs that the facts allow, and the names of the unknown facts."""
    signs, unknown = [], []
    span = (seen.epochs[-1] - seen.epochs[0]) / DAY
    out, back = _total(seen.sent), _total(seen.received)
    back = known.bytes_in if back is None else back
    if out is None:
        unknown.append("bytes out")
    else:
        times = len(seen.epochs)
        signs.append(transfer.volume(out, span * times / max(1, times - 1)))
    if back is None:
        unknown.append("bytes in")
    elif out is not None:
        signs.append(transfer.bytes_ratio(out, back))
    if known.senders and known.population:
        signs.append(transfer.rarity(known.senders, max(known.senders, known.population)))
    else:
        unknown.append("how many hosts talk to it")
    if known.first_seen is None:
        unknown.append("when it was first seen")
    else:
        signs.append(transfer.newness(max(0.0, seen.epochs[-1] - known.first_seen) / DAY))
    if known.listed:
        signs.append(transfer.ON_A_LIST)
    if known.ports:
        packet = None if out is None else out / len(seen.epochs)
        signs.append(transfer.service(known.ports, known.app, packet))
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
    odds = PRIOR + SCHEDULE * regularity + sum([sign.weight for sign in signs])
    return round(MOST_RISK / (1 + exp(-odds)), 1)


def _raised(least: float, risk: float) -> tuple[str, ...]:
    return (words.raised(least, risk),) if least > risk else ()


def _faults(seen: Observations, faults: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    if seen.unreadable:
        found.append(words.unreadable(seen.unreadable, seen.faults))
    if faults:
        found.append(words.unread(faults))
    return tuple(found)


def _reasons(
    seen: Observations,
    found: Timing,
    signs: list[Sign],
    remarks: tuple[str, ...],
    unknown: list[str],
) -> tuple[str, ...]:
    """Most telling first; remarks come last, yet always, and then what is not known."""
    last = [*remarks, words.unknown(unknown)] if unknown else [*remarks]
    del last[MOST_REMARKS:]
    telling = [sign for sign in signs if abs(sign.weight) >= LEAST_TELLING]
    telling.sort(key=_telling, reverse=True)
    room = MOST_REASONS - len(last) - 1
    told = [sign.text() for sign in telling[:room]]
    weight = SCHEDULE * found.regularity
    ahead = sum([abs(sign.weight) > weight for sign in telling[:room]])
    told.insert(ahead if found.period else 0, found.reason)
    if found.period and len(told) <= room:
        told += _corroboration(seen)
    return (*told, *last)


def _telling(sign: Sign) -> float:
    return abs(sign.weight)


def _corroboration(seen: Observations) -> list[str]:
    """Sizes alike: no weight, since it proves nothing, yet worth knowing where there is room."""
    alike = sizes.evidence(seen.sent)
    return [words.alike(alike.typical, alike.deviation)] if alike.strength > ALIKE else []
