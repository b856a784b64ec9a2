"""Every rule on its cases made by hand: its oracle, its shipped search, and what must come out."""

from collections import Counter
from functools import cache
from typing import NamedTuple

import pytest

from detections.high_volume_transfer_at_specific_intervals.cases import CASES as VOLUMES
from tests.spl import flow_cases, name_cases
from tests.spl.case import Case
from tests.spl.oracle import THRESHOLDS
from tests.spl.rules import DAILY, HIGH_VOLUME, RECURRING, ROTATION, RULES, Rule
from tests.spl.searches import Printed, Row, by_sql, kinds, opened_over, over, plain, shaped


class Asked(NamedTuple):
    """A rule and a case of it."""

    rule: Rule
    case: Case

    @property
    def name(self) -> str:
        return f"{self.rule.slug}-{self.case.name}"


ASKED = [
    *(Asked(rule, case) for rule in RULES.values() for case in rule.cases),
    *(Asked(HIGH_VOLUME, case) for case in flow_cases.HIGH_VOLUME),
    *(Asked(RECURRING, case) for case in flow_cases.RECURRING),
    *(Asked(HIGH_VOLUME, case) for case in name_cases.HIGH_VOLUME),
    *(Asked(ROTATION, case) for case in name_cases.CHANGING),
    *(Asked(DAILY, case) for case in name_cases.SAME_TIME),
]
BY_NAME = {asked.name: asked for asked in ASKED}


def named(cases: list[Asked]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", [pytest.param(one.name, id=one.name) for one in cases])


@cache
def sql(name: str) -> list[Row]:
    rule, case = BY_NAME[name]
    return by_sql(rule, case.events, case.site)


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    """Return a function that runs the search of a case, once for all tests of the case."""

    @cache
    def run_case(name: str) -> Printed:
        (rule, case), folder = BY_NAME[name], tmp_path_factory.mktemp("case")
        if case.rows:
            return over(rule, case.events, case.site, folder)
        rows = opened_over(rule, case.events, case.site, folder)
        return Printed(rows, rows)

    return run_case


def test_names_are_unique():
    assert [name for name, times in Counter(one.name for one in ASKED).items() if times > 1] == []


@named([one for one in ASKED if not one.case.site.macros])
def test_oracle_finds_the_rows(name):
    rule, case = BY_NAME[name]
    columns = kinds(rule.query)
    found = {tuple(row[column] for column in rule.key): row for row in sql(name)}
    expected = {
        tuple(row[column] for column in rule.key): {
            column: plain(column, columns[column], value) for column, value in row.items()
        }
        for row in case.rows
    }
    assert found.keys() == expected.keys()
    assert len(found) == len(sql(name))
    assert expected == {
        key: {column: found[key][column] for column in row} for key, row in expected.items()
    }


@named(ASKED)
def test_search_finds_the_rows(search, name):
    rule, case = BY_NAME[name]
    assert shaped(rule, search(name).opened) == (sql(name) if case.rows else [])


@named([one for one in ASKED if one.case.prints])
def test_search_prints_what_the_oracle_does_not_know(search, name):
    (row,) = search(name).opened
    prints = BY_NAME[name].case.prints
    reason = row["reasons"] if isinstance(row["reasons"], str) else row["reasons"][0]
    said = {**row, "reason": reason}
    assert {column: said.get(column) for column in prints} == prints


@named([one for one in ASKED if one.case.rows and one.rule.scored])
def test_search_keeps_what_the_score_keeps(search, name):
    rule, _ = BY_NAME[name]
    found = search(name)
    kept = [
        row
        for row in found.opened
        if all(
            float(row.get(column) or 0) >= THRESHOLDS[least]
            for least, column in rule.scored.items()
        )
    ]
    assert shaped(rule, found.shipped) == shaped(rule, kept)


@named([one for one in ASKED if one.case.rows])
def test_risk_score_is_never_below_the_floor(search, name):
    scores = [
        (float(row.get("floor") or 0), float(row["risk_score"])) for row in search(name).opened
    ]
    assert [score for floor, score in scores if not floor <= score <= 10] == []


@named([one for one in ASKED if one.case.rows])
def test_a_destination_that_is_not_known_to_be_new_holds_every_rule_down(search, name):
    for row in search(name).opened:
        signals = row.get("signals_seen", [])
        signals = {signals} if isinstance(signals, str) else set(signals)
        further = signals - {"schedule", "volume"}
        if row.get("first_seen") or "list" in signals or len(further) >= 2:
            continue
        most = ("high", "medium", "low") if "volume" in signals else ("medium", "low")
        assert row["severity"] in most
        assert float(row["risk_score"]) < 8 or row["severity"] == "high" or row["severity_reason"]


BY_ID = {case.name: case for case in VOLUMES}


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        pytest.param("UTC", "+0000", id="utc"),
        pytest.param("America/New_York", "-0500", id="west"),
        pytest.param("Asia/Kolkata", "+0530", id="half-an-hour-off"),
    ],
)
def test_times_are_printed_in_the_readers_zone(tmp_path, zone, offset):
    case = BY_ID["published-example"]
    rows = over(HIGH_VOLUME, case.events, case.site, tmp_path, zone).shipped
    assert [row["latest"][-5:] for row in rows] == [offset]


@pytest.mark.parametrize(
    "zone",
    [
        pytest.param("America/New_York", id="west"),
        pytest.param("Asia/Kolkata", id="half-an-hour-off"),
    ],
)
def test_hours_do_not_move_with_the_readers_zone(tmp_path, zone):
    case = BY_ID["first-and-last-instant-of-an-hour"]
    rows = over(HIGH_VOLUME, case.events, case.site, tmp_path, zone).shipped
    assert shaped(HIGH_VOLUME, rows) == by_sql(HIGH_VOLUME, case.events, case.site)
