import gzip
import json
from random import Random

import pytest

from bench import rules
from bench.pairs import DAY
from bench.recordings import OUTBOUND
from bench.rules import SIGNALS, Alert, Reported
from replay.engine import APP, App

RULE = "T1029 - Fixed Interval Connections - Rule"
BEGIN = 1_767_225_600
SENDER, COLLEAGUE, SERVER = "10.0.0.5", "10.0.0.6", "203.0.113.9"


@pytest.fixture(scope="module")
def app():
    return App.at(APP, {}, {})


@pytest.fixture
def recording(tmp_path):
    """A day of a beacon whose pauses vary, and two connections of a colleague."""
    folder = tmp_path / "beacon"
    folder.mkdir()
    rng, time, calls = Random(1), 0.0, [(1_000.0, COLLEAGUE), (9_000.0, COLLEAGUE)]
    while time < DAY:
        calls.append((time, SENDER))
        time += 600 * rng.uniform(0.75, 1.25)
    lines = [
        {
            "ts": BEGIN + seconds,
            "id.orig_h": src,
            "id.resp_h": SERVER,
            "id.resp_p": 443,
            "orig_bytes": 30_000,
            "resp_bytes": 300,
            "proto": "tcp",
        }
        for seconds, src in sorted(calls)
    ]
    with gzip.open(folder / "conn.json.gz", "wt") as log:
        log.write("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "truth.csv").write_text(f"src,dst,verdict\n{SENDER},{SERVER},malicious-beacon\n")
    return folder


def reported(*alerts, infected=(), host_days=2):
    return Reported("made up", frozenset(infected), list(alerts), host_days)


def test_the_rules_run_daily_and_last_after_the_end():
    assert rules.daily(0, 2 * DAY + 30) == [960, DAY + 960, 2 * DAY + 960]


def test_a_pause_of_days_splits_a_recording():
    events = [{"_time": when} for when in (0, 5 * DAY, 10 * DAY + 1)]
    assert [len(part) for part in rules.parts(events)] == [2, 1]


def test_learning_goes_before_the_rules(app):
    names = [name for name, _ in rules.schedule(app, [BEGIN + DAY])]
    learning = [name.endswith(" - Learn") for name in names]
    assert learning == sorted(learning, reverse=True)


def test_nothing_is_learned_in_the_future(app):
    assert all(when <= BEGIN + 60 for _, when in rules.schedule(app, [BEGIN + 60]))


@pytest.mark.parametrize(
    ("second", "alerts"),
    [
        pytest.param({"src": SENDER, "dest": SERVER}, 1, id="same-pair"),
        pytest.param({"src": SENDER, "dest": "203.0.113.10"}, 2, id="another-destination"),
    ],
)
def test_a_repeat_within_the_throttle_is_no_row(app, second, alerts):
    row = {"src": SENDER, "dest": SERVER}
    found = [(RULE, BEGIN, [row]), (RULE, BEGIN + DAY - 1, [second])]
    assert len(rules.unthrottled(found, app.searches)) == alerts


def test_a_repeat_after_the_throttle_is_a_row(app):
    row = {"src": SENDER, "dest": SERVER}
    found = [(RULE, BEGIN, [row]), (RULE, BEGIN + DAY, [row])]
    assert len(rules.unthrottled(found, app.searches)) == 2


def test_only_the_rule_of_several_signals_names_a_sender():
    one = reported(Alert(RULE, BEGIN, SENDER), Alert(SIGNALS, BEGIN, COLLEAGUE))
    assert one.named == {COLLEAGUE}


def test_the_busiest_host_is_that_of_one_day():
    alerts = [Alert(RULE, BEGIN, SENDER), Alert(SIGNALS, BEGIN, SENDER)]
    assert reported(*alerts, Alert(RULE, BEGIN + DAY, SENDER)).busiest == 2


def test_senders_without_ground_truth_are_counted_separately():
    alerts = Alert(SIGNALS, BEGIN, SENDER), Alert(SIGNALS, BEGIN, COLLEAGUE)
    assert rules.table([reported(*alerts, infected=[SENDER])]).rows[0][1:3] == ["1 of 1", "1"]


def test_a_recording_is_run_from_its_log_to_the_named_sender(recording, app):
    found = rules.measure(recording, app)
    assert (found.infected, found.named, found.host_days) == ({SENDER}, {SENDER}, 2)


def test_infected_senders_come_from_the_ground_truth(recording):
    assert rules.infected_senders(recording, OUTBOUND) == {SENDER}


def test_the_report_is_written(recording, tmp_path):
    data, out = str(recording.parent), str(tmp_path / "report")
    rules.main(["--data", data, "--set", recording.name, "--out", out])
    assert "1 of 1" in (tmp_path / "report" / "rules.md").read_text()
