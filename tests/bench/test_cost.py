from datetime import datetime, timezone

import numpy as np
import pytest

from bench.cost import matched, reads
from bench.cost.__main__ import main
from bench.cost.matched import CONNECTIONS, DAYS, HOURS, ROWS, Kind, Matched, Taken
from bench.cost.schedule import MONDAY, Window, runs, values, window
from bench.flows.model import DAY, HOUR
from replay import Inputs
from replay.engine import APP, App
from tests.bench.test_cardinality import recording  # noqa: F401

NIGHT = 1_767_225_600
ZEEK = Kind(CONNECTIONS, "zeek:conn")
EVER = float("inf")


def connections(count, step):
    return tuple(
        {
            "_time": NIGHT + 60.0 + step * n,
            "sourcetype": "zeek:conn",
            "index": "main",
            "host": "zeek-1",
            "id.orig_h": "10.0.0.5",
            "id.orig_p": 50000 + n,
            "id.resp_h": "203.0.113.9",
            "id.resp_p": 443,
            "orig_bytes": 100,
            "resp_bytes": 10,
        }
        for n in range(count)
    )


@pytest.fixture(scope="module")
def found():
    """Sixty connections an hour for four hours."""
    return matched.matched(Inputs(events=connections(240, 60)))


@pytest.fixture(scope="module")
def each(found):
    each = reads.costs(App.at(APP, {}, {}).searches, found, 1)
    return {cost.search: cost for cost in each}


def test_the_rollup_has_a_row_an_hour(found):
    assert found.number(CONNECTIONS) == 240
    assert found.events[HOURS] == 5
    assert found.events[DAYS] == 5  # Each hour has more contacts than a packed row takes.


def test_the_hourly_rollup_reads_each_event_once(each):
    assert each["T1029 - Hourly Rollup"].reads[ZEEK] == 1
    assert each["T1029 - Late Rollup"].reads.get(ZEEK, 0) == 0


def test_a_rule_reads_rows_as_often_as_its_runs_look_back(each):
    reads = each["T1029 - Same Time of Day on Several Days - Rule"].reads
    assert reads[HOURS] + reads[DAYS] == pytest.approx(45, abs=1)
    volume = each["T1029 - High Volume Transfer at Specific Intervals - Rule"]
    assert volume.reads[HOURS] + volume.reads[DAYS] == pytest.approx(7 * volume.runs)


def test_the_daily_rollup_reads_each_row_once(each):
    assert each["T1029 - Daily Rollup"].reads == {HOURS: pytest.approx(1)}


def test_a_cron_schedule_gives_its_runs():
    hours = [datetime.fromtimestamp(at, timezone.utc).hour for at in runs("4 */6 * * *", 1)]
    assert hours == [0, 6, 12, 18]
    assert list(runs("0 3 1 1 *", 7)) == []
    assert len(list(runs("30 5 * * 1-5", 7))) == 5
    assert values("1,30-40/5", 0, 59) == {1, 30, 35, 40}


def test_what_is_no_cron_schedule_is_refused():
    with pytest.raises(ValueError, match="not a cron schedule"):
        list(runs("* * *", 1))


def test_a_window_ends_at_the_time_of_the_run():
    now = MONDAY.timestamp() + 5 * HOUR + 240
    given = {"dispatch.earliest_time": "-1d@d", "dispatch.index_earliest": "-1h@h"}
    expected = (MONDAY.timestamp() - DAY, EVER, now - HOUR - 240, now)
    assert window(given, now) == expected


def test_copies_are_read_by_event_time_and_by_index_time():
    taken = Taken(np.array([0.0, 50.0]), np.array([5.0, 250.0]), np.array([EVER, EVER]))
    assert reads.read(taken, Window(0, 300, -EVER, EVER), 100, 300.0) == 6
    assert reads.read(taken, Window(0, 300, -EVER, 300), 100, 300.0) == 4


def test_days_without_events_are_left_out():
    events = [{"_time": day * DAY + 5.0, "sourcetype": "zeek:conn"} for day in (1, 2, 9)]
    moved, days = matched.without_gaps(events)
    assert days == 3
    assert [event["_time"] for event in moved] == [7 * DAY + 5.0, 8 * DAY + 5.0, 9 * DAY + 5.0]


def test_a_search_that_reads_more_than_its_first_command_is_refused():
    app = App.at(APP, {}, {})
    app.searches["Two"] = {"search": "search index=main | append [search index=other]"}
    with pytest.raises(ValueError, match="Two: append"):
        matched.opening(app, "Two")


def test_reads_of_a_group_are_weighted_by_events():
    one, other = Kind("other", "a"), Kind("other", "b")
    events = {one: 30, other: 10}
    assert reads.by_group({one: 2.0, other: 6.0}, "other", events) == 3
    assert reads.rows_per_event(Matched({}, {Kind(ROWS, ""): 5, ZEEK: 10}, 1)) == 0.5


def test_a_set_is_printed_and_judged(recording, capsys):  # noqa: F811
    assert main(["--data", str(recording.parent), "--days", "1"]) in (0, 1)
    printed = capsys.readouterr().out
    assert "43 connection events and 0 others in 1 days" in printed
    assert "Hourly Rollup" in printed


def test_no_set_is_an_error(capsys):
    assert main([]) == 2
    assert "--data" in capsys.readouterr().err
