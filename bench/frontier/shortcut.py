"""The risk of a plant without replay: the scorer, behind the conditions of the rules.

The conditions are written anew from docs/analytics.md; `replayed.py` tells where they differ from
the shipped SPL. A rule that has a floor reports regardless of score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache

from bench.pairs import DAY, HOUR, Connection, binned, token
from bench.services import of_port
from replay.times import moment_of
from scheduled_transfer import Verdict, score

from .plants import SCRIPT_HOST, Plant
from .rules import DAILY, INTERVAL, PROCESS, RECURRING, VOLUME, limit, window
from .site import Site

Span = tuple[float, float]
# At least so many time bins of a second (t1029_interval_pairs).
INTERVAL_BINS = 12
VARIED_BEATS, VARIED_SHARE, VARIED_JITTER = 50, 0.9, 0.15
EVEN_ODDS = 5


class View:
    """What one rule sees of a plant's contacts, between two epochs."""

    def __init__(self, plant: Plant, site: Site, seen: Sequence[Connection], span: Span):
        self.plant, self.site = plant, site
        self.start, self.end = span
        self.seen = [one for one in seen if self.start <= one.epoch < self.end]

    def bins(self, seconds: int) -> list[Connection]:
        """The contacts in time bins: the first of each, and the bytes of all."""
        return binned(self.seen, seconds)

    def scored(self, bins: Sequence[Connection], seconds: int) -> Verdict:
        """What the scorer says of the bins, without a floor."""
        received = [one.bytes_in for one in self.seen if one.bytes_in is not None]
        told = {
            "window_start": self.start,
            "window_end": self.end,
            "bin_seconds": seconds,
            "senders": self.plant.senders,
            "population": self.site.population(self.start),
            "first_seen": self.plant.first_seen,
            "bytes_in": sum(received) if received else None,
            "one_sided": self._one_sided(),
            "utc_offset": f"{datetime.fromtimestamp(self.end, self.site.zone):%z}",
            "app": self.plant.kind.app,
            **of_port(self.plant.kind.port),
        }
        context = {name: str(value) for name, value in told.items() if value is not None}
        tokens = (token(one._replace(bytes_in=None)) for one in bins)
        return score(" ".join(tokens), None, context)

    def _one_sided(self) -> int | None:
        missing = sum((one.bytes_out is None) != (one.bytes_in is None) for one in self.seen)
        return missing if missing > limit("one_sided_share") * len(self.seen) else None


def volume(view: View) -> float:
    """Hours with much data."""
    if sum(one.bytes_out or 0 for one in view.seen) <= limit("volume_hour_bytes"):
        return 0.0
    sent = [one.bytes_out or 0 for one in view.bins(HOUR)]
    large = [count for count in sent if count > limit("volume_hour_bytes")]
    if len(large) < limit("volume_hours"):
        return 0.0
    return 9.0 if max(large) > limit("volume_peak_bytes") else 8.0


def recurring(view: View) -> float:
    """Hours with several large connections."""
    large = (one for one in view.seen if (one.bytes_out or 0) > limit("recurring_event_bytes"))
    by_hour = Counter(one.epoch // HOUR for one in large)
    hours = sum(count > limit("recurring_connections") for count in by_hour.values())
    if hours < limit("recurring_hours"):
        return 0.0
    return 9.0 if hours >= limit("recurring_many_hours") else 7.0


def interval(view: View) -> float:
    """A fixed interval, or pauses that vary on purpose."""
    bins = view.bins(1) if len(view.seen) >= INTERVAL_BINS else []
    if len(bins) < INTERVAL_BINS or bins[-1].epoch - bins[0].epoch < limit("interval_span"):
        return 0.0
    verdict = view.scored(bins, 1)
    raised = is_varied(verdict, len(bins)) or (verdict.period and _is_script(view.plant))
    return (
        max(7.0, verdict.risk_score)
        if raised and verdict.risk_score >= EVEN_ODDS
        else (verdict.risk_score)
    )


def is_varied(verdict: Verdict, bins: int) -> bool:
    """Whether pauses vary on purpose, as t1029_varied says."""
    return (
        verdict.beats >= VARIED_BEATS
        and verdict.beats - 1 >= (bins - 1) * VARIED_SHARE
        and (verdict.jitter or 0) >= VARIED_JITTER
    )


def daily(view: View) -> float:
    """The same time of day on several days."""
    days = len({one.epoch // DAY for one in view.seen})
    bins = view.bins(HOUR) if days >= limit("daily_days") else []
    if days < limit("daily_days") or len(bins) > days * limit("daily_hours"):
        return 0.0
    verdict = view.scored(bins, HOUR)
    return verdict.risk_score if (verdict.period or 0) >= limit("daily_period") else 0.0


def process(view: View) -> float:
    """A script host on the network, in minutes and without bytes."""
    if not _is_script(view.plant):
        return 0.0
    bins = [one._replace(bytes_out=None) for one in view.bins(60)]
    if len(bins) < limit("process_minutes"):
        return 0.0
    return view.scored(bins, 60).risk_score


def _is_script(plant: Plant) -> bool:
    return plant.process == SCRIPT_HOST and plant.senders <= limit("process_hosts")


JUDGES: dict[str, Callable[[View], float]] = {
    VOLUME: volume,
    RECURRING: recurring,
    INTERVAL: interval,
    DAILY: daily,
    PROCESS: process,
}


def risk(plant: Plant, site: Site, look_backs: Mapping[str, str] = {}) -> float:
    """The highest risk that a rule gives a plant (0: none), look-backs as shipped or as given."""
    seen = plant.seen()
    spans = {
        rule: _span(look_backs.get(rule, window(rule).earliest), rule, site.now, site.zone)
        for rule in JUDGES
    }
    return max(judge(View(plant, site, seen, spans[rule])) for rule, judge in JUDGES.items())


@cache
def _span(earliest: str, rule: str, now: float, zone: tzinfo) -> Span:
    return moment_of(earliest, now, zone), moment_of(window(rule).latest, now, zone)
