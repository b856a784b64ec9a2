from collections import Counter
from random import Random

import pytest

from bench.flows import compare, writings
from bench.flows.model import DAY, HOUR
from bench.runs import looks
from bench.runs.__main__ import check, main
from bench.runs.arrivals import shifted
from bench.runs.faults import Done, Schedule, complete, happened, killed
from bench.runs.rolled import BACKFILL, HOURLY, LATE, Due, is_receipt, rolled
from replay import Inputs, run

NOON = 1767225600 + 12 * HOUR


def row(number):
    return {"_time": float(NOON), "n": number, "arrival": str(NOON), "run": "", "_indextime": 0}


def receipt(rows):
    return {**row(0), "receipt_rows": rows}


@pytest.fixture(scope="module")
def site():
    """The events of a few weeks, the runs over them, and what these store."""
    cases = list(writings.cases(8, 3, "bursts / "))
    events = [event for case in cases for event in case.events]
    arrivals = [event["_indextime"] for event in events]
    first, last = min(arrivals) // DAY * DAY, max(arrivals) // DAY * DAY + 2 * DAY
    stored = rolled(events, Schedule(first, last, backfill=False).runs())
    return cases, events, stored


def at_the_end(site, change):
    """What is wrong once all runs are done, with the stored events of each run changed."""
    cases, events, stored = site
    done = [complete(due, change(due, list(found)), due.at) for due, found in stored.items()]
    return looks._at_the_end(cases, events, done)


def test_ten_weeks_agree_with_the_ledger():
    (found,) = check(weeks=10, seed=1)
    assert found.wrong == []
    assert sum(count for name, count in found.planted.items() if "weeks with" in name) == 10
    struck = {name.split(": ")[1] for name in found.planted if ": " in name}
    assert {"killed", "skipped", "delayed"} <= struck


def test_the_command_prints_what_was_planted(capsys):
    assert main(["--weeks", "2", "--seed", "5"]) == 0
    assert "T1029 - Hourly Rollup: on time" in capsys.readouterr().out


def test_runs_without_faults_agree(site):
    assert at_the_end(site, lambda due, found: found) == []


def test_a_row_that_its_receipt_counts_and_that_is_not_stored_is_a_difference(site):
    assert at_the_end(site, lambda due, found: found[1:] if len(found) > 2 else found)


def test_a_row_that_is_stored_twice_is_a_difference(site):
    assert at_the_end(site, lambda due, found: [*found, dict(found[0], rolled_contacts="1:9:9:9")])


def test_an_hour_that_is_missing_ends_what_the_rules_read(site):
    _, events, stored = site
    busy = [due for due, found in stored.items() if due.search == HOURLY and len(found) > 1]
    missing = busy[len(busy) // 2]
    done = [complete(due, found, due.at) for due, found in stored.items() if due != missing]
    before = [due for due in busy if due.arrival < missing.arrival]
    rows = [event for one in done for event in one.events]
    assert before
    assert looks._at_a_moment(events, done, float("inf")) == []
    assert compare.searched([*events, *rows]) != compare.searched(events)


def test_lost_rows_and_missing_runs_are_listed(site):
    _, _, stored = site
    whole = {due: found for due, found in stored.items() if due.search != BACKFILL}
    lost = next(due for due, found in whole.items() if len(found) > 1)
    skipped = Due(HOURLY, lost.arrival + 10 * HOUR)
    rows = [
        event
        for due, found in whole.items()
        if due != skipped
        for event in complete(due, found[1:] if due == lost else found, due.at).events
    ]
    days = {"t1029_rollup_checked_days": "45"}
    inputs = Inputs(events=tuple(rows))
    (result,) = run(spl=["| `t1029_rollup_faults`"], inputs=inputs, macros=days).results
    short, after = result.rows
    assert (short["rows"], short["receipt_rows"]) == (
        len(whole[lost]) - 2,
        str(len(whole[lost]) - 1),
    )
    assert short["fault"].startswith("rows are missing")
    assert after["fault"].startswith("no complete run")


def test_runs_are_due_by_hour_and_day_and_the_backfill_the_day_after():
    found = Counter(due.search for due in Schedule(NOON, NOON + 60 * HOUR, backfill=True).runs())
    assert found == {HOURLY: 60, LATE: 3, BACKFILL: 1}
    assert Due(HOURLY, NOON).at == NOON + HOUR + 240


def test_a_killed_run_leaves_no_receipt():
    made = killed(Due(HOURLY, NOON), [row(1), row(2), receipt(2)], NOON + 4000.0, Random(1))
    assert not made.complete
    assert not any(is_receipt(event) for event in made.events)


def test_every_run_is_made_up_in_the_end():
    stored = {Due(HOURLY, NOON + n * HOUR): [row(n), receipt(1)] for n in range(200)}
    done, planted = happened(stored, Random(2))
    assert {one.due for one in done if one.complete} == set(stored)
    assert [one.at for one in done] == sorted(run.at for run in done)
    assert len(planted) == 6
    names = [event["run"] for one in done for event in one.events]
    assert len(set(names)) == len([one for one in done if one.events])


def test_events_arrive_late_or_ahead_of_time_and_keep_their_stamps():
    (case,) = writings.cases(1, 3, "bursts / ")
    kinds = {}
    for seed in range(20):
        kind, found = shifted(case.events, Random(seed))
        assert [one["_time"] for one in found] == [one["_time"] for one in case.events]
        kinds[kind] = [
            new["_indextime"] - old["_indextime"] for new, old in zip(found, case.events)
        ]
    (ahead,) = set(kinds["ahead of time"])
    assert ahead < 0
    assert max(kinds["late"]) > HOUR
    assert min(kinds["late"]) == 0


def test_what_is_covered():
    hours = [Done(Due(HOURLY, NOON + n * HOUR), 0.0, n != 30, []) for n in range(48)]
    late = Done(Due(LATE, NOON + 12 * HOUR), 0.0, True, [])
    found = looks.covered([*hours, late])
    assert found == (NOON + 30 * HOUR, {NOON + 12 * HOUR}, NOON + 12 * HOUR)
    nothing = looks.covered(hours[:6])
    assert nothing.since == float("inf")
