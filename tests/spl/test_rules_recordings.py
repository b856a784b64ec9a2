"""The further rules on real recordings with schedules planted: the planted come out, as in the SQL.

Needs a folder of recordings (one folder each, holding a gzipped Zeek conn log or Sysmon events),
named by the environment variable T1029_DATA.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from replay import Inputs
from tests.spl.events import DAY, HOUR
from tests.spl.oracle import Oracle
from tests.spl.recordings import SYSMON, Recording, Transfer, load, planted
from tests.spl.rules import DAILY, INTERVAL, ROTATION, Row, Rule, Situation, by_search, by_sql
from tests.spl.test_recordings import RECORDINGS, WHY_SKIPPED, site

MB = 1_000_000


class Plant(NamedTuple):
    """A schedule to plant, and the rows of a rule that it must give."""

    rule: Rule
    transfers: tuple[Transfer, ...]
    keys: tuple[tuple, ...]


def plants(sender: str, newest: float) -> tuple[Plant, ...]:
    """Return a beacon, a nightly theft, and a nightly theft to servers that change."""
    midnight = (newest + HOUR) // DAY * DAY
    return (
        Plant(
            INTERVAL,
            tuple(
                Transfer(newest - 600 * beat - 60, sender, "203.0.113.201", 5000)
                for beat in range(12)
            ),
            ((sender, "203.0.113.201"),),
        ),
        Plant(
            INTERVAL,
            tuple(
                Transfer(newest - 600 * beat - 60, sender, "203.0.113.202", 5000)
                for beat in range(11)
            ),
            (),
        ),
        Plant(
            DAILY,
            tuple(
                Transfer(midnight - day * DAY + 850, sender, "198.51.100.203", 50 * MB)
                for day in range(1, 6)
            ),
            ((sender, "198.51.100.203"),),
        ),
        Plant(
            DAILY,
            tuple(
                Transfer(midnight - day * DAY + 850, sender, "198.51.100.204", 50 * MB)
                for day in range(1, 5)
            ),
            (),
        ),
        Plant(
            ROTATION,
            tuple(
                Transfer(midnight - day * DAY + 7850, sender, f"192.0.2.{day % 3}", 50 * MB)
                for day in range(1, 7)
            ),
            ((sender, "network 192.0.2.0/24"),),
        ),
    )


class Found(NamedTuple):
    """What was planted, what the SQL finds, what the searches find, and without any plant."""

    plants: tuple[Plant, ...]
    sql: dict[str, list[Row]]
    search: dict[str, list[Row]]
    without: dict[str, list[Row]]


@cache
def run_planted(name: str, folder: Path) -> Found:
    source = RECORDINGS[name]
    whole = Oracle(load=lambda database: load(database, source))
    newest = whole.newest()
    senders, scope = site(whole, newest + HOUR)
    schedules = plants(senders[0], newest)
    copy = planted(source, [one for plant in schedules for one in plant.transfers], folder)
    here = Situation(newest // 1 + HOUR, scope=scope)
    rules = INTERVAL, DAILY, ROTATION
    return Found(
        schedules,
        {rule.title: from_sql(rule, here, copy) for rule in rules},
        {rule.title: by_search(rule, inputs(copy), here, folder) for rule in rules},
        {rule.title: from_sql(rule, here, source) for rule in rules},
    )


def from_sql(rule: Rule, here: Situation, source: Recording) -> list[Row]:
    return by_sql(rule, (), here, lambda database: load(database, source))


def inputs(source: Recording) -> Inputs:
    if source.kind == SYSMON:
        return Inputs(sysmon=(str(source.path),))
    return Inputs(zeek=(str(source.path),))


@pytest.fixture(
    params=[pytest.param(name, id=name) for name in RECORDINGS]
    or [pytest.param("", id="no-folder", marks=pytest.mark.skip(reason=WHY_SKIPPED))],
    scope="module",
)
def found(request, tmp_path_factory):
    return run_planted(request.param, tmp_path_factory.mktemp(request.param))


RULES = [pytest.param(rule, id=rule.query[: -len(".sql")]) for rule in (INTERVAL, DAILY, ROTATION)]


def keys(rule: Rule, rows: list[Row]) -> set[tuple]:
    return {tuple(row[name] for name in rule.key) for row in rows}


@pytest.mark.parametrize("rule", RULES)
def test_every_planted_schedule_comes_out(found, rule):
    wanted = {key for plant in found.plants if plant.rule is rule for key in plant.keys}
    assert wanted - keys(rule, found.search[rule.title]) == set()


@pytest.mark.parametrize("rule", RULES)
def test_nothing_else_planted_comes_out(found, rule):
    """What is planted for another rule, or too seldom, is no row; groups of a real port may be."""
    wanted = {key for plant in found.plants if plant.rule is rule for key in plant.keys}
    extra = keys(rule, found.search[rule.title]) - keys(rule, found.without[rule.title]) - wanted
    assert {key for key in extra if not str(key[1]).startswith(("port ", "process "))} == set()


@pytest.mark.parametrize("rule", RULES)
def test_search_agrees_with_sql(found, rule):
    assert found.search[rule.title] == found.sql[rule.title]
