"""Each criterion holds and fails at its limit."""

import pytest

from bench import acceptance, detection
from bench.pairs import Connection, Pair
from bench.realsets import RealTraffic, ScoredRecording
from bench.recordings import Traffic
from bench.report import Table
from bench.scorers import OURS_REGULARITY, OURS_RISK, Scored


def scored(risk, bytes_out=900):
    pair = Pair("10.0.0.1", "203.0.113.9", (Connection(1.0, bytes_out),), 0.0, 1.0, {})
    return Scored(pair, "every hour", (), {OURS_RISK: risk, OURS_REGULARITY: risk // 2})


def scored_recording(true=(), others=(), days=1):
    return ScoredRecording("made up", list(true), list(others), Traffic([], 1, days))


FIRST = scored_recording([scored(9.0)], [scored(3.0)])
FOURTH = scored_recording([scored(7.0)], [scored(8.0), scored(7.0), scored(9.0)])


def verdict(row, ranked=(FIRST,) * 4, infected=FIRST, benign=(FIRST,)):
    """Whether the row of that number holds."""
    return acceptance.recorded_criteria(RealTraffic(list(ranked), infected, [], list(benign)))[row][
        -1
    ]


@pytest.mark.parametrize(
    ("row", "settings", "holds"),
    [
        pytest.param(0, {"ranked": [FIRST] * 3 + [FOURTH]}, "yes", id="three-recordings-first"),
        pytest.param(0, {"ranked": [FIRST] * 2 + [FOURTH] * 2}, "NO", id="two-recordings-first"),
        pytest.param(1, {}, "yes", id="never-below-third"),
        pytest.param(1, {"ranked": [FIRST] * 3 + [FOURTH]}, "NO", id="once-fourth"),
        pytest.param(
            2, {"ranked": [scored_recording([scored(7.0)])]}, "yes", id="risk-at-the-threshold"
        ),
        pytest.param(2, {"ranked": [scored_recording([scored(6.9)])]}, "NO", id="risk-below"),
        pytest.param(
            2,
            {"ranked": [scored_recording([scored(7.0), scored(1.0, None), scored(1.0, 0)])]},
            "yes",
            id="risk-without-recorded-bytes-does-not-count",
        ),
        pytest.param(
            3, {"infected": scored_recording([scored(7), scored(6)])}, "yes", id="half-infected"
        ),
        pytest.param(3, {"infected": scored_recording([scored(6.0)])}, "NO", id="infected-missed"),
        pytest.param(
            4, {"benign": [scored_recording([], [scored(7.0)])]}, "yes", id="one-row-a-host-day"
        ),
        pytest.param(4, {"benign": [scored_recording([], [scored(7.0)] * 2)]}, "NO", id="two-rows"),
    ],
)
def test_criterion(row, settings, holds):
    assert verdict(row, **settings) == holds


def test_pairs_without_a_schedule_are_counted():
    real = RealTraffic([scored_recording([scored(1.0), scored(9.0)])], FIRST, [], [FIRST])
    assert acceptance.recorded_criteria(real)[-1][2] == "1 of 3"


def test_report_without_a_simulation_shows_no_plots():
    assert "roc.png" not in detection.document([Table("T", "", ["a"], [])], drawn=False)


def test_every_recorded_pair_is_written(tmp_path):
    detection.write_pairs([FOURTH], tmp_path / "pairs.csv")
    assert len((tmp_path / "pairs.csv").read_text().splitlines()) == 1 + 4
