"""Transfers planted into real recordings: those that must come out, and nothing else.

Needs a folder of recordings (one folder each, holding a gzipped Zeek conn log or Sysmon events),
named by the environment variable T1029_DATA.
"""

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from replay import Inputs
from tests.spl.case import Site
from tests.spl.events import HOUR, write_json_lines
from tests.spl.oracle import Oracle
from tests.spl.plants import SCENES, Planted
from tests.spl.recordings import (
    SYSMON,
    Recording,
    busiest,
    fortigate_events,
    fortigate_lines,
    load,
    newest,
    planted,
    recordings,
)
from tests.spl.rules import Rule
from tests.spl.searches import Printed, Row, by_searches, by_sql, keys, shaped

FOLDER = os.environ.get("T1029_DATA")
RECORDINGS = {one.name: one for one in recordings(Path(FOLDER))} if FOLDER else {}
WHY_SKIPPED = "T1029_DATA is unset: no recordings to plant transfers into"


class Found(NamedTuple):
    """What was planted, what the searches find, what the oracle finds, also without any plant."""

    rules: tuple[Rule, ...]
    planted: Planted
    search: dict[str, Printed]
    sql: dict[str, list[Row]]
    without: dict[str, list[Row]]


def senders_and_site(source: Recording, end: float) -> tuple[list[str], Site]:
    """Return who shall send, and a site for which that sender is inside."""
    whole = Oracle(load=lambda database: load(database, source))
    inside = busiest(whole, inside=True, most=3)
    if inside:
        return inside, Site(end)
    senders = busiest(whole, inside=False, most=1)
    return senders, Site(end, own_networks=(senders[0] + "/32",))


@cache
def run_planted(name: str, scene: str, folder: Path) -> Found:
    source, (rules, plant) = RECORDINGS[name], SCENES[scene]
    last = newest(Oracle(load=lambda database: load(database, source)))
    senders, site = senders_and_site(source, last // 1 + HOUR)
    plants = plant(source, senders, last)
    site = site._replace(lists=plants.lists)
    copy = planted(source, plants.transfers, folder)
    events = [*plants.beside, *fortigate_events(plants.at_firewall)]

    def from_sql(log: Recording, beside: list) -> dict[str, list[Row]]:
        loading = [
            by_sql(rule, beside, site, lambda database: load(database, log)) for rule in rules
        ]
        return {rule.slug: rows for rule, rows in zip(rules, loading)}

    return Found(
        rules,
        plants,
        by_searches(rules, inputs(copy, plants, folder), site, folder),
        from_sql(copy, events),
        from_sql(source, []),
    )


def inputs(copy: Recording, plants: Planted, folder: Path) -> Inputs:
    log = {"sysmon" if copy.kind == SYSMON else "zeek": (str(copy.path),)}
    if plants.beside:
        write_json_lines(folder / "beside.json", plants.beside)
        log["json"] = (str(folder / "beside.json"),)
    if plants.at_firewall:
        firewall = folder / "firewall.log"
        firewall.write_text("\n".join(fortigate_lines(plants.at_firewall)) + "\n", encoding="utf-8")
        log["firewall"] = (str(firewall),)
    return Inputs(**log)


@pytest.fixture(
    params=[
        pytest.param((name, scene), id=f"{name}-{scene}") for name in RECORDINGS for scene in SCENES
    ]
    or [pytest.param("", id="no-folder", marks=pytest.mark.skip(reason=WHY_SKIPPED))],
    scope="module",
)
def found(request, tmp_path_factory):
    return run_planted(*request.param, tmp_path_factory.mktemp(request.param[0]))


def test_every_planted_schedule_comes_out(found):
    for rule in found.rules:
        printed = found.search[rule.slug]
        rows = printed.shipped if found.planted.alerts else printed.opened
        assert set(found.planted.wanted[rule.slug]) - keys(rule, rows) == set()


def test_floors_are_those_planted(found):
    for rule in found.rules:
        wanted = found.planted.wanted[rule.slug]
        floors = {
            tuple(row[name] for name in rule.key): row.get("floor")
            for row in found.search[rule.slug].opened
        }
        known = {key: floor for key, floor in wanted.items() if floor is not None}
        assert {key: floors[key] for key in known} == known


def test_nothing_else_comes_out(found):
    """Groups of a port or program that the recording uses too may be rows."""
    for rule in found.rules:
        known = keys(rule, found.without[rule.slug]) | set(found.planted.wanted[rule.slug])
        extra = keys(rule, found.search[rule.slug].opened) - known
        assert {key for key in extra if not str(key[1]).startswith(("port ", "process "))} == set()


def test_searches_agree_with_the_oracles(found):
    for rule in found.rules:
        assert shaped(rule, found.search[rule.slug].opened) == found.sql[rule.slug]
