import math

import pytest

from bench import metrics


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [
        pytest.param([3, 4], [1, 2], 1.0, id="apart"),
        pytest.param([1, 2], [3, 4], 0.0, id="upside-down"),
        pytest.param([1, 1], [1, 1, 1], 0.5, id="all-tied"),
        pytest.param([1, 3], [2], 0.5, id="one-each-side"),
    ],
)
def test_auc(positives, negatives, expected):
    assert metrics.auc(positives, negatives) == expected


def test_true_positive_rate_does_not_count_ties_with_the_alerting_negatives():
    assert metrics.true_positive_rate([2, 2, 3, 3], [0] * 98 + [2, 2], 0.01) == 0.5


def test_true_positive_rate_uses_the_whole_false_positive_rate():
    assert metrics.true_positive_rate([2, 3], [0] * 99 + [9], 0.01) == 1.0


def test_roc_ends_in_both_corners():
    points = metrics.roc([2, 3], [1, 2])
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))


def test_roc_area_is_the_auc():
    positives, negatives = [1, 4, 6, 6], [0, 1, 2, 6, 3]
    points = metrics.roc(positives, negatives)
    area = sum((c - a) * (b + d) / 2 for (a, b), (c, d) in zip(points, points[1:]))
    assert area == pytest.approx(metrics.auc(positives, negatives))


def test_rank_counts_ties_against_the_true_pair():
    assert metrics.rank_against(7.0, [7.0, 7.0, 1.0]) == 3


def test_upper_bound_is_where_so_few_hits_have_five_percent_probability():
    bound = metrics.upper_bound(1, 10)
    seen = (1 - bound) ** 10 + 10 * bound * (1 - bound) ** 9
    assert seen == pytest.approx(0.05)


def test_upper_bound_of_a_nominal_percent_over_ten_thousand():
    assert math.isclose(metrics.upper_bound(100, 10_000), 0.0118, abs_tol=0.0002)
