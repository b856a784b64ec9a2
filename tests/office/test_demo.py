"""The demonstration reports what was caught, missed, not shipped and not planted."""

from __future__ import annotations

import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from office import demo, report, verdicts
from office.ground_truth import Peaks, Truth, allowed
from office.scenarios import FIXED_INTERVAL, SCENARIOS, VOLUME

NIGHTLY = next(scenario for scenario in SCENARIOS if scenario.name == "nightly exfiltration")
ROTATING = next(scenario for scenario in SCENARIOS if scenario.name == "rotating servers")
SENDER = "10.20.1.13"
TRUTH = [
    Truth(SENDER, NIGHTLY.destinations[0], "443", NIGHTLY.name, NIGHTLY.what, NIGHTLY.rule),
    Truth("10.20.4.11", "203.0.113.5", "443", "nightly-backup", "benign: a nightly backup", ""),
    *(
        Truth("10.20.4.15", address, "8443", ROTATING.name, ROTATING.what, ROTATING.rule)
        for address in ROTATING.destinations
    ),
]
CAUGHT = {
    "src": SENDER,
    "dest_ip": NIGHTLY.destinations[0],
    "risk_score": "9.4",
    "schedule": "daily 02:14 ±2 min",
    "total_bytes": "2100000000",
    "reasons": ["starts at 02:14 ±2 min on 7 of 7 days", "2.1 GB out, 0.3 MB in"],
}
BACKUP = {"src": "10.20.4.11", "dest_ip": "203.0.113.5", "risk_score": 9}
STRANGER = {"src": "10.20.1.30", "dest_ip": "198.51.100.30", "risk_score": "7.0"}
SHIPPED = "[one - Learn]\n\n[two - Learn]\n\n[a - Rule]\n\n[b - Rule]\n"
MEANT_FOR_VOLUME = [scenario for scenario in SCENARIOS if scenario.rule == VOLUME]


def findings_of(*rows, rule=VOLUME):
    return verdicts.with_truth({rule: list(rows)}, TRUTH)


def printed(show, *arguments, width=118):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(console, *arguments)
    return console.file.getvalue()


def test_a_row_of_a_planted_pair_is_planted():
    assert findings_of(CAUGHT)[0].planted


@pytest.mark.parametrize(
    "row", [pytest.param(BACKUP, id="benign-backup"), pytest.param(STRANGER, id="unknown-pair")]
)
def test_a_row_of_another_pair_is_not_planted(row):
    assert not findings_of(row)[0].planted


def test_a_planted_sender_with_another_destination_is_not_planted():
    assert not findings_of({**CAUGHT, "dest_ip": "198.51.100.30"})[0].planted


def test_riskiest_row_comes_first():
    assert [finding.row for finding in findings_of(STRANGER, CAUGHT, BACKUP)] == [
        CAUGHT,
        BACKUP,
        STRANGER,
    ]


def test_a_row_of_many_destinations_is_known_by_any_of_them():
    row = {"src": "10.20.4.15", "dest_ip": list(ROTATING.destinations[:2]), "risk_score": 8}
    assert findings_of(row)[0].truth[0].scenario == "rotating servers"


def test_a_row_without_destination_is_known_by_its_sender():
    assert findings_of({"src": SENDER, "risk_score": 8})[0].planted


BUCKET = Truth(SENDER, "198.18.10.9", "443", NIGHTLY.name, "", VOLUME, "bucket.storage.example")


@pytest.mark.parametrize(
    ("row", "planted"),
    [
        pytest.param({"dest_name": BUCKET.dest_name}, True, id="name"),
        pytest.param({"dest_name": BUCKET.dest_name, "dest_ip": "198.18.10.1"}, True, id="both"),
        pytest.param({"dest_ip": BUCKET.dst}, True, id="address-without-a-name"),
        pytest.param({"dest_name": "b.example", "dest_ip": BUCKET.dst}, False, id="another-name"),
        pytest.param({"dest_name": "b.example"}, False, id="another-name-alone"),
    ],
)
def test_a_service_with_shared_addresses_is_known_by_its_name(row, planted):
    (finding,) = verdicts.with_truth({VOLUME: [{"src": SENDER, **row}]}, [BUCKET])
    assert finding.planted is planted


def test_scenarios_of_a_shipped_rule_that_it_does_not_report_are_missed():
    missed = verdicts.missed(findings_of(CAUGHT), [VOLUME])
    assert [scenario.name for scenario in missed] == [
        scenario.name for scenario in MEANT_FOR_VOLUME if scenario != NIGHTLY
    ]


def test_another_rules_row_does_not_save_a_scenario():
    missed = verdicts.missed(findings_of(CAUGHT, rule=FIXED_INTERVAL), [VOLUME, FIXED_INTERVAL])
    assert NIGHTLY in missed


def test_scenarios_of_a_rule_that_is_not_shipped_are_not_missed():
    assert verdicts.missed([], []) == []


