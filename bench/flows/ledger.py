"""The true hours, contacts and findings of each pair, from what the sensors know.

Plain Python over `Known`, never over log rows. The rules, by the clock of the sensor that speaks:

- Bytes between two counters of a flow lie evenly between their times, so each hour gets its share
  by the second. A flow that begins and ends at one moment lies in the hour of that moment.
- A flow is one contact, in the hour in which it began, however many rows describe it.
- A flow whose end is in no row is open. Its bytes are those of its interim rows; a start row alone
  has none. Whether it is a contact yet is left open: `open_contacts` counts it apart, and
  `recurring_rows` gives the findings of both readings.
- The records of VPC flow of one 5-tuple that follow each other within one capture window are one
  flow; bytes_in are those of the records of the way back, which are no contacts.
- Sensors of one group add. Of several reporters of one pair, the one with the most bytes_out
  speaks, then the one with the most contacts, then the first by name; where bytes and contacts are
  equal any of them may speak. Hours of the others, in the same order, are added where those that
  spoke have nothing in that hour, unless what lies in it is all within ten minutes of the full hour
  behind which a speaker was active as near: clocks that differ part one flow from itself there.
- A reporter that counts no bytes (Sysmon) leaves them unknown, not zero, in the hours it fills.

The analytics are the two that ATT&CK publishes, with the app's default thresholds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import permutations, product
from math import floor, inf
from typing import NamedTuple

from .model import HOUR, Known, Pair

# What lies this near (seconds) to the full hour may be what another clock puts behind it.
NEAR = 600

VOLUME_HOUR_BYTES = 100_000_000
VOLUME_PEAK_BYTES = 500_000_000
VOLUME_HOURS = 3
RECURRING_BYTES = 5_000_000
RECURRING_CONNECTIONS = 3
RECURRING_HOURS = 3
RECURRING_MANY_HOURS = 5


@dataclass
class Hour:
    """One hour of a pair as one reporter knows it; begins are of the flows that began in it."""

    bytes_out: float | None = None
    bytes_in: float | None = None
    contacts: int = 0
    open_contacts: int = 0
    with_bytes: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    open_large: list[float] = field(default_factory=list)
    since: float = inf
    until: float = -inf

    def seen(self, begin: float, end: float) -> None:
        self.since, self.until = min(self.since, begin), max(self.until, end)

    def add(self, bytes_out: float, bytes_in: float) -> None:
        self.bytes_out = (self.bytes_out or 0) + bytes_out
        self.bytes_in = (self.bytes_in or 0) + bytes_in


Hours = dict[int, Hour]


class Finding(NamedTuple):
    """What a published analytic must report of a pair; observations are (epoch, bytes)."""

    src: str
    dest_ip: str
    hours: int
    total_bytes: int
    peak_bytes: int
    floor: int
    epochs: tuple[int, ...]


class Ledger(NamedTuple):
    """The hours of one pair, by the epoch at which each starts, and who spoke."""

    src: str
    dest_ip: str
    speakers: tuple[str, ...]
    hours: Hours

    def total(self, name: str) -> float:
        return sum(getattr(hour, name) or 0 for hour in self.hours.values())


def hour_of(epoch: float) -> int:
    """Return the start of the hour in which an epoch lies."""
    return int(epoch // HOUR) * HOUR


def spread(begin: float, end: float, carried: int) -> dict[int, float]:
    """Return bytes by hour, in proportion to the seconds of a span in each.

    >>> spread(3590.0, 3640.0, 100)
    {0: 20.0, 3600: 80.0}
    >>> spread(3600.0, 3600.0, 7)
    {3600: 7.0}
    """
    if end <= begin:
        return {hour_of(begin): float(carried)}
    parts, start = {}, hour_of(begin)
    while start < end:
        seconds = min(end, start + HOUR) - max(begin, start)
        parts[start] = carried * seconds / (end - begin)
        start += HOUR
    return parts


def reported(flows: Iterable[Known]) -> Hours:
    """Return the hours that one reporter's flows of one pair make."""
    hours: Hours = defaultdict(Hour)
    for flow in flows:
        _place(flow, hours)
    return dict(sorted(hours.items()))


def _place(flow: Known, hours: Hours) -> None:
    began = hours[hour_of(flow.begin)]
    began.seen(flow.begin, flow.begin)
    sent = flow.counters[-1].bytes_out if flow.counts else 0
    if flow.closed:
        began.contacts += 1
    else:
        began.open_contacts += 1
    if sent > RECURRING_BYTES:
        (began.large if flow.closed else began.open_large).append(flow.begin)
    if sent:
        began.with_bytes.append(flow.begin)
    if not flow.counts:
        return
    for before, after in zip(flow.counters, flow.counters[1:]):
        sent = spread(before.epoch, after.epoch, after.bytes_out - before.bytes_out)
        received = spread(before.epoch, after.epoch, after.bytes_in - before.bytes_in)
        for start in sent:
            hours[start].add(sent[start], received[start])
            hours[start].seen(max(start, before.epoch), min(start + HOUR, after.epoch))


