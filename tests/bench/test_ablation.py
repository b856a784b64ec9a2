"""What the ablation is drawn from: switches that take effect, and schedules with their words."""

from functools import cache
from pathlib import Path

import pytest

from bench import SCORER_HOME, ablation, fuzzed, judge, planted, switches, verdicts
from bench.pairs import Connection, Pair
from bench.planted import PLANTED
from bench.rows import SETTINGS, row
from bench.switches import SWITCHES, TOGETHER

BY_NAME = {one.name: one for one in PLANTED}
HOME = Path(SCORER_HOME)
# Rows, one of which every switch changes.
NAMES = (
    "every-10-min", "three-days-a-week", "clock-change", "nightly", "two-of-10-min",
    "office-hours", "two-fifths-missed", "15-min-exact-and-twice", "within-2-s", "within-20-s",
    "within-10-min", "retries", "jitter-of-15-percent", "later-by-5-min-a-day", "memoryless",
    "sleep-cut-by-90-percent", "once-a-day",
)  # fmt: skip
SECONDS, _, UNTOLD_HOURS, TOLD_SECONDS, *_, HOURS = SETTINGS
SEEN = (SECONDS, UNTOLD_HOURS, TOLD_SECONDS, HOURS)


@cache
def rows():
    pairs = [planted.pair(BY_NAME[name], seed) for name in NAMES for seed in (1, 2)]
    return [row(pair, setting) for setting in SEEN for pair in pairs]


@cache
def as_it_is():
    return judge.verdicts(rows(), HOME)


@pytest.mark.parametrize("name", [*SWITCHES, TOGETHER])
def test_every_switch_changes_a_verdict(name):
    assert judge.verdicts(rows(), HOME, name) != as_it_is()


def test_a_switch_ends_with_its_process():
    assert judge.verdicts(rows(), HOME) == as_it_is()


def test_a_switch_of_a_name_that_the_scorer_lacks_is_an_error():
    with pytest.raises(AttributeError, match="has no BEATS"):
        switches.put("risk", BEATS=1)


@pytest.mark.parametrize("name", ["every-10-min", "nightly", "weekdays", "sundays"])
def test_a_plain_schedule_is_named_rightly(name):
    found = judge.verdicts([row(planted.pair(BY_NAME[name], 1), SECONDS)], HOME)
    assert BY_NAME[name].says(found[0]["schedule"])


def test_what_changes_is_counted_by_field_and_by_alert():
    before = [{"schedule": "a", "risk_score": 6.9}, {"schedule": "b", "risk_score": 7.0}]
    after = [{"schedule": "a", "risk_score": 7.0}, {"schedule": "c", "risk_score": 7.1}]
    asked = [ablation.Row("s", "planted", None, [])] * 2
    figures = [ablation.Figures(0, 0, 0, {}, 0, one) for one in (before, after)]
    assert ablation.changed(before, after, "schedule") == 1
    assert ablation.alerts_changed(asked, *figures, {"planted"}) == 1


def test_bins_keep_their_first_event():
    connections = tuple(Connection(epoch, 5) for epoch in (10.5, 20.0, 70.0))
    pair = Pair("10.0.0.1", "192.0.2.1", connections, 0, 99, {"senders": "1"})
    assert row(pair, SETTINGS[4]) == ["10:10 70:5", {"senders": "1", "bin_seconds": "60"}]


def test_fuzzed_rows_are_drawn_from_their_seed():
    assert fuzzed.row(3) == fuzzed.row(3) != fuzzed.row(4)


def test_the_present_scorer_differs_in_nothing_from_itself(capsys):
    assert verdicts.main(["--base", "HEAD", "--rounds", "0", "--fuzzed", "5"]) in (0, 1)
    assert capsys.readouterr().out.startswith("5 verdicts, ")


@pytest.mark.parametrize("planted_", PLANTED, ids=lambda one: one.name)
def test_planted_times_are_in_order(planted_):
    epochs = planted.pair(planted_, 5).epochs
    assert epochs == sorted(epochs)
    assert len(epochs) > 3
