"""Transfers planted into real recordings: those that must come out, and nothing else.

Needs a folder of recordings (one folder each, holding a gzipped Zeek conn log or Sysmon events),
named by the environment variable T1029_DATA.
"""

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple, Optional

import pytest

from replay import Inputs
from tests.spl.events import DAY, HOUR
from tests.spl.oracle import PUBLISHED, ListRow, Oracle, Settings
from tests.spl.recordings import (
    SYSMON,
    Recording,
    Transfer,
    fortigate_events,
    fortigate_lines,
    load,
    planted,
    recordings,
)
from tests.spl.searches import Found, by_search, by_sql, pair

FOLDER = os.environ.get("T1029_DATA")
RECORDINGS = {one.name: one for one in recordings(Path(FOLDER))} if FOLDER else {}
WHY_SKIPPED = "T1029_DATA is unset: no recordings to plant transfers into"

LISTED = (ListRow("198.51.100.0/24", "planted"),)
MB = 1_000_000
MOST_HOURS_APART = 24


class Plant(NamedTuple):
    """As many transfers in each of so many hours; the tiers that must come out, if any."""

    name: str
    hours: int
    connections: int
    sent: int
    high_volume: Optional[int] = None
    recurring: Optional[int] = None
    listed: bool = False


PLANTS = (
    Plant("heavy", 3, 1, 100_000_001, high_volume=8),
    Plant("hours-at-the-threshold", 5, 1, 100_000_000),
    Plant("cut-into-pieces", 3, 201, 2_500_000, high_volume=9),
    Plant("two-hours", 2, 9, 600 * MB),
    Plant("busy", 3, 4, 5_000_001, recurring=7),
    Plant("busy-all-day", 5, 4, 5_000_001, recurring=9),
    Plant("connections-at-the-threshold", 5, 9, 5_000_000),
    Plant("three-connections", 5, 3, 6 * MB),
    Plant("heavy-and-busy", 5, 30, 20 * MB, high_volume=9, recurring=9),
    Plant("small", 5, 30, 10),
    Plant("listed", 4, 4, 10, recurring=7, listed=True),
    Plant("listed-three-connections", 5, 3, 10, listed=True),
)
SYSMON_PLANTS = (
    Plant("unlisted", 5, 30, 0),
    Plant("listed", 3, 4, 0, recurring=7, listed=True),
    Plant("listed-all-day", 5, 4, 0, recurring=9, listed=True),
    Plant("listed-three-connections", 5, 3, 0, listed=True),
    Plant("listed-two-hours", 2, 9, 0, listed=True),
)


class Planted(NamedTuple):
    """What must come out of a recording, what the SQL finds, and what the searches find."""

    high_volume: dict[tuple, int]
    recurring: dict[tuple, int]
    without: Found
    sql: Found
    search: Found


def transfers(plants, senders: list[str], newest: float) -> dict[Plant, list[Transfer]]:
    """Return the transfers of each plant: in hours a day or less apart, the last before the end."""
    last = int(newest // HOUR) - 1
    return {
        plant: [
            Transfer(
                (last - back * MOST_HOURS_APART // plant.hours) * HOUR + 60.25 + number,
                senders[place % len(senders)],
                f"{'198.51.100' if plant.listed else '203.0.113'}.{place + 1}",
                plant.sent,
            )
            for back in range(plant.hours)
            for number in range(plant.connections)
        ]
        for place, plant in enumerate(plants)
    }


def window(now: float) -> dict[str, float]:
    """Return the window that the searches look back over: a week, without the last minutes."""
    return {
        "window_start": (now - 7 * DAY) // HOUR * HOUR,
        "window_end": (now - 15 * 60) // 60 * 60,
    }


def tiers(of: dict[Plant, list[Transfer]], analytic: str) -> dict[tuple, int]:
    return {
        (planted_in[0].src, planted_in[0].dest_ip): getattr(plant, analytic)
        for plant, planted_in in of.items()
        if getattr(plant, analytic)
    }


def site(whole: Oracle, now: float) -> tuple[list[str], Settings]:
    """Return who shall send, and the settings under which that sender is inside."""
    scope = PUBLISHED._replace(**window(now))
    senders = whole.busiest(inside=True, most=3)
    if senders:
        return senders, scope
    senders = whole.busiest(inside=False, most=1)
    return senders, scope._replace(own_networks=(senders[0] + "/32",))


@cache
def run_planted(name: str, folder: Path) -> Planted:
    source = RECORDINGS[name]
    whole = Oracle(load=lambda database: load(database, source))
    now = whole.newest() + HOUR
    senders, settings = site(whole, now)
    plants = transfers(SYSMON_PLANTS if source.kind == SYSMON else PLANTS, senders, now - HOUR)
    all_transfers = [transfer for part in plants.values() for transfer in part]
    copy = planted(source, all_transfers, folder)
    at_firewall = [] if source.kind == SYSMON else all_transfers
    return Planted(
        tiers(plants, "high_volume"),
        tiers(plants, "recurring"),
        by_sql(Oracle((), settings, LISTED, lambda database: load(database, source))),
        by_sql(
            Oracle(
                fortigate_events(at_firewall),
                settings,
                LISTED,
                lambda database: load(database, copy),
            )
        ),
        by_search(inputs(copy, at_firewall), folder, now, settings, LISTED).found,
    )


def inputs(copy: Recording, at_firewall: list[Transfer]) -> Inputs:
    if copy.kind == SYSMON:
        return Inputs(sysmon=(str(copy.path),))
    firewall = copy.path.parent / "firewall.log"
    firewall.write_text("\n".join(fortigate_lines(at_firewall)) + "\n", encoding="utf-8")
    return Inputs(zeek=(str(copy.path),), firewall=(str(firewall),))


@pytest.fixture(
    params=[pytest.param(name, id=name) for name in RECORDINGS]
    or [pytest.param("", id="no-folder", marks=pytest.mark.skip(reason=WHY_SKIPPED))],
    scope="module",
)
def found(request, tmp_path_factory):
    return run_planted(request.param, tmp_path_factory.mktemp(request.param))


def test_every_planted_transfer_comes_out(found):
    rows = found.search.high_volume, found.search.recurring
    got = [{pair(row): row["floor"] for row in some} for some in rows]
    must = [found.high_volume, found.recurring]
    assert [{key: some.get(key) for key in keys} for some, keys in zip(got, must)] == must


def test_something_must_come_out(found):
    assert found.recurring


def test_nothing_else_comes_out(found):
    known = [
        set(planted) | {pair(row) for row in rows}
        for planted, rows in (
            (found.high_volume, found.without.high_volume),
            (found.recurring, found.without.recurring),
        )
    ]
    rows = found.search.high_volume, found.search.recurring
    assert [{pair(row) for row in some} - keys for some, keys in zip(rows, known)] == [set(), set()]


def test_high_volume_agrees_with_sql(found):
    assert found.search.high_volume == found.sql.high_volume


def test_recurring_agrees_with_sql(found):
    assert found.search.recurring == found.sql.recurring