def test_alert_shows_its_reasons_one_a_line():
    lines = printed(report.show_findings, findings_of(CAUGHT), [VOLUME]).splitlines()
    shown = [line for line in lines if any(reason in line for reason in CAUGHT["reasons"])]
    assert len(shown) == 2


def test_the_story_of_a_sender_stands_for_reasons_and_volume():
    row = {"src": SENDER, "risk_score": 9, "story": ["2026-01-01 Interval 8: every 10 min"]}
    shown = printed(report.show_findings, findings_of(row), [VOLUME])
    assert "- 2026-01-01 Interval 8: every 10 min" in shown
    assert "unknown" not in shown


def test_a_rule_without_rows_says_so():
    assert "no finding" in printed(report.show_findings, [], [VOLUME])


@pytest.mark.parametrize("width", [100, 118])
def test_no_line_is_wider_than_the_page(width):
    shown = printed(report.show_findings, findings_of(CAUGHT, STRANGER), [VOLUME], width=width)
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize(
    ("shipped", "findings", "words"),
    [
        pytest.param([VOLUME], findings_of(CAUGHT), "caught by High Volume", id="caught"),
        pytest.param([VOLUME], [], "MISSED by High Volume", id="missed"),
        pytest.param([], [], "not visible to the shipped rules", id="not-shipped"),
        pytest.param([], [], "at most 1.5 MB and 2 connections over 5 MB", id="why"),
    ],
)
def test_outcome_of_a_planted_transfer(shipped, findings, words):
    busiest = {scenario.name: Peaks(1_500_000, 2) for scenario in SCENARIOS}
    shown = printed(report.show_scenarios, findings, shipped, busiest, width=300)
    assert words in shown


def test_other_rows_are_counted_and_explained():
    shown = printed(report.show_others, findings_of(CAUGHT, BACKUP, STRANGER))
    assert "Other findings: 2" in shown
    assert "benign: a nightly backup" in shown
    assert "ordinary traffic" in shown


def test_allow_list_entries_show_reason_and_expiry():
    (entry, *_) = allowed()
    shown = printed(report.show_allowed, [entry], width=200)
    assert [word for word in (entry.src, entry.reason, entry.expires) if word not in shown] == []


def test_allow_list_says_that_timing_alone_is_not_enough():
    assert "Timing alone cannot tell" in printed(report.show_allowed, allowed(), width=200)


def test_an_empty_allow_list_prints_nothing():
    assert printed(report.show_allowed, []) == ""


def test_findings_are_counted_by_severity():
    rows = ({**CAUGHT, "severity": "critical"}, {**STRANGER, "severity": "medium"})
    shown = printed(report.show_bands, findings_of(*rows)).split()
    counted = {band: shown[shown.index(band) + 1 :][:2] for band in verdicts.SEVERITIES}
    assert counted["critical"] == ["1", "0"]
    assert counted["medium"] == ["0", "1"]


def test_a_planted_transfer_is_one_row_of_all_rules():
    both = findings_of(CAUGHT) + findings_of({**CAUGHT, "risk_score": "9.9"}, rule=FIXED_INTERVAL)
    shown = printed(report.show_planted, both, [VOLUME])
    (row,) = [line for line in shown.splitlines() if NIGHTLY.name in line]
    assert row.split()[0] == "9.9"
    assert row.rstrip().endswith("Fixed Interval Connections +1")


def test_a_missed_transfer_is_a_row_that_says_so():
    shown = printed(report.show_planted, findings_of(CAUGHT), [VOLUME])
    missed = [line for line in shown.splitlines() if "MISSED: " in line]
    assert len(missed) == len(MEANT_FOR_VOLUME) - 1
    assert all("no finding" in line for line in missed)


def test_other_findings_are_rows_highest_risk_first():
    shown = printed(report.show_rest, findings_of(CAUGHT, STRANGER, BACKUP), allowed()).splitlines()
    assert [line[:4].strip() for line in shown if line[2:3] == "."] == ["9.0", "7.0"]
    assert "on the allow-list: --first-look" in shown[-1]


def test_other_findings_of_one_pair_are_one_row():
    both = findings_of(BACKUP) + findings_of(BACKUP, rule=FIXED_INTERVAL)
    shown = printed(report.show_rest, both, []).splitlines()
    assert len([line for line in shown if BACKUP["dest_ip"] in line]) == 1


def test_many_other_findings_are_counted():
    strangers = [{**STRANGER, "dest_ip": f"198.51.100.{host}"} for host in range(1, 41)]
    shown = printed(report.show_rest, findings_of(*strangers), [])
    assert "28 more pairs: --full" in shown
    assert len(shown.splitlines()) < 20


def test_summary_names_missed_transfers():
    assert "MISSED: every 8 hours" in printed(report.show_sum, findings_of(CAUGHT), [VOLUME])


