"""The inputs and the reported figures of calibration and speed; no test here measures time."""

import json
import sys
from random import Random

import pytest

from bench import calibration, speed, stopwatch
from bench.calibration import NULLS, Null


@pytest.mark.parametrize("null", NULLS, ids=lambda null: null.name.replace(" ", "-"))
def test_null_traffic_is_in_order(null):
    times = null.times(Random(3))
    assert times == sorted(times)


def test_rounded_times_have_the_source_resolution():
    times = calibration.rounded(calibration.memoryless, 60)(Random(3))
    assert {time % 60 for time in times} == {0}


def test_rate_counts_only_pairs_with_enough_connections():
    lengths = iter([3, 4, 2, 5])
    null = Null("made up", lambda rng: [60.0 * beat for beat in range(next(lengths))])
    assert calibration.rate_of(null, 2, 1)[1] == "2"


@pytest.mark.parametrize("length", [20, 50, 1_000])
def test_regular_pair_has_its_length(length):
    observations, _ = speed.regular_pair(Random(1), length)
    assert len(observations.split()) == length


def test_speed_is_compared_by_medians():
    figures = {
        "pairs": 100,
        "ours": [1.0, 2.0, 90.0],
        "reading": [0.5, 0.4, 9.0],
        "rita": [6.0, 5.0, 7.0],
    }
    row = speed.rows_of("3.9.0", {"regular, 20 observations": figures})[0]
    assert row[3:] == ["50", "17", "3.00", "12.0", "1.5"]


def test_stopwatch_times_every_method_in_every_round(tmp_path):
    work = tmp_path / "work.json"
    work.write_text(json.dumps({"short": [speed.regular_pair(Random(1), 20)]}))
    figures = speed.measured(sys.executable, work)["short"]
    assert figures.pop("pairs") == 1
    assert set(figures) == set(stopwatch.METHODS)
    assert {len(rounds) for rounds in figures.values()} == {stopwatch.ROUNDS}


def test_program_that_does_not_run_has_no_version(tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    assert speed._version(str(broken)) == ""
