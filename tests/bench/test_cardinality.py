import gzip
import json
import re

import pytest

from bench import cardinality
from bench.cardinality import Measured, Reduction, Widths
from replay.engine import APP, Result, Stage

RULE = "T1029 - Fixed Interval Connections - Rule"
BEATS, NOISE = 40, 3


def result(*stages_out):
    return Result(RULE, [], [], [Stage(*one) for one in stages_out], None, None)


def reduced(events=1_000, scoped=500, rows=50, pairs=5, scored=2, reported=1):
    return Reduction(RULE, events, scoped, rows, pairs, scored, reported)


def measured(*reductions):
    return Measured("made up", list(reductions), Widths(100.0, 1_000.0, 15.0, 0.5))


@pytest.fixture
def recording(tmp_path):
    """A beacon every minute to one address outside, and a few connections within."""
    folder = tmp_path / "beacon"
    folder.mkdir()
    outside = [(60.0 * beat, "203.0.113.9", 5_000) for beat in range(BEATS)]
    inside = [(60.0 * beat + 7, "10.0.0.6", 10) for beat in range(NOISE)]
    lines = [
        {
            "ts": 1_767_225_600 + seconds,
            "id.orig_h": "10.0.0.5",
            "id.resp_h": to,
            "id.resp_p": 443,
            "orig_bytes": sent,
            "resp_bytes": 100,
            "proto": "tcp",
        }
        for seconds, to, sent in outside + inside
    ]
    with gzip.open(folder / "conn.json.gz", "wt") as log:
        log.write("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_the_stages_that_matter_are_found_by_their_commands():
    found = result(
        ("search", 9),
        ("where", 8),
        ("stats", 7),
        ("eval", 7),
        ("stats", 6),
        ("where", 5),
        ("schedulescore", 5),
        ("where", 4),
    )
    assert cardinality.reduction(found) == Reduction(RULE, 9, 8, 7, 6, 5, 4)


def test_a_stats_after_the_scorer_is_no_reduction_of_events():
    found = result(("search", 9), ("stats", 7), ("schedulescore", 5), ("stats", 1))
    assert cardinality.reduction(found).pairs == 7


def test_a_row_is_as_wide_as_its_text():
    assert cardinality.width({"src": "10.0.0.1", "process": ["a", "b"]}) == len("10.0.0.1,a b\n")


def test_an_observation_is_measured_with_its_bytes():
    pairs = [{"observations": "1767225600:5000 1767225660:5000"}]
    assert cardinality.widths([], pairs).observation == len("1767225600:5000")


def test_nothing_in_scope_gives_no_share():
    line = cardinality.cardinality_table([measured(reduced(scoped=0, rows=0, pairs=0))]).rows[0]
    assert line[-2:] == ["", ""]


def test_a_projection_goes_by_the_connections_in_scope():
    first = cardinality.projection([measured(reduced())]).rows[0]
    assert first[1] == "100,000 to 100,000"


def test_a_projection_gives_the_worst_recording_beside_the_median():
    found = [measured(reduced(rows=rows)) for rows in (50, 100, 400)]
    assert cardinality.projection(found).rows[0][1] == "200,000 to 800,000"


def test_a_recording_without_connections_in_scope_has_no_projection():
    assert cardinality.projection([measured(reduced(scoped=0))]).rows == []


def test_a_recording_is_measured_from_its_events_to_the_report(recording):
    found = cardinality.measure(recording, [RULE], widen=False).reductions
    # Two pairs of one hour each, of which one is in scope.
    assert found[0][:6] == (RULE, BEATS + NOISE, BEATS + NOISE, 2, 1, 1)


def test_rows_are_those_of_hours_for_any_bins(recording):
    found = cardinality.measure(recording, [RULE], widen=False).reductions
    rows = {one.rule: one.rows for one in found}
    assert (rows["pairs in bins of 1 s"], rows["pairs in bins of 3600 s"]) == (2, 2)


def test_all_directions_include_internal_connections(recording):
    found = cardinality.measure(recording, [RULE], widen=True).reductions
    assert found[0].scoped == BEATS + NOISE


def test_the_report_is_written(recording, tmp_path):
    data, out = str(recording.parent), str(tmp_path / "report")
    cardinality.main(["--data", data, "--set", recording.name, "--search", RULE, "--out", out])
    assert "Fixed Interval Connections" in (tmp_path / "report" / "cardinality.md").read_text()


def test_an_unreadable_recording_is_skipped(recording, tmp_path, capsys):
    refused = tmp_path / "refused"
    refused.mkdir()
    with gzip.open(refused / "conn.log.gz", "wt") as log:
        log.write("%ASA-6-302013: Built outbound TCP connection\n")
    (found,) = cardinality.measured_each([refused, recording], [RULE], False)
    assert (found.name, "Cisco ASA" in capsys.readouterr().err) == (recording.name, True)


def test_a_rule_of_a_day_that_runs_every_four_hours_reads_six_days():
    lines = {line[0]: line[1:] for line in cardinality.schedule_table().rows}
    assert lines["Fixed Interval Connections"] == ["6", "1.0", "6"]


def deployed():
    """The look-back and the days read that docs/deploy.md gives, by the search's short name."""
    text = (APP / "docs" / "deploy.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| ([\w -]+?) \| [\d:]+[^|]* \| (\d+) ([dh]) \| (\d+)[, |]", text, re.M)
    return {
        name: (int(span) / (1 if unit == "d" else 24), read) for name, span, unit, read in found
    }


@pytest.mark.parametrize("short", deployed())
def test_a_schedule_that_is_documented_is_shipped(short):
    days, read = deployed()[short]
    ((_, _, shipped_days, shipped_read),) = [
        line
        for line in cardinality.schedule_table().rows
        if short in line[0] and not line[0].endswith(" - Learn")
    ]
    assert (round(days, 1), read) == (float(shipped_days), shipped_read)


@pytest.mark.parametrize(
    "cron",
    [
        pytest.param("*/5 * * * *", id="several-minutes"),
        pytest.param("1 3,9 * * *", id="listed-hours"),
        pytest.param("1 3 * * 1", id="one-weekday"),
    ],
)
def test_an_unsupported_cron_schedule_is_an_error(cron):
    with pytest.raises(ValueError, match="not one minute"):
        cardinality.runs_a_day(cron)
