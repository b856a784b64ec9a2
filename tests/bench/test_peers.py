"""The other peers at their published thresholds."""

import pytest

from bench.pairs import DAY, HOUR, Connection, Pair, without_bytes
from bench.peers import coefficient_of_variation, elastic, flare, published, sentinel
from bench.peers.registry import PEERS

BEGIN = 1_767_225_600  # midnight, 1 January 2026


def pair_of(epochs, bytes_out=500, bytes_in=90, days=1):
    """A pair with equal sizes at these seconds after BEGIN."""
    beats = tuple(Connection(BEGIN + epoch, bytes_out, bytes_in) for epoch in epochs)
    return Pair("10.0.0.1", "203.0.113.9", beats, BEGIN, BEGIN + days * DAY, {})


EVERY_MINUTE = range(0, DAY, 60)
EVERY_SIX_MINUTES = range(0, DAY, 360)
RAGGED = [minute * minute * 13 % DAY for minute in range(200)]


def test_variation_of_equal_gaps_is_one():
    assert coefficient_of_variation.score(pair_of(EVERY_MINUTE)) == pytest.approx(1.0)


def test_variation_is_sample_deviation_over_mean():
    assert coefficient_of_variation.coefficient_of_variation([0, 1, 4]) == pytest.approx(2**0.5 / 2)


@pytest.mark.parametrize("name", list(PEERS))
def test_two_connections_are_never_a_beacon(name):
    assert PEERS[name](pair_of([0, 60])) == 0


@pytest.mark.parametrize(
    ("gaps", "share"),
    [
        pytest.param([60] * 31, 1.0, id="thirty-one-equal"),
        pytest.param([60] * 30, 0.0, id="thirty-are-too-few"),
        pytest.param([60] * 25 + list(range(100, 110)), 0.0, id="twenty-five-same-are-too-few"),
        pytest.param([60] * 30 + [70] * 10, 0.75, id="three-quarters"),
    ],
)
def test_sentinel_hour(gaps, share):
    assert sentinel.hour_share(gaps) == share


def test_sentinel_ignores_short_gaps():
    assert sentinel.score(pair_of(range(0, DAY, 25))) == 0


@pytest.mark.parametrize(
    ("gaps", "share"),
    [
        pytest.param([60] * 12, 1.0, id="equal"),
        pytest.param([60, 61] * 6, 1.0, id="two-seconds-wide"),
        pytest.param([60, 70, 80, 90], 0.25, id="spread"),
    ],
)
def test_flare_window(gaps, share):
    assert flare.window_share(gaps) == share


def test_flare_needs_more_than_ten_gaps():
    assert flare.score(pair_of(range(DAY - 60 * 10, DAY + 1, 60))) == 0


def test_elastic_finds_steady_counts():
    assert elastic.judge(list(pair_of(EVERY_MINUTE).connections), BEGIN + DAY).periodic


def test_elastic_finds_period_of_minutes():
    finding = elastic.judge(list(pair_of(EVERY_SIX_MINUTES).connections), BEGIN + DAY)
    assert finding.covariance == pytest.approx(1.0)


def test_elastic_gives_three_points_to_a_steady_beacon():
    assert elastic.judge(list(pair_of(EVERY_SIX_MINUTES).connections), BEGIN + DAY).points == 3


def test_elastic_finds_no_period_in_ragged_times():
    finding = elastic.judge(sorted(pair_of(RAGGED).connections), BEGIN + DAY)
    assert finding.covariance < elastic.MIN_COVARIANCE


def test_elastic_gives_no_points_for_unknown_bytes():
    pair = without_bytes(pair_of(EVERY_SIX_MINUTES))
    assert elastic.judge(list(pair.connections), BEGIN + DAY).points == 1


@pytest.mark.parametrize(
    ("hours", "size", "tier"),
    [
        pytest.param(3, 100_000_000, 0, id="exactly-the-volume"),
        pytest.param(2, 100_000_001, 0, id="two-hours"),
        pytest.param(3, 100_000_001, 8, id="three-hours"),
        pytest.param(3, 500_000_000, 8, id="exactly-the-peak"),
        pytest.param(3, 500_000_001, 9, id="over-the-peak"),
    ],
)
def test_published_volume(hours, size, tier):
    assert published.volume_tier(pair_of([hour * HOUR for hour in range(hours)], size)) == tier


@pytest.mark.parametrize(
    ("hours", "each", "size", "tier"),
    [
        pytest.param(3, 3, 5_000_001, 0, id="three-connections-an-hour"),
        pytest.param(3, 4, 5_000_000, 0, id="exactly-the-size"),
        pytest.param(2, 4, 5_000_001, 0, id="two-hours"),
        pytest.param(4, 4, 5_000_001, 7, id="four-hours"),
        pytest.param(5, 4, 5_000_001, 9, id="five-hours"),
    ],
)
def test_published_recurrence(hours, each, size, tier):
    epochs = [hour * HOUR + 60 * beat for hour in range(hours) for beat in range(each)]
    assert published.recurring_tier(pair_of(epochs, size)) == tier
