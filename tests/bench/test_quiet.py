"""Rows a host and day where nobody attacks: what is counted, by which host days."""

import csv

import pytest

from bench import quiet
from bench.pairs import DAY
from bench.quiet import Found, Seen, Traffic
from office.scenarios import SCENARIOS
from office.simulation import simulate, unplanted
from replay import Inputs
from tests.spl.events import NEW_YEAR, nights, zeek
from tests.spl.searches import written

FIXED = "T1029 - Fixed Interval Connections - Rule"


def test_the_office_without_its_planted_transfers_is_the_rest():
    planted = {one.name for one in SCENARIOS}
    whole, ordinary = simulate(1, 2).flows, unplanted(1, 2).flows
    assert ordinary == [flow for flow in whole if flow.scenario not in planted]
    assert len(ordinary) < len(whole)


@pytest.fixture(scope="module")
def beacon(tmp_path_factory):
    """Ten days of nightly transfers of one host, and a beacon of another on the last of them."""
    other = {"id.orig_h": "10.9.9.9", "id.resp_h": "198.51.100.7", "id.resp_p": 4444}
    last = NEW_YEAR + 9 * DAY
    calls = [zeek(last + 240 * n, 900_000, **other) for n in range(300)]
    events = sorted([*nights(10), *calls], key=lambda event: event["_time"])
    inputs = written(events, tmp_path_factory.mktemp("beacon"))
    return Traffic("made", inputs, groups={"10.9.9.9": "beacon"})


def test_a_row_counts_by_the_host_days_of_its_rule(beacon):
    (row,) = (one for one in quiet.found(beacon, {}).rows if one.rule == FIXED)
    assert (row.group, row.rate) == ("beacon", 1.0)
    assert row.risk >= 7


def test_the_past_is_learned_from_the_traffic_itself(beacon, tmp_path):
    lists = quiet.learned(beacon, tmp_path, 100)
    with lists["t1029_destinations"].open(encoding="utf-8") as lines:
        since = {row["dest"]: int(float(row["first_seen"])) for row in csv.DictReader(lines)}
    assert since["203.0.113.9"] == since["*"] == nights(1)[0]["_time"] // 1 - 100 * DAY


def test_what_came_later_than_the_first_days_is_no_older():
    late = {"first_seen": 6 * DAY, "last_seen": 6 * DAY}
    assert quiet.aged([{"first_seen": 0}, late], DAY) == [{"first_seen": -DAY}, late]


def test_a_short_recording_has_no_past():
    rows = [{"first_seen": 0, "last_seen": DAY}]
    assert quiet.aged(rows, 100 * DAY) == rows


def test_lines_tell_groups_and_lists_apart():
    traffic = Traffic("site", Inputs(), groups={"a": "people", "b": "machines"})
    high = {"risk_score": 8, "severity": "high"}
    medium = {"risk_score": 7, "severity": "medium"}
    found = [Found("people", "A", high, 0.25, 0.1), Found("people", "B", medium, 0.5, 0.2)]
    days = {"people": 4, "machines": 6}
    by_lists = {"empty": Seen(found, days), "learned": Seen([], days)}
    assert quiet.lines(traffic, by_lists) == [
        ["machines", "empty", "6", "0", "0.0000", "0", "0.0000"],
        ["machines", "learned", "6", "0", "0.0000", "0", "0.0000"],
        ["people", "empty", "4", "2", "0.7500", "1", "0.2500"],
        ["people", "learned", "4", "0", "0.0000", "0", "0.0000"],
        ["site", "empty", "10", "2", "0.3000", "1", "0.1000"],
        ["site", "learned", "10", "0", "0.0000", "0", "0.0000"],
    ]