def joined(first: Hours, others: Iterable[Hours]) -> Hours:
    """Return the hours of the speaker, and those of others that are none of its traffic."""
    hours = dict(first)
    for other in others:
        unheard = {at: hour for at, hour in other.items() if at not in hours}
        hours.update(
            {at: one for at, one in unheard.items() if not _of_a_neighbour(at, one, hours)}
        )
    return dict(sorted(hours.items()))


def _of_a_neighbour(start: int, hour: Hour, spoken: Hours) -> bool:
    """Tell whether an hour holds no more than what a speaker has just behind the full hour."""
    before, after = spoken.get(start - HOUR), spoken.get(start + HOUR)
    early = hour.until < start + NEAR
    late = hour.since >= start + HOUR - NEAR
    if early and before is not None and before.until >= start - NEAR:
        return True
    return late and after is not None and after.since < start + HOUR + NEAR


def ledgers(known: Iterable[Known]) -> dict[Pair, list[Ledger]]:
    """Return the ledger of each pair; several where reporters tie, the first by name first."""
    by_pair: dict[Pair, dict[str, list[Known]]] = defaultdict(lambda: defaultdict(list))
    for flow in known:
        by_pair[flow.pair][flow.reporter].append(flow)
    return {
        pair: _of_pair(pair, {name: reported(flows) for name, flows in reporters.items()})
        for pair, reporters in sorted(by_pair.items())
    }


def _of_pair(pair: Pair, reports: dict[str, Hours]) -> list[Ledger]:
    found = []
    for order in orders({name: _weight(hours) for name, hours in reports.items()}):
        first, *others = (reports[name] for name in order)
        found.append(Ledger(*pair, order, joined(first, others)))
    return found


def _weight(hours: Hours) -> tuple[int, int]:
    sent = sum(hour.bytes_out or 0 for hour in hours.values())
    return round(sent), sum(hour.contacts for hour in hours.values())


def orders(weights: dict[str, tuple[int, int]]) -> list[tuple[str, ...]]:
    """Return the orders in which reporters may speak: by weight, ties in every order.

    >>> orders({"tap-2": (9, 1), "tap-1": (9, 1), "fw": (8, 5)})
    [('tap-1', 'tap-2', 'fw'), ('tap-2', 'tap-1', 'fw')]
    """
    tied = defaultdict(list)
    for name in sorted(weights):
        tied[weights[name]].append(name)
    groups = [permutations(tied[weight]) for weight in sorted(tied, reverse=True)]
    return [sum(chosen, ()) for chosen in product(*groups)]


def volume(ledger: Ledger) -> Finding | None:
    """Return the row of the first published analytic, None where the pair does not qualify."""
    found = {
        start: hour
        for start, hour in ledger.hours.items()
        if (hour.bytes_out or 0) > VOLUME_HOUR_BYTES
    }
    if len(found) < VOLUME_HOURS:
        return None
    epochs = [floor(min(hour.with_bytes, default=start)) for start, hour in found.items()]
    peak = round(max(hour.bytes_out for hour in found.values()))
    return _finding(ledger, found, 9 if peak > VOLUME_PEAK_BYTES else 8, epochs)


def recurring_rows(ledger: Ledger) -> list[Finding | None]:
    """Return the row of the second analytic, without the flows that are open and with them."""
    return [_recurring(ledger, with_open) for with_open in (False, True)]


def _recurring(ledger: Ledger, with_open: bool) -> Finding | None:
    found, epochs = {}, []
    for start, hour in ledger.hours.items():
        begins = hour.large + (hour.open_large if with_open else [])
        if len(begins) > RECURRING_CONNECTIONS:
            found[start] = hour
            epochs.append(floor(min(begins)))
    if len(found) < RECURRING_HOURS:
        return None
    return _finding(ledger, found, 9 if len(found) >= RECURRING_MANY_HOURS else 7, epochs)


def _finding(ledger: Ledger, found: Hours, tier: int, epochs: list[int]) -> Finding:
    sent = [hour.bytes_out for hour in found.values()]
    total, peak = round(sum(sent)), round(max(sent))
    return Finding(ledger.src, ledger.dest_ip, len(found), total, peak, tier, tuple(sorted(epochs)))


def is_close_call(ledger: Ledger, share: float) -> bool:
    """True where an hour lies so near a threshold of bytes that rounding could decide."""
    return any(
        abs((hour.bytes_out or 0) / threshold - 1) < share
        for hour in ledger.hours.values()
        for threshold in (VOLUME_HOUR_BYTES, VOLUME_PEAK_BYTES)
    )