@pytest.fixture
def replayed(monkeypatch):
    """Replace replay by canned results; return its command lines."""
    commands = []

    def put(results, code=0):
        def run(command, **_):
            commands.append(command)
            return verdicts.subprocess.CompletedProcess(command, code, json.dumps(results))

        monkeypatch.setattr(verdicts.subprocess, "run", run)
        return commands

    return put


@pytest.fixture
def small(monkeypatch, written):
    folder, result = written
    monkeypatch.setattr(demo, "write_office", lambda *_: result)
    return ["--out", str(folder)]


def results_for(scenarios):
    rows = [{"src": truth.src, "dest_ip": truth.dst, "risk_score": "9"} for truth in scenarios]
    return [{"search": VOLUME, "results": rows, "stages": []}]


def test_demo_succeeds_when_all_that_is_meant_is_caught(replayed, small, written):
    replayed(results_for(truth for truth in written[1].truth if truth.rule == VOLUME))
    assert demo.main(small) == 0


@pytest.mark.parametrize(
    ("options", "given"),
    [
        pytest.param([], True, id="with-the-allow-list"),
        pytest.param(["--first-look"], False, id="first-look"),
    ],
)
def test_the_allow_list_is_given(replayed, small, capsys, options, given):
    commands = replayed(results_for([]))
    demo.main([*small, *options])
    assert any("t1029_allow_list" in text for text in commands[0]) is given
    assert ("on the allow-list" in capsys.readouterr().out) is given


def test_the_demo_is_a_page_and_the_rest_is_asked_for(replayed, small, capsys):
    replayed(results_for([]))
    demo.main(small)
    page = capsys.readouterr()
    demo.main([*small, "--full"])
    full = capsys.readouterr().out
    assert len((page.out + page.err).splitlines()) <= 60
    assert [words for words in ("What was planted", "zeek/conn.log.gz") if words in page.out] == []
    assert [words for words in ("What was planted", "zeek/conn.log.gz") if words in full] != []


@pytest.mark.parametrize(
    ("results", "code", "exit_code"),
    [
        pytest.param(results_for([]), 0, 1, id="one-missed-is-1"),
        pytest.param([], 0, 1, id="no-rule-shipped-is-1"),
        pytest.param([], 2, 2, id="replay-failed-is-2"),
    ],
)
def test_demo_fails(replayed, small, results, code, exit_code):
    replayed(results, code)
    assert demo.main(small) == exit_code


@pytest.fixture
def asked(monkeypatch, tmp_path, written):
    """Run the rules of an app with two learning searches, two rules and one lookup.

    Return the command line that they are run with, and the results.
    """
    (tmp_path / "default").mkdir()
    (tmp_path / "default" / "savedsearches.conf").write_text(SHIPPED)
    (tmp_path / "default" / "transforms.conf").write_text("[devices]\n")
    monkeypatch.setattr(verdicts, "REPOSITORY", tmp_path)

    def ask(lists=None, learning=()):
        commands = []

        def run(command, **_):
            commands.append(command)
            results = [{"search": name, "results": []} for name in ("one - Learn", "a - Rule")]
            return verdicts.subprocess.CompletedProcess(command, 0, json.dumps(results))

        monkeypatch.setattr(verdicts.subprocess, "run", run)
        found = verdicts.run_rules(written[0], lists or {}, learning)
        return commands[0], found

    return ask


def searches_in(command):
    return [text for text in command if text.startswith("--search")]


def test_learning_goes_before_the_rules_at_its_times(asked):
    command, _ = asked(learning=[("one - Learn", 60.0), ("two - Learn", 120.0)])
    assert searches_in(command) == [
        *("--search=one - Learn@60", "--search=two - Learn@120"),
        *("--search=a - Rule", "--search=b - Rule"),
    ]


def test_learning_that_is_not_shipped_changes_nothing(asked):
    command, _ = asked(learning=[("three - Learn", 60.0)])
    assert searches_in(command) == []


def test_results_of_learning_are_no_alerts(asked):
    assert list(asked()[1]) == ["a - Rule"]


def test_lists_that_are_not_shipped_are_left_out(asked, tmp_path):
    lists = {"devices": tmp_path / "devices.csv", "others": tmp_path / "others.csv"}
    command, _ = asked(lists=lists)
    assert [text.split("=")[1] for text in command if text.startswith("--lookup")] == ["devices"]


def test_further_logs_go_under_their_sourcetypes(asked):
    command, _ = asked()
    assert [text.split("=")[1] for text in command if text.startswith("--log")] == [
        *("XmlWinEventLog", "linux:cron", "linux_audit", "zscalernss-web"),
    ]


def test_learning_runs_daily_from_the_second_day_to_the_last(office):
    days = [int((time - office.start) // 86400) for _, time in demo.LEARNING]
    assert days == [day for day in range(1, 14) for _ in demo.LEARNED]


def test_learning_keeps_to_the_wall_clock():
    zone = ZoneInfo(verdicts.ZONE)
    clocks = {f"{datetime.fromtimestamp(time, zone):%H:%M}" for _, time in demo.LEARNING}
    assert clocks == {"01:30"}
