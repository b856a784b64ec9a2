"""The port of RITA against the expected values of RITA's own tests (analysis/beacons_test.go)."""

import os
from pathlib import Path

import pytest

from bench import realsets, recordings
from bench.pairs import DAY, HOUR, Connection, Pair
from bench.peers import rita

BEGIN = 1517338924


@pytest.mark.parametrize(
    ("epochs", "expected"),
    [
        pytest.param(list(range(1, 11)), 1.0, id="every-second"),
        pytest.param([BEGIN + 60 * beat for beat in range(10)], 1.0, id="perfect-minutes"),
        pytest.param(
            [BEGIN + late for late in (0, 98, 197, 296, 396, 496, 596, 697, 798, 900)],
            0.995,
            id="closely-valued-gaps",
        ),
        pytest.param(
            [BEGIN + late for late in (0, 98, 398, 496, 796, 894, 1194, 1292, 1592, 1690, 1990)],
            0.746,
            id="two-gaps-in-turn",
        ),
        pytest.param(
            [BEGIN + late for late in (0, 1, 300, 325, 5300, 5390, 5392, 5434, 5934, 7434)],
            0.083,
            id="random-gaps",
        ),
    ],
)
def test_timestamp_score(epochs, expected):
    assert rita.timestamp_score(epochs) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param(list(range(1, 11)), 0.773, id="one-to-ten"),
        pytest.param([60] * 9, 1.0, id="all-equal"),
        pytest.param([98, 99, 99, 100, 100, 100, 101, 101, 102], 0.995, id="closely-valued"),
        pytest.param([524885, 1, 5000, 98654, 50, 41, 965842, 3], 0.008, id="random"),
        pytest.param([0] * 10, 0.5, id="only-zeros"),
    ],
)
def test_size_score(sizes, expected):
    assert rita.size_score(sizes) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("values", "where_no_median", "expected"),
    [
        pytest.param([0] * 10, 1.0, 1.0, id="no-median-worth-one"),
        pytest.param([-1, -2, -3, -4, -5, -6, -7, -8, -9, -10], 0.0, 0.5, id="negative"),
        pytest.param([7, 8, 7, 8, 7, 8, 7, 8, 7], 1.0, 1.0, id="median-is-lower-quartile"),
        pytest.param([1, 1, 2, 2, 2, 2], 1.0, 1.0, id="median-is-upper-quartile"),
    ],
)
def test_statistical_score(values, where_no_median, expected):
    assert rita.statistical_score(values, where_no_median) == pytest.approx(expected, abs=0.001)


HISTOGRAMS = [
    pytest.param(
        [n for n in range(1, 11) for _ in range(n)], 1, 11, 10, (10, 10, 0.478), id="stairs"
    ),
    pytest.param(
        [BEGIN + hour * HOUR for hour in range(24)],
        BEGIN,
        BEGIN + DAY,
        24,
        (24, 24, 1),
        id="hourly",
    ),
    pytest.param(
        [98, 99, 99, 100, 100, 100, 101, 101, 102], 98, 102, 8, (5, 3, 0.064), id="bars-with-holes"
    ),
    pytest.param(
        [1, 3, 41, 50, 5000, 12001, 98654, 104001, 199999, 200400, 524885, 965842],
        0,
        1_000_000,
        10,
        (5, 4, 0),
        id="random-variation-over-one",
    ),
    pytest.param(
        [10 * bar + n for bar in range(10) for n in ((1, 2, 3, 4) if bar % 2 == 0 else (5,))],
        0,
        100,
        10,
        (10, 10, 1),
        id="two-levels",
    ),
    pytest.param([10, 20, 100, 110, 110, 220], 0, 250, 5, (3, 2, 0.028), id="run-wraps-around"),
    pytest.param(
        [BEGIN + 60 * beat for beat in range(10)], BEGIN, BEGIN + DAY, 24, (1, 1, 0), id="one-bar"
    ),
]


@pytest.mark.parametrize(("epochs", "start", "end", "bars", "expected"), HISTOGRAMS)
def test_histogram_counts(epochs, start, end, bars, expected):
    counted = rita.histogram(epochs, start, end, bars)
    assert (counted.filled, counted.longest_run) == expected[:2]


@pytest.mark.parametrize(("epochs", "start", "end", "bars", "expected"), HISTOGRAMS)
def test_histogram_score(epochs, start, end, bars, expected):
    counted = rita.histogram(epochs, start, end, bars)
    min_bars = 11 if bars == 24 else 6
    assert rita.histogram_score(counted, min_bars) == pytest.approx(expected[2], abs=0.001)


@pytest.mark.parametrize(
    ("first", "last", "filled", "run", "expected"),
    [
        pytest.param(0, 24, 24, 24, 1.0, id="all-day"),
        pytest.param(12, 24, 6, 0, 0.5, id="half-the-day"),
        pytest.param(6, 24, 6, 0, 0.75, id="three-quarters"),
        pytest.param(12, 24, 12, 12, 1.0, id="ideal-run"),
        pytest.param(12, 18, 6, 6, 0.5, id="run-beats-span"),
        pytest.param(6, 18, 3, 1, 0.0, id="too-few-bars"),
    ],
)
def test_duration_score(first, last, filled, run, expected):
    counted = rita.Histogram([], filled, run)
    score = rita.duration_score(first * HOUR, last * HOUR, 0, DAY, counted)
    assert score == pytest.approx(expected, abs=0.001)


def hourly(days, context=None):
    """A pair that connects every hour on the hour for whole days."""
    beats = tuple(Connection(BEGIN + hour * HOUR, 500, 90) for hour in range(24 * days))
    return Pair("10.0.0.1", "203.0.113.9", beats, BEGIN, BEGIN + days * DAY, context or {})


def test_perfect_beacon_scores_one():
    assert rita.score(hourly(1)) == pytest.approx(1.0, abs=0.01)


def test_last_day_alone_counts():
    pair = hourly(1)._replace(end=BEGIN + 3 * DAY)
    assert rita.score(pair) == 0.0


def test_best_day_looks_back():
    pair = hourly(1)._replace(end=BEGIN + 3 * DAY)
    assert rita.score_best_day(pair) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("context", "change"),
    [
        pytest.param({}, 0.0, id="nothing-known"),
        pytest.param({"senders": "1", "population": "100"}, 0.15, id="rare"),
        pytest.param({"senders": "60", "population": "100"}, -0.15, id="common"),
        pytest.param({"first_seen": str(BEGIN - 6 * DAY)}, 0.15, id="new"),
        pytest.param({"first_seen": str(BEGIN - 40 * DAY)}, -0.15, id="old"),
    ],
)
def test_modifier(context, change):
    assert rita.modifier(context, BEGIN) == pytest.approx(change)


@pytest.mark.skipif(not os.environ.get("T1029_DATA"), reason="T1029_DATA names no recordings")
def test_whole_score_of_the_recording_that_rita_tests_itself_on():
    """RITA expects 0.963 in integration/missing_host_test.go."""
    folder = Path(os.environ["T1029_DATA"]) / realsets.INBOUND
    beacon = next(line for line in recordings.truths(folder) if line.malicious)
    logged = recordings.flows(recordings.log_of(folder))
    pairs = recordings.traffic(logged, realsets.inbound_scope(folder)).pairs
    pair = next(one for one in pairs if beacon.names(one))
    assert rita.score_day(pair, int(pair.end)) == pytest.approx(0.963, abs=0.001)
