"""Rows after each stage, and where a limit is reached."""

import gzip
import json

import pytest

from bench import stages
from bench.stages import Log, Staged
from replay import Result, Stage, limits

MADE_UP = Log("made up", connections=10_000, pairs=100, senders=10, days=2.0)
RULE = "T1029 - High Volume Transfer at Specific Intervals - Rule"


def staged(held):
    found = [Stage("search", 10_000), Stage("eval", 10_000), Stage("stats", 500)]
    return Staged(MADE_UP, [Result(RULE, [], [], found, None, None, None, held)])


def test_rows_are_given_for_each_connection_pair_and_sender():
    assert stages.stages_table(staged({})).rows[-1] == [
        "High Volume Transfer at Specific Intervals: 3 stats", "500", "0.05", "5", "50",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "held", "shown"),
    [
        pytest.param(
            limits.EVENTSTATS,
            500,
            ["100,000 *", "10,000,000 *", "100,000,000 *", "500,000"],
            id="grows-with-connections",
        ),
        pytest.param(
            limits.EVENT_FIELDS, 27, ["27", "27", "27", "at no size"], id="of-one-finding"
        ),
    ],
)
def test_a_limit_is_projected_to_larger_sites(limit, held, shown):
    (line,) = stages.limits_table(staged({limit.setting: held})).rows
    assert line[3:] == shown


def test_a_limit_that_a_rule_does_not_meet_is_left_out():
    assert stages.limits_table(staged({})).rows == []


def test_a_log_is_run_and_its_limits_are_noted(tmp_path):
    folder = tmp_path / "nightly"
    folder.mkdir()
    with gzip.open(folder / "conn.json.gz", "wt") as log:
        for night in range(4):
            line = {"ts": 1_767_233_650 + 86_400 * night, "id.orig_h": "10.0.0.5"}
            line |= {"id.resp_h": "203.0.113.9", "id.resp_p": 443, "orig_bytes": 150_000_000}
            log.write(json.dumps(line | {"proto": "tcp"}) + "\n")
    found = stages.staged(folder, [RULE])
    assert found.log[1:4] == (4, 1, 1)
    (result,) = found.results
    assert result.stages[-1].rows_out == 1
    assert 0 < result.held[limits.EVENT_CHARACTERS.setting] < limits.EVENT_CHARACTERS.most
