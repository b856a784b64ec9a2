"""The app's SPL on the rows of many sets, beside the ledger of each.

All sets of a batch go through one run of the interpreter, since reading the SPL costs more than
running it; each set has addresses of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from typing import NamedTuple

from replay import Inputs, run
from replay.engine import APP, App

from . import ledger as books
from .ledger import Finding, Ledger
from .model import DAY, Event, Pair
from .writings import Case

HIGH_VOLUME = "T1029 - High Volume Transfer at Specific Intervals - Rule"
RECURRING = "T1029 - Recurring Connections to One Destination - Rule"
WINDOW_DAYS = 30
TOLERANCE = 0.01
TOTAL_TOLERANCE = 1e-6
ROUNDING = 10.0
BATCH = 250
# A finding stores many observations as their number only; here all are compared.
ALL_OBSERVATIONS = {"t1029_stored_characters": "1000000"}

Row = Mapping[str, object]


class Settings(NamedTuple):
    """Which macro gives the hours, and what stands in for the app's own macros and lookups."""

    hourly: str = "t1029_hourly"
    macros: tuple[tuple[str, str], ...] = ()
    lookups: tuple[tuple[str, str], ...] = ()


AS_SHIPPED = Settings()


class Found(NamedTuple):
    """What the SPL gave of one pair."""

    hours: dict[int, Row]
    volume: list[Row]
    recurring: list[Row]


class Verdict(NamedTuple):
    """A set with what is wrong about it."""

    case: Case
    differences: list[str]


def check(
    cases: Iterable[Case], settings: Settings = AS_SHIPPED, workers: int = 1
) -> list[Verdict]:
    """Compare sets with the SPL, in batches; return a verdict each."""
    batches = list(_batches(cases))
    if workers == 1 or len(batches) == 1:
        return [verdict for batch in batches for verdict in check_batch(batch, settings)]
    with ProcessPoolExecutor(workers) as pool:
        found = pool.map(check_batch, batches, [settings] * len(batches))
        return list(chain.from_iterable(found))


