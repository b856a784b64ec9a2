"""Rules that need more than connections, on real recordings with a thief's trail beside them.

No recording at hand has system logs, hardware addresses and services together with a theft. So
the trail is planted: its events stand beside the real traffic, from a sender of that traffic.
Needs the folder of recordings that T1029_DATA names.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from replay import Inputs, run
from tests.spl.events import DAY, HOUR, Event, sysmon, zeek
from tests.spl.oracle import Oracle, write_json_lines
from tests.spl.recordings import SYSMON, load
from tests.spl.rule_cases import IMPLANT, MAC, audited_task, devices, known, programs, task
from tests.spl.rules import (
    DEVICE,
    EVERY_ROW,
    JOB,
    PROCESS,
    SERVICE,
    TRAVERSAL,
    Lists,
    Row,
    Rule,
    Situation,
    by_sql,
    lookups,
    shaped,
)
from tests.spl.searches import macros
from tests.spl.test_recordings import RECORDINGS, WHY_SKIPPED, site

RULES = (PROCESS, TRAVERSAL, SERVICE, DEVICE, JOB)
PROGRAM, SWEEPER, STRANGE, HARDWARE, SCHEDULED = (f"203.0.113.{n}" for n in range(211, 216))
TIMES, ALERT = 5, 7


class Found(NamedTuple):
    """What must come out, what SQL and searches find, also without the trail, and the risks."""

    wanted: dict[str, set]
    sql: dict[str, list[Row]]
    search: dict[str, list[Row]]
    without: dict[str, list[Row]]
    risks: dict[str, dict[tuple, float]]


def trail(sender: str, newest: float) -> list[Event]:
    """Return a thief's trail: every three hours, the last time before the recording ends."""
    begins = [newest // HOUR * HOUR - 3 * HOUR * back for back in range(1, TIMES + 1)]
    return [event for begin in begins for event in _visit(sender, begin)] + [
        audited_task(begins[-1] - 600, 4698)
    ]


def _visit(sender: str, begin: float) -> list[Event]:
    by_program = {"SourceIp": sender, "Image": IMPLANT, "ProcessGuid": f"{{{begin:.0f}}}"}
    file = {"DestinationIp": None, "SourceIp": None, "EventCode": 11}
    sent = {"id.orig_h": sender}
    usual = {**sent, "service": "ssl"}
    return [
        sysmon(begin + 60, **by_program, DestinationIp=PROGRAM),
        *(
            sysmon(
                begin + 100 + number,
                **{**by_program, **file, "TargetFilename": f"d:\\{number % 4}\\{number}.doc"},
            )
            for number in range(25)
        ),
        sysmon(begin + 200, **by_program, DestinationIp=SWEEPER),
        zeek(
            begin + 300, 300_000, **sent, service="ssh", **{"id.resp_h": STRANGE, "id.resp_p": 80}
        ),
        zeek(begin + 400, 300_000, **usual, orig_l2_addr=MAC, **{"id.resp_h": HARDWARE}),
        task(begin + 1200),
        zeek(begin + 1260, 300_000, **usual, **{"id.resp_h": SCHEDULED}),
    ]


def wanted(sender: str) -> dict[str, set]:
    program = IMPLANT.lower()
    return {
        PROCESS.title: {(sender, PROGRAM, program), (sender, SWEEPER, program)},
        TRAVERSAL.title: {(sender, SWEEPER)},
        SERVICE.title: {(sender, STRANGE, "80", "ssh")},
        DEVICE.title: {(MAC, sender, HARDWARE)},
        JOB.title: {(sender, SCHEDULED)},
    }


@cache
def run_planted(name: str, folder: Path) -> Found:
    source = RECORDINGS[name]
    whole = Oracle(load=lambda database: load(database, source))
    newest = whole.newest()
    senders, scope = site(whole, newest + HOUR)
    lists = Lists(
        known_processes=programs(since=newest - 30 * DAY).known_processes,
        known_devices=devices(since=newest - 30 * DAY).known_devices,
        host_addresses=known(senders[0]).host_addresses,
    )
    here = Situation(newest // 1 + HOUR, lists, scope=scope)
    planted = trail(senders[0], newest)
    write_json_lines(folder / "trail.json", planted)

    def from_sql(events: list[Event]) -> dict[str, list[Row]]:
        return {
            rule.title: by_sql(rule, events, here, lambda database: load(database, source))
            for rule in RULES
        }

    printed = by_searches(source, here, folder)
    return Found(
        wanted(senders[0]),
        from_sql(planted),
        {rule.title: shaped(rule, printed[rule.title]) for rule in RULES},
        from_sql([]),
        {rule.title: risks(rule, printed[rule.title]) for rule in RULES},
    )


def by_searches(source, here: Situation, folder: Path) -> dict[str, list[Row]]:
    """Run all rules at once, since reading a recording takes longer than searching it."""
    log = {"sysmon" if source.kind == SYSMON else "zeek": (str(source.path),)}
    outcome = run(
        searches=[rule.search for rule in RULES],
        inputs=Inputs(**log, json=(str(folder / "trail.json"),)),
        now=here.now,
        lookups=lookups(here.lists, folder),
        macros={
            **macros(here.scope),
            **dict.fromkeys((name for rule in RULES for name in rule.open), EVERY_ROW),
        },
    )
    return {rule.title: one.rows for rule, one in zip(RULES, outcome.results)}


def risks(rule: Rule, rows: list[Row]) -> dict[tuple, float]:
    return {tuple(row[name] for name in rule.key): float(row["risk_score"]) for row in rows}


@pytest.fixture(
    params=[pytest.param(name, id=name) for name in RECORDINGS]
    or [pytest.param("", id="no-folder", marks=pytest.mark.skip(reason=WHY_SKIPPED))],
    scope="module",
)
def found(request, tmp_path_factory):
    return run_planted(request.param, tmp_path_factory.mktemp(request.param))


EACH_RULE = pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=rule.query[: -len(".sql")]) for rule in RULES]
)


def keys(rule: Rule, rows: list[Row]) -> set[tuple]:
    return {tuple(row[name] for name in rule.key) for row in rows}


@EACH_RULE
def test_the_planted_trail_comes_out(found, rule):
    assert found.wanted[rule.title] - keys(rule, found.search[rule.title]) == set()


@EACH_RULE
def test_the_planted_trail_reaches_the_alert_line(found, rule):
    reached = [found.risks[rule.title][key] for key in found.wanted[rule.title]]
    assert min(reached) >= ALERT


@EACH_RULE
def test_nothing_else_comes_out(found, rule):
    known_before = keys(rule, found.without[rule.title]) | found.wanted[rule.title]
    assert keys(rule, found.search[rule.title]) - known_before == set()


@EACH_RULE
def test_search_agrees_with_sql(found, rule):
    assert found.search[rule.title] == found.sql[rule.title]
