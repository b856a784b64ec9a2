"""The further rules on every case made by hand: the SQL, the shipped searches, and what must be."""

from datetime import timezone
from functools import cache

import pytest

from replay import Inputs, times
from replay.engine import APP, App
from tests.spl.events import DAY, HOUR, NEW_YEAR
from tests.spl.oracle import write_json_lines
from tests.spl.rule_cases import CASES, keys
from tests.spl.rules import RULES, by_search, by_sql, open_to_all, printed, shaped

# 2026-01-08T07:20:00Z.
NOW = NEW_YEAR + 7 * DAY + 7 * HOUR + 1200
BY_NAME = {case.name: case for case in CASES}
NAMES = [pytest.param(name, id=name) for name in BY_NAME]
SEARCHED = [pytest.param(name, id=name) for name, case in BY_NAME.items()]
KEPT = [
    pytest.param(name, id=name) for name, case in BY_NAME.items() if case.keys and case.rule.open
]


@cache
def sql(name: str) -> list:
    case = BY_NAME[name]
    return by_sql(case.rule, case.events, case.site)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    @cache
    def written(name: str) -> tuple:
        folder = tmp_path_factory.mktemp(name)
        write_json_lines(folder / "events.json", BY_NAME[name].events)
        return Inputs(json=(str(folder / "events.json"),)), folder

    return written


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.query) for rule in RULES])
def test_every_rule_has_cases(rule):
    assert [case for case in CASES if case.rule is rule and case.keys]


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.query) for rule in RULES])
def test_queries_look_back_as_far_as_the_searches(rule):
    stanza = App.at(APP, {}, {}).searches[rule.search]
    shipped = [
        times.moment_of(stanza[f"dispatch.{side}_time"], NOW, timezone.utc)
        for side in ("earliest", "latest")
    ]
    assert shipped == [rule.start(NOW), rule.end(NOW)]


def test_names_are_unique():
    assert len(BY_NAME) == len(CASES)


@pytest.mark.parametrize("name", [name for name in NAMES if not BY_NAME[name.id].macros])
def test_sql_finds_the_rows(name):
    case = BY_NAME[name]
    assert keys(sql(name), case.rule) == sorted(case.keys)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        pytest.param(name, field, id=f"{name}-{field}")
        for name, case in BY_NAME.items()
        for field in case.fields
        if field != "mismatch"
    ],
)
def test_sql_finds_the_values(name, field):
    (row,) = sql(name)
    assert row[field] == BY_NAME[name].fields[field]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, id=name) for name, case in BY_NAME.items() if "mismatch" in case.fields],
)
def test_search_says_what_does_not_fit(inputs, name):
    case = BY_NAME[name]
    read, folder = inputs(name)
    (row,) = printed(case.rule, read, open_to_all(case.rule, case.site), folder)
    assert row["mismatch"] == case.fields["mismatch"]


@pytest.mark.parametrize("name", SEARCHED)
def test_search_finds_the_rows(inputs, name):
    case = BY_NAME[name]
    read, folder = inputs(name)
    rows = by_search(case.rule, read, case.site, folder)
    assert keys(rows, case.rule) == sorted(case.keys)
    assert rows == ([] if not case.keys else sql(name))


@pytest.mark.parametrize("name", KEPT)
def test_search_keeps_what_the_score_keeps(inputs, name):
    case = BY_NAME[name]
    read, folder = inputs(name)
    scored = printed(case.rule, read, open_to_all(case.rule, case.site), folder)
    risk, period = case.rule.kept
    kept = [
        row
        for row in scored
        if float(row["risk_score"]) >= risk and float(row.get("period") or 0) >= period
    ]
    reported = printed(case.rule, read, case.site, folder)
    assert shaped(case.rule, reported) == shaped(case.rule, kept)