def _batches(cases: Iterable[Case]) -> Iterable[list[Case]]:
    remaining = iter(cases)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def check_batch(batch: Sequence[Case], settings: Settings = AS_SHIPPED) -> list[Verdict]:
    """Run the SPL once over the rows of several sets, and compare each set."""
    events = [event for case in batch for event in case.events]
    # A flow that its sensor stamps at the end begins before any event.
    begin = min(flow.begin for case in batch for flow in case.flows)
    found = searched(events, settings, min(first_day(events), begin // DAY * DAY - DAY))
    return [Verdict(case, differences(case, found)) for case in batch]


def first_day(events: Iterable[Event]) -> float:
    """Return the start of the day before the first event."""
    return min(event["_time"] for event in events) // DAY * DAY - DAY


def searched(
    events: Sequence[Event], settings: Settings = AS_SHIPPED, first: float | None = None
) -> dict[Pair, Found]:
    """Return the hours and the rows of both published analytics, by pair, from a day on."""
    app = App.at(APP, {}, {})
    fields = "src, dest_ip, hour, connections, bytes_out, bytes_in"
    texts = [f"| `{settings.hourly}` | table {fields}"]
    texts += [app.search(name).spl for name in (HIGH_VOLUME, RECURRING)]
    first = first_day(events) if first is None else first
    last = first + (WINDOW_DAYS + 1) * DAY
    outcome = run(
        spl=[(text, str(int(first)), str(int(last))) for text in texts],
        inputs=Inputs(events=tuple(events)),
        now=last,
        macros={**ALL_OBSERVATIONS, **dict(settings.macros)},
        lookups=dict(settings.lookups),
    )
    return _by_pair(*(result.rows for result in outcome.results))


def _by_pair(hours: list[Row], volume: list[Row], recurring: list[Row]) -> dict[Pair, Found]:
    found: dict[Pair, Found] = defaultdict(lambda: Found({}, [], []))
    for row in hours:
        found[_pair(row)].hours[int(float(row["hour"]))] = row
    for row in volume:
        found[_pair(row)].volume.append(row)
    for row in recurring:
        found[_pair(row)].recurring.append(row)
    return dict(found)


def _pair(row: Row) -> Pair:
    return row["src"], row["dest_ip"]


def differences(case: Case, found: Mapping[Pair, Found]) -> list[str]:
    """Return what differs between the SPL and the ledger of a set; nothing where they agree."""
    expected = books.ledgers(case.known)
    senders = {flow.src for flow in case.flows}
    wrong = [f"{pair} is no pair of the set" for pair in found if _stray(pair, expected, senders)]
    for pair, ties in expected.items():
        got = found.get(pair, Found({}, [], []))
        by_tie = [of_pair(one, got) for one in ties]
        wrong += min(by_tie, key=len)
    return wrong


def _stray(pair: Pair, expected: Mapping[Pair, object], senders: set[str]) -> bool:
    return pair not in expected and (pair[0] in senders or pair[1] in senders)


def of_pair(expected: Ledger, got: Found) -> list[str]:
    """Return what differs for one pair, with one of its ledgers."""
    return (
        [line for start in _starts(expected, got) for line in _of_hour(start, expected, got)]
        + _of_totals(expected, got)
        + _of_volume(expected, got.volume)
        + _of_recurring(expected, got.recurring)
    )


def _starts(expected: Ledger, got: Found) -> list[int]:
    return sorted(set(expected.hours) | set(got.hours))


def _of_hour(start: int, expected: Ledger, got: Found) -> list[str]:
    hour, row = expected.hours.get(start, books.Hour()), got.hours.get(start, {})
    wrong = []
    for name in ("bytes_out", "bytes_in"):
        wanted, given = getattr(hour, name), _number(row.get(name))
        if not near(wanted, given, TOLERANCE):
            wrong.append(f"hour {start}: {name} {_said(given)}, ledger {_said(wanted)}")
    contacts = int(_number(row.get("connections")) or 0)
    if not hour.contacts <= contacts <= hour.contacts + hour.open_contacts:
        wrong.append(f"hour {start}: connections {contacts}, ledger {hour.contacts}")
    return wrong


def _of_totals(expected: Ledger, got: Found) -> list[str]:
    wrong = []
    for name in ("bytes_out", "bytes_in"):
        wanted = expected.total(name)
        given = sum(_number(row.get(name)) or 0 for row in got.hours.values())
        if abs(given - wanted) > wanted * TOTAL_TOLERANCE + len(expected.hours) + ROUNDING:
            wrong.append(f"total: {name} {_said(given)}, ledger {_said(wanted)}")
    return wrong


def _of_volume(expected: Ledger, rows: list[Row]) -> list[str]:
    wanted, given = books.volume(expected), [_finding(row, "hours") for row in rows]
    if _same(wanted, given, expected):
        return []
    return [f"high volume: {given}, ledger {wanted}"]


def _of_recurring(expected: Ledger, rows: list[Row]) -> list[str]:
    wanted, given = books.recurring_rows(expected), [_finding(row, "count") for row in rows]
    if any(_same(one, given, expected) for one in wanted):
        return []
    return [f"recurring: {given}, ledger {wanted[0]}"]


def _finding(row: Row, hours: str) -> Finding:
    tokens = str(row["observations"]).split()
    total = round(_number(row["total_bytes"]) or 0)
    peak = round(_number(row.get("peak_bytes")) or 0)
    epochs = sorted(int(float(token.split(":")[0])) for token in tokens)
    found, tier = int(_number(row[hours])), int(_number(row["floor"]))
    return Finding(*_pair(row), found, total, peak, tier, tuple(epochs))


def _same(wanted: Finding | None, given: list[Finding], expected: Ledger) -> bool:
    if wanted is None or len(given) != 1:
        return wanted is None and not given
    one = given[0]
    return (
        (one.hours, one.floor) == (wanted.hours, wanted.floor)
        and near(wanted.total_bytes, one.total_bytes, TOLERANCE)
        and (not one.peak_bytes or near(wanted.peak_bytes, one.peak_bytes, TOLERANCE))
        and _same_epochs(wanted.epochs, one.epochs, expected)
    )


def _same_epochs(wanted: Sequence[int], given: Sequence[int], expected: Ledger) -> bool:
    """Compare to the second; where only an open flow began in the hour, its start will do too."""
    starts = {start for start, hour in expected.hours.items() if hour.open_contacts}
    return len(wanted) == len(given) and all(
        one == other or (other in starts and books.hour_of(one) == books.hour_of(other))
        for one, other in zip(wanted, given)
    )


def near(wanted: float | None, given: float | None, share: float) -> bool:
    """Compare bytes: within a share, or some bytes of rounding; unknown is not zero.

    >>> near(1000.0, 1015.0, 0.01), near(1000.0, 1025.0, 0.01), near(None, 0.0, 0.01)
    (True, False, False)
    """
    if wanted is None or given is None:
        return not wanted and not given and (wanted is None) == (given is None)
    return abs(given - wanted) <= max(share * wanted, 0) + ROUNDING


def _number(value: object) -> float | None:
    return None if value in (None, "") else float(str(value))


def _said(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.0f}"
