"""Both analytics on every case made by hand: the SQL, the shipped searches, and what must be."""

from functools import cache

import pytest

from replay import Inputs
from tests.spl.cases import CASES, HighVolume, Recurring
from tests.spl.events import DAY, NEW_YEAR
from tests.spl.oracle import Oracle, write_json_lines
from tests.spl.searches import Found, Row, Scored, by_search, by_sql

BY_NAME = {case.name: case for case in CASES}
NAMES = [pytest.param(name, id=name) for name in BY_NAME]
NOW = NEW_YEAR + 7 * DAY + 1800


@cache
def sql(name: str) -> Found:
    case = BY_NAME[name]
    return by_sql(Oracle(case.events, case.settings, case.site_list + case.shipped_list))


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    @cache
    def run_case(name: str) -> Scored:
        case = BY_NAME[name]
        folder = tmp_path_factory.mktemp(name)
        write_json_lines(folder / "events.json", case.events)
        inputs = Inputs(json=(str(folder / "events.json"),))
        return by_search(inputs, folder, NOW, case.settings, case.site_list, case.shipped_list)

    return run_case


def told(rows: list[Row], kind: type) -> list:
    return [kind(*(row[field] for field in kind._fields)) for row in rows]


def test_names_are_unique():
    assert len(BY_NAME) == len(CASES)


@pytest.mark.parametrize("name", NAMES)
def test_sql_finds_high_volume(name):
    assert told(sql(name).high_volume, HighVolume) == list(BY_NAME[name].high_volume)


@pytest.mark.parametrize("name", NAMES)
def test_sql_finds_recurring(name):
    assert told(sql(name).recurring, Recurring) == list(BY_NAME[name].recurring)


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        pytest.param(name, field, expected, id=f"{name}-{field}")
        for name, case in BY_NAME.items()
        for field, expected in (
            ("host", case.hosts),
            ("process", case.processes),
            ("dest_port", case.ports),
            ("observations", case.observations),
        )
        if expected is not None
    ],
)
def test_sql_finds_values(name, field, expected):
    (row,) = sql(name).high_volume or sql(name).recurring
    assert row[field] == sorted(expected)


@pytest.mark.parametrize("name", NAMES)
def test_search_finds_high_volume(search, name):
    assert search(name).found.high_volume == sql(name).high_volume


@pytest.mark.parametrize("name", NAMES)
def test_search_finds_recurring(search, name):
    assert search(name).found.recurring == sql(name).recurring


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=name)
        for name, case in BY_NAME.items()
        if case.high_volume or case.recurring
    ],
)
def test_risk_score_is_never_below_the_published_tier(search, name):
    printed = search(name).printed
    scores = [(float(row["floor"]), float(row["risk_score"])) for row in printed]
    assert [score for floor, score in scores if not floor <= score <= 10] == []


def in_zone(name: str, folder, zone: str) -> Scored:
    write_json_lines(folder / "events.json", BY_NAME[name].events)
    return by_search(Inputs(json=(str(folder / "events.json"),)), folder, NOW, tz=zone)


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        pytest.param("UTC", "+0000", id="utc"),
        pytest.param("America/New_York", "-0500", id="west"),
        pytest.param("Asia/Kolkata", "+0530", id="half-an-hour-off"),
    ],
)
def test_times_are_printed_in_the_readers_zone(tmp_path, zone, offset):
    printed = in_zone("published-example", tmp_path, zone).printed
    assert [row["latest"][-5:] for row in printed] == [offset]


@pytest.mark.parametrize(
    "zone",
    [
        pytest.param("America/New_York", id="west"),
        pytest.param("Asia/Kolkata", id="half-an-hour-off"),
    ],
)
def test_hours_do_not_move_with_the_readers_zone(tmp_path, zone):
    name = "first-and-last-instant-of-an-hour"
    found = in_zone(name, tmp_path, zone).found
    assert found.high_volume == sql(name).high_volume
