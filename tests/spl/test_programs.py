"""Programs that normally do not talk, and script hosts: what a schedule of theirs is worth."""

import pytest

from tests.spl.events import HOUR, INSIDE, NOTEPAD, POWERSHELL, SYNC, Event, at, sysmon, zeek
from tests.spl.lists import NOTHING, ListRow, Lists
from tests.spl.rules import HIGH_VOLUME, INTERVAL, PROCESS, SIGNALS
from tests.spl.searches import rows_of

SILENT = "notepad.exe: normally does not use the network"
SCRIPT = "powershell.exe: a script host"
FLOOR = "minimum score of this rule: 7"
UPDATER = "c:\\program files (x86)\\vendor\\update\\update.exe"
NEWS = "198.51.100.20"
NOW = at(25)


def polls(image: str, minutes: int = 10, **fields: object) -> list[Event]:
    """Return calls through a day at a fixed interval, as Sysmon sees them."""
    return [
        sysmon(at(0, 7 + 60.0 * minutes * n), Image=image, **fields)
        for n in range(24 * 60 // minutes)
    ]


def polls_of_three_hosts(image: str, minutes: int) -> list[Event]:
    return [e for n in range(3) for e in polls(image, minutes, SourceIp=f"10.1.2.{n + 3}")]


def straggling(image: str) -> list[Event]:
    """Return calls at no interval: each pause is longer than the one before."""
    return [sysmon(at(0, 60.0 * n * n), Image=image) for n in range(30)]


def browsing(hosts: int) -> list[Event]:
    """Return one connection each of so many other hosts to other destinations."""
    return [
        sysmon(at(9, n), SourceIp=f"10.1.3.{n}", DestinationIp=NEWS) for n in range(1, hosts + 1)
    ]


@pytest.fixture
def outcome(tmp_path):
    """Return a function that runs rules over events, and gives the rows of each."""

    def rows(
        events: list[Event], *rules: object, lists: Lists = NOTHING, **macros: str
    ) -> list[list[dict]]:
        return rows_of(events, *rules, folder=tmp_path, lists=lists, now=NOW, macros=macros)

    return rows


@pytest.mark.parametrize(
    ("image", "said"),
    [
        pytest.param(NOTEPAD, SILENT, id="silent-program"),
        pytest.param(POWERSHELL, SCRIPT, id="script-host"),
    ],
)
def test_a_schedule_at_even_odds_is_raised(outcome, image, said):
    (plain,), (raised,) = (
        outcome(polls(one), INTERVAL.search, t1029_interval_risk="0")[0] for one in (UPDATER, image)
    )
    assert 5 <= float(plain["risk_score"]) < 7
    assert (float(raised["risk_score"]), raised["reasons"][-2:]) == (7, [said, FLOOR])


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(polls(UPDATER), id="expected-updater"),
        pytest.param(polls(NOTEPAD[:3] + "users\\ann\\notepad.exe"), id="name-in-another-folder"),
        pytest.param(polls(POWERSHELL) + polls(UPDATER), id="another-program-takes-part"),
        pytest.param(polls_of_three_hosts(POWERSHELL, 10), id="script-of-three-hosts"),
    ],
)
def test_what_is_expected_or_unsure_is_not_raised(outcome, events):
    ((*rows,),) = outcome(events, INTERVAL.search)
    assert rows == []


def test_what_has_no_schedule_is_not_raised(outcome):
    listed = Lists(suspicious=(ListRow("203.0.113.0/24"),))
    every = {"lists": listed, "t1029_interval_risk": "0"}
    ((row,),) = outcome(straggling(NOTEPAD), INTERVAL.search, **every)
    assert 5 <= float(row["risk_score"]) < 7
    assert FLOOR not in row["reasons"]


def test_a_schedule_below_even_odds_is_not_raised(outcome):
    calls = polls(NOTEPAD)
    fetched = [zeek(call["_time"], 500, resp_bytes=500_000) for call in calls]
    ((row,),) = outcome(calls + fetched, INTERVAL.search, t1029_interval_risk="0")
    assert float(row["period"]) == 600
    assert 4 <= float(row["risk_score"]) < 5


def test_what_reaches_the_line_by_its_evidence_needs_no_floor(outcome):
    ((row,),) = outcome(polls(POWERSHELL, 2) + browsing(40), INTERVAL.search)
    assert float(row["risk_score"]) > 7
    assert row.get("program_reason") is None


def test_a_script_of_three_hosts_is_not_reported_by_its_program(outcome):
    ((*rows,),) = outcome(polls_of_three_hosts(POWERSHELL, 2) + browsing(40), PROCESS.search)
    assert rows == []


def test_a_script_of_one_host_is_reported_by_its_program(outcome):
    ((row,),) = outcome(polls(POWERSHELL, 2) + browsing(40), PROCESS.search)
    assert row["program_reason"] == "script host"
    assert row["reasons"][0].startswith(SCRIPT)


def test_a_silent_program_is_reported_before_anything_is_learned(outcome):
    ((row,),) = outcome(polls(NOTEPAD, 180) + polls(UPDATER, 180), PROCESS.search)
    assert (row["process"], row["reasons"][0]) == (NOTEPAD, SILENT)


def stored(outcome, events: list[Event], *rules: str) -> list[dict]:
    *_, rows = outcome(events, *((rule, NOW) for rule in rules), (SIGNALS.search, NOW + HOUR))
    return rows


def test_a_silent_program_on_a_schedule_is_two_signals(outcome):
    (row,) = stored(outcome, polls(NOTEPAD), INTERVAL.search, PROCESS.search)
    assert (row["src"], float(row["signals"])) == (INSIDE, 2)


def test_a_program_that_the_process_rule_reports_is_no_third_signal(outcome):
    events = polls(POWERSHELL, 2) + browsing(40)
    (row,) = stored(outcome, events, INTERVAL.search, PROCESS.search)
    assert float(row["signals"]) == 2


@pytest.mark.parametrize(
    "image",
    [pytest.param(NOTEPAD, id="silent-program"), pytest.param(POWERSHELL, id="script-host")],
)
def test_a_program_on_a_schedule_is_two_signals_of_one_rule(outcome, image):
    (row,) = stored(outcome, polls(image), INTERVAL.search)
    assert row["signals_seen"] == ["program", "schedule"]


def fetching(hour: int) -> Event:
    """Return a connection that fetches too much to be an upload."""
    return zeek(at(hour), 150_000_000, resp_bytes=100_000_000)


@pytest.mark.parametrize(
    ("image", "named"),
    [
        pytest.param(NOTEPAD, [INSIDE], id="silent-program"),
        pytest.param(POWERSHELL, [INSIDE], id="script-host"),
        pytest.param(SYNC, [], id="program-of-its-own"),
    ],
)
def test_a_program_beside_what_another_rule_found_is_a_signal(outcome, image, named):
    events = [
        event
        for hour in range(0, 24, 2)
        for event in (fetching(hour), sysmon(at(hour), Image=image))
    ]
    assert [row["src"] for row in stored(outcome, events, HIGH_VOLUME.search)] == named
